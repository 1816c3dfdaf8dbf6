"""Markers in an answer: those that a model wrote, and those that its checked sentences get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot_app.core.markers import apart, find_markers
from chatbot_app.core.trust import Check, Verdict


@dataclass(frozen=True, slots=True)
class SourceMarker:
    """A marker in an answer: it stands at characters `start` to `end` and names sources, counted from 1.

    `by_model` is False where the application added it.
    """

    start: int
    end: int
    sources: tuple[int, ...]
    by_model: bool = True


@dataclass(frozen=True, slots=True)
class CitedAnswer:
    """An answer, where its markers stand, and the verdicts on its sentences, with offsets into `text`.

    The model's own words are never changed; markers of ours are added.
    """

    text: str
    markers: tuple[SourceMarker, ...]
    checks: tuple[Check, ...] = ()


def parse_markers(answer: str, source_count: int) -> CitedAnswer:
    """Return the answer, unchanged, and the markers in it that name sources: "[1]", "[1, 2]", "[1-3]", "【1】".

    A bracket that names no source, or stands where no citation can stand, is the answer's own.
    """
    places = find_markers(answer, source_count)
    return CitedAnswer(answer, tuple(SourceMarker(place.start, place.end, place.sources) for place in places))


def add_markers(answer: str, checks: Sequence[Check]) -> CitedAnswer:
    """Return the answer with a marker behind each sentence that a source supports, and its checks moved along.

    For answers without markers of the model's own. Every other sentence stays bare, and so do code, mathematics
    and links.
    """
    spared = apart(answer)
    parts: list[str] = []
    markers: list[SourceMarker] = []
    moved: list[Check] = []
    done = shift = 0
    for check in checks:
        start = check.start + shift
        if check.verdict is Verdict.SUPPORTED and not any(
            begin < check.end and check.start < stop for begin, stop in spared
        ):
            place = _place_of_marker(answer, check)
            marker = f" [{', '.join(map(str, check.sources))}]"
            parts += [answer[done:place], marker]
            markers.append(
                SourceMarker(place + shift + 1, place + shift + len(marker), check.sources, by_model=False)
            )
            done = place
            shift += len(marker)
        moved.append(replace(check, start=start, end=check.end + shift))
    parts.append(answer[done:])
    return CitedAnswer("".join(parts), tuple(markers), tuple(moved))


def _place_of_marker(answer: str, check: Check) -> int:
    """Return where a sentence's marker goes: before its full stop, within the last cell of a table's row."""
    place = check.end
    if answer[check.start : place].lstrip().startswith("|") and answer[place - 1] == "|":
        return len(answer[: place - 1].rstrip())
    while place > check.start and answer[place - 1] in ".!?…。！？":
        place -= 1
    return place
