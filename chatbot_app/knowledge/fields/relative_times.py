"""Times that a question names by another one: "the quarter before", "a year earlier", "im Monat danach", "and in the third?"."""

from __future__ import annotations

import re

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.fields.periods import LONE_ORDINAL, ordinal_number

UNIT = (
    r"(?:quarter|year|month|period|half|report|filing|statement|release|invoice|meeting|minutes|letter|version|contract|agreement|results"
    r"|10-?[QK]|20-F|8-K|edition|issue|memo|update|earnings|figures|numbers)s?"
)
EINHEIT = (
    r"(?:quartal\w{0,2}|jahr\w{0,2}|monat\w{0,2}|halbjahr\w{0,2}|geschäftsjahr\w{0,2}|\w{0,30}bericht\w{0,2}|rechnung|sitzung|protokoll\w{0,2}|vertrag\w{0,2}"
    r"|version|fassung|abschluss\w{0,2})"
)
UNITE = r"(?:trimestres?|années?|an|mois|semestres?|exercices?|rapports?|factures?|réunions?|contrats?|versions?|résultats)"
UNIDAD = r"(?:trimestres?|años?|mes|semestres?|ejercicios?|informes?|facturas?|reuniones|reunión|contratos?|versión|resultados)"
_BETWEEN = r"(?:\s+[\w'’-]+){0,3}?\s+"
# A time that ends a question is meant from the question before; "in the month before the accident" from what it names.
_AT_END = (
    r"(?=(?:,?\s*(?:please|then|though|instead|bitte|denn|aus|alors|entonces|por\s+favor|s['’]il\s+(?:te|vous)\s+plaît|пожалуйста|было|呢|吗|啊))?"
    r"[\s?？.!。]*$)"
)
_PART = r"(?:quarter|half(?:[- ]year)?|period|month|week|day)"
_TEIL = r"(?:quartal|halbjahr|monat|woche|tag)"
_PARTIE = r"(?:trimestre|semestre|mois|semaine|jour)"
_PARTE = r"(?:trimestre|semestre|mes|semana|día)"
_CHAST = r"(?:квартал\w{0,2}|полугоди\w|месяц\w{0,2}|недел\w|д(?:ень|нём|нем|ня))"
_YEAR = r"(?:fiscal\s+|financial\s+|calendar\s+)?year"
_JAHR = r"(?:geschäfts)?jahr\w{0,2}"
_AN = r"(?:an(?:née)?|exercice)"
_ANO = r"(?:año|ejercicio)"


PREVIOUS = LatePattern.any_of(
    r"\b(?:quarter|half(?:[- ]year)?|period|month|report|meeting)\s+(?:before(?!\s+\w*tax)|earlier|prior(?!\s+to\b))(?:\s+that)?\b|\ba\s+quarter\s+(?:ago|earlier|before)\b",
    r"\b(?:quartal|halbjahr|periode|monat)\s+(?:davor|zuvor)\b|\b(?:trimestre|semestre|mois)\s+d['’]avant\b|\b(?:un\s+)?(?:trimestre|semestre|mes)\s+antes\b",
    rf"\b(?:previous|prior|preceding|before\s+that|last\s+but\s+one){_BETWEEN}(?!years?\b){UNIT}\b",
    rf"\b(?:previous|prior|preceding)\s+(?!years?\b){UNIT}\b",
    r"\b(?:since|from|than|to|with|in)\s+the\s+(?:last|previous|prior)\s+(?:report|filing|10-?[QK]|quarter|period)\b",
    r"\b(?:vorige[nrms]?|vorherige[nrms]?|vorangegangene[nrms]?)\s+"
    + EINHEIT
    + r"|\bvorquartal\w{0,2}|\bvorperiode",
    rf"\b{UNITE}\s+précédente?s?\b|\b{UNIDAD}\s+anteriore?s?\b",
    r"\bпредыдущ\w+|上一?(?:个|份)?(?:季度|报告|期|月)|前一?(?:季度|期)",
    rf"\b{_PART}\s+(?:before|earlier|prior|previously)(?:\s+that)?{_AT_END}",
    rf"\b{_TEIL}\s+(?:davor|zuvor|vorher|früher){_AT_END}|\b{_PARTIE}\s+(?:d['’]avant|avant|plus\s+tôt|auparavant){_AT_END}",
    rf"\b{_PARTE}\s+(?:antes|previo|anterior){_AT_END}",
    rf"\b(?:за\s+)?{_CHAST}\s+(?:раньше|ранее|назад|до\s+(?:этого|того)){_AT_END}|\b(?:кварталом|месяцем|неделей|дн[её]м)\s+(?:раньше|ранее)",
    rf"前一?个?(?:月|周|天|星期){_AT_END}",
)
LAST_YEAR = LatePattern.any_of(
    r"\b(?:last|previous|prior|preceding)\s+(?:fiscal\s+|financial\s+|calendar\s+)?year\b",
    r"\byear\s+before\b|\ba\s+year\s+(?:ago|earlier)\b",
    r"\b(?:vorjahr\w{0,2}|letzte[nsm]?\s+jahr\w{0,2}|vergangene[nsm]?\s+jahr\w{0,2}|vorige[nsm]?\s+jahr\w{0,2})\b",
    r"\b(?:l['’]an(?:née)?\s+(?:dernière?|passée?|précédente?)|exercice\s+précédent|(?:el\s+)?año\s+(?:pasado|anterior)|ejercicio\s+anterior)\b",
    r"\bпрошл\w+\s+год\w?|去年|上一?年|前年度",
    rf"\b{_YEAR}\s+(?:earlier|prior|previously){_AT_END}",
    rf"\b{_JAHR}\s+(?:davor|zuvor|vorher|früher){_AT_END}|\b{_AN}\s+(?:d['’]avant|avant|plus\s+tôt|auparavant|précédente?){_AT_END}",
    rf"\b{_ANO}\s+(?:antes|previo){_AT_END}|\bгодом\s+(?:раньше|ранее)|\b(?:за\s+)?год\w?\s+(?:раньше|ранее|назад|до\s+(?:этого|того)){_AT_END}|\bпредыдущ\w+\s+год\w?",
    r"前一(?:个?财)?年|上(?:一个?)?财年|上个?年度",
)
EARLIER_YEAR = LatePattern.any_of(
    r"\byear\s+before\s+last\b|\b(?:two|2)\s+years\s+(?:ago|earlier)\b",
    r"\bvorletzte[nsm]?\s+(?:geschäfts)?jahr\w{0,2}|\bvor\s+zwei\s+jahren\b|\bil\s+y\s+a\s+deux\s+ans\b|\bavant-dernière\s+année\b"
    r"|\bhace\s+dos\s+años\b|\bдва\s+года\s+назад\b|\bпозапрошл\w+\s+год\w?|(?<![0-9])前年(?!度)|(?:两|二)年前",
    rf"\bzwei\s+jahre\s+(?:davor|zuvor|vorher|früher){_AT_END}|\bdeux\s+ans\s+(?:avant|plus\s+tôt){_AT_END}|\bdos\s+años\s+antes{_AT_END}",
)
_FOLLOWING = LatePattern.any_of(
    rf"\b{_PART}\s+(?:after|later|following)(?:\s+that)?{_AT_END}|\b(?:next|following|subsequent)\s+{_PART}{_AT_END}",
    rf"\b{_TEIL}\s+(?:danach|darauf|später|nachher){_AT_END}|\b(?:nächste|folgende|darauffolgende)[nrms]?\s+{_TEIL}{_AT_END}|\bfolgequartal\w?|\bfolgemonat\w?",
    rf"\b{_PARTIE}\s+(?:d['’]après|après|suivante?|plus\s+tard){_AT_END}|\b{_PARTE}\s+(?:después|siguiente|posterior){_AT_END}|\bsiguiente\s+{_PARTE}{_AT_END}",
    rf"\bследующ\w+\s+{_CHAST}{_AT_END}|\b(?:кварталом|месяцем|неделей|дн[её]м)\s+позже|\b{_CHAST}\s+(?:позже|спустя){_AT_END}",
    rf"(?:下|后)一?个?(?:季度?|月|周|星期|天){_AT_END}|次(?:月|日|周|季){_AT_END}",
)
_YEAR_AFTER = LatePattern.any_of(
    rf"\b{_YEAR}\s+(?:after|later|following)(?:\s+that)?{_AT_END}|\b(?:next|following|subsequent)\s+{_YEAR}{_AT_END}",
    rf"\b{_JAHR}\s+(?:danach|darauf|später){_AT_END}|\b(?:nächste|folgende|darauffolgende)[nrms]?\s+{_JAHR}{_AT_END}|\bfolgejahr\w{{0,2}}",
    rf"\b{_AN}\s+(?:d['’]après|après|suivante?|plus\s+tard){_AT_END}|\b{_ANO}\s+(?:después|siguiente|posterior){_AT_END}",
    rf"\bследующ\w+\s+год\w?{_AT_END}|\bгодом\s+позже|\bгод\w?\s+спустя{_AT_END}|(?:下|后|第二|次|翌)一?年{_AT_END}",
)
_ONE_OF_A_YEAR = LatePattern(
    r"(?:^|(?<=[\s¿]))(?:(?:in|for)\s+the|im|am|für\s+das|au|(?:dans|pour)\s+le|(?:en|para)\s+el|во?|за)\s+"
    rf"(?P<ordinal>{LONE_ORDINAL})(?=\s+one\b|{_AT_END})",
    re.IGNORECASE,
)
_LONGEST_LEADING = 24  # characters
# What belongs to such a time: "And in the", "Und eine", "Et l'", "¿Y el", "за".
_LEADING = re.compile(
    r"(?:(?<![^\W_])(?:in|on|at|for|during|of|the|a|an|one|end|same|very|im|in|am|an|dem|das|der|den|die|ein|eine|einen|ende|zum|vom|au|à|le|la|l['’]|un|une|de|du|en|el|una"
    r"|al|del|во?|на|за|в\s+конце)\s*)+$",
    re.IGNORECASE,
)


def is_followed(question: str) -> bool:
    """Whether a question names the part of a year, the week or the day after another one that it ends without naming."""
    return _FOLLOWING.search(question) is not None


def is_year_after(question: str) -> bool:
    """Whether a question names the year after another one that it ends without naming."""
    return _YEAR_AFTER.search(question) is not None


def ordinals_of(question: str) -> tuple[int, ...]:
    """Return which of a year's parts a question names by their numbers alone: 3 of "And in the third?"."""
    return tuple(ordinal_number(match["ordinal"]) for match in _ONE_OF_A_YEAR.finditer(question))


def relative_spans(question: str) -> list[tuple[int, int]]:
    """Return where a question names times by others, with their prepositions and articles.

    None of these words stands in what answers it: that was written in its own time.
    """
    found: list[tuple[int, int]] = []
    for pattern in (PREVIOUS, LAST_YEAR, EARLIER_YEAR, _FOLLOWING, _YEAR_AFTER, _ONE_OF_A_YEAR):
        for match in pattern.finditer(question):
            before = question[max(0, match.start() - _LONGEST_LEADING) : match.start()]
            leading = _LEADING.search(before)
            start = match.start() - (0 if leading is None else len(before) - leading.start())
            found.append((start, match.end()))
    return found
