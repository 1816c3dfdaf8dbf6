"""What of passages can be quoted: their sentences, clauses and rows of tables."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from chatbot_app.core.documents import Passage
from chatbot_app.knowledge.sentences.labelled_lines import labelled_lines, value_of_label
from chatbot_app.knowledge.sentences.line_blocks import statement_spans
from chatbot_app.knowledge.words.quoted_mail import ATTRIBUTION, repeats_from, without_marks
from chatbot_app.knowledge.words.sentence_ends import SAID_LINE

LONGEST_SENTENCE = 320  # characters: a longer one is cut at a clause
_REMEMBERED = 1024  # passages, 5 KB each with what can be quoted of them

_CLAUSE = re.compile(r"[;:—–]\s|,\s|\.\s|[；，、：]")
_RUN_IN_HEADING = re.compile(r"(?:§ ?)?\d{1,3}(?:\.\d{1,3})*[.)]? +\w+(?: \w+){0,3}[.:]")
_NUMBERED_LINE = re.compile(r"(?:§ ?)?\d{1,3}(?:\.\d{1,3})*[.)]? +[^\W\d_].*[^.!?:;,…]")
_LIST_ITEM = re.compile(r"\s*(?:[-*+•◦▪–]|(?:§ ?)?\d{1,3}(?:\.\d{1,3})*[.)]? )")
# Where a paragraph, the item of a list, a numbered section, or what somebody says in a chat begins.
_PARAGRAPH = re.compile(
    rf"\n[ \t]*\n\s*|\n(?=[ \t]*(?:[-*+•◦▪–]|\d{{1,3}}[.)])[ \t])|\n(?={SAID_LINE.pattern})"
    r"|\n(?=[ \t]*\d{1,2}(?:\.\d{1,2}){1,3}\.?[ \t]+[A-ZÀ-ÖØ-ÞА-Я])"
)
_QUESTION_BACK = 12  # characters: "?” **"
_QUESTION_ENDS = " \t*_\"'”’»)"
_LONGEST_HEADING = 80
_BOLD_LINE = re.compile(
    r"(\*\*|__)(?![\s*_])[^*\n]{2,80}[^\s*.:;,!?…](?:\1)"
)  # a title of who knows no styles of headings
_SAYS_SOMETHING = re.compile(r"(?:[^\W_][\W_]*+){3}")  # three letters or digits


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters `start` to `end` of the passage of evidence number `source` (from 0).

    Of a row of a table, `text` says in words what it says; `value` is what it says of its label, where it has one: of a list of
    labels, or on a line of its own. A heading says what comes, and nothing by itself. A block is short lines that are one statement, `is_code` one of code. `paragraph` tells paragraphs and items of lists of a passage apart.
    `piece_of` is where the sentence stands that it is a piece of, None for what is whole.
    """

    source: int
    start: int
    end: int
    text: str
    is_row: bool = False
    is_heading: bool = False
    is_block: bool = False
    paragraph: int = 0
    value: str = ""
    piece_of: tuple[int, int] | None = None
    is_code: bool = False

    @property
    def label(self) -> str:
        """What its value is said of, "" where it has none."""
        return self.text[: len(self.text) - len(self.value)].strip(" :：*_") if self.value else ""

    @property
    def is_of_table(self) -> bool:
        """Whether it is a row of several columns, with figures below heads: a list of labels is read as lines are."""
        return self.is_row and not self.value

    @property
    def stands_alone(self) -> bool:
        """Whether its neighbours say something else."""
        return self.is_row or self.is_block


def sentences_of(passages: Sequence[Passage]) -> list[Sentence]:
    """Return the sentences, rows and clauses of passages that can be quoted, each once; `source` is the passage's number.

    What a mail says comes before what another one repeats of it.
    """
    found = _SaidOnce()
    for source, passage in enumerate(passages):
        for part, repeats_another in _parts_of(passage.text, passage.context, tuple(passage.heading_path)):
            if found.takes(part.text, repeats_another=repeats_another):
                # What stands beside another label is a paragraph of its own, however near it is.
                paragraph = -len(found.sentences) - 1 if part.value else part.paragraph
                found.sentences.append(replace(part, source=source, paragraph=paragraph))
    return found.kept()


@lru_cache(_REMEMBERED)
def _parts_of(text: str, context: str, headings: tuple[str, ...]) -> tuple[tuple[Sentence, bool], ...]:
    """Return (what can be quoted of a passage, as if it were the first one; whether it repeats another mail), in order.

    In small libraries each question finds the same passages again.
    """
    repeats = repeats_from(text)
    breaks = list(_breaks(text))
    parts = []
    for start, end, words, is_block, is_code in statement_spans(text, context):
        labelled = [] if words else labelled_lines(text, start, end)
        alone = words or is_block or is_code
        spans = labelled or ([(start, end)] if alone else list(_bounded(text, start, end)))
        for begin, stop in spans:
            part = Sentence(
                0,
                begin,
                stop,
                words or (text[begin:stop] if is_code else without_marks(text[begin:stop])),
                is_row=bool(words),
                is_heading=not (words or is_code) and _is_heading(text, begin, stop, headings),
                is_block=is_block and not labelled,
                paragraph=bisect.bisect(breaks, begin),
                value=value_of_label(text[begin:stop], words) if words or labelled else "",
                piece_of=(start, end) if len(spans) > 1 and not labelled else None,
                is_code=is_code,
            )
            parts.append((part, begin >= repeats or text[begin : begin + 1] == ">"))
    return tuple(parts)


class _SaidOnce:
    """What was found so far, without what says the same words again, and what only repeats another mail behind that mail."""

    def __init__(self) -> None:
        self.sentences: list[Sentence] = []
        self._places: dict[str, int] = {}  # in `sentences`
        self._repeated: set[int] = set()
        self._left_out: set[int] = set()

    def takes(self, plain: str, *, repeats_another: bool) -> bool:
        """Whether a sentence is to be added next: it says something, and nothing has said it that counts as much."""
        key = " ".join(plain.split()).casefold()
        known = self._places.get(key)
        is_new = known is None or (known in self._repeated and not repeats_another)
        if not is_new or not _SAYS_SOMETHING.search(plain):
            return False
        if known is not None:
            self._left_out.add(known)
        if repeats_another:
            self._repeated.add(len(self.sentences))
        self._places[key] = len(self.sentences)
        return True

    def kept(self) -> list[Sentence]:
        """Return the sentences in order, without those that another one took the place of."""
        return [one for place, one in enumerate(self.sentences) if place not in self._left_out]


def _breaks(text: str) -> Iterator[int]:
    """Yield where paragraphs begin. What follows a question answers it, in a chat as in a list of questions and answers."""
    for match in _PARAGRAPH.finditer(text):
        above = text[max(0, match.start() - _QUESTION_BACK) : match.start()].rstrip(_QUESTION_ENDS)
        if not above.endswith(("?", "？")):
            yield match.end()


def _is_heading(text: str, start: int, end: int, headings: Sequence[str]) -> bool:
    """Whether characters `start` to `end` only say what comes: "## Warranty", "6. Utilities. The landlord …", "PETS"."""
    words = text[start:end].strip()
    if words.startswith("#") or words in headings or ATTRIBUTION.fullmatch(words):
        return True
    if _BOLD_LINE.fullmatch(words) and _stands_alone(text, start, end):
        return True
    lines = words.split("\n")
    if all(len(line) <= _LONGEST_HEADING for line in lines):
        if words.isupper() and not words.endswith((".", "!", "?")) and " " in words:
            return True
        if all(line.strip() in headings for line in lines):
            return True
    if len(lines) > 1 or len(words) > _LONGEST_HEADING:
        return False
    if _opens_section(text, start, end, words):
        return True
    line_goes_on = bool(text[end:].partition("\n")[0].strip())
    return line_goes_on and _RUN_IN_HEADING.fullmatch(words) is not None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether characters `start` to `end` are a paragraph of one line above another one."""
    behind = text[end:].lstrip(" \t")
    return (
        text[:start].rstrip(" \t")[-2:] in ("", "\n\n") and behind.startswith("\n\n") and bool(behind.strip())
    )


def _opens_section(text: str, start: int, end: int, line: str) -> bool:
    """Whether a line is a number and a title ("4. Roof"), apart from what stands above and right above what it is the title of;
    not the item of a list, below which others stand, or nothing.
    """
    if _NUMBERED_LINE.fullmatch(line) is None or text[:start].rstrip(" \t")[-2:] not in ("", "\n\n"):
        return False
    rest = text[end : end + 2 * _LONGEST_HEADING].partition("\n")
    below = rest[2].partition("\n")[0]
    return not rest[0].strip() and bool(below.strip()) and _LIST_ITEM.match(below) is None


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a sentence in pieces of at most `LONGEST_SENTENCE` characters, cut at clauses or else at spaces."""
    while end - start > LONGEST_SENTENCE:
        window = text[start : start + LONGEST_SENTENCE]
        cuts = [match.end() for match in _CLAUSE.finditer(window) if match.end() > LONGEST_SENTENCE // 3]
        cut = cuts[-1] if cuts else window.rfind(" ") + 1
        stop = start + (cut if cut > 0 else LONGEST_SENTENCE)
        yield start, start + len(text[start:stop].rstrip())
        start = stop
    if start < end:
        yield start, end
