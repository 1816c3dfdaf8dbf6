"""Cut a document into passages that respect what it is made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot_app.core.documents import Block, BlockKind, ParsedDocument, PassageDraft
from chatbot_app.knowledge.sentences import sentence_spans

TokenStarts = Callable[[str], npt.NDArray[np.int64]]
"""Return the character offset at which each token of a text starts, ascending."""

PASSAGE_TOKENS = 256  # what the embedding model reads, special tokens and context included
SPECIAL_TOKENS = 2
CONTEXT_TOKENS = 56  # the most that headings may take of a passage
CONTEXT_SEPARATOR = " › "

# A paragraph of an encyclopaedia: long enough to answer whole questions, short enough to be about one thing.
# In characters, because a token of an English model is half as much text in German.
TARGET_CHARACTERS = 635
MAX_CHARACTERS = 1600  # a "word" of 100,000 characters is one token to WordPiece

TOKENISED_AT_ONCE = 100_000  # characters

# What a cut costs, in the same unit as the squared relative distance from the target length.
_CUT_IN_PARAGRAPH = 0.25
_CUT_BETWEEN_PARAGRAPHS = 0.0

_SOFT_BREAK = re.compile(r"[,;:–—、，；：]\s*|\s+")


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never cut: a sentence, a row, a line. `closes` says that a paragraph ends with it."""

    start: int
    end: int
    tokens: int
    closes: bool


@dataclass(frozen=True, slots=True)
class _Section:
    """Neighbouring blocks under the same headings: a passage never leaves it."""

    heading: Block | None
    blocks: tuple[Block, ...]


class Splitter:
    """Cuts documents into passages of at most 256 tokens of the embedding model, context included."""

    def __init__(self, token_starts: TokenStarts, target_characters: int = TARGET_CHARACTERS) -> None:
        self._token_starts = token_starts
        self._target = target_characters

    def split(self, document: ParsedDocument) -> Iterator[PassageDraft]:
        """Yield the passages in order; every character of every block but white space is in one.

        Sentences, table rows and lines of code stay whole unless longer than a passage. A table's header
        row is part of the context of each of its passages.
        """
        ordinal = 0
        for section in _sections(document.blocks):
            for start, end, context, block in self._cut(document, section):
                yield PassageDraft(
                    ordinal, start, end, document.text[start:end], block.page, block.heading_path, context
                )
                ordinal += 1

    def _cut(self, document: ParsedDocument, section: _Section) -> Iterator[tuple[int, int, str, Block]]:
        text = document.text
        first = section.blocks[0]
        path = [document.title, *first.heading_path] if document.title else [*first.heading_path]
        header = ""
        if first.kind is BlockKind.TABLE:
            header = _table_header(text, first)
        context = self._shorten(CONTEXT_SEPARATOR.join(_without_repeats(path)), header)
        budget = PASSAGE_TOKENS - SPECIAL_TOKENS - len(self._token_starts(context))
        units = self._units(text, section, budget)
        for begin, stop in pack(units, self._target, budget):
            start, end = units[begin].start, units[stop - 1].end
            block = next(block for block in section.blocks if block.end > start)
            yield start, end, context, block

    def _shorten(self, headings: str, header: str) -> str:
        """Return headings and table header, the oldest part cut where they take too many tokens."""
        context = f"{headings}\n{header}" if headings and header else headings or header
        starts = self._token_starts(context)
        if len(starts) <= CONTEXT_TOKENS and len(context) <= MAX_CHARACTERS // 4:
            return context
        if header:
            limit = int(starts[CONTEXT_TOKENS]) if len(starts) > CONTEXT_TOKENS else len(context)
            return context[: min(limit, MAX_CHARACTERS // 4)].rstrip()
        cut = int(starts[-CONTEXT_TOKENS]) if len(starts) > CONTEXT_TOKENS else 0
        return context[max(cut, len(context) - MAX_CHARACTERS // 4) :].lstrip(CONTEXT_SEPARATOR)

    def _units(self, text: str, section: _Section, budget: int) -> list[_Unit]:
        units: list[_Unit] = []
        if section.heading is not None:
            units += self._measure(text, [(section.heading.start, section.heading.end)], budget, False)
        for block in section.blocks:
            if block is section.heading:
                continue
            if block.kind in (BlockKind.TABLE, BlockKind.CODE):
                spans = _line_spans(text, block)
            else:
                spans = list(sentence_spans(text, block.start, block.end))
            units += self._measure(text, spans, budget, True)
        return units

    def _measure(self, text: str, spans: Sequence[tuple[int, int]], budget: int, closes: bool) -> list[_Unit]:
        if not spans:
            return []
        base, stop = spans[0][0], spans[-1][1]
        starts = self._starts_in_portions(text, base, stop)
        units: list[_Unit] = []
        for number, (start, end) in enumerate(spans):
            low, high = np.searchsorted(starts, (start, end))
            last = closes and number == len(spans) - 1
            if high - low <= budget and end - start <= MAX_CHARACTERS:
                units.append(_Unit(start, end, int(high - low), last))
            else:
                units += _cut_long(text, start, end, starts[low:high], budget, last)
        return units

    def _starts_in_portions(self, text: str, start: int, stop: int) -> npt.NDArray[np.int64]:
        """Return where the tokens of `text[start:stop]` start, as offsets into `text`.

        A tokenizer holds about 170 bytes a character while it works: a line of 50 MB at once would take 8 GB.
        """
        parts = []
        while stop - start > TOKENISED_AT_ONCE:
            space = text.rfind(" ", start, start + TOKENISED_AT_ONCE)
            end = space if space > start else start + TOKENISED_AT_ONCE
            parts.append(self._token_starts(text[start:end]) + start)
            start = end
        parts.append(self._token_starts(text[start:stop]) + start)
        return np.concatenate(parts) if len(parts) > 1 else parts[0]


def pack(units: Sequence[_Unit], target: int, limit: int) -> list[tuple[int, int]]:
    """Return the slices of `units` that make the best passages: each within `limit` tokens and
    `MAX_CHARACTERS`, close to `target` characters, cut between paragraphs rather than inside one.

    The best of all ways to cut, by dynamic programming; linear in the units, for a passage holds few.
    """
    count = len(units)
    cost = [0.0] + [float("inf")] * count
    cut_before = [0] * (count + 1)
    for stop in range(1, count + 1):
        tokens = 0
        last = units[stop - 1]
        if stop == count:
            cut = 0.0
        else:
            cut = _CUT_BETWEEN_PARAGRAPHS if last.closes else _CUT_IN_PARAGRAPH
        for begin in range(stop - 1, -1, -1):
            tokens += units[begin].tokens
            length = last.end - units[begin].start
            too_long = tokens > limit or length > MAX_CHARACTERS
            if too_long and begin < stop - 1:
                break
            total = cost[begin] + ((length - target) / target) ** 2 + cut
            if total < cost[stop]:
                cost[stop], cut_before[stop] = total, begin
    slices = []
    stop = count
    while stop > 0:
        slices.append((cut_before[stop], stop))
        stop = cut_before[stop]
    return slices[::-1]


def _sections(blocks: Sequence[Block]) -> Iterator[_Section]:
    heading: Block | None = None
    members: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            if members:
                yield _Section(heading, tuple(members))
            elif (
                heading is not None
                and heading.heading_path != block.heading_path[: len(heading.heading_path)]
            ):
                yield _Section(None, (heading,))  # a heading with nothing below it is still found
            heading, members = block, []
            continue
        alone = block.kind is BlockKind.TABLE
        if members and (
            members[-1].heading_path != block.heading_path
            or members[-1].kind is BlockKind.TABLE
            or alone
            or _pages_apart(members[0], block)
        ):
            yield _Section(heading, tuple(members))
            heading, members = None, []
        if heading is not None and not members and _pages_apart(heading, block):
            yield _Section(None, (heading,))  # the last line of its page
            heading = None
        members.append(block)
    if members:
        yield _Section(heading, tuple(members))
    elif heading is not None:
        yield _Section(None, (heading,))


def _pages_apart(first: Block, block: Block) -> bool:
    """A passage stands on one page, so that its page is right."""
    return first.page != block.page


def _table_header(text: str, block: Block) -> str:
    return text[block.start : block.end].lstrip().split("\n", 1)[0][:MAX_CHARACTERS].strip()


def _line_spans(text: str, block: Block) -> list[tuple[int, int]]:
    spans = []
    start = block.start
    for line in text[block.start : block.end].split("\n"):
        if line.strip():
            spans.append((start, start + len(line.rstrip())))
        start += len(line) + 1
    return spans


def _cut_long(
    text: str, start: int, end: int, starts: npt.NDArray[np.int64], budget: int, closes: bool
) -> list[_Unit]:
    """Cut what is longer than a passage, at clauses and spaces where there are any."""
    units = []
    while start < end:
        low = int(np.searchsorted(starts, start))
        stop = min(end, start + MAX_CHARACTERS)
        if low + budget < len(starts):
            stop = min(stop, int(starts[low + budget]))
        stop = max(stop, start + 1)
        if stop < end:
            breaks = [found.end() for found in _SOFT_BREAK.finditer(text, start + (stop - start) // 2, stop)]
            stop = breaks[-1] if breaks else stop
        tokens = max(1, int(np.searchsorted(starts, stop)) - low)
        units.append(_Unit(start, stop, tokens, closes and stop >= end))
        start = stop
    return units


def _without_repeats(path: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for name in path:
        name = " ".join(name.split())
        if name and (not kept or name.casefold() != kept[-1].casefold()):
            kept.append(name)
    return kept
