"""Short lines that are one statement: name and title of a signature, label and value, an address.

A line of its own is a sentence in prose; "Timothy D. Cook / Chief Executive Officer" says something only together.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from chatbot_app.knowledge.sentences.code_statements import code_statements, fenced_spans, is_of_code
from chatbot_app.knowledge.sentences.offices import names_office
from chatbot_app.knowledge.tables.described import quotable_spans
from chatbot_app.knowledge.words.sentence_ends import ends_with_abbreviation

_LONGEST_LINE = 70  # characters; a longer one is wrapped text
# Of one statement: a run of more is a list, verse or a table of contents.
_MOST_LINES, _LONGEST_BLOCK = 8, 280  # characters
_INDENT = 40  # characters of white space before a line, at most
_LONGEST_PAGE_NUMBER = 4
_FEW_WORDS = 4  # of a line that need not be made of names
_LEAST_CAPITALISED = 0.5  # share of the other words: lines of names, titles and addresses
_LIST_ITEM = re.compile(r"[-*+•◦▪–|#>☐☒]|\d{1,3}[.)]\s")
_NO_PROSE = re.compile(r"[{}<>=`\\;]|\w\(\)|__")  # code, mark-up
_ENDS = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_LABEL = re.compile(r"(?P<label>[^\W\d_][^:\n]{0,30}):|(?P<signed>/s/)")
# A day and more behind it: "11.01.2024 …", "2024-01-11: …", "11 Jan 2024 …", "Jan 11 …".
_DATED = re.compile(
    r"(?:\d{1,4}[-./]\d{1,2}[-./](?:\d{4}|\d{2})?|\d{1,2}\.? [^\W\d_]{3,10}\.?(?: \d{4})?|[^\W\d_]{3,10}\.? \d{1,2}(?:, \d{4})?)(?=[ \t:–-])[ \t:–-]+\S"
)
_PERSON = re.compile(
    r"[^\W\d_]+\.?(?:[ -](?:[^\W\d_]+\.?|\([^)]{1,20}\)|(?:de|van|von|der|la|del|di)\b)){1,4}"
)
_PAGE_FOOT = re.compile(r"\||\.{4}|_{4}")
_TELLING = re.compile(r"\d{3}|/s/|@|\w: ?\S|\d[A-Z]{2}\b")  # of lines that are more than headings
_HEADING = re.compile(
    r"(?:item|note|exhibit|part|chapter|section|appendix|table|figure|page|kapitel|anhang)\b", re.IGNORECASE
)


class Span(NamedTuple):
    """Characters `start` to `end` of a text. Of a row of a table, `words` say what it says; a block is several lines."""

    start: int
    end: int
    words: str = ""
    is_block: bool = False
    is_code: bool = False


def statement_spans(text: str, context: str = "") -> Iterator[Span]:
    """Yield what `quotable_spans` yields, short lines that belong together as one; of code its statements."""
    if is_of_code(context):
        yield from _code(text, 0, len(text))
        return
    place = 0
    for start, code, code_end, end in fenced_spans(text):
        yield from _moved(_of_prose(text[place:start], context), place)
        yield from _code(text, code, code_end)
        place = end
    yield from _moved(_of_prose(text[place:], context), place)


def _code(text: str, start: int, end: int) -> Iterator[Span]:
    return (Span(*span, is_code=True) for span in code_statements(text, start, end))


def _moved(spans: Iterator[Span], by: int) -> Iterator[Span]:
    return (span._replace(start=span.start + by, end=span.end + by) for span in spans) if by else spans


def _of_prose(text: str, context: str) -> Iterator[Span]:
    run: list[Span] = []
    for span in itertools.starmap(Span, quotable_spans(text, context)):
        lines, rest = _block_lines(text, span)
        if not lines:
            yield from _blocks(text, run)
            run = []
            yield span
            continue
        if run and text[run[-1].end : span.start].strip(" \t\r") != "\n":
            yield from _blocks(text, run)
            run = []
        run += lines
        if rest is not None:
            yield from _blocks(text, run)
            run = []
            yield rest
    yield from _blocks(text, run)


def _block_lines(text: str, span: Span) -> tuple[list[Span], Span | None]:
    """Return the lines of a sentence where it is whole lines of names, titles, labels or addresses, and what is left of it.

    None where it is no such lines: a long line is wrapped, unless it ends with a bracket and the next one begins anew.
    """
    start, end, words, _, _ = span
    before = text[max(0, start - _INDENT) : start]
    opens_line = "\n" in before or start <= _INDENT
    if words or not opens_line or before.rpartition("\n")[2].strip():
        return [], None
    if text[end : end + _INDENT].partition("\n")[0].strip():
        return [], None
    lines: list[Span] = []
    for line in text[start:end].split("\n"):
        if not _is_block_line(line.strip()):
            if lines and text[: lines[-1].end].endswith(")") and not line[:1].islower():
                return lines, Span(start, end)
            return [], None
        lines.append(Span(start, start + len(line.rstrip())))
        start += len(line) + 1
    return lines, None


def _is_block_line(line: str) -> bool:
    """Whether a line by itself looks like one of names, titles, labels or addresses."""
    if not line or len(line) > _LONGEST_LINE or _LIST_ITEM.match(line) or _NO_PROSE.search(line):
        return False
    if line.isdigit() and len(line) < _LONGEST_PAGE_NUMBER:
        return False
    if _HEADING.match(line) or (_ENDS.search(line) and not ends_with_abbreviation(line)):
        return False
    if _PAGE_FOOT.search(line) or (line.isupper() and " " in line and not any(c.isdigit() for c in line)):
        return False  # the foot of a page, a form's rule, a heading
    said = _WORD.findall(line)
    if not said or line[0].islower() or (line.endswith(":") and len(said) > _FEW_WORDS):
        return False
    long = [word for word in said if len(word) > 3]
    names = sum(not word[0].islower() for word in long)
    return len(said) <= _FEW_WORDS or line.startswith("(") or names >= _LEAST_CAPITALISED * len(long)


def _blocks(text: str, run: list[Span]) -> Iterator[Span]:
    """Yield the statements that lines behind each other make."""
    groups: list[list[Span]] = []
    labels: set[str] = set()
    opened_by = ""  # what the first line of a group is, where that begins another group as well
    said: set[str] = set()
    for span in run:
        line = text[span.start : span.end]
        found = _LABEL.match(line)
        label = (found["label"] or "/s/").casefold() if found is not None else ""
        kind = _kind(line)
        begins_anew = (label and label in labels) or (kind and kind == opened_by and len(said) > 1)
        # Entries by date are one each, however short they are.
        begins_anew = begins_anew or bool(groups and _is_dated(text, groups[-1][0]) and _is_dated(text, span))
        if not groups or begins_anew:
            groups.append([])
            labels, said, opened_by = set(), set(), ""
        groups[-1].append(span)
        labels |= {label} if label else set()
        opened_by = opened_by or kind
        said |= {kind} if kind else set()
    for group in groups:
        block = text[group[0].start : group[-1].end]
        is_long = len(group) > _MOST_LINES or len(block) > _LONGEST_BLOCK
        if is_long or not (_TELLING.search(block) or names_office(block)):
            yield from group
        else:
            yield Span(group[0].start, group[-1].end, is_block=len(group) > 1)


def _is_dated(text: str, span: Span) -> bool:
    return _DATED.match(text, span.start, span.end) is not None


def _kind(line: str) -> str:
    """Return whether a line is an office or a person's name, "" where it is neither."""
    if names_office(line):
        return "office"
    words = line.split()
    is_name = _PERSON.fullmatch(line) is not None and words[0][0].isupper() and words[-1][0].isupper()
    return "person" if is_name else ""
