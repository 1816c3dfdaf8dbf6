"""What is said about a value: that there is more or less than it, that it was before or after it."""

from __future__ import annotations

import re
from enum import Enum

from chatbot_app.knowledge.values.measures import Value, ValueKind
from chatbot_app.knowledge.words.words import stem

_LOOK_BACK = 40  # characters before a value
_LOOK_AHEAD = 24  # and behind it, with what is counted: "300 employees or more"
_ABOVE = (
    r"more than|over|above|at least|exceed(?:s|ed|ing)?|greater than|higher than|longer than|older than|no (?:fewer|less) than"
    r"|upwards? of|mehr als|über|mindestens|plus de|au moins|más de|al menos|более|больше|свыше|не менее|(?:a )?minimum of|(?:a )?min\.?|超过|超過|多于|至少"
)
_BELOW = (
    r"(?:can|could|may|must|shall|should|do|does|will|would)\s?not (?:exceed|be (?:more|longer|higher|greater|larger|older) than)|not exceed(?:ing)?"
    r"|nicht (?:mehr|länger|höher|größer|älter) als|ne (?:peut|doit) (?:pas )?(?:dépasser|excéder)|no (?:puede|debe) (?:superar|exceder)"
    r"|fewer than|less than|under|below|at most|no more than|up to|lower than|shorter than|younger than|not more than"
    r"|weniger als|unter|moins de|au plus|menos de|como máximo|менее|меньше|не более|capped at|limited to|(?:a )?maximum of|(?:a )?max\.?|höchstens|bis zu|jusqu['’]à|hasta|до|不到|少于|少於|至多|不足"
)
_LATER = r"after|since|from|later than|following|nach|seit|ab|après|depuis|después de|desde|после|с"
_EARLIER = r"before|until|till|prior to|earlier than|vor|bis|avant|jusqu['’]en|antes de|hasta|до"
_BETWEEN = r"\s*(?:the\s+)?(?:about\s+)?(?:US)?[$€£¥]?(?:[a-z]{3}\s+)?\s*$"


class Bound(Enum):
    """On which side of a value something lies; the value of each is the sign."""

    ABOVE = 1
    BELOW = -1

    @property
    def opposite(self) -> Bound:
        """The other side."""
        return Bound.BELOW if self is Bound.ABOVE else Bound.ABOVE


def bound_of(text: str, value: Value) -> Bound | None:
    """Return on which side of a value what the text tells of lies; None where it says nothing of the kind.

    "More than 300" lies above, "before 1990" below; "no more than" is no denial.
    """
    before = text[max(0, value.start - _LOOK_BACK) : value.start]
    is_date = value.kind is ValueKind.DATE
    below, above = (_DATE_BELOW, _DATE_ABOVE) if is_date else (_NUMBER_BELOW, _NUMBER_ABOVE)
    for bound, form, other in ((Bound.BELOW, below, above), (Bound.ABOVE, above, below)):
        found = form.search(before)
        if found is not None:
            opposite = other.search(before)
            if opposite is None or opposite.start() > found.start():  # "no less than" holds "less than"
                return bound
    behind = text[value.end : value.end + _LOOK_AHEAD]
    return next((bound for bound, form in _BEHIND if form.match(behind)), None)


def rate_of(text: str, value: Value) -> str:
    """Return what a value is counted by ("1.5 % per month": "month"); "" where the text does not say.

    The word is the English one for all languages that are known.
    """
    found = _RATE.match(text, value.end)
    if found is None and value.kind is ValueKind.NUMBER:
        found = _RATE_BEFORE.search(text[max(0, value.start - _BACK_TO_RATE) : value.start])
    if found is None:
        return ""
    word = next(word for word in found.groups() if word).casefold()
    return next((name for name, forms in _PERIODS.items() if word in forms.split()), stem(word))


def _form(words: str) -> re.Pattern[str]:
    # A whole word: "about" does not begin with "ab", nor "overall" with "over". Chinese ones stand among letters.
    return re.compile(
        rf"(?:(?<![^\W\d_])|(?=[\u3400-\u9fff]))(?:{words})(?:(?<=[\u3400-\u9fff])|(?![^\W\d_])){_BETWEEN}",
        re.IGNORECASE,
    )


_NUMBER_ABOVE, _NUMBER_BELOW = _form(_ABOVE), _form(_BELOW)
_DATE_ABOVE, _DATE_BELOW = _form(_LATER), _form(_EARLIER)
_WORD = r"\s*(?:[^\W\d_]+\s+)?"
_BEHIND = (
    (
        Bound.ABOVE,
        re.compile(rf"{_WORD}(?:or more|and over|or above|and above|以上|oder mehr)", re.IGNORECASE),
    ),
    (
        Bound.BELOW,
        re.compile(rf"{_WORD}(?:or less|or fewer|and under|or below|以下|oder weniger)", re.IGNORECASE),
    ),
)
_PERIODS = {
    "second": "second seconds s sekunde seconde segundo секунду",
    "minute": "minute minutes min minuto минуту",
    "hour": "hour hourly stunde stündlich heure hora час 小时",
    "day": "day daily tag täglich jour quotidien quotidienne quotidiennement día diario diaria diariamente день сутки ежедневно 天 日",
    "week": "week weekly woche wöchentlich semaine hebdomadaire semana semanal semanalmente неделю еженедельно 周",
    "month": "month monthly monat monatlich mois mensuel mensuelle mes mensual mensualmente месяц ежемесячно 月",
    "quarter": "quarter quarterly quartal vierteljährlich trimestre trimestriel trimestral квартал",
    "year": "year yearly annual annum annually jahr jährlich an annuel annuelle annuellement año anual anualmente год ежегодно 年",
}
_ALL_PERIODS = [word for forms in _PERIODS.values() for word in forms.split()]
_PERIOD = "|".join(word for word in _ALL_PERIODS if word.isascii() or word[0] < "\u3400")
_HOW_OFTEN = "|".join(
    word
    for word in _ALL_PERIODS
    if word.endswith(
        (
            "ly",
            "lich",
            "annual",
            "ien",
            "enne",
            "ment",
            "aire",
            "el",
            "elle",
            "al",
            "mente",
            "diario",
            "diaria",
            "жедневно",
        )
    )
    or word.startswith("еже")
)
_RATE = re.compile(
    rf"\s*(?:[^\W\d_]+\s+){{0,2}}?(?:per\s+(?!cent|se\b|capita)([^\W\d_]+)"
    rf"|(?:an?|each|every|pro|je|jede[nrs]?|im|in der|par|chaque|por|cada|al?|в)\s+({_PERIOD})\b|/\s?({_PERIOD})\b|({_HOW_OFTEN})\b)",
    re.IGNORECASE,
)
# "A daily average of 400", "每天400".
_RATE_BEFORE = re.compile(
    rf"\b({_HOW_OFTEN})\s+(?:[^\W\d_]+\s+){{1,3}}(?:US)?[$€£¥]?$|每(小时|[天日周月年])[\u3400-\u9fff]{{0,6}}$",
    re.IGNORECASE,
)
_BACK_TO_RATE = 40  # characters
