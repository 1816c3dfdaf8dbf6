"""Cut a table into passages: whole rows, each passage with caption, heads and open sections above it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatbot_app.core.documents import Block
from chatbot_app.knowledge.splitting.packing import MAX_CHARACTERS, Measurer, TokenStarts, Unit, pack
from chatbot_app.knowledge.tables.described import GOES_ON, Sections
from chatbot_app.knowledge.tables.embedded import blanked, embedded_context
from chatbot_app.knowledge.tables.frames import LONGEST_HEAD, LOOKED_AT, TableFrame
from chatbot_app.knowledge.tables.markdown import cells_of, depth_of, row_line
from chatbot_app.knowledge.words.sentence_ends import sentence_spans

TARGET_CHARACTERS_OF_TABLE = 900  # rows are short to read, and figures that belong together stay together
SECTION_TOKENS = 24  # kept free for the sections that are open where a passage begins
_FEWEST_TOKENS = 48  # of a passage, however much stands above it
_LONGEST_LABEL = 120  # characters of a label that is repeated


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    end: int
    above: tuple[str, ...]  # the sections that are open, as rows


class TableCutter:
    """Cuts the tables of one document."""

    def __init__(
        self, token_starts: TokenStarts, target_characters: int = TARGET_CHARACTERS_OF_TABLE
    ) -> None:
        self._count = Measurer(token_starts).count
        self._measurer = Measurer(lambda text: token_starts(blanked(text)))
        self._target = target_characters

    def cut(
        self,
        text: str,
        block: Block,
        frame: TableFrame,
        first_line: str,
        tokens: int,
        around: tuple[tuple[int, int], tuple[int, int]],
    ) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, context) of the passages of a table.

        `first_line` is that of the contexts, `tokens` what a passage may have with its context, `around` the
        (start, end) of short texts before and behind the table that belong to it.
        """
        rows = list(_rows(text, block, frame.lines))
        head_line = row_line(frame.heads)
        is_wide = len(head_line) > LONGEST_HEAD
        above = f"{first_line}\n{frame.above()}" if not is_wide else first_line
        budget = max(_FEWEST_TOKENS, tokens - self._count(embedded_context(above)) - SECTION_TOKENS)
        counts = self._measurer.tokens_of(text, [(row.start, row.end) for row in rows])
        before, behind = (self._text_units(text, span, budget) for span in around)
        units = before
        above_of: list[tuple[str, ...]] = [()] * len(units)
        for number, (row, count) in enumerate(zip(rows, counts, strict=True)):
            if number == 0 and frame.lines:
                count = 0  # the heads are embedded once, with the context
            is_long = count > budget or row.end - row.start > MAX_CHARACTERS
            if not is_wide and not is_long:
                units.append(Unit(row.start, row.end, count, True))
                above_of.append(row.above)
                continue
            yield from self._packed(units, above_of, frame, first_line, budget)
            units, above_of = [], []
            yield from self._cut_wide(text, row, frame, first_line, budget)
        units += behind
        above_of += [()] * len(behind)
        yield from self._packed(units, above_of, frame, first_line, budget)

    def _text_units(self, text: str, span: tuple[int, int], budget: int) -> list[Unit]:
        spans = list(sentence_spans(text, *span))
        return self._measurer.units(text, spans, budget, closes=False) if spans else []

    def _packed(
        self,
        units: Sequence[Unit],
        above_of: Sequence[tuple[str, ...]],
        frame: TableFrame,
        first_line: str,
        budget: int,
    ) -> Iterator[tuple[int, int, str]]:
        for begin, stop in pack(units, self._target, budget):
            context = f"{first_line}\n{frame.above(above_of[begin])}".lstrip("\n")
            yield units[begin].start, units[stop - 1].end, context

    def _cut_wide(
        self, text: str, row: _Row, frame: TableFrame, first_line: str, budget: int
    ) -> Iterator[tuple[int, int, str]]:
        """Cut a row that is too long between its cells; each part knows its heads and the row's label."""
        cells = list(_cell_spans(text, row.start, row.end))
        counts = self._measurer.tokens_of(text, cells)
        label = cells_of(text[cells[0][0] : cells[0][1]])[0][:_LONGEST_LABEL] if cells else ""
        room = max(_FEWEST_TOKENS, budget // 2)  # the other half is for the heads
        begin = 0
        while begin < len(cells):
            stop, used, heads = begin, 0, 0
            while stop < len(cells) and (
                stop == begin
                or (
                    used + counts[stop] <= room
                    and heads <= LONGEST_HEAD // 2
                    and cells[stop][1] - cells[begin][0] <= MAX_CHARACTERS
                )
            ):
                used += counts[stop]
                heads += len(frame.heads[stop]) if stop < len(frame.heads) else 0
                stop += 1
            sections = list(row.above)
            if begin:
                sections.append(row_line([label, GOES_ON]))
            columns = slice(max(1, begin), stop)
            context = f"{first_line}\n{frame.above(sections, columns)}".lstrip("\n")
            span = [(cells[begin][0], cells[stop - 1][1])]
            for unit in self._measurer.units(text, span, budget, closes=True):
                yield unit.start, unit.end, context
            begin = stop


def first_lines(text: str, block: Block) -> list[str]:
    """Return the first lines of a table that are not empty, as many as tell what its heads are."""
    lines: list[str] = []
    start = block.start
    while start < block.end and len(lines) < LOOKED_AT:
        end = text.find("\n", start, block.end)
        end = block.end if end < 0 else end
        if text[start:end].strip():
            lines.append(text[start:end])
        start = end + 1
    return lines


def _rows(text: str, block: Block, head_lines: int) -> Iterator[_Row]:
    """Yield the rows of a table, the lines of its heads as one."""
    sections = Sections()
    start, seen, head_start = block.start, 0, -1
    for line in text[block.start : block.end].split("\n"):
        end = start + len(line.rstrip())
        if line.strip():
            seen += 1
            if seen < head_lines:
                head_start = head_start if head_start >= 0 else start
            elif seen == head_lines and head_start >= 0 and end - head_start <= MAX_CHARACTERS:
                yield _Row(head_start, end, ())
                head_start = -1
            else:
                if head_start >= 0:  # heads too long to stay together
                    yield _Row(head_start, start - 1, ())
                    head_start = -1
                above = tuple(row_line([" " * depth + name]) for depth, name in sections.open)
                yield _Row(start, end, above)
                if seen > head_lines:
                    _follow(sections, line)
        start += len(line) + 1
    if head_start >= 0:
        yield _Row(head_start, block.start + len(text[block.start : block.end].rstrip()), ())


def _follow(sections: Sections, line: str) -> None:
    cells = cells_of(line)
    if any(cells[1:]):
        sections.of_row(depth_of(line), cells[0])
    elif len(cells) > 1 and cells[0]:
        sections.enter(depth_of(line), cells[0])


def _cell_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the cells of a row, each with the pipe before it."""
    begin = start
    for place in range(start + 1, end):
        if text[place] == "|" and text[place - 1] != "\\":
            if place + 1 >= end:
                break
            yield begin, place
            begin = place
    yield begin, end
