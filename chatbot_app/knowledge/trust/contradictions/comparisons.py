"""What is more than what, and under which condition: two sides that a statement may have changed.

"Twice as high in the east as in the west" and "twice as high in the west as in the east" have all their words in common, and so
have "unless it rains" and "if it rains".
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import lru_cache

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.words.antonyms import antonyms
from chatbot_app.knowledge.words.language import content_stems
from chatbot_app.knowledge.words.opposite_groups import Told, opposite_groups
from chatbot_app.knowledge.words.opposites import opposites_of
from chatbot_app.knowledge.words.words import stem

_THAN = LatePattern(
    r"\b(?P<degree>more|fewer|less|mehr|weniger|plus|moins|más|menos|больше|меньше|\w{2,}er|worse|(?:as|so) \w+)\b(?P<between>(?:(?!\s(?:more|fewer|less|mehr|weniger|plus|moins|más|menos|больше|меньше)\s)[^.;:!?]){0,60}?)\s(?P<than>than|as|wie|als|que|чем)\s",
    re.IGNORECASE,
)
_ALIKE = re.compile(r"(?:as|so)\s", re.IGNORECASE)
_COMPARATIVE = re.compile(r"(?<!\w)(?:\w{2,}er|worse)(?!\w)", re.IGNORECASE)
_TIMES = re.compile(
    r"(?:\b(?:twice|half|times|not|nicht|doppelt|halb|dreimal|\d+[\s-]?mal|more|less)|n['’]t)\s+$",
    re.IGNORECASE,
)
_TIMES_BEFORE = 16  # characters
_END = re.compile(r"[.;:!?](?:\s|$)")
_INSTEAD = LatePattern(
    r"\b(?:instead of|rather than|statt|anstatt|anstelle|au lieu de|en (?:lugar|vez) de|вместо)\b",
    re.IGNORECASE,
)
_UNLESS = LatePattern(
    r"\b(?:unless|except (?:when|if|where)|es sei denn|außer wenn|sauf si|à moins que|salvo que|a menos que|если не)\b([^.;:!?]{3,120})",
    re.IGNORECASE,
)
_IF = LatePattern(
    r"\b(?:if|when|once|provided(?: that)?|as long as|only if|wenn|falls|sofern|si|lorsque|cuando|если|когда)\b([^.;:!?]{3,120})",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:not|no|never|cannot|without|unless|except|nicht|kein\w*|nie|ohne|pas|jamais|sans|sin|не|нет|без|off|only|nur)\b|n['’]t\b",
    re.IGNORECASE,
)
_FEWEST = 2  # words of a condition
_SHARE = 0.6  # of them, for another to be the same
_MOST = 8  # of each in a sentence
_LONGEST = 300  # characters of a side
_NEAR = 6  # content words on each side
_IRREGULAR = {"better": "good", "worse": "bad", "farther": "far", "further": "far"}
_MORE = frozenset("more mehr plus más больше".split())
_LESS = frozenset("fewer less weniger moins menos меньше".split())


def compared_otherwise(said: str, source: str) -> bool:
    """Whether a statement has the two sides of a comparison, or of an "instead of", the other way round, or less for more."""
    of_source = list(_comparisons(source)) if _THAN.search(said) or _INSTEAD.search(said) else []
    for mine in _comparisons(said) if of_source else ():
        for theirs in of_source:
            compares = _agree(mine, theirs)
            if compares is not None:
                is_turned = _is_turned(mine, theirs)
                is_contrary = not compares
                is_same = bool(mine.between & theirs.between or mine.before & theirs.before) and bool(
                    mine.behind & theirs.behind
                )
                if is_turned != is_contrary and (is_turned or is_same):
                    return True
    return False


def sides_exchanged(said: str, source: str) -> bool:
    """Whether a statement compares the same two as a source in the other order: what it says of them is then to be another word."""
    if not (_THAN.search(said) and _THAN.search(source)):
        return False
    return any(_is_turned(mine, theirs) for mine in _comparisons(said) for theirs in _comparisons(source))


def _is_turned(mine: _Comparison, theirs: _Comparison) -> bool:
    return bool(
        mine.before & theirs.behind - theirs.before - mine.behind
        and mine.behind & theirs.before - theirs.behind - mine.before
    )


def _agree(mine: _Comparison, theirs: _Comparison) -> bool | None:
    """Whether two comparisons say the same of their sides (True) or the opposite (False); None of different things."""
    if mine.degree == theirs.degree and mine.degree not in _MORE | _LESS:
        return True
    my_sign, their_sign = (-1 if one.degree in _LESS else 1 for one in (mine, theirs))
    my_qualities, their_qualities = mine.qualities_beside(theirs), theirs.qualities_beside(mine)
    if {mine.degree, theirs.degree} <= _MORE | _LESS and not _is_contrary(my_qualities, their_qualities):
        return my_sign == their_sign
    if my_qualities & their_qualities:
        return my_sign == their_sign
    return my_sign != their_sign if _is_contrary(my_qualities, their_qualities) else None


def _is_contrary(mine: Set[str], theirs: Set[str]) -> bool:
    return any(not theirs.isdisjoint(_contraries(one)) for one in mine)


def _contraries(stemmed: str) -> frozenset[str]:
    nothing: frozenset[str] = frozenset()
    return antonyms().get(stemmed, nothing) | opposites_of(stemmed) | _degrees().get(stemmed, nothing)


@lru_cache(maxsize=1)
def _degrees() -> dict[str, frozenset[str]]:
    sides = [
        tuple(frozenset(map(stem, side)) for side in group.sides) for group in opposite_groups(Told.DEGREE)
    ]
    return {
        word: theirs for one, other in sides for mine, theirs in ((one, other), (other, one)) for word in mine
    }


def _qualities(degree: str, between: Set[str]) -> frozenset[str]:
    """Return the stems of the adjectives that a comparative may be one of: "heavi" of "heavier", those behind "more"."""
    if degree in _MORE | _LESS:
        return frozenset(between)
    if degree in _IRREGULAR:
        return frozenset((stem(_IRREGULAR[degree]),))
    if not degree.endswith("er"):
        return frozenset()
    return frozenset(map(stem, (degree[:-2], degree[:-1], degree[:-3])))


def condition_turned(said: str, source: str) -> str | None:
    """Return the condition of a source, "unless …", under which a statement says that something is so; None where it does not."""
    for found in itertools.islice(_UNLESS.finditer(source), _MOST):
        theirs = set(content_stems(found[1]))
        for claimed in itertools.islice(_IF.finditer(said), _MOST):
            mine = set(content_stems(claimed[1]))
            if (
                len(theirs) >= _FEWEST
                and len(theirs & mine) >= _SHARE * len(theirs)
                and not _DENIAL.search(said)
                and not any(opposites_of(word) & mine for word in theirs)
            ):
                return found.group().strip()
    return None


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The words before a comparison's "than" and behind it; `degree` is what it says, `between` what stands in between."""

    degree: str
    before: Set[str]
    between: Set[str]
    behind: Set[str]
    qualities: Set[str] = frozenset()

    def qualities_beside(self, other: _Comparison) -> Set[str]:
        """Return the qualities but for what is compared: in "more women than men" it stands behind "more"."""
        return self.qualities - other.behind if self.degree in _MORE | _LESS else self.qualities


def _comparisons(text: str) -> Iterator[_Comparison]:
    for found in itertools.islice(_THAN.finditer(text), _MOST):
        if _ALIKE.match(found["degree"]) and not _TIMES.search(text[: found.start()][-_TIMES_BEFORE:]):
            continue  # "as old as" may be said the other way round
        first, last = _degree_of(text, found)
        written = text[first:last].casefold()
        start, stop = _sides(text, first, found.end())
        before = _nearest(text[start:first], last=True)
        between = set(content_stems(text[last : found.end("between")]))
        yield _Comparison(
            written if written in _MORE | _LESS else stem(written.split()[-1]),
            before | between,
            between,
            _nearest(text[found.end() : stop]),
            _qualities(written, between),
        )
    for found in itertools.islice(_INSTEAD.finditer(text), _MOST):
        start, stop = _sides(text, *found.span())
        yield _Comparison(
            "instead",
            _nearest(text[start : found.start()], last=True),
            frozenset(),
            _nearest(text[found.end() : stop]),
        )


def _degree_of(text: str, found: re.Match[str]) -> tuple[int, int]:
    """Return (start, end) of a comparison's degree: rivers, computers and paper end as comparatives do.

    It is the last comparative of a word that has an opposite, else the "more" that the match begins with, else the last word
    that ends as one.
    """
    first = found.span("degree")
    places = [one.span() for one in _COMPARATIVE.finditer(text, first[0], found.end("between"))]
    for start, end in reversed(places):
        if any(map(_contraries, _qualities(text[start:end].casefold(), frozenset()))):
            return start, end
    return places[-1] if places and _COMPARATIVE.fullmatch(text, *first) else first


def _sides(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence begins and ends around two places, as far as it matters."""
    first = max(0, start - _LONGEST)
    ends = [match.end() for match in _END.finditer(text, first, start)]
    stop = _END.search(text, end, end + _LONGEST)
    return (ends[-1] if ends else first), (
        stop.start() if stop is not None else min(len(text), end + _LONGEST)
    )


def _nearest(text: str, last: bool = False) -> frozenset[str]:
    words = content_stems(text)
    return frozenset(words[-_NEAR:] if last else words[:_NEAR])
