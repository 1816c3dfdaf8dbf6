"""The type of answer that a question expects (price, telephone number, duration …), where what is quoted has none of it.

"How long does the boat trip take?" is not answered by "15:00 boat trip, meeting point at the fish market", whatever words they share. What
is told apart is only what can be told by its form, and where nothing else could be meant: a place, a person and a thing are said in
too many ways. In English, German, French, Spanish, Russian and Chinese.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.values.measures import ValueKind
from chatbot_app.knowledge.values.values import values_of

_LONGEST_QUESTION, _LONGEST_QUOTE = 300, 2000  # characters that are looked at


@dataclass(frozen=True, slots=True)
class AnswerType:
    """What is asked, what an answer of this type has, and what has its form and is none."""

    asked: LatePattern
    told: LatePattern
    beside: LatePattern | None = None


def _type(asked: str, told: str, beside: str = "") -> AnswerType:
    return AnswerType(
        LatePattern(asked, re.IGNORECASE),
        LatePattern(told, re.IGNORECASE),
        LatePattern(beside, re.IGNORECASE) if beside else None,
    )


_WORD = r"(?<![^\W\d_])(?:{})(?![^\W\d_])"  # a unit stands right behind its number, too
_DAY_OR_TIME = (
    r"\d{1,2}[:.]\d\d(?::\d\d)(?: ?[+-]\d{4})?|(?<!\d)\d{1,2}:\d\d(?!\d)|(?<!\d)\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)(?!\d)|\d{4}-\d\d-\d\d"
    r"|(?<![\d-])(?:1[89]|20)\d\d(?![\d-])"
)
_TIMES = (
    "seconds?|secs?|minutes?|mins?|hours?|hourly|hrs?|days?|daily|nights?|overnight|weeks?|fortnights?|months?|years?|yrs?|decades?"
    "|centur(?:y|ies)|semesters?|terms?|seasons?|weekends?|lifetime|permanent(?:ly)?|forever|indefinite(?:ly)?|unlimited|until|till|through"
    "|sekunden?|minuten?|std|stunden?|tag(?:e[ns]?)?|nächte?|wochen?|monat(?:e[ns]?)?|jahr(?:e[ns]?)?|quartale?|werktage?n?|wochenenden?|lebenslang"
    "|dauerhaft|unbefristet|unbegrenzt|bis"
    "|secondes?|heures?|jours?|nuits?|semaines?|mois|ans?|années?|jusqu|illimitée?"
    "|segundos?|minutos?|horas?|días?|noches?|semanas?|mes(?:es)?|años?|hasta|indefinid[oa]"
)
_TYPES = (
    _type(  # a price
        r"^\W*(?:and )?how much (?:is|was|are|were|does|did|do|will|would|must|should)\b.*\b(?:costs?|pay|paid|charged?|rent|fees?|price|deposit|salary|premium)\b"
        r"|\bwhat (?:does|did|do|will|would) .*\bcost\b|\bwhat (?:is|was|are|were) (?:the |[\w'’]+ )?(?:[\w-]+ )?(?:price|fee|rent|salary|premium)s?\b"
        r"|\bwas koste(?:te?n?|n)?\b|\bwie ?viel koste|\bwie teuer\b"
        r"|\bwie hoch (?:ist|sind|war|waren) (?:der|die|das) (?:[\w-]+ )?\w*(?:miete|beitrag|gebühr(?:en)?|preis|kosten|geld|gehalt|lohn|kaution)\b"
        r"|\bcombien coûte|\bquel(?:le)? (?:est|était) (?:le|la) (?:montant d[ue] (?:la )?)?(?:prix|loyer|tarif|salaire|caution)\b"
        r"|\bcuánto (?:cuestan?|costó|vale)\b|\bcuál es el (?:precio|alquiler)\b|\bсколько сто[ия]т\b|\bкакова (?:цена|стоимость)\b|多少钱|价格是多少|租金是多少",
        r"[€£$¥₽]|(?<![^\W_])(?:eur|euros?|usd|gbp|chf|pounds?|dollars?|francs?|franken|cents?|pence|krónur|kron\w+|free|gratis|kostenlos\w*|kostenfrei|umsonst"
        r"|included?|inbegriffen|enthalten|costs?|prices?|priced|fees?|charges?|charged|koste\w*|preise?|gebühr\w*|\w*kosten|paid|pays?|nothing|nichts|zahl\w*|bezahl\w*"
        r"|amount|balance|total|summe|betrag|prix|coût\w*|gratuit\w*|precio|cuesta\w*|gratuit[oa]|руб\w*|бесплатно|сто[ия]т)(?![^\W_])|\d[.,]\d\d(?!\d)|元|免费|块钱",
    ),
    _type(  # a telephone number
        r"\b(?:tele|mobile )?phone number\b|\bfax number\b|\b(?:telefon|handy|fax)nummer\b|\bdurchwahl\b|\bnuméro de téléphone\b|\b(?:número de )?teléfono\b"
        r"|\bномер телефона\b|电话",
        r"(?:\d[ ()/.–-]{0,2}){5,}|\b(?:ext|extension|durchwahl|dial|call|tel\w*|phone|poste|anruf\w*)\b[^\d\n]{0,12}\d{2}",
        _DAY_OR_TIME,
    ),
    _type(
        r"\be-?mail[ -]address\b|\be-?mail-?adresse|\badresse e-?mail\b|\bcorreo electrónico\b|\bадрес электронной почты\b|邮箱",
        "@",
    ),
    _type(
        r"^\W*what is the (?:[\w-]+ )?(?:web ?site|url)\b|\bweb(?:site)? address\b|\binternetadresse\b|\badresse du site\b|\bdirección (?:web|de la página)\b|\bадрес сайта\b|网址",
        r"www|https?:|[\w-]\.(?:com|org|net|info|io|de|at|ch|fr|es|ru|cn|eu|uk|example)\b",
    ),
    _type(  # a share
        r"\b(?:what|which) (?:percentage|per ?cent|interest rate)\b|\bhow many per ?cent\b|\bwhat is the (?:[\w-]+ )?discount\b|\bwie ?viel prozent\b"
        r"|\bwelche[rmn]? (?:prozentsatz|zinssatz|anteil)\b|\bwie hoch (?:ist|war) der (?:\w+ )?(?:zins\w*|rabatt|anteil|prozentsatz)\b|\bquel (?:pourcentage|taux)\b"
        r"|\bqué porcentaje\b|\bкакой процент\b|\bсколько процентов\b|百分之几|百分比",
        r"%|per ?cent|prozent|pour ?cent|por ciento|процент|百分|\b(?:half|thirds?|quarters?|fifths?|tenths?|halves|hälfte|drittel|viertel|moitié|tiers|mitad|all|none)\b|[€£$¥]",
    ),
    _type(  # an age
        r"\bhow old (?:is|was|are|were)\b|\bat (?:what|which) age\b|\bwie alt (?:ist|war|sind|waren)\b|\bquel âge\b|\bqué edad\b|\bcuántos años tiene\b|几岁",
        _WORD.format(
            "aged?|ages|old|years?|months?|weeks?|born|b|jahre?[ns]?|monate?n?|alter|geb|geboren|jährig\\w*|ans?|âge\\w*|née?|años?|edad|nacid\\w+|nació|лет|года?"
        )
        + r"|岁|\b(?:1[5-9]|20)\d\d\b|\b\d{1,2}[a-z]?\b(?= ?\))",
    ),
    _type(  # a duration
        r"\bhow long (?:does|did|do|will|would)\b.*\b(?:take|last)\b|\bhow long (?:is|was) .*\b(?:guarantee|warranty|notice|contract|tenancy|break|subscription)\b"
        r"|\bwie lange (?:dauer|gilt|läuft|ist .*\b(?:garantie|gültig)\b)|\bcombien de temps (?:dure|prend|faut)|\bquelle est la durée\b"
        r"|\bcuánto (?:tiempo )?(?:dura|tarda)\b|\bкак долго\b|\bсколько (?:времени|длится)\b|多长时间|多久",
        _WORD.format(_TIMES)
        + r"|\d ?(?:h|s|min|j)(?![^\W_])|(?:minütig|stündig|tägig|wöchig|monatig|jährig)|секунд|минут|час|дн[яе]|день|недел|месяц|год|лет|до |秒|分钟|小时|天|周|月|年"
        r"|\d ?(?:[–—-]|to|and|à|y|a) ?\d{1,2}[:.h]?\d\d\b",
    ),
    _type(  # a year
        r"\bwhen (?:was|were) .*\b(?:born|built|founded|established|constructed)\b|\bin (?:what|which) year\b|\bwann (?:wurde|ist|war) .*(?:gebaut|gegründet|geboren|errichtet)\b"
        r"|\bin welchem jahr\b|\ben quelle année\b|\ben qué año\b|\bв каком году\b|哪一?年",
        r"(?<!\d)(?:1\d|20)\d\d(?!\d)|\b(?:in|around|about|[cdbr]\.|since|by|um|anno|seit|en|vers|hacia|в) ?\d{3}\b|\d ?(?:ad|bc|ce)\b|\d (?:n|v)\. ?chr|[–-]\d{3}\b|(?<!\d)\d{1,2}[./]\d{1,2}[./]\d\d(?!\d)|\d/\d\d(?!\d)|['’]\d\d\b|\bfy ?\d|\b(?:century|jahrhundert|siècle|siglo|год[ау]?|век\w*)\b|世纪|年"
        r"|\b(?:ago|last year|this year|next year|year \d+|jahr \d+|vor \w+ jahren|diese[ms] jahr|il y a|hace)\b",
    ),
    _type(  # a number that something is known by
        r"\b(?:serial|part|article|order|reference|model|policy|account|customer|invoice|registration|licen[cs]e|membership|passport|booking|flight) (?:number|no\b)|\biban\b"
        r"|\b(?:serien|artikel|teile|kunden|konto|rechnungs|bestell|vertrags|mitglieds|fahrgestell)nummer\b|\bnuméro de (?:série|client|commande|compte|contrat)\b"
        r"|\bnúmero de (?:serie|cliente|pedido|cuenta)\b|\bсерийный номер\b|\bномер (?:сч[её]та|заказа|договора)\b|序列号|订单号|账号",
        r"(?<![^\W\d_])[^\W\d_]{1,6}[-/ ]?\d|\d{4}|\d[-/]\d|\d[^\W\d_]|#\d|\bn[o°.]+ ?\d",
        _DAY_OR_TIME + r"|\b\d+[.,]\d+\b",
    ),
)
_COUNTED = LatePattern(
    r"\bhow many\b(?! (?:per ?cent|times))(?P<thing>[^?]{0,40})|\bwie ?viele\b(?P<sache>[^?]{0,40})",
    re.IGNORECASE,
)
_OF_TIME_OR_MONEY = LatePattern(
    r"\b(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|euros?|dollars?|pounds?|per ?cent"
    r"|sekunden|minuten|stunden|tagen?|nächten?|wochen|monaten?|jahren?|\w+tage|prozent)\b",
    re.IGNORECASE,
)
_COUNTED_IN_WORDS = LatePattern(
    r"\b(?:one|no|none|nobody|nothing|both|several|single|unlimited|half|dozens?|hundreds?|thousands?|millions?|couple|pair|few|numbers?"
    r"|eine?[mnrs]?|kein\w*|niemand|nichts|beide\w*|mehrere|einige|wenige|halb\w*|paar|hunderte?n?|tausende?n?|millionen|anzahl|unbegrenzt)\b",
    re.IGNORECASE,
)
# The marks of sections, ages that bound who is meant, names of codes.
_NO_NUMBERS = LatePattern(
    r"(?m)^[\W_]*\(?\d{1,3}(?:\.\d{1,3})*[.)](?= )|§§? ?\d+|\b(?:age of|aged|under|unter|ab|über) (?:\d+|zwölf|eighteen|sixteen)\b|[^\W\d_]+-?\d+"
)
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_NO_COUNTS = frozenset({"clock", "time", "calendar", "EUR", "USD", "GBP", "CHF", "JPY", "CNY", "RUB"})


def lacks_answer_type(question: str, quoted: str) -> bool:
    """Whether a question expects an answer of a type of which what is quoted, with its neighbours, has none."""
    asked, text = question[:_LONGEST_QUESTION], quoted[:_LONGEST_QUOTE]
    return any(_lacks(one, asked, text) for one in _TYPES) or _lacks_count(asked, text)


def _lacks(expected: AnswerType, asked: str, text: str) -> bool:
    if expected.asked.search(asked) is None:
        return False
    told = text if expected.beside is None else expected.beside.sub(" ", text)
    return expected.told.search(told) is None


def _lacks_count(asked: str, text: str) -> bool:
    """Whether it is asked how many there are, and what is quoted has days, times, ages and sections for numbers alone."""
    counted = _COUNTED.search(asked)
    if counted is None or _COUNTED_IN_WORDS.search(text) is not None:
        return False
    measures_too = _OF_TIME_OR_MONEY.search(counted[0]) is not None
    plain = _NO_NUMBERS.sub(" ", text)
    for value in values_of(plain):
        digits = plain[value.start : value.end]
        if value.kind is ValueKind.DATE:
            may_count = digits.isdecimal() and not _YEAR.fullmatch(digits)
        else:
            may_count = measures_too or value.dimension not in _NO_COUNTS
        if may_count and not (_YEAR.fullmatch(digits) and not value.dimension):
            return False
    return True
