"""The facts that a question asks for, and whether a sentence holds them: a number, its unit, a date, a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from itertools import pairwise

from chatbot_app.knowledge.values.measures import Value, ValueKind
from chatbot_app.knowledge.values.values import values_of
from chatbot_app.knowledge.words.names import Name, names_of
from chatbot_app.knowledge.words.questions import DEFINING_WORDS, REASON_WORDS, Asked, asked_for
from chatbot_app.knowledge.words.words import STOP_WORDS, stem, stems

FACTS = (
    "number asked, held",
    "number asked, missing",
    "date asked, held",
    "date asked, missing",
    "person asked, held",
    "person asked, missing",
    "place asked, held",
    "place asked, missing",
    "reason asked, held",
    "definition asked, held",
    "thing asked, name held",
    "unit asked, held",
    "unit asked, missing",
    "counted thing beside a number",
    "person asked, whole name held",
)

_COUNTED = re.compile(r"\bhow (?:many|much)\s+((?:[^\W\d_]+\s+){0,3}?[^\W\d_]+)", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+")
_BEFORE, _AFTER = 25, 30  # characters around a number where what it counts stands
_MONEY = frozenset({"USD", "EUR", "GBP", "JPY", "CNY", "RUB", "CHF", "INR", "KRW"})
_AGE = re.compile(
    r"\bage[ds]?\b|\b(?:years?|months?)[ -]old\b|\bold\b|\bjahre alt\b|\bim alter\b|岁|歳", re.IGNORECASE
)
# "Every month" says how often without a figure. English, German, French, Spanish, Russian, Chinese.
_OFTEN = re.compile(
    r"\bhow (?:often|frequently)\b|\bwie (?:oft|häufig)\b|\bcombien de fois\b|\bcuántas veces\b|\bсколько раз\b|多少次|几次",
    re.IGNORECASE,
)
_WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_FREQUENCY = re.compile(
    rf"\b(?:every|each|per)(?: \w+)? (?:hour|day|night|week|fortnight|month|quarter|season|year|decade|{_WEEKDAY})s?\b|\b{_WEEKDAY}s\b"
    r"|\b(?:once|twice|never)\b|\b(?:hour|dai|night|week|month|quarter|year|annual)ly\b|\bbiennial(?:ly)?\b"
    r"|\b(?:jede[mnrs]?|alle|pro)(?: \w+)? (?:stunden?|tage?|wochen?|monate?|quartale?|jahre?)\b|(?:stünd|täg|wöchent|monat|jähr)lich"
    r"|\b(?:ein|zwei|drei|vier)mal\b|\bniemals\b|\b(?:mon|diens|donners|frei|sams|sonn)tags\b|\bmittwochs\b"
    r"|\b(?:chaque|par|tou(?:s|tes) les)(?: \w+)? (?:heure|jour|semaine|mois|trimestre|an|année)s?\b|\b(?:une|deux) fois\b"
    r"|\b(?:quotidien|hebdomadaire|mensuel|annuel)"
    r"|\b(?:cada|al|por|tod[oa]s l[oa]s)(?: \w+)? (?:hora|día|semana|mes|trimestre|año)(?:e?s)?\b|\b(?:una vez|dos veces)\b|\b(?:diaria|semanal|mensual|anual)"
    r"|\bкажд\w+(?: \w+)? (?:час|д[ен]|недел|месяц|квартал|год)|\bеже(?:час|днев|недел|месяч|квартал|год)|\b(?:дважды|раз в)\b"
    r"|每.?(?:天|日|周|月|年|小时)",
    re.IGNORECASE,
)

_Held = Callable[[str, Sequence[Value]], bool]
# What the number must be counted in, where the question says so. English, German, French, Spanish, Russian, Chinese.
_UNITS: tuple[tuple[re.Pattern[str], _Held], ...] = tuple(
    (re.compile(form, re.IGNORECASE), held)
    for form, held in (
        (
            r"\b(?:what|which) (?:\w+ )?years?\b|\bwhen\b|\bwann\b|\bquand\b|\bcuándo\b|\bкогда\b|什么时候|何时|哪一?年",
            lambda text, values: any(value.kind is ValueKind.DATE for value in values),
        ),
        (
            r"percent|proportion|\bshare of\b|prozent|anteil|pourcent|porcentaje|процент|百分",
            lambda text, values: any(value.dimension == "%" for value in values),
        ),
        (
            r"\bcosts?\b|\bprices?\b|how much (?:money|did|was|is|does|do)\b|\bpaid\b|\bworth\b|\brevenues?\b|\bbudget\b"
            r"|\bsalary\b|\bsales\b|\bkostet?\b|\bpreis|\bumsatz|\bcoûte?\b|\bprix\b|\bcuesta\b|\bprecio|\bстоит|\bцена|价格|多少钱",
            lambda text, values: any(value.dimension in _MONEY for value in values),
        ),
        (
            r"\bhow old\b|\bwhat age\b|\bwie alt\b|\bquel âge\b|сколько лет|几岁",
            lambda text, values: _AGE.search(text) is not None,
        ),
        (
            r"\bhow long\b|\bwie lange\b|combien de temps|cuánto tiempo|как долго|多久|多长时间",
            lambda text, values: any(value.dimension in ("time", "calendar", "length") for value in values),
        ),
    )
)


class AskedFacts:
    """What a question asks for. `stems` are the question's own: what it says itself is no answer."""

    def __init__(self, question: str) -> None:
        self.asked = asked_for(question)
        self.stems = stems(question)
        self._values = values_of(question)
        self._units = [held for form, held in _UNITS if form.search(question)]
        self._often = _OFTEN.search(question) is not None
        counted = _COUNTED.search(question)
        self._counted = _content_stems(counted.group(1)) if counted is not None else set()

    def held_by(self, text: str, before: Set[str]) -> tuple[bool, ...]:
        """Return the features `FACTS` of a sentence; `before` are the stems of the sentence before it."""
        asked = self.asked
        values: list[Value] = []
        if self._units or self._counted or asked in (Asked.NUMBER, Asked.DATE):
            values = [v for v in values_of(text) if not any(v.says(known) for known in self._values)]
        names: list[Name] = []
        if asked in (Asked.PERSON, Asked.PLACE, Asked.THING):
            names = [name for name in names_of(text) if stem(name.form) not in self.stems]
        named = any(not name.is_first or stem(name.form) in before for name in names)
        number = any(value.kind is not ValueKind.DATE for value in values)
        number = number or (self._often and _FREQUENCY.search(text) is not None)
        date = any(value.kind is ValueKind.DATE for value in values)
        unit = bool(self._units) and all(held(text, values) for held in self._units)
        whole = any(text[one.end : two.start] == " " for one, two in pairwise(names))
        return (
            asked is Asked.NUMBER and number,
            asked is Asked.NUMBER and not number,
            asked is Asked.DATE and date,
            asked is Asked.DATE and not date,
            asked is Asked.PERSON and named,
            asked is Asked.PERSON and not named,
            asked is Asked.PLACE and named,
            asked is Asked.PLACE and not named,
            asked is Asked.REASON and REASON_WORDS.search(text) is not None,
            asked is Asked.DEFINITION and DEFINING_WORDS.search(text) is not None,
            asked is Asked.THING and named,
            unit,
            bool(self._units) and not unit,
            any(self._counts(text, value) for value in values),
            asked is Asked.PERSON and whole,
        )

    def _counts(self, text: str, value: Value) -> bool:
        if not self._counted or value.kind is ValueKind.DATE:
            return False
        return not self._counted.isdisjoint(
            _content_stems(text[max(0, value.start - _BEFORE) : value.end + _AFTER])
        )


def _content_stems(text: str) -> set[str]:
    return {stem(word) for word in _WORDS.findall(text.casefold()) if word not in STOP_WORDS}
