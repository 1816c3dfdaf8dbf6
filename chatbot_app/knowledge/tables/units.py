"""What the figures of a table are counted in, as its caption says it: "(In millions, except per share amounts)"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatbot_app.knowledge.tables import figures

_SCALES = {
    "thousands": "thousand", "thousand": "thousand", "000": "thousand", "000s": "thousand", "k": "thousand",
    "millions": "million", "million": "million", "m": "million", "mn": "million", "mm": "million",
    "billions": "billion", "billion": "billion", "bn": "billion",
}  # fmt: skip
_CURRENCIES = {
    "dollars": "$", "u.s. dollars": "$", "us dollars": "$", "$": "$", "us$": "US$", "usd": "USD",
    "euros": "€", "euro": "€", "€": "€", "eur": "EUR", "pounds": "£", "£": "£", "gbp": "GBP", "yen": "¥", "¥": "¥",
    "chf": "CHF", "rmb": "RMB",
}  # fmt: skip
_MONEY = r"U\.?S\.?\s+dollars|dollars|euros?|pounds|yen|US\$|\$|€|£|¥|USD|EUR|GBP|CHF|RMB"
_ENGLISH = (
    re.compile(
        rf"(?:(?P<before>{_MONEY})\s+)?(?:amounts?\s+)?\bin\s+(?:(?P<currency>{_MONEY})\s*)?"
        rf"(?P<scale>thousands?|millions?|billions?)\b(?:\s+of\s+(?P<of>{_MONEY}))?",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<currency>US\$|[$€£¥])\s?(?P<scale>millions?|billions?|thousands?|mn|bn|m|k|000s?)\b"),
)
_OTHER = re.compile(
    r"\b(?:in|en|в)\s+((?:Mio|Mrd|Tsd)\.?|Millionen|Milliarden|Tausend|milliers|milliards|millones|miles|"
    r"millions(?=\s+(?:d['’]|de\s)))\s*((?:d['’]|de\s+|von\s+)?(?:€|euros?|EUR|USD|CHF|US-Dollar|dollars|dólares))?"
    r"|\b(млн|млрд|тыс)\.?\s*(руб(?:лей|\.)?|долл(?:аров|\.)?)?|单位[：:]\s*([\u4e00-\u9fff]+)",
    re.IGNORECASE,
)
_SHARES_APART = re.compile(r"shares[^.;)]{0,60}\bin\s+(thousands|millions)", re.IGNORECASE)
_EXCEPT = re.compile(r"\bexcept\b(.*)", re.IGNORECASE | re.DOTALL)
_PER = re.compile(
    r"\bper\s+(?:\w+\s+){0,2}(?:share|unit|rsu|ads|employee|user)\b|\bje\s+aktie\b", re.IGNORECASE
)
_SHARES = re.compile(r"\bshares\b|\baktien\b|\brsus\b", re.IGNORECASE)
_STOCK = re.compile(
    r"\bcommon stock\b|\btreasury\b|\bequity\b", re.IGNORECASE
)  # its value, whatever shares it names
# Not of "revenue from customers", "due to employees", "customers' deposits".
_NO_MONEY = re.compile(
    r"\bnumber\s+of\b|\bheadcount\b|\banzahl\b"
    r"|^(?!.*\b(?:from|to|with|by|for|of|in|an|von|für|gegenüber)\b).*\b(?:employees|stores|units|customers|subscribers|users|mitarbeiter)\b(?!['’])",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"(?:no|nr|num|pos|item|line|page|seite|rank|code|id)s?\.?|#|№|n[°º]|年|序号", re.IGNORECASE
)
_REFERS = re.compile(
    r"(?:foot)?notes?(?:\s*(?:no|nr|#|n[°º])\.?)?|refs?\.?|references?|anm(?:erkung(?:en)?)?\.?|anhang(?:angabe)?|erläuterung(?:en)?|tz\.?"
    r"|annexes?|notas?|прим(?:ечани[ея])?\.?|поясн\w*\.?|附注|注記",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"(?:[\W\d_]|(?<![^\W\d_])[a-z](?![^\W\d_])){1,16}", re.IGNORECASE)
_IS_MONEY = re.compile(r"[€$£¥₽]|\b(?:eur|usd|chf|gbp)|euro|dollar|dólar|руб|долл|元", re.IGNORECASE)
_SHARE_OF = re.compile(
    r"%|\bper\s?cent(?:age|s)?\b|\brates?\b(?!\s+\w*(?:contracts|swaps|hedg|risk|debt|notes))|\bratio\b|\bmix\b"
    r"|\bprozent\b|\bquote\b",
    re.IGNORECASE,
)
MONEY_NOTE = "Amounts in {sign}."
_NOTE = re.compile(r"Amounts in (\S+)\.")


@dataclass(frozen=True, slots=True)
class Unit:
    """`scale` is a word behind a figure, `currency` a sign before it; both "" where nothing is said.

    `shares` is the scale of numbers of shares, `shares_apart` whether the unit leaves them out.
    """

    scale: str = ""
    currency: str = ""
    shares: str = ""
    shares_apart: bool = False


def unit_of(caption: str) -> Unit:
    """Return what a caption, a title or a head says that figures are counted in."""
    note = _NOTE.search(caption)
    for pattern in _ENGLISH:
        found = pattern.search(caption)
        if found is None:
            continue
        named = next(
            (found.groupdict().get(n) for n in ("before", "currency", "of") if found.groupdict().get(n)), ""
        )
        currency = _CURRENCIES.get(" ".join((named or "").casefold().split()), "")
        excepted = _EXCEPT.search(caption)
        apart = (
            excepted is not None
            and re.search(r"\bshares\b|\bshare amounts\b", _PER.sub("", excepted[1])) is not None
        )
        scaled = _SHARES_APART.search(caption)
        return Unit(
            _SCALES[found["scale"].casefold()],
            currency or (note.group(1) if note is not None else ""),
            _SCALES[scaled.group(1).casefold()] if scaled is not None else "",
            apart,
        )
    other = _OTHER.search(caption)
    if other is not None:
        return Unit(" ".join(part for part in other.groups() if part))
    return Unit()


def is_reference(head: str, cell: str) -> bool:
    """Whether a cell only says where in the notes more is told: "12", "3, 14", "7a" below "Note"."""
    return _REFERS.fullmatch(head.strip(" ().:")) is not None and _REFERENCE.fullmatch(cell) is not None


def in_words(cell: str, unit: Unit, label: str, head: str) -> str:
    """Return a cell with its unit: "81,797" as "$81,797 million" where its row and column allow it."""
    if not figures.is_amount(cell) or not unit.scale:
        return figures.compact(cell)
    figure = figures.compact(cell)
    about = f"{label} {head}"
    own = figures.currency_of(figure)
    if "%" in figure or _SHARE_OF.search(about):
        return figure
    if _SHARES.search(label) and not own and _STOCK.search(label) is None:
        return f"{figure} {unit.shares or ('' if unit.shares_apart else unit.scale)}".strip()
    if _PER.search(about):
        return figure
    counts_money = unit.currency or _IS_MONEY.search(unit.scale)
    if counts_money and not own and (_NO_MONEY.search(about) or _ORDERS.fullmatch(head.strip())):
        return figure  # "£ million" above says nothing of employees, nor of what numbers the rows
    return f"{'' if own else unit.currency}{figure} {unit.scale}"
