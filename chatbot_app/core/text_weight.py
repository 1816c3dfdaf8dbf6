"""What a piece of Markdown costs to read and to lay out, counted instead of measured.

A unit is one character of prose. What Qt or the parser makes an object of counts as many characters as it was
measured to cost: a line, a mark of emphasis, a letter of a script that has to be shaped, code or a table that
gets a frame of its own inside a list. A unit takes about one to three microseconds.
"""

from __future__ import annotations

import re

LINE = 40
ITEM = 50  # of a list, besides its line
MARK = 10
DOLLAR = 40  # besides: two make a formula, which is a picture
BRACKET = 22  # each may begin a link, whose end is looked for
SHAPED = 3
FRAME = 1_800  # a box of code or a table inside a list or quote: four widgets
_STEP = 200  # characters that `reach` looks at together

_MARKS = re.compile(r"[*_`!\\$<>&~|]")
_ITEMS = re.compile(r"^[ \t>]*(?:[-*+]|\d{1,9}[.)])(?=\s)", re.MULTILINE)
_SHAPED = re.compile("[^\x00-\u02ff\u0370-\u04ff\u2000-\u2bff]")
_FRAMES = re.compile(r"^[ \t>*+\-\d.)]*(?:`{3}|~{3})|^[ \t>*+\-\d.)]*\|?[ \t]*:?-+:?[ \t]*\|", re.MULTILINE)


def weight(text: str) -> int:
    """Return about how many characters of prose cost as much as this text."""
    units = len(text) + LINE * text.count("\n")
    units += ITEM * len(_ITEMS.findall(text))
    units += BRACKET * (text.count("[") + text.count("]") + text.count("("))
    marks = len(_MARKS.findall(text))
    if marks:
        units += MARK * marks + DOLLAR * text.count("$")
        if "```" in text or "~~~" in text or "|" in text:
            # Half for the line that closes it.
            units += FRAME // 2 * len(_FRAMES.findall(text))
    if not text.isascii():
        units += SHAPED * len(_SHAPED.findall(text))
    return units


def shaped_reach(text: str, start: int, most: int) -> int:
    """Return where the characters from `start` on, which only have to be shaped and painted, weigh `most`.

    At most the end of the text; `most` is at least 4.
    """
    end = min(start + most, len(text))
    if text[start:end].isascii():
        return end
    at, left = start, most
    while at < len(text) and left > SHAPED:
        piece = text[at : at + left // (1 + SHAPED)]  # fits even if all of it has to be shaped
        left -= len(piece) + SHAPED * len(_SHAPED.findall(piece))
        at += len(piece)
    return at


def reach(text: str, most: int) -> int:
    """Return how many characters from the start weigh at most `most`, at least one of a text that has any."""
    if len(text) * (LINE + ITEM) <= most:
        return len(text)
    spent = at = 0
    while at < len(text):
        piece = text[at : at + _STEP]
        units = weight(piece)
        if spent + units > most:
            # Within a step the cost is spread evenly enough.
            return max(at + len(piece) * (most - spent) // units, 1)
        spent += units
        at += len(piece)
    return len(text)
