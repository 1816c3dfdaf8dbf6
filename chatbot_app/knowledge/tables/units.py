"""What the figures of a table are counted in, as its caption says it: "(In millions, except per share amounts)", "Mio. €"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.tables import figures
from chatbot_app.knowledge.tables.counted import (
    NO_CURRENCIES,
    Counted,
    beside_things,
    counted_behind,
    is_measured,
    is_per_thing,
    names_unit,
    scaled_measure,
)
from chatbot_app.knowledge.words.lexicon import MAGNITUDES, OTHER_CURRENCIES, UNITS

_ENGLISH_SCALES = {
    "thousands": "thousand", "thousand": "thousand", "000": "thousand", "000s": "thousand", "k": "thousand",
    "millions": "million", "million": "million", "m": "million", "mn": "million", "mm": "million",
    "billions": "billion", "billion": "billion", "bn": "billion",
    "lakh": "lakh", "lakhs": "lakh", "crore": "crore", "crores": "crore",
}  # fmt: skip
_FACTORS = MAGNITUDES | {
    "000": 1e3, "000s": 1e3, "1000": 1e3, "1,000": 1e3, "1.000": 1e3, "1 000": 1e3, "k": 1e3, "t": 1e3, "tsd": 1e3, "tys": 1e3, "miles": 1e3, "millares": 1e3, "m": 1e6, "md": 1e9, "mld": 1e9,
    "千": 1e3, "百万": 1e6, "十亿": 1e9, "十億": 1e9,
}  # fmt: skip
# In whatever case; and what is written in digits.
_SHORTENED = {"тысяч": "тыс.", "миллион": "млн", "миллиард": "млрд"} | {
    "1.000": "Tsd.", "1 000": "Tsd.", "1000": "Tsd.", "1,000": "thousand",
}  # fmt: skip
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}  # of currencies that are named in full
_NAMES = {
    word: unit.dimension
    for word, unit in UNITS.items()
    if unit.dimension.isupper() and len(unit.dimension) == 3 and word.isalpha() and len(word) > 2
} | {"pounds": "GBP", "dólares": "USD", "рублях": "RUB", "rs": "INR"}
_SIGN = r"(?:US|CA|HK|NT|[ACRS])?\$|[£¥\u20a0-\u20cf]|zł"
# Any code of ISO 4217 is three capitals; beside a scale they are nothing else. "THE MILLIONS" of a title in capitals is none.
_ISO = rf"(?!(?:{'|'.join(sorted(NO_CURRENCIES))})(?![^\W_]))[A-Z]{{3}}"
_CODE = rf"(?-i:(?:USD|EUR|GBP|CHF|RMB)|{_ISO}(?=[\s.]*[a-zа-я(])|(?<=[a-zа-я.]\s){_ISO})(?![^\W_])|(?:EUR|USD|CHF|GBP)(?=(?:mn?|k|bn)(?![^\W_]))"
_NAMED = rf"(?:U\.?S\.?[\s-]+|[^\W\d_]{{4,12}}\s)?(?:{'|'.join(sorted(filter(str.islower, _NAMES), key=len, reverse=True))})(?![^\W_])"
_MONEY = rf"(?:{_SIGN}|{_CODE}|руб\.|долл\.|s?fr\.|rs\b\.?|{_NAMED})"
_FULL = (
    r"(?:thousands?|millions?|billions?|millionen|milliarden|tausend|milliers|milliards?|millones|millares|miles|lakhs?|crores?|миллион\w*|миллиард\w*|тысяч\w*)"
    r"(?![^\W_])"
)
_SHORT = r"(?:(?:mn|bn|mio|mrd|tsd|тыс|млн|млрд|mln|mld|bln|tys)(?![^\W_])\.?)"
_OF = r"(?:\s*(?:d['’]|(?:de|of|von)\s+)?)"
_NO_FIGURE_BEFORE = r"(?<![\d.])(?<!\d\s)"  # "5 Mio. €" is an amount
_WRITTEN = (
    # In millions of euros, $ in millions, en milliers d’euros, in Tsd. CHF, (Mio.)
    rf"(?:\b(?P<in>in|en|dans|em|w|в)\s+|\(\s*(?=[^()]{{1,24}}\)))(?:(?P<money>{_MONEY})\s*)?(?P<scale>{_FULL}|{_SHORT})(?:{_OF}(?P<of>{_MONEY}))?",
    # CHF million, €m, US$'000, EUR Mio.
    rf"{_NO_FIGURE_BEFORE}(?<![^\W_])(?P<money>{_MONEY})\s?(?P<scale>{_FULL}|{_SHORT}|['’]?(?:mm?|k|000['’]?s?)(?![^\W_]))",
    # Mio. €, млн руб., Tsd. CHF; of words in full no prose has these: Millionen Euro
    rf"{_NO_FIGURE_BEFORE}(?<![^\W_])(?P<scale>{_SHORT}|(?:^|(?<=[(\[:,|/]\s)|(?<=[(\[:,|/])){_FULL}){_OF}(?P<of>{_MONEY})",
    # T€, k€, kEUR, MCHF: glued, of known currencies alone
    rf"(?<![^\W_])(?-i:(?P<scale>k|K|T|M|Mn|Mio|Md|Mrd) ?(?P<of>[$£¥€]|EUR|USD|CHF|GBP|{'|'.join(OTHER_CURRENCIES)}))(?![^\W_])",
    # In 1.000 €, x 1,000 CHF
    rf"(?:\bin|\ben|\bx|×)\s?(?P<scale>1[., ]?000)\s?(?P<of>{_MONEY})",
    r"\b(?P<scale>млн|млрд|тыс)(?![^\W_])\.?",
    # 万元, 亿元人民币, 百万円
    r"(?<![\d.])(?<!\d\s)(?P<scale>十[亿億]|百万|[万萬亿億千])(?P<of>[美港欧日]?元|円|人民币)",
)
_FORMS = tuple(LatePattern(form, re.IGNORECASE) for form in _WRITTEN)
# What each of them has, in small letters; quick, for captions are looked for in whole passages.
_GLUED = "|".join(("eur", "usd", "chf", "gbp", *map(str.lower, OTHER_CURRENCIES)))
_SCALE_WORD = re.compile(
    rf"(?<![\da-z])(?<!\d\s)(?:thous|mill|billion|taus|miles|lakh|crore|mio|mrd|tsd|ml[nd]|bln|tys|1[., ]?000|[ktm](?:n|d|io|rd)? ?(?:[$£¥€]|(?:{_GLUED})\b))"
    r"|тыс|млн|млрд|милли|(?<![\d.,])000|(?:(?<=[$€£¥'’])|(?<=[$€£¥] )|(?<=[a-z]{3})|(?<=[a-z]{3} )|(?<=in ))(?:k|mm?|mn|bn)\b|[万萬亿億千]|百万"
)
_BEFORE, _BEHIND = 48, 32  # characters
_LONGEST_HEAD = 120
_MONEY_BEFORE = LatePattern(rf"(?<![^\W_])(?:{_MONEY})\s+\Z", re.IGNORECASE)  # dollars in thousands
_EASTERN_SCALE = re.compile(r"[十百千]?[万萬亿億]|百万|千")
_COUNTED_IN = re.compile(
    r"[单單][位]\s*[：:]\s*(?:人民币)?([\u4e00-\u9fff]+)|単位\s*[：:]\s*([\u4e00-\u9fff]+)"
)
_SHARES_APART = re.compile(r"shares[^.;)]{0,60}\bin\s+(thousands|millions)", re.IGNORECASE)
_EXCEPT = re.compile(r"\bexcept\b(.*)", re.IGNORECASE | re.DOTALL)
_SHARES = re.compile(r"\bshares\b|\baktien\b|\brsus\b", re.IGNORECASE)
_STOCK = re.compile(
    r"\bcommon stock\b|\btreasury\b|\bequity\b", re.IGNORECASE
)  # its value, whatever shares it names
# What is counted says so by a word of its own ("number of", "Anzahl", 人数), or is people, shops or pieces and nothing that is
# done to them: not of "revenue from customers", "due to employees", "customers' deposits".
_NO_MONEY = re.compile(
    r"\bnumber\s+of\b|\bheadcount\b|\b(?:fte|vzä|etp)s?\b|\banzahl\b|\bnombre\b|\beffectifs?\b|\bn[úu]mero\b|\bcantidad\b|\bplantilla\b|\bnumero\b"
    r"|\b(?:число|численность|количество|кол-во)\b|(?<![指参基])[数數](?:量|目)?(?![\u4e00-\u9fff])|\((?:number|no\.?|count|pieces|pcs\.?|units|heads?|fte|anzahl|stück|stk\.?|personen|nombre|número)\)|[（(][人名家台件个户套]{1,2}[)）]|[,(]\s*(?:чел|шт)\b"
    r"|^(?!.*\b(?:from|to|with|by|for|of|in|an|von|für|gegen(?:über)?|aus|des?|du|aux?|à|del?|al?|por|para|con|avec|mit|от|для|перед|с)\b)"
    r".*\b(?:employees|stores|units|customers|subscribers|users|mitarbeiter\w*|beschäftigte|filialen|kunden|stück|salariés|collaborateurs|magasins|abonnés"
    r"|unités|empleados|trabajadores|tiendas|abonados|usuarios|unidades|сотрудник\w+|работник\w+|магазин\w+|абонент\w+|员工|职工|门店)\b(?!['’])",
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
_SHARE_OF = re.compile(
    r"%|\bper\s?cent(?:age|s)?\b|\brates?\b(?!\s+\w*(?:contracts|swaps|hedg|risk|debt|notes))|\bratio\b|\bmix\b"
    r"|\bprozent\b|\bquote\b|\btaux\b|\btasa\b|\bставка\b|率",
    re.IGNORECASE,
)
_TIME_FIRST = re.compile(
    r".*(?<![^\W_])(?:(?:19|20)\d\d(?:[/–-]\d{2,4})?|[QH][1-4]|[1-4][QH]|FY ?\d\d)\s+(?=\S)", re.IGNORECASE
)
_LAST_WORD = re.compile(
    r"(?:^|(?<!\d)[\s(])((?:thousands?|millions?|billions?|tausend|tsd|mio|mrd|['’]?000s?)\.?)\)?$",
    re.IGNORECASE,
)
MONEY_NOTE = "Amounts in {sign}."
_NOTE = re.compile(r"Amounts in (\S+)\.")


@dataclass(frozen=True, slots=True)
class Unit:
    """`scale` is a word behind a figure, `currency` a sign before it; both "" where nothing is said.

    `factor` is what a figure is multiplied by, `is_money` whether a currency is named. `shares` is the scale of numbers of
    shares, `shares_apart` whether the unit leaves them out, `measure` what the scale counts: "m³", "vehicles".
    """

    scale: str = ""
    currency: str = ""
    shares: str = ""
    shares_apart: bool = False
    factor: float = 1.0
    is_money: bool = False
    measure: str = ""


def unit_of(caption: str) -> Unit:
    """Return what a caption, a title or a head says that figures are counted in."""
    return _read_head(caption) if len(caption) <= _LONGEST_HEAD else _read(caption)


@lru_cache(4096)
def _read_head(head: str) -> Unit:
    return _read(head)  # the heads of a table are asked for each of its rows


def _read(caption: str) -> Unit:
    caption = caption.strip()
    if (eastern := _COUNTED_IN.search(caption)) is not None:
        named = eastern[1] or eastern[2]
        scale = _EASTERN_SCALE.match(named)
        factor = _FACTORS.get(scale.group(), 1.0) if scale is not None else 1.0
        return Unit(named, factor=factor, is_money="元" in named or "円" in named)
    found = _scale_in(caption)
    if found is None:
        measured = scaled_measure(caption)
        return Unit() if measured is None else _of_measure(measured.scale, measured.counted, is_english=True)
    parts: dict[str, str | None] = found.groupdict()
    behind, note = parts.get("of"), _NOTE.search(caption)
    before = _MONEY_BEFORE.compiled.search(caption[max(0, found.start() - _BEFORE) : found.start()])
    said = (before[0].strip() if before is not None and "in" in parts else "", parts.get("money"), behind)
    money = next(filter(None, said), "")
    counted = counted_behind(caption, found.end(), found["scale"], is_money=bool(money))
    is_english = (parts["in"] or "in").casefold() == "in" if "in" in parts else behind is None
    if counted.words:
        return _of_measure(found["scale"], counted, is_english=is_english)
    money = money or ("" if note is None else note[1])
    word, factor = _word_and_factor(found["scale"])
    currency = _currency_named(money)
    if not is_english or word not in _ENGLISH_SCALES or " " in currency:
        # "Millions d’euros" is said as it is written, behind the figure.
        written = next((_SHORTENED[one] for one in _SHORTENED if word.startswith(one)), found["scale"])
        written += caption[found.end("scale") : found.end()]
        if not money:
            written = written.rstrip(". ")
        elif not behind:
            written += f" {money}"
        return Unit(" ".join(written.split()) + counted.per, factor=factor, is_money=bool(money))
    excepted = _EXCEPT.search(caption)
    apart = (
        excepted is not None
        and re.search(r"\bshares\b|\bshare amounts\b", beside_things(excepted[1])) is not None
    )
    scaled = _SHARES_APART.search(caption)
    shares = _ENGLISH_SCALES[scaled.group(1).casefold()] if scaled is not None else ""
    return Unit(_ENGLISH_SCALES[word] + counted.per, currency, shares, apart, factor, bool(currency))


def _word_and_factor(scale: str) -> tuple[str, float]:
    """Return a scale in small letters, and what it multiplies by."""
    word = scale.casefold().strip("'’.")
    factor = _FACTORS.get(word) or next((MAGNITUDES[one] for one in MAGNITUDES if word.startswith(one)), 1.0)
    return word, factor


def _of_measure(scale: str, counted: Counted, *, is_english: bool) -> Unit:
    """Return the unit of a scale and what it counts: "thousand m³", "Mio. kWh", "miles de hectáreas"."""
    word, factor = _word_and_factor(scale)
    written = next((_SHORTENED[one] for one in _SHORTENED if word.startswith(one)), scale)
    link = counted.link if counted.link.casefold().strip() != "of" else ""
    if is_english and not link and word in _ENGLISH_SCALES:
        written = _ENGLISH_SCALES[word]
    elif link:
        written = written.casefold()  # "Milliers de tonnes" above, "318 milliers de tonnes" behind a figure
    words = f"{written} {link}{counted.words}".rstrip()
    is_money = counted.words.split()[-1:] != [] and counted.words.split()[-1].casefold() in _NAMES
    return Unit(f"{words}{counted.per}", factor=factor, is_money=is_money, measure=counted.words)


def head_unit(head: str) -> Unit:
    """Return the unit of a head, which may stand below its words or its time: "Pupils thousands", "2023 £m"."""
    if len(head) > _LONGEST_HEAD:
        return unit_of(head)
    time = _TIME_FIRST.match(head)
    named = head if time is None else head[time.end() :]
    found = unit_of(named)
    if found.scale or (last := _LAST_WORD.search(named)) is None:
        return found
    return unit_of(f"({last[1]})")


def _scale_in(caption: str) -> re.Match[str] | None:
    """Return the first place that says a scale, by the first of the forms that it has: looked for around words of scales."""
    begin = 0
    for word in _SCALE_WORD.finditer(caption.lower()):
        begin = max(begin, word.start() - _BEFORE)
        for form in _FORMS:
            if (found := form.compiled.search(caption, begin, word.end() + _BEHIND)) is not None:
                return found
    return None


def _currency_named(money: str) -> str:
    """Return the sign of a currency that is named in full; all else, "Swiss francs" too, as it is written."""
    plain = re.sub(r"^us[\s-]+", "", money.casefold().replace(".", ""))
    named = None if money.isupper() else _NAMES.get(plain)
    return money if named is None else _SIGNS.get(named, named)


def is_reference(head: str, cell: str) -> bool:
    """Whether a cell only says where in the notes more is told: "12", "3, 14", "7a" below "Note"."""
    return _REFERS.fullmatch(head.strip(" ().:")) is not None and _REFERENCE.fullmatch(cell) is not None


def in_words(cell: str, unit: Unit, label: str, head: str, *, with_decimals: bool = False) -> str:
    """Return a cell with its unit: "81,797" as "$81,797 million" where its row and column allow it.

    `label` and `head` are left out where they name the unit themselves. `with_decimals`: the table writes its amounts with
    decimals, so that a figure without any counts something else.
    """
    if not figures.is_amount(cell) or not unit.scale:
        return figures.compact(cell)
    figure = figures.compact(cell)
    about = f"{label} {head}"
    own = figures.currency_of(figure)
    if "%" in figure or _SHARE_OF.search(about):
        return figure
    if _SHARES.search(label) and not own and _STOCK.search(label) is None and not unit.measure:
        return f"{figure} {unit.shares or ('' if unit.shares_apart else unit.scale)}".strip()
    if is_per_thing(about) or (own and unit.measure):
        return figure
    if with_decimals and not own and not figures.has_decimals(figure):
        return figure
    if not own and (is_measured(label) or is_measured(head)):
        return figure  # it has one of its own
    if (
        not own
        and (unit.is_money or names_unit(unit.measure))
        and (_NO_MONEY.search(about) or _ORDERS.fullmatch(head.strip()))
    ):
        return figure  # "£ million" above says nothing of employees, nor of what numbers the rows
    code = f"{unit.currency} " if unit.currency[-1:].isalpha() else unit.currency
    return f"{'' if own else code}{figure} {unit.scale}"
