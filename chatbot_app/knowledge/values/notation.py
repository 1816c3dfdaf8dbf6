"""What digits can mean: "1,234" is a thousand and more in English, one and a bit in German."""

from __future__ import annotations

import re

SPACE = "\u00a0\u2009\u202f"  # what stands between thousands in print: no-break and thin spaces
_SPACES = re.compile(rf"[{SPACE}'’ ]")
_MARKS = re.compile(r"[.,]")
# By the language of a magnitude: which mark parts thousands before it. "Millions" is French behind a figure.
_POINTS_DECIMALS = re.compile(
    r"\b(?:thousands?|million|billions?|trillion)(?![^\W_])(?!\s+d[e'’])", re.IGNORECASE
)
_COMMAS_DECIMALS = re.compile(
    r"\b(?:tausend|millionen|milliarden?|milliers|millions|milliards?|miles|mil|millones|тысяч\w*|миллион\w*|миллиард\w*)(?![^\W_])",
    re.IGNORECASE,
)
# No dates, versions or clauses: 12.5 but not 31.12. nor 2.10.1; and 1,234.5 or 1,234,567.
_WITH_DECIMALS = re.compile(
    r"(?<![\w.,:/–-])(?:0|[1-9]\d*)(?P<mark>[.,])(?:\d{1,2}|\d{4,8})(?![\w:/]|[.,]\d|\.\s?\d)"
    r"|(?<![\w.,])\d{1,3}(?:(?P<first>[.,])\d{3})(?:(?!(?P=first))[.,]\d+|(?:(?P=first)\d{3})+)(?![\w.,]*\d)"
)
_FEWEST = 3  # fewer may be clauses, versions or times of day


def readings_of(digits: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return (what digits with separators can mean, half of the last place of each reading): thousands first, then decimals."""
    digits = _SPACES.sub("", digits)
    marks = _MARKS.findall(digits)
    if not marks:
        return (float(digits),), (0.5,)
    last = marks[-1]
    if len(set(marks)) == 1 and len(marks) > 1:
        return (float(digits.replace(last, "")),), (0.5,)
    head, _, tail = digits.rpartition(last)
    head = _MARKS.sub("", head)
    decimal, step = float(f"{head}.{tail}"), 0.5 * 10.0 ** -len(tail)
    if len(marks) == 1 and len(tail) == 3 and head != "0" and len(head) <= 3:
        if tail == "000":
            return (float(head + tail),), (0.5,)  # nobody gives three places that say nothing
        return (float(head + tail), decimal), (0.5, step)
    return (decimal,), (step,)


def rounded_step(digits: str) -> float:
    """Return by how much digits that are "about" right can be off: half of the last place that is no zero."""
    plain = re.sub(r"\D", "", digits)
    zeros = len(plain) - len(plain.rstrip("0"))
    return 0.5 * 10.0 ** (zeros if zeros < len(plain) else 0)


def open_mark(digits: str, behind: str) -> str:
    """Return the "." or "," of digits that may part thousands or decimals, "" where the words behind them tell.

    Only what parts thousands in the language of a magnitude is told: "4,377 thousand" is no 4.377 thousand.
    """
    mark = _MARKS.search(digits)
    if mark is None or len(readings_of(digits)[0]) == 1:
        return ""
    told = _POINTS_DECIMALS if mark.group() == "," else _COMMAS_DECIMALS
    return "" if told.search(behind) else mark.group()


def decimal_mark_of(text: str) -> str:
    """Return the mark that a text writes decimals with, by its figures that can mean one thing only; "" where they do not tell."""
    counts = {".": 0, ",": 0}
    for found in _WITH_DECIMALS.finditer(text):
        if found["mark"]:
            counts[found["mark"]] += 1
        else:
            counts["." if found["first"] == "," else ","] += _FEWEST
    for mark, other in ((".", ","), (",", ".")):
        if counts[mark] >= _FEWEST and not counts[other]:
            return mark
    return ""
