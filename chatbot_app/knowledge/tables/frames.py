"""What stands above the rows of a table in each of its passages: caption, unit, heads, open sections."""

from __future__ import annotations

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


def frame_of(lines: Sequence[str], caption: str, title: str) -> TableFrame:
    """Return the frame of a table whose first lines are `lines`; `title` are the headings above it."""
    rules = [place for place, line in enumerate(lines[:LOOKED_AT]) if is_rule(line)]
    rows = [cells_of(line) for line in lines[:LOOKED_AT] if not is_rule(line)]
    head = head_of(rows, rule=lines[1] if rules and rules[0] == 1 else "")
    taken = head.rows + sum(place <= head.rows for place in rules)
    caption = " ".join(part for part in (caption, head.title) if part)[-LONGEST_CAPTION:]
    unit = next((found for part in (caption, *head.cells[:1], title) if (found := unit_of(part)).scale), None)
    sign = _currency(rows[head.rows :])
    if unit is not None and not unit.currency and sign:
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


def caption_in(text: str, start: int, end: int) -> str:
    """Return the sentence at the end of `text[start:end]` that introduces a table: it names a unit, or ends in a colon."""
    spans = list(sentence_spans(text, max(start, end - _CAPTION_FROM), end))
    if not spans:
        return ""
    last = " ".join(text[spans[-1][0] : spans[-1][1]].split())
    is_caption = last.endswith((":", "：")) or unit_of(last).scale or "table" in last.casefold()[:40]
    return last[-LONGEST_CAPTION:] if is_caption else ""


def _currency(rows: Sequence[Sequence[str]]) -> str:
    """Return the only currency sign of a table's figures, "" where there is none or several."""
    signs = {
        sign for row in rows for cell in row[1:] if (sign := figures.currency_of(cell) or _lone_sign(cell))
    }
    return signs.pop() if len(signs) == 1 else ""


def _lone_sign(cell: str) -> str:
    return cell.strip("(+-−– ") if figures.is_prefix(cell) else ""
