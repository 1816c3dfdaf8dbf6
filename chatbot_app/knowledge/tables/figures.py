"""What a cell of a table holds: a figure, a year, a sign that belongs to the figure beside it."""

from __future__ import annotations

import re
from functools import lru_cache

_REMEMBERED = 4096  # cells: the same pieces of a page are asked for many times
_LONGEST = 60  # characters of a figure
_LONGEST_WORD = 12
_CURRENCIES = r"(?:US\$|CA\$|A\$|C\$|HK\$|R\$|[$€£¥₹₽₩]|USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|Rs\.?)"
_FIGURE = re.compile(
    rf"[(+\-−–~≈<>≤≥]*\s*{_CURRENCIES}?\s*[(+\-−–]?\s*{_CURRENCIES}?\s*[(+\-−–]?\s*"
    r"(?:\d(?:[\d.,'’\u00a0\u202f ]*\d)?|[.,]\d+)"
    rf"\s*(?:%|‰|pts?|bps|bp|x|×|years?|months?|weeks?|days?|hours?|{_CURRENCIES})?\s*\)?\s*(?:%|{_CURRENCIES})?\s*"
    r"(?:\(\w{1,2}\)|[*†‡¹²³⁴⁵⁶⁷⁸⁹])*",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?:\s*(?:[ap]\.?m\.?|uhr|h))?\*{0,2}", re.IGNORECASE)
_NOTHING = re.compile(r"(?:[—–\-−]+|n/?a\.?|nm|n\.m\.|\.{2,3}|…)\s*%?", re.IGNORECASE)
_DASHED = re.compile(rf"{_CURRENCIES}\s*[—–\-−]+")
_DASH = re.compile(rf"(?:{_CURRENCIES}\s*)?[—–\-−]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.\s?(?:0?[1-9]|1[0-2])\.\s?(?:(?:19|20)?\d\d)?")
_DURATION = re.compile(r"\d{1,3}\s(?:years?|months?|weeks?|days?|hours?)", re.IGNORECASE)
_THOUSANDS = re.compile(rf"{_CURRENCIES}\s?000")
_PREFIX = re.compile(rf"[(+\-−–]*{_CURRENCIES}[(+\-−–]*|\(", re.IGNORECASE)
_SUFFIX = re.compile(r"\)|%|\)\s*%")
_ENDS_OF_SUFFIXES = (")", "%", " ")
_MAY_FOLLOW = re.compile(r"€|EUR|CHF|USD|GBP|₽", re.IGNORECASE)
_CURRENCY_FIRST = re.compile(rf"[(+\-−–]*\s*({_CURRENCIES})", re.IGNORECASE)
_DECIMALS = re.compile(r"\d[.,]\d\d?(?!\d)")
_WRITTEN_OUT = re.compile(r"[$€£¥₹₽₩%()]|\d[.,'’\u00a0\u202f ]\d")


@lru_cache(_REMEMBERED)
def is_figure(cell: str) -> bool:
    """Whether a cell is a number, an amount, a percentage, a time or the dash that stands for none."""
    cell = cell.strip()
    if not cell or len(cell) > _LONGEST:
        return False
    if cell[-1].isalpha() and cell[0].isalpha() and len(cell) > _LONGEST_WORD:
        return False  # prose: most pieces of a page
    return any(form.fullmatch(cell) for form in (_FIGURE, _NOTHING, _DASHED, _TIME))


@lru_cache(_REMEMBERED)
def is_year(cell: str) -> bool:
    """Whether a cell is a year, which heads a column as often as it is a figure."""
    return _YEAR.fullmatch(cell.strip()) is not None


@lru_cache(_REMEMBERED)
def is_amount(cell: str) -> bool:
    """Whether a cell is a figure that heads no column: not a bare year, not a dash, and not the scale "£000"."""
    if not is_figure(cell) or is_year(cell) or _THOUSANDS.fullmatch(cell.strip()) is not None:
        return False
    return any(character.isdigit() for character in cell)


@lru_cache(_REMEMBERED)
def is_dash(cell: str) -> bool:
    """Whether a cell is the dash that stands for none, with a currency or without one: "—", "$-"."""
    return _DASH.fullmatch(cell.strip()) is not None


@lru_cache(_REMEMBERED)
def is_date(cell: str) -> bool:
    """Whether a cell is a day in numbers with points, which looks like a figure and heads columns as well: 31.12.2023."""
    return _DATE.fullmatch(cell.strip()) is not None


@lru_cache(_REMEMBERED)
def is_duration(cell: str) -> bool:
    """Whether a cell is a length of time, which heads the columns of returns and rates: "5 years"."""
    return _DURATION.fullmatch(cell.strip()) is not None


def is_time(cell: str) -> bool:
    """Whether a cell that looks like a figure may head a column of figures: a day or a length of time."""
    return is_date(cell) or is_duration(cell)


def is_written_out(cell: str) -> bool:
    """Whether a figure has a sign or a separator: what numbers a column has none."""
    return is_amount(cell) and _WRITTEN_OUT.search(cell) is not None


def has_decimals(cell: str) -> bool:
    """Whether a figure is written with one or two places: 1,377.9, 412,60."""
    return _DECIMALS.search(cell) is not None


def is_prefix(cell: str) -> bool:
    """Whether a cell is a sign that belongs to the figure on its right: "$", "("."""
    return len(cell) <= _LONGEST_WORD and _PREFIX.fullmatch(cell.strip()) is not None


def may_follow(cell: str) -> bool:
    """Whether a currency sign is also written behind its figure: "€" is, "$" is not."""
    return _MAY_FOLLOW.fullmatch(cell.strip()) is not None


def is_suffix(cell: str) -> bool:
    """Whether a cell is a sign that belongs to the figure on its left: ")", "%"."""
    return cell[-1:] in _ENDS_OF_SUFFIXES and _SUFFIX.fullmatch(cell.strip()) is not None


def currency_of(cell: str) -> str:
    """Return the currency sign that a figure begins with, "" where there is none."""
    found = _CURRENCY_FIRST.match(cell.strip())
    return found.group(1) if found else ""


def joined_figure(first: str, second: str) -> str:
    """Return a sign and its figure as they are written together: "$" and "60,584" as "$60,584"."""
    return f"{first.strip()}{second.strip()}"


def compact(figure: str) -> str:
    """Return a figure without the space between it and its sign: "$ 60,584" as "$60,584"."""
    return re.sub(rf"({_CURRENCIES}|\()\s+(?=[\d(.—–\-−])", r"\1", figure.strip())
