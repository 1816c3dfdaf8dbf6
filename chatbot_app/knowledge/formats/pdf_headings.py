"""Which lines of a PDF are headings: what its outline names, and what is printed larger or bolder than the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

LARGER = 1.15  # times the body's height: less is a change of font
_NO_SMALLER = 0.97
_LONGEST = 200  # characters
_MOST_LINES = 5  # of a part, its chapter and its first section in one place
_BOLD_TEXT = 0.3  # share of bold letters from which bold says nothing
_RUNNING_PAGES = 3  # a line at the edge of this many pages, and of a third of all, is a running title
_DEEPEST = 6
_BOXES = "☐☑☒□■◻◼✓✔"  # a line of a form, ticked or not
_ENDS_NO_HEADING = (".", ",", ";", "。", "，", "、", "-", "—", "…", "؛", "،")


@dataclass(frozen=True, slots=True)
class Line:
    """Characters `start` to `end` of a page's text, `size` points high (0 where not known)."""

    start: int
    end: int
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A bookmark: `level` counts from 0, `page` from 1."""

    title: str
    level: int
    page: int


@dataclass(frozen=True, slots=True)
class Heading:
    """Characters `start` to `end` of a page's text; `level` counts from 1, the outermost."""

    start: int
    end: int
    level: int


def headings_of_pages(
    texts: Sequence[str], lines: Sequence[Sequence[Line]], outline: Sequence[OutlineEntry]
) -> list[list[Heading]]:
    """Return the headings of each page, in order and without overlaps.

    What the outline names stands above what only the print tells.
    """
    entries: dict[int, list[OutlineEntry]] = {}
    for entry in outline:
        entries.setdefault(entry.page, []).append(entry)
    named = [
        _named_by_outline(text, rows, entries.get(number, ()))
        for number, (text, rows) in enumerate(zip(texts, lines, strict=True), 1)
    ]
    above = max((heading.level for page in named for heading in page), default=0)
    printed = _printed(texts, lines)
    styles = sorted({style for page in printed for _s, _e, style in page}, reverse=True)
    levels = {style: min(above + 1 + rank, _DEEPEST) for rank, style in enumerate(styles)}
    found = []
    for page, more in zip(named, printed, strict=True):
        taken = list(page)
        for start, end, style in more:
            if not any(start < other.end and other.start < end for other in page):
                taken.append(Heading(start, end, levels[style]))
        found.append(sorted(taken, key=lambda heading: heading.start))
    return found


def _named_by_outline(text: str, rows: Sequence[Line], entries: Sequence[OutlineEntry]) -> list[Heading]:
    found: list[Heading] = []
    first = 0
    for entry in entries:
        wanted = _letters(entry.title)
        if not wanted:
            continue
        for index in range(first, len(rows)):
            for stop in range(index + 1, min(index + 1 + _MOST_LINES, len(rows) + 1)):
                if _letters(text[rows[index].start : rows[stop - 1].end]) == wanted:
                    level = min(entry.level + 1, _DEEPEST)
                    found.append(Heading(rows[index].start, rows[stop - 1].end, level))
                    first = stop
                    break
            else:
                continue
            break
    return found


def _printed(
    texts: Sequence[str], lines: Sequence[Sequence[Line]]
) -> list[list[tuple[int, int, tuple[float, bool]]]]:
    """Return (start, end, style) of the lines that stand out, neighbours of one style together."""
    weights: Counter[float] = Counter()
    bold = 0
    for rows in lines:
        for row in rows:
            weights[row.size] += row.end - row.start
            bold += (row.end - row.start) * row.bold
    del weights[0.0]
    if not weights:
        return [[] for _ in texts]
    body = weights.most_common(1)[0][0]
    bold_tells = bold < _BOLD_TEXT * weights.total()
    running = _running_titles(texts, lines)
    found = []
    for text, rows in zip(texts, lines, strict=True):
        groups: list[list[Line]] = []
        before: Line | None = None
        for row in rows:
            style = row.size, row.bold
            stands_out = row.size >= LARGER * body or (
                bold_tells and row.bold and row.size >= _NO_SMALLER * body
            )
            if stands_out and _title(text, row) not in running:
                is_next = bool(groups) and before is groups[-1][-1] and (before.size, before.bold) == style
                if is_next and not text[groups[-1][-1].end : row.start].strip():  # no table stands between
                    groups[-1].append(row)
                else:
                    groups.append([row])
            before = row
        found.append(
            [
                (group[0].start, group[-1].end, (group[0].size, group[0].bold))
                for group in groups
                if may_be_heading(text[group[0].start : group[-1].end], len(group))
            ]
        )
    return found


def may_be_heading(title: str, rows: int) -> bool:
    """Whether so many lines that stand out can be a heading by their words: a short title of letters, and no sentence."""
    title = title.strip()
    letters = sum(character.isalpha() for character in title)
    digits = sum(character.isdigit() for character in title)
    return (
        rows <= _MOST_LINES
        and letters >= 2
        and letters > digits
        and len(title) <= _LONGEST
        and not title.endswith(_ENDS_NO_HEADING)
        and not title[0].islower()
        and title[0] not in _BOXES
    )


def _running_titles(texts: Sequence[str], lines: Sequence[Sequence[Line]]) -> set[str]:
    seen: Counter[str] = Counter()
    for text, rows in zip(texts, lines, strict=True):
        seen.update({_title(text, row) for row in (*rows[:2], *rows[-2:])})
    return {name for name, pages in seen.items() if pages >= max(_RUNNING_PAGES, len(texts) / 3)}


def _title(text: str, row: Line) -> str:
    return "".join(c for c in text[row.start : row.end].casefold() if c.isalpha())


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
