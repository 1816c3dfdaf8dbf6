"""Times of day: "19:30", "7.30 pm", "half past seven in the evening", "halb acht abends", "晚上七点半" are one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.values.measures import Value, ValueKind

_HOUR = 60  # minutes
_NOON, _MIDNIGHT = 12 * _HOUR, 24 * _HOUR
_FIRST_OF_EVENING = 6  # "six at night" is in the evening, "five at night" is not
_HOURS = {
    word: number
    for number, words in enumerate(
        (
            "one ein eins une una час",
            "two zwei deux dos два",
            "three drei trois tres три",
            "four vier quatre cuatro четыре",
            "five fünf cinq cinco пять",
            "six sechs seis шесть",
            "seven sieben sept siete семь",
            "eight acht huit ocho восемь",
            "nine neun neuf nueve девять",
            "ten zehn dix diez десять",
            "eleven elf onze once одиннадцать",
            "twelve zwölf douze doce двенадцать",
        ),
        1,
    )
    for word in words.split()
}
# Half of the eighth hour: половина восьмого.
_OF_HOUR = {
    word: number
    for number, word in enumerate(
        "первого второго третьего четвёртого пятого шестого седьмого восьмого девятого десятого одиннадцатого двенадцатого".split(),
        1,
    )
} | {"четвертого": 4}
_MINUTES = {"twenty": 20, "zwanzig": 20, "vingt": 20, "veinte": 20, "twenty-five": 25, "twenty five": 25}
_HAN = {sign: number for number, sign in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_NUMBERS = {**_HOURS, **_OF_HOUR, **_MINUTES}
_PARTS = {
    "half": 30, "halb": 30, "demi": 30, "demie": 30, "media": 30, "半": 30,
    "quarter": 15, "viertel": 15, "quart": 15, "cuarto": 15, "一刻": 15, "dreiviertel": 45, "drei viertel": 45, "三刻": 45,
}  # fmt: skip

_CLOCK = re.compile(
    r"(?<![\w.:,])(?P<hour>[01]?\d|2[0-4])(?:(?:[:.h]|\sh\s)(?P<minute>[0-5]\d))?(?![\w:]|[.,]\d)"
    r"(?:(?=\s*[ap]\.?m\b)|(?P<uhr>\s*Uhr\b(?:\s(?P<behind>[0-5]\d)(?![\w:]|[.,]\d))?)|(?<=:\d\d)|(?<=h\d\d)|(?<=h\s\d\d)(?!\s*min))",
    re.IGNORECASE,
)
_FORENOON = (
    r"a\.?m\b\.?(?!\s+(?:frühen\s+|späten\s+)?(?:morgen|vormittag|nachmittag|abend)\b)|in\s+the\s+(?:early\s+|late\s+)?morning\b|morgens\b|vormittags\b|am\s+(?:frühen\s+)?(?:vormittag|morgen)\b|du\s+matin\b"
    r"|de\s+la\s+mañana\b|утра\b"
)
_AFTERNOON = (
    r"p\.?m\b\.?|in\s+the\s+(?:early\s+|late\s+)?(?:afternoon|evening)\b|(?:abends|nachmittags|mittags)\b|am\s+(?:frühen\s+|späten\s+)?(?:abend|nachmittag)\b"
    r"|du\s+soir\b|de\s+l['’]après-midi\b|de\s+la\s+tarde\b|(?:вечера|дня)\b"
)
_NIGHT = r"at\s+night\b|nachts\b|in\s+der\s+nacht\b|de\s+la\s+(?:nuit|noche)\b|ночи\b"
_HALF = LatePattern(
    rf"\s*,?\s*(?:(?P<fore>{_FORENOON})|(?P<after>{_AFTERNOON})|(?P<night>{_NIGHT}))", re.IGNORECASE
)
# What one of the forms below has: most sentences have none, and are looked through once.
_MAY_TELL = LatePattern(
    r"\bpast\b|o['’]clock|quarter|in\s+the\s|at\s+night|\bnoon|midday|midnight|halb|viertel|\buhr|abends|morgens|mitternacht|heure|\bmidi\b|minuit"
    r"|\blas?\s|час|утра|вечера|ночи|дня|полов|[点點]|\bminutes\s+to|\b(?:um|ab|bis|gegen)\s+\w+\s+(?:vor|nach)\b",
    re.IGNORECASE,
)
_H = rf"(?P<hour>{'|'.join(sorted(_HOURS, key=len, reverse=True))}|[01]?\d|2[0-4])(?![\w:]|[.,]\d)"
_M = rf"(?P<minute>{'|'.join(sorted(_MINUTES, key=len, reverse=True))}|five|ten|fünf|zehn|cinq|dix|cinco|diez|[1-5]?\d)"
_THEN = r"(?:\s*(?:o['’]clock|Uhr)\b)?"
_STOPS = r"(?=\s*(?:$|[.,;:!?)–\n-])|\s+(?:in|at|on|until|to|for|from|and|or|every|each|am|pm|a\.m|p\.m)\b)"
_AT_DE = r"\b(?:um|ab|bis|gegen|vor|nach)\s+"


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to say a time; `needs_half`: only where the half of the day is said ("seven in the evening", not "seven")."""

    pattern: LatePattern
    needs_half: bool = False

    @classmethod
    def of(cls, pattern: str, *, needs_half: bool = False) -> _Form:
        """Return a form; the pattern is compiled when it is first used."""
        return cls(LatePattern(rf"(?<![\w.:,-])(?:{pattern})", re.IGNORECASE), needs_half)


_BESIDE_HOURS = (
    # half past seven, a quarter past seven, ten minutes past seven, a quarter to eight, ten minutes to eight
    _Form.of(
        rf"(?:(?P<part>half|(?:a\s+)?quarter)[\s-]+(?:past|after)|{_M}(?:\s+minutes)?\s+past)[\s-]+{_H}{_THEN}"
    ),
    _Form.of(rf"(?:(?P<part>(?:a\s+)?quarter)|{_M}\s+minutes)\s+(?P<before>to)\s+{_H}{_THEN}{_STOPS}"),
    # fünf vor halb acht, halb acht, Viertel vor acht, drei viertel acht, um zehn nach acht
    _Form.of(rf"{_M}(?:\s+minuten)?\s+(?:nach|(?P<earlier>vor))\s+(?P<part>halb)\s+{_H}{_THEN}"),
    _Form.of(rf"(?P<part>halb|drei\s?viertel)\s+{_H}{_THEN}(?!\s+(?:der|des|aller))"),
    _Form.of(rf"(?P<part>viertel)\s+(?:nach|(?P<before>vor))\s+{_H}{_THEN}"),
    _Form.of(rf"{_AT_DE}{_M}(?:\s+minuten)?\s+(?:nach|(?P<before>vor))\s+{_H}{_THEN}{_STOPS}"),
)
_HOURS_SAID = (
    # seven o'clock, acht Uhr, seven in the evening
    _Form.of(rf"{_H}\s*(?:o['’]clock|Uhr)\b"),
    _Form.of(_H, needs_half=True),
    # à sept heures et demie, sept heures moins le quart du soir
    _Form.of(
        rf"(?:à|vers|dès|avant|après|jusqu['’]à)\s+{_H}\s*heures?(?:\s+et\s+(?P<part>demie?|quart)|\s+(?P<before>moins)\s+le\s+(?P<less>quart))?"
    ),
    _Form.of(
        rf"{_H}\s*heures?(?:\s+et\s+(?P<part>demie?|quart)|\s+(?P<before>moins)\s+le\s+(?P<less>quart))?",
        needs_half=True,
    ),
    # a las siete y media, las ocho menos cuarto
    _Form.of(rf"las?\s+{_H}\s+(?:y\s+(?P<part>media|cuarto)|(?P<before>menos)\s+(?P<less>cuarto))"),
    # 7 часов вечера, половина восьмого
    _Form.of(rf"{_H}\s+час\w{{0,2}}", needs_half=True),
    _Form.of(rf"(?:половин[аеу]\s+|пол-?)(?P<of>{'|'.join(_OF_HOUR)})"),
)
_WHOLE = LatePattern(
    r"(?:\b12\s+|\btwelve\s+|\b(?:at|by|until|till|from|before|after)\s+)(?:(?P<noon>noon|midday)|midnight)\b"
    r"|\b(?:um|vor|nach|bis|ab|gegen)\s+mitternacht\b|(?<!\w)(?:à|avant|après|jusqu['’]à)\s+(?:(?P<midi>midi)|minuit)\b",
    re.IGNORECASE,
)
_CHINESE = LatePattern(
    r"(?P<day>凌晨|早上|上午|中午|下午|晚上)?\s?(?P<hour>\d{1,2}|十[一二]?|[一二两三四五六七八九])\s?[点點时](?:钟|整)?(?P<part>半|一刻|三刻)?(?:(?P<minute>[0-5]?\d)分)?"
)


def times_of_day(text: str) -> Iterator[Value]:
    """Yield times of day in minutes, the first of two that begin within each other; eight without a half of the day is also
    eight in the evening."""
    taken: list[tuple[int, int]] = []
    for value in _all_times(text):
        if not any(start < value.end and value.start < end for start, end in taken):
            taken.append((value.start, value.end))
            yield value


def spoken_times(minutes: int) -> Iterator[str]:
    """Yield how a time of day is said in English and German, and written with its hour alone, in lower case."""
    hour, minute = divmod(minutes % _MIDNIGHT, _HOUR)
    english, german = _names(hour), _names(hour, german=True)
    english_next, german_next = _names(hour + 1), _names(hour + 1, german=True)
    if minute == 0:
        half = "am" if hour < _NOON // _HOUR else "pm"
        of_half = hour % 12 or 12
        yield from (
            f"{hour} uhr",
            f"{german} uhr",
            f"{of_half} {half}",
            f"{of_half}{half}",
            f"{english} o clock",
            f"{english} in the",
        )
    elif minute == 30:
        yield from (f"half past {english}", f"halb {german_next}")
    elif minute == 15:
        yield from (f"quarter past {english}", f"viertel nach {german}")
    elif minute == 45:
        yield from (f"quarter to {english_next}", f"viertel vor {german_next}", f"dreiviertel {german_next}")
    yield f"{hour}h{minute:02}"


def _names(hour: int, *, german: bool = False) -> str:
    """Return the name of an hour: the first that stands in the table, or the German one behind it."""
    return [word for word, number in _HOURS.items() if number == (hour % 12 or 12)][1 if german else 0]


def _all_times(text: str) -> Iterator[Value]:
    may_tell = _MAY_TELL.search(text) is not None
    if may_tell:
        yield from _said(text, _BESIDE_HOURS)
    for match in _CLOCK.finditer(text):
        minute = int(match["minute"] or match["behind"] or 0)
        yield from _time(text, match.start(), match.end(), int(match["hour"]), minute)
    if not may_tell:
        return
    yield from _said(text, _HOURS_SAID)
    for match in _WHOLE.finditer(text):
        minutes = (float(_NOON),) if match["noon"] or match["midi"] else (0.0, float(_MIDNIGHT))
        yield Value(ValueKind.NUMBER, match.start(), match.end(), minutes, "clock")
    for match in _CHINESE.finditer(text):
        yield from _chinese(match)


def _said(text: str, forms: Sequence[_Form]) -> Iterator[Value]:
    for form in forms:
        for match in form.pattern.finditer(text):
            yield from _spoken(text, match, needs_half=form.needs_half)


def _spoken(text: str, match: re.Match[str], *, needs_half: bool) -> Iterator[Value]:
    said = {name: " ".join(word.casefold().split()) for name, word in match.groupdict().items() if word}
    hour = _number(said.get("of") or said["hour"])
    part = _PARTS.get(
        (said.get("part") or said.get("less") or "")
        .removeprefix("a ")
        .replace("dreiviertel", "drei viertel"),
        0,
    )
    minute = _number(said["minute"]) if "minute" in said else 0
    if "of" in said or said.get("part") in (
        "halb",
        "drei viertel",
        "dreiviertel",
    ):  # of the hour that has begun
        hour, part = hour - 1, part or 30
        minute = -minute if "earlier" in said else minute
    elif "before" in said:
        hour, part, minute = hour - 1, 60 - part if part else 0, 60 - minute if minute else 0
    start = min(match.start(name) for name, word in match.groupdict().items() if word)
    yield from _time(text, start, match.end(), hour, part + minute, needs_half=needs_half)


def _time(
    text: str, start: int, end: int, hour: int, minute: int, *, needs_half: bool = False
) -> Iterator[Value]:
    """Yield a time with the half of the day that stands behind it; none where it needs one that does not."""
    half = _HALF.compiled.match(text, end)
    if half is None and needs_half:
        return
    is_late = half is not None and bool(half["after"] or (half["night"] and hour >= _FIRST_OF_EVENING))
    minutes = _HOUR * hour + minute
    if half is not None and hour <= _NOON // _HOUR:
        of_half = minutes % _NOON
        if half["night"] and hour == _NOON // _HOUR:
            readings = (float(of_half), float(_MIDNIGHT + of_half))[: 1 + (of_half == 0)]
        else:
            readings = (float(of_half + _NOON * is_late),)
    elif hour > _NOON // _HOUR or half is not None:
        readings = (float(minutes),)
    else:
        readings = (float(minutes), float(minutes + _NOON))
    yield Value(ValueKind.NUMBER, start, half.end() if half is not None else end, readings, "clock")


def _chinese(match: re.Match[str]) -> Iterator[Value]:
    """Yield 晚上七点半, 19点30分; none of 一点, which is "a little"."""
    day = match["day"]
    if not (day or match["part"] or match["minute"]):
        return
    minute = _PARTS.get(match["part"] or "", 0) + int(match["minute"] or 0)
    hour = _han(match["hour"])
    if hour > 24:
        return
    if day in ("下午", "晚上", "中午") and hour < 11:
        hour += 12
    minutes = float(_HOUR * hour + minute)
    readings = (minutes,) if day or hour > 12 else (minutes, minutes + _NOON)
    yield Value(ValueKind.NUMBER, match.start(), match.end(), readings, "clock")


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else _NUMBERS[word]


def _han(digits: str) -> int:
    if digits.isdecimal():
        return int(digits)
    return sum(10 if sign == "十" else _HAN[sign] for sign in digits)
