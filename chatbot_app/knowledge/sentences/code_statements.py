"""Source code and settings in statements: whole lines, with what opens them and the comment above.

Where a sentence ends says nothing of code. Its shape does, in every language: what is indented deeper belongs to the line above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from chatbot_app.core.source_files import is_source_file

LONGEST = 320  # characters of one statement; a longer one is told in parts
_MOST_LINES = 8
_TAB = 4  # columns
_FOLDERS = 4
_FENCE = re.compile(r"^[ ]{0,3}(```|~~~)[^\n]*$", re.MULTILINE)
_COMMENT = re.compile(
    r"\s*(?://|/\*|\*/|<!--|--(?:\s|$)|;|%|\"\"\"|'''|#(?!\s*(?:define|include|if|ifdef|ifndef|else|elif|endif|pragma|undef)\b|!))"
)
_GOES_ON = re.compile(r"\s*\*(?:\s|/|$)")  # within a comment of C's kind
_MARKS = re.compile(r"\"\"\"|'''")
_CLOSES = re.compile(r"\s*(?:[})\]]|</|end\b|fi\b|done\b|esac\b)")
_LEADS = re.compile(
    r"@|#?\["
)  # a decorator, an attribute, the name of a section: they lead to what stands below
_NAME_OF_FILE = re.compile(r"[^›\n]*")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    indent: int
    is_comment: bool


def is_of_code(context: str) -> bool:
    """Whether a passage below the title, or file name, that its `context` begins with is of source code or settings."""
    found = _NAME_OF_FILE.match(context)
    name = found[0].strip() if found is not None else ""
    return " " not in name and is_source_file(name)


def folders_above(path: str, context: str) -> str:
    """Return the names of the folders that a source file lies in, nearest last: they say of what project, and part, it is.

    "" of other documents, which are named for what they say.
    """
    return " ".join(PurePath(path).parts[:-1][-_FOLDERS:]) if is_of_code(context) else ""


def fenced_spans(text: str) -> list[tuple[int, int, int, int]]:
    """Return (start, code, code's end, end) of what stands between fences of a Markdown text, its fences included.

    One that is not closed goes on to the end.
    """
    spans = []
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif fence[1] == opened[1]:
            spans.append((opened.start(), opened.end(), fence.start(), fence.end()))
            opened = None
    if opened is not None:
        spans.append((opened.start(), opened.end(), len(text), len(text)))
    return spans


def code_statements(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the statements of code in `text[start:end]`, in order: whole lines with their indentation.

    What fits is one statement: a short function, a call over several lines. Of the rest the line that opens it goes with the first one
    inside, and a comment with what it stands above.
    """
    for run in _runs(_lines(text, start, end)):
        yield from _statements(text, run)


def _lines(text: str, start: int, end: int) -> Iterator[_Line | None]:
    """Yield the lines that say something, None for each empty one."""
    place = start
    inside = ""  # what closes the comment that is open
    was_comment = True  # a passage may begin within one
    for line in text[start:end].split("\n"):
        words = line.strip()
        if not words:
            yield None
        else:
            is_comment = bool(inside) or _COMMENT.match(line) is not None
            is_comment = was_comment = is_comment or (was_comment and _GOES_ON.match(line) is not None)
            inside = _open_comment(words, inside)
            indent = len(line.expandtabs(_TAB)) - len(line.expandtabs(_TAB).lstrip())
            yield _Line(place, place + len(line.rstrip()), indent, is_comment)
        place += len(line) + 1


def _open_comment(words: str, inside: str) -> str:
    """Return what closes the comment that is open behind a line, "" where none is."""
    if inside:
        return "" if inside in words else inside
    if words.startswith("/*"):
        return "" if "*/" in words[2:] else "*/"
    if words.startswith("<!--"):
        return "" if "-->" in words else "-->"
    marks = _MARKS.match(words)
    if marks is not None:
        return "" if marks[0] in words[3:] else marks[0]
    return ""


def _runs(lines: Iterator[_Line | None]) -> Iterator[list[_Line]]:
    """Yield lines that stand together: apart where an empty one is followed by a line that is not deeper than those before."""
    run: list[_Line] = []
    was_empty = False
    for line in lines:
        if line is None:
            was_empty = True
            continue
        if run and was_empty and line.indent <= run[0].indent:
            yield run
            run = []
        run.append(line)
        was_empty = False
    if run:
        yield run


def _statements(text: str, lines: Sequence[_Line]) -> Iterator[tuple[int, int]]:
    ends = _ends_of_blocks(text, lines)
    waiting: list[
        int
    ] = []  # lines, by their place, that each begin something that leads to the next statement
    place = 0
    while place < len(lines):
        line, stop = lines[place], ends[place]
        opens = stop > place + 1 and not _fits(text, line.start, lines[stop - 1].end)
        if opens:
            stop = place + 1  # what is inside is told in parts, the first with this line
        is_leading = opens or line.is_comment or (stop == place + 1 and _leads(text, line))
        begins = place
        while waiting and _fits(text, lines[waiting[-1]].start, lines[stop - 1].end):
            begins = waiting.pop()
        if waiting:
            yield from _parts(text, lines[waiting[0]].start, lines[begins - 1].end)
        if is_leading and stop < len(lines):
            goes_on = line.is_comment and place > 0 and lines[place - 1].is_comment
            waiting = [begins] if goes_on or begins == place else [begins, place]
        else:
            yield from _parts(text, lines[begins].start, lines[stop - 1].end)
            waiting = []
        place = stop


def _leads(text: str, line: _Line) -> bool:
    return _LEADS.match(text[line.start : line.end].lstrip()) is not None


def _ends_of_blocks(text: str, lines: Sequence[_Line]) -> list[int]:
    """Return for each line the index behind the last line that belongs to it: those deeper than it is, and what closes them."""
    ends = [place + 1 for place in range(len(lines))]
    open_places: list[int] = []
    for place, line in enumerate(lines):
        while open_places and lines[open_places[-1]].indent >= line.indent:
            opened = open_places.pop()
            closes = (
                lines[opened].indent == line.indent and _CLOSES.match(text, line.start, line.end) is not None
            )
            ends[opened] = place + 1 if closes and place > opened + 1 else place
        open_places.append(place)
    for opened in open_places:
        ends[opened] = len(lines)
    return [max(end, place + 1) for place, end in enumerate(ends)]


def _fits(text: str, start: int, end: int) -> bool:
    return end - start <= LONGEST and text.count("\n", start, end) < _MOST_LINES


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a statement, cut between lines where it is too long for one."""
    begin = start
    place = start
    for line in text[start:end].split("\n"):
        stop = place + len(line.rstrip())
        if begin < place and not _fits(text, begin, stop):
            yield begin, begin + len(text[begin:place].rstrip())
            begin = place
        place += len(line) + 1
    yield begin, end
