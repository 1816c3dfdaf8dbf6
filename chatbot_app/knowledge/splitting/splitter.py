"""Cut a document into passages that respect what it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from chatbot_app.core.documents import Block, BlockKind, ParsedDocument, PassageDraft
from chatbot_app.knowledge.splitting.packing import (
    MAX_CHARACTERS,
    PASSAGE_TOKENS,
    SPECIAL_TOKENS,
    TARGET_CHARACTERS,
    Measurer,
    TokenStarts,
    Unit,
    pack,
)
from chatbot_app.knowledge.splitting.table_splitting import TableCutter, first_lines
from chatbot_app.knowledge.tables.frames import (
    LONGEST_CAPTION,
    TableFrame,
    caption_in,
    continued_frame,
    frame_of,
    unit_note_in,
)
from chatbot_app.knowledge.tables.labelled_rows import is_label_list
from chatbot_app.knowledge.words.sentence_ends import sentence_spans

CONTEXT_TOKENS = 56  # the most that headings may take of a passage
CONTEXT_TOKENS_OF_TABLE = 40  # its heads need room as well
UNITS_AT_ONCE = 2_000  # sentences or lines that are measured and packed together: all of an ordinary section
UNDECIDED = 12  # passages at their end that are packed again with what follows
CONTEXT_SEPARATOR = " › "
_LONGEST_LEAD = 400  # characters
_LONGEST_NOTE = 250
_MOST_CAPTIONS = 3  # paragraphs above a table
_MOST_SPACES = 8  # characters: a paragraph that is a caption and no more
_RUNNING_LINE = 120  # characters: no more stands above a table that goes on from the page before


@dataclass(frozen=True, slots=True)
class _Section:
    """Neighbouring blocks under the same headings: a passage never leaves it."""

    heading: Block | None
    blocks: tuple[Block, ...]
    is_table: bool = False

    @property
    def start(self) -> int:
        """The first character, that of the heading included."""
        return (self.heading or self.blocks[0]).start

    @property
    def end(self) -> int:
        """Behind the last character."""
        return self.blocks[-1].end


class Splitter:
    """Cuts documents into passages of at most 256 tokens of the embedding model, context included."""

    def __init__(self, token_starts: TokenStarts, target_characters: int = TARGET_CHARACTERS) -> None:
        self._token_starts = token_starts
        self._measurer = Measurer(token_starts)
        self._tables = TableCutter(token_starts)
        self._target = target_characters

    def split(self, document: ParsedDocument) -> Iterator[PassageDraft]:
        """Yield the passages in order; every character of every block but white space is in one.

        Sentences, table rows and lines of code stay whole unless longer than a passage. A table's caption and
        heads are part of the context of each of its passages.
        """
        ordinal = 0
        sections = list(_sections(document.text, document.blocks))
        table: tuple[Block, TableFrame] | None = None
        place = 0
        while place < len(sections):
            section = sections[place]
            lead = tail = None
            if section.is_table:
                before = sections[place - 1] if place else None
            elif place + 1 < len(sections) and _leads(section, sections[place + 1]):
                before = lead = section
                place += 1
                section = sections[place]
            if section.is_table:
                block = section.blocks[0]
                if place + 1 < len(sections) and _follows(sections[place + 1], section):
                    place += 1
                    tail = sections[place]
                behind = sections[place] if tail is not None else (*sections, None)[place + 1]
                frame = self._frame(document, block, before, behind, table)
                table = block, frame
                cuts = self._cut_table(document, section, frame, lead, tail)
            else:
                cuts = self._cut(document, section)
            place += 1
            for start, end, context, block in cuts:
                yield PassageDraft(
                    ordinal, start, end, document.text[start:end], block.page, block.heading_path, context
                )
                ordinal += 1

    def _cut(self, document: ParsedDocument, section: _Section) -> Iterator[tuple[int, int, str, Block]]:
        text = document.text
        context = self._shorten(_title(document, section.blocks[0]), CONTEXT_TOKENS)
        budget = PASSAGE_TOKENS - SPECIAL_TOKENS - len(self._token_starts(context))
        place = 0
        units: list[Unit] = []
        for more, is_last in self._units(text, section, budget):
            units += more
            if len(units) < UNITS_AT_ONCE and not is_last:
                continue
            slices = pack(units, self._target, budget)
            # Where the last ones are cut depends on what follows.
            kept = slices if is_last else slices[:-UNDECIDED]
            for begin, stop in kept:
                start, end = units[begin].start, units[stop - 1].end
                while section.blocks[place].end <= start:
                    place += 1
                yield start, end, context, section.blocks[place]
            units = units[kept[-1][1] :] if kept else units

    def _cut_table(
        self,
        document: ParsedDocument,
        section: _Section,
        frame: TableFrame,
        lead: _Section | None,
        tail: _Section | None,
    ) -> Iterator[tuple[int, int, str, Block]]:
        """Cut a table; what leads to it and a note behind it belong to its first and its last passage."""
        block = section.blocks[0]
        first_line = self._shorten(_title(document, block), CONTEXT_TOKENS_OF_TABLE)
        tokens = PASSAGE_TOKENS - SPECIAL_TOKENS
        start = lead.start if lead is not None else section.start
        around = ((start, block.start), (block.end, tail.end if tail is not None else block.end))
        for begin, end, context in self._tables.cut(document.text, block, frame, first_line, tokens, around):
            yield begin, end, context, block

    def _frame(
        self,
        document: ParsedDocument,
        block: Block,
        above: _Section | None,
        behind: _Section | None,
        table: tuple[Block, TableFrame] | None,
    ) -> TableFrame:
        """Return the frame of a table; one that begins its page goes on with that of the page before."""
        text = document.text
        before = above.blocks[-1] if above is not None else None
        begins_page = (
            table is not None
            and block.page is not None
            and table[0].page == block.page - 1
            and table[0].heading_path == block.heading_path
            and (before is None or before.page != block.page or before.end - before.start <= _RUNNING_LINE)
        )
        # What stands above a table that begins its page may be the title of all pages.
        is_below = before is not None and before.heading_path == block.heading_path
        caption = _caption(text, above, block.page, titles=is_below and not begins_page)
        note = _unit_note(text, behind, block.page)
        frame = frame_of(first_lines(text, block), caption, " ".join(block.heading_path[-1:]), note)
        if table is None:
            return frame
        _last, known = table
        is_next = begins_page and not frame.caption and len(frame.heads) == len(known.heads)
        return continued_frame(frame, known) if block.continues or is_next else frame

    def _shorten(self, headings: str, tokens: int) -> str:
        """Return headings of at most so many tokens, the outermost cut first."""
        starts = self._token_starts(headings)
        if len(starts) <= tokens and len(headings) <= MAX_CHARACTERS // 4:
            return headings
        cut = int(starts[-tokens]) if len(starts) > tokens else 0
        return headings[max(cut, len(headings) - MAX_CHARACTERS // 4) :].lstrip(CONTEXT_SEPARATOR)

    def _units(self, text: str, section: _Section, budget: int) -> Iterator[tuple[list[Unit], bool]]:
        """Yield the units of a section, some at a time, and whether they are the last: it may be a whole book."""
        units: list[Unit] = []
        if section.heading is not None:
            heading = (section.heading.start, section.heading.end)
            units += self._measurer.units(text, [heading], budget, closes=False)
        for block in section.blocks:
            if block is section.heading:
                continue
            spans: Iterable[tuple[int, int]]
            if block.kind is BlockKind.CODE:
                spans = _line_spans(text, block)
            elif block.kind is BlockKind.TABLE:
                spans = [
                    (block.start, block.end)
                ]  # a list of labels stays whole: its empty head says that it has none
            else:
                spans = sentence_spans(text, block.start, block.end)
            for portion, ends in _portions(spans):
                units += self._measurer.units(text, portion, budget, closes=ends)
                if len(units) >= UNITS_AT_ONCE:
                    yield units, False
                    units = []
        yield units, True


def _portions(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[list[tuple[int, int]], bool]]:
    """Yield spans, some at a time, and whether they are the last of them."""
    rest = iter(spans)
    portion = list(islice(rest, UNITS_AT_ONCE))
    while portion:
        following = list(islice(rest, UNITS_AT_ONCE))
        yield portion, not following
        portion = following


def _sections(text: str, blocks: Sequence[Block]) -> Iterator[_Section]:
    heading: Block | None = None
    members: list[Block] = []
    is_table = False  # of the members
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            if members:
                yield _Section(heading, tuple(members), is_table)
            elif (
                heading is not None
                and heading.heading_path != block.heading_path[: len(heading.heading_path)]
            ):
                yield _Section(None, (heading,))  # a heading with nothing below it is still found
            heading, members = block, []
            continue
        alone = block.kind is BlockKind.TABLE and not is_label_list(text[block.start : block.end])
        if members and (
            members[-1].heading_path != block.heading_path
            or is_table
            or alone
            or _pages_apart(members[0], block)
        ):
            yield _Section(heading, tuple(members), is_table)
            heading, members = None, []
        is_table = alone
        if heading is not None and not members and _pages_apart(heading, block):
            yield _Section(None, (heading,))  # the last line of its page
            heading = None
        members.append(block)
    if members:
        yield _Section(heading, tuple(members), is_table)
    elif heading is not None:
        yield _Section(None, (heading,))


def _caption(text: str, above: _Section | None, page: int | None, *, titles: bool) -> str:
    """Return what the paragraphs above a table say of it: title and unit may be one each."""
    captions: list[str] = []
    blocks = above.blocks[-_MOST_CAPTIONS:] if above is not None else ()
    for block in reversed(blocks):
        if block.kind is not BlockKind.PARAGRAPH or block.page != page:
            break
        words = caption_in(text, block.start, block.end, titles=titles)
        if words:
            captions.insert(0, words)
        if not titles or len(words) < block.end - block.start - _MOST_SPACES:
            break
    return " ".join(captions)[-LONGEST_CAPTION:]


def _unit_note(text: str, behind: _Section | None, page: int | None) -> str:
    """Return what the first words below a table say of the unit of all its figures."""
    first = behind.blocks[0] if behind is not None and behind.heading is None else None
    if first is None or first.kind is not BlockKind.PARAGRAPH or first.page != page:
        return ""
    return unit_note_in(text, first.start, min(first.end, first.start + _LONGEST_NOTE))


def _leads(section: _Section, following: _Section) -> bool:
    """Whether a short section leads to the table behind it: alone it would be found without what it names."""
    return (
        following.is_table
        and following.heading is None
        and section.end - section.start <= _LONGEST_LEAD
        and not _pages_apart(section.blocks[0], following.blocks[0])
        and all(block.kind is not BlockKind.CODE for block in section.blocks)
        and section.blocks[0].heading_path == following.blocks[0].heading_path
    )


def _follows(section: _Section, table: _Section) -> bool:
    """Whether a section is a short note below a table."""
    return (
        not section.is_table
        and section.heading is None
        and section.end - section.start <= _LONGEST_NOTE
        and all(block.kind is BlockKind.PARAGRAPH for block in section.blocks)
        and not _pages_apart(table.blocks[0], section.blocks[0])
    )


def _pages_apart(first: Block, block: Block) -> bool:
    """A passage stands on one page, so that its page is right."""
    return first.page != block.page


def _title(document: ParsedDocument, block: Block) -> str:
    path = [document.title, *block.heading_path] if document.title else [*block.heading_path]
    return CONTEXT_SEPARATOR.join(_without_repeats(path))


def _line_spans(text: str, block: Block) -> list[tuple[int, int]]:
    spans = []
    start = block.start
    for line in text[block.start : block.end].split("\n"):
        if line.strip():
            spans.append((start, start + len(line.rstrip())))
        start += len(line) + 1
    return spans


def _without_repeats(path: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for name in path:
        name = " ".join(name.split())
        if name and (not kept or name.casefold() != kept[-1].casefold()):
            kept.append(name)
    return kept
