"""Subtitles (SRT, WebVTT) as what is said: sentences with the time at which they begin."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

_CUE = re.compile(
    r"^[ \t]*((?:\d{1,3}:)?\d{1,2}:\d{2})[.,]\d{1,3}[ \t]*-->[ \t]*((?:\d{1,3}:)?\d{1,2}:\d{2})[.,]\d{1,3}[^\n]*$",
    re.MULTILINE,
)
_NUMBER = re.compile(r"(?:^|\n)[ \t]*\d{1,9}[ \t]*\Z")  # the line above the times of a cue of SRT
_TAG = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}")
_ENDS = re.compile(r"[.!?…。！？][\"”’»)\]♪]{0,9}$")
_NEXT_SPEAKER = re.compile(r"[-–—]\s*\w|\[|\(|>>|[^\W\d_][\w .]{0,24}:\s")
_PAUSE = 4  # seconds without a cue: another scene
_LONGEST = 400  # characters of a line: automatic captions have no sentence ends


def spoken_text(text: str) -> str | None:
    """Return a line for each sentence, "[0:05] …", and an empty one at each pause; None where there are no cues."""
    lines: list[str] = []
    said: list[str] = []
    begun = stopped = 0
    before: set[str] = set()
    for begin, end, cue in _cues(text):
        is_pause = begin - stopped > _PAUSE
        fresh = [line for line in cue if line not in before]  # automatic captions say each line twice
        if said and (is_pause or _is_over(said, fresh)):
            lines.append(_line(begun, said))
            said = []
        if is_pause and lines:
            lines.append("")
        if fresh and not said:
            begun = begin
        said += fresh
        before, stopped = set(cue) or before, end
    if said:
        lines.append(_line(begun, said))
    return "\n".join(lines) if any(lines) else None


def _cues(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (begin, end, lines) of each cue; begin and end in seconds."""
    found = list(_CUE.finditer(text))
    is_web = text.lstrip().startswith("WEBVTT")
    for place, cue in enumerate(found):
        stop = found[place + 1].start() if place + 1 < len(found) else len(text)
        body = text[cue.end() : stop]
        if is_web:
            body = body.partition("\n\n")[0]  # a name, a note or a style may follow
        elif place + 1 < len(found):
            body = _NUMBER.sub("", body.rstrip(), count=1)
        plain = html.unescape(_TAG.sub("", body))
        lines = [" ".join(line.split()) for line in plain.split("\n")]
        yield _seconds(cue[1]), _seconds(cue[2]), [line for line in lines if line]


def _is_over(said: list[str], fresh: list[str]) -> bool:
    if _ENDS.search(said[-1]) or sum(map(len, said)) > _LONGEST:
        return True
    return bool(fresh) and _NEXT_SPEAKER.match(fresh[0]) is not None


def _line(begun: int, said: list[str]) -> str:
    minutes, seconds = divmod(begun, 60)
    hours, minutes = divmod(minutes, 60)
    time = f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
    return f"[{time}] {' '.join(said)}"


def _seconds(time: str) -> int:
    total = 0
    for part in time.split(":"):
        total = 60 * total + int(part)
    return total
