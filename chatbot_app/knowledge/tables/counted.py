"""What a scale counts: the "m³" of "in thousand m³", the "barrels per day" of "thousands of barrels per day"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.words.lexicon import UNITS

_LONGEST_CAPTION = 400  # characters: of prose no scale is read that says neither "in" nor money
_POWERS = str.maketrans({"²": "2", "³": "3", "^": ""})
# No currencies: capitals beside a scale that are a unit.
NO_CURRENCIES = frozenset(
    "TEU FEU FTE VZÄ DWT GRT BRZ BOE BBL BPD TOE TCE RPK ASK RTK KWH MWH GWH CBM PCS LNG MCF BCM".split()
)
_PLURALS = frozenset(
    "vehicles cars passengers persons people inhabitants employees pupils students patients visitors visits units pieces items "
    "barrels teu feu boe toe tce heads animals households dwellings subscribers customers users trips flights nights boxes "
    "personen einwohner stück fahrzeuge beschäftigte haushalte fahrgäste".split()
)  # fmt: skip
_LINK = r"(?:of|de|von|di)\s+|d['’]"
_WORD = r"[^\W\d_][^\W_]*(?:[²³]|\^[23]|(?:[-/·.’'](?=[^\W_])|/)[^\W_]+[²³]?)*"
# Words that only go on with the caption, or say of it what is no measure.
_ENDS = (
    r"by|for|except|excluding|unless|if|and|or|as|at|is|are|was|were|the|from|to|in|on|with|without|ended|unaudited|audited|restated|rounded|where|per|amounts"
    r"|nach|für|und|oder|außer|sofern|wenn|ohne|mit|ist|sind|im|am|zum|je|pro|vorjahr\w*|geprüft|ungeprüft|soweit"
    r"|sauf|et|ou|pour|dans|selon|non|audité\w*|salvo|excepto|y|o|para|según|en|no|auditad\w*"
)
_PER = (
    r"(?:per|je|pro)\s+(?!nach\b)|/\s?|a\s+(?=(?:day|week|month|year)\b)|p\.\s?a\b|(?:par|por)\s+"
    r"(?=(?:jour|an|mois|heure|semaine|habitant|salarié|employé|tête|hectare|ménage|día|año|mes|hora|semana|habitante|empleado|hogar)\b)"
)
_NAME = rf"(?!(?:{_ENDS})\b){_WORD}"
_PHRASE = rf"{_NAME}(?:\s(?!(?:{_LINK})){_NAME}){{0,2}}"
_DONE = rf"(?=\s*(?:\Z|[\n)\](\[;:|,–—、）]|\.(?:\s|\Z)|\s(?:{_ENDS}|par|por)\b))"
_MEASURE = LatePattern(
    rf"[ \t]*(?:(?P<link>(?:(?<=\s)|(?<=\.))(?:{_LINK}))?(?P<what>{_PHRASE})(?P<of>\s(?:{_LINK}){_PHRASE})?)?(?P<per>\s?(?:{_PER}){_PHRASE})?{_DONE}",
    re.IGNORECASE,
)
_SCALES = r"(?:thousands?|millions?|billions?|tausend|millionen|milliarden|milliers|milliards|miles|millones|tsd|mio|mrd|mln|mn|bn|['’]?000s?)(?![^\W_])\.?"
# A line, a bracket or a clause that begins with a scale: "Thousand barrels per day", "Stocks, thousand tonnes".
_FIRST = LatePattern(
    rf"(?:^|[(\[;:–—]\s*|,\s+|(?<=[a-zà-ÿ)])\s(?=(?-i:[TMB][a-z]+\s)))(?:in\s+|x\s?)?(?P<scale>{_SCALES}|1[., ]?000(?=\s))",
    re.IGNORECASE | re.MULTILINE,
)
# A unit before its scale: "MWh thousands", "(tonnes, 000)".
_LAST = LatePattern(
    rf"(?:^|[(\[;:,]\s*|\bin\s+)(?P<what>{_WORD}(?:\s{_WORD})?),?\s+(?P<scale>{_SCALES})(?=\s*(?:\Z|[\n)\];:,]))",
    re.IGNORECASE | re.MULTILINE,
)
_ENDS_LINE = re.compile(r"\s*(?:\Z|[\n)\],;])")
_ANCHOR = re.compile(r"[(\[](?:in\s+)?|\bin\s+", re.IGNORECASE)
_IN_FULL = re.compile(
    r"[^\W\d_]+s\Z|000s?\Z", re.IGNORECASE
)  # thousands, milliers: of what comes with a link
_GERMAN = re.compile(r"(?:tausend|million(?:en)?|milliarden|tsd|mio|mrd|1[. ]?000)\.?", re.IGNORECASE)
_AMBIGUOUS = frozenset("mkMKTBh")  # "(m)" may be millions as well as metres
# "Temperature (°C)", "Production, t", "Average stay (days)".
_OWN = re.compile(r"(?:[(（\[]|,\s)\s*(?:in\s+)?([^\s(),（）\[\]]{1,16})\s*[)）\]]?\s*$")
_PER_THING = re.compile(
    r"(?<!\bas\s)\bper\s+(?:\w+\s+){0,2}(?:share|unit|rsu|ads|employee|user|resident|capita|inhabitant|household|customer|pupil|student|patient|person|head|bed|visit"
    r"|site|store|shop|room|night|passenger|vehicle|bus|car|tonne|ton|kg|[kmg]wh|barrel|lit(?:re|er)|km|mile|m[²2³3]|hectare|acre|ounce|subscriber|member"
    r"|case|contract|policy|seat|piece|item|fte)s?\b|\b(?:je|pro)\s+(?!nach\b|rata\b|forma\b)[^\W\d_]+"
    r"|\bpar\s+(?:action|habitant|salarié|employé|élève|tête|tonne|ménage)\b|\bpor\s+(?:acción|habitante|empleado|alumno|tonelada|hogar)\b"
    r"|\bна\s+(?:\w+\s+)?акцию\b|每股|1株",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a scale counts: `words` as a figure says them behind the scale, `link` the "de " between them, `per` what each is of."""

    words: str = ""
    link: str = ""
    per: str = ""
    end: int = 0


@dataclass(frozen=True, slots=True)
class ScaledMeasure:
    """A scale of a caption that neither "in" nor money is with, and what it counts."""

    scale: str
    counted: Counted


def counted_behind(caption: str, end: int, scale: str, *, is_money: bool = False) -> Counted:
    """Return what the caption counts behind its scale, which ends at `end`; of money only what each is of."""
    found = _MEASURE.compiled.match(caption, end)
    if found is None:
        return Counted()
    per = " ".join((found["per"] or "").split())
    per = f" {per}" if per and not per.startswith("/") else per
    words, link = " ".join((found["what"] or "").split()), found["link"] or ""
    if is_money:
        return Counted(per=per, end=found.end()) if per and not words else Counted()
    if not words:
        return Counted(per=per, end=found.end()) if per else Counted()
    if not (link or names_unit(words) or _is_counted(words, scale, caption[:end])):
        return Counted()
    return Counted(
        f"{words}{' ' + ' '.join(found['of'].split()) if found['of'] else ''}", link, per, found.end()
    )


def _is_counted(words: str, scale: str, before: str) -> bool:
    """Whether words right behind a scale are what it counts: "Tsd. Stück", "thousand TEU", never "thousands unaudited"."""
    plain = scale.strip(" .'’")
    if words.casefold().split()[-1] in _PLURALS:
        return True
    if _GERMAN.fullmatch(plain) is not None and plain.casefold() not in ("million", "1 000"):
        return words[0].isupper()
    return _IN_FULL.fullmatch(plain) is None and (
        words[0].islower() or words.isupper() or before.endswith("(")
    )


def scaled_measure(caption: str) -> ScaledMeasure | None:
    """Return the first scale with a measure that says neither "in" nor money; None where there is none, and in prose."""
    if len(caption) > _LONGEST_CAPTION:
        return None
    for found in _FIRST.finditer(caption):
        counted = counted_behind(caption, found.end("scale"), found["scale"])
        in_brackets = found.group().lstrip()[:1] in ("(", "[")
        if counted.words and _ENDS_LINE.match(caption, counted.end) is not None:
            return ScaledMeasure(found["scale"], counted)
        if (
            in_brackets
            and "000" in found["scale"]
            and caption[found.end("scale") :].lstrip()[:1] in (")", "]")
        ):
            return ScaledMeasure(found["scale"], Counted())
    for found in _LAST.finditer(caption):
        words = found["what"]
        if names_unit(words) or words.split()[-1].casefold() in _PLURALS or words in NO_CURRENCIES:
            plural = words.casefold() in _PLURALS and not words.isupper()
            return ScaledMeasure(
                found["scale"], Counted(words.casefold() if plural else words, end=found.end())
            )
    return None


def plain_measure(caption: str) -> str:
    """Return the unit of measure that a caption ends with and that has no scale, "" where it has none: "(GWh)", "in tonnes of CO2"."""
    for anchor in _ANCHOR.finditer(caption[-_LONGEST_CAPTION:]):
        found = _MEASURE.compiled.match(caption[-_LONGEST_CAPTION:], anchor.end())
        if found is None or not found["what"] or found["link"]:
            continue
        words = " ".join(found.group().split())
        if (len(found["what"]) > 1 or words == "t") and names_unit(words) and not _is_time(words):
            return words
    return ""


def _is_time(words: str) -> bool:
    unit = UNITS.get(words.split()[0].casefold())
    return unit is not None and unit.dimension in ("time", "calendar")


def names_unit(words: str) -> bool:
    """Whether words begin with a unit of measure that is none of money, nor a share: "MWh", "tonnes of CO2", "t"."""
    first = re.split(r"[\s/·]", words, maxsplit=1)[0].rstrip(".").translate(_POWERS)
    unit = UNITS.get(first) or (UNITS.get(first.casefold()) if len(first) > 2 else None)
    return unit is not None and unit.dimension != "%" and not unit.dimension.isupper()


def own_measure(label: str) -> str:
    """Return the unit that a label or a head ends with, as a figure below it says it; "" where there is none: "(kt)", ", t"."""
    unit = _own_unit(label)
    return "" if unit in _AMBIGUOUS else unit


def is_measured(label: str) -> bool:
    """Whether a label or a head ends with a unit of its own that is none of money: "Verkaufsfläche (m²)", "Production, t"."""
    return bool(_own_unit(label))


def _own_unit(label: str) -> str:
    found = _OWN.search(label)
    return found[1] if found is not None and names_unit(found[1]) else ""


def is_per_thing(words: str) -> bool:
    """Whether a label or a head says amounts for one thing each, which the scale of a table is not meant for: "per share"."""
    return _PER_THING.search(words) is not None


def beside_things(words: str) -> str:
    """Return words without those that say what amounts are for one of: "shares" of "shares and per share amounts"."""
    return _PER_THING.sub("", words)
