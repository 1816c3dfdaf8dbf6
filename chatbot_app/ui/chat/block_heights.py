"""Heights of blocks that are not widgets yet, and the space between blocks; all in pixels."""

from __future__ import annotations

import math

from chatbot_app.core.markdown_block import MarkdownBlock, MarkdownKind
from chatbot_app.ui.chat.look import LINE_HEIGHT, Look

_GAPS = {"heading": 1.25, "code": 0.85, "fence": 0.85, "table": 0.95, "rule": 0.7, "math": 0.55}  # em
_FRAMED = (MarkdownKind.CODE, MarkdownKind.TABLE)


def gap_between(look: Look, above: MarkdownBlock, below: MarkdownBlock) -> int:
    """Return the space between two blocks; what continues a block follows it closely."""
    if below.continued:
        if below.name != "list":
            return 0
        return round(
            look.em * (0.45 if "\n\n" in above.source else 0.22)
        )  # as between the items of each kind
    if above.name == "heading":
        return round(look.em * 0.5)
    return round(look.em * max(_GAPS.get(below.name, 0.7), 0.95 if above.kind in _FRAMED else 0.7))


def estimate(look: Look, block: MarkdownBlock, width: int) -> int:
    """Return about how high a block will be."""
    if block.kind is MarkdownKind.CODE:
        lines = min(block.source.count("\n") + 1, 1_500)
        return round(lines * look.line * 1.16 + look.em * 3.6)
    if block.kind is MarkdownKind.TABLE:
        return round(min(block.source.count("\n"), 500) * look.line * 1.8)
    return estimate_text(look, len(block.source), block.source.count("\n") + 1, width)


def estimate_text(look: Look, characters: int, lines: int, width: int) -> int:
    """Return about how high a text will be when its lines wrap at a width."""
    a_line = max(int(width / (look.em * 0.52)), 8)
    # Of lines that wrap, the last row is half full.
    rows = max(lines, math.ceil(characters / a_line + (lines - 1) / 2))
    return round(rows * look.line * LINE_HEIGHT / 100)
