"""What stands above the rows of a table in each of its passages: caption, unit, heads, open sections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot_app.knowledge.tables import figures
from chatbot_app.knowledge.tables.heads import head_of
from chatbot_app.knowledge.tables.markdown import cells_of, is_rule, row_line
from chatbot_app.knowledge.tables.units import MONEY_NOTE, unit_of
from chatbot_app.knowledge.words.sentence_ends import sentence_spans

LOOKED_AT = 200  # rows that tell what the heads and the currency are
LONGEST_CAPTION = 240  # characters
LONGEST_HEAD = 900
_LONGEST_TITLE = 120
_ENDS_NO_TITLE = (".", "!", "?", ";", ",", "。", "！", "？", "…", "-")
_SAYS_UNIT = re.compile(r"(?!.*(?:19|20)\d\d)(?:\w+\s+){1,4}in\s.{1,50}")  # Emissions in tonnes of CO2e.
_OF_LISTS = re.compile(r"[•·▪‣*+-]\s|\d{1,2}[.)]\s|!?\[.*\]\(|<")  # and links, and what is no text
_SAYS_OF_ALL = re.compile(
    r"\W*(?:(?:foot)?note:?\s+)?(?:all|alle|sämtliche|in|amounts?|figures|values|numbers|angaben|beträge|werte|zahlen|montants|chiffres|importes"
    r"|суммы|данные)\b",
    re.IGNORECASE,
)
_COUNTED_IN = re.compile(r"in\s+\w+$")  # in Tonnen
_CAPTION_FROM = 400  # characters before a table in which its caption ends


@dataclass(frozen=True, slots=True)
class TableFrame:
    """The caption of a table (with its unit), its heads, one for each column, and how many lines they take."""

    caption: str
    heads: tuple[str, ...]
    lines: int

    def above(self, sections: Sequence[str] = (), columns: slice | None = None) -> str:
        """Return the lines of a context below its first: caption, heads, `sections` as rows."""
        heads = self.heads if columns is None else (self.heads[0], *self.heads[columns])
        lines = [self.caption] if self.caption else []
        return "\n".join([*lines, row_line(heads), *sections])


def frame_of(lines: Sequence[str], caption: str, title: str, note: str = "") -> TableFrame:
    """Return the frame of a table whose first lines are `lines`; `title` are the headings above it, `note` says below
    it what it is counted in.
    """
    rules = [place for place, line in enumerate(lines[:LOOKED_AT]) if is_rule(line)]
    rows = [cells_of(line) for line in lines[:LOOKED_AT] if not is_rule(line)]
    head = head_of(rows, rule=lines[1] if rules and rules[0] == 1 else "")
    taken = head.rows + sum(place <= head.rows for place in rules)
    caption = " ".join(part for part in (caption, head.title) if part)[-LONGEST_CAPTION:]
    unit = next((found for part in (caption, *head.cells[:1], title) if (found := unit_of(part)).scale), None)
    sign = _currency(rows[head.rows :])
    if unit is None and note:
        caption, unit = f"{caption} {note}".strip(), unit_of(note)
    if unit is not None and not unit.currency and not unit.measure and sign:
        caption = f"{caption} {MONEY_NOTE.format(sign=sign)}".strip()
    width = max(map(len, rows), default=1)
    heads = head.cells if any(head.cells) else ("",) * width
    return TableFrame(caption, heads, taken)


def continued_frame(frame: TableFrame, before: TableFrame) -> TableFrame:
    """Return the frame of a table that goes on with the one `before`: its caption, heads and unit where it has none."""
    heads, known = frame.heads, before.heads
    if len(heads) == len(known):
        if not any(heads):
            heads = known
        elif not heads[0] and unit_of(known[0]).scale:
            heads = (known[0], *heads[1:])
    return replace(frame, caption=frame.caption or before.caption, heads=heads)


def caption_in(text: str, start: int, end: int, *, titles: bool = False) -> str:
    """Return the sentence at the end of `text[start:end]` that introduces a table: it names a unit, or ends in a colon.

    With `titles` also words that end no sentence: "Sales by region".
    """
    spans = list(sentence_spans(text, max(start, end - _CAPTION_FROM), end))
    if not spans:
        return ""
    last = " ".join(text[spans[-1][0] : spans[-1][1]].split())
    if titles and last.startswith("*") and last.endswith("*"):
        last = last.strip("*").strip()
    is_caption = last.endswith((":", "：")) or unit_of(last).scale or "table" in last.casefold()[:40]
    if not is_caption and not (titles and (_is_title(last) or _SAYS_UNIT.fullmatch(last) is not None)):
        return ""
    return last[-LONGEST_CAPTION:]


def unit_note_in(text: str, start: int, end: int) -> str:
    """Return the sentence of a note below a table that says what all of it is counted in, "" where none does."""
    for begin, stop in sentence_spans(text, start, end):
        note = " ".join(text[begin:stop].split())
        if len(note) <= _LONGEST_TITLE and _SAYS_OF_ALL.match(note) and unit_of(note).scale:
            return note
    return ""


def _is_title(words: str) -> bool:
    """Whether words are as short as a title is, and no sentence or part of one."""
    return (
        len(words) <= _LONGEST_TITLE
        and (not words[:1].islower() or _COUNTED_IN.match(words) is not None)
        and not words.endswith(_ENDS_NO_TITLE)
        and _OF_LISTS.match(words) is None
        and sum(character.isalpha() for character in words) > len(words) / 2
    )


def _currency(rows: Sequence[Sequence[str]]) -> str:
    """Return the only currency sign of a table's figures, "" where there is none or several."""
    signs = {
        sign for row in rows for cell in row[1:] if (sign := figures.currency_of(cell) or _lone_sign(cell))
    }
    return signs.pop() if len(signs) == 1 else ""


def _lone_sign(cell: str) -> str:
    return cell.strip("(+-−– ") if figures.is_prefix(cell) else ""
