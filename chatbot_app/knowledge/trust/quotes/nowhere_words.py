"""The words that tell what a question asks for, and what a text has that tells of it (`nowhere_said.py`): English and German."""

from __future__ import annotations

import re

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.words.lexicon import MONTHS

# Behind these a number is a day, a time, an amount or a quarter, and a letter a word of its own.
NO_DESIGNATION = MONTHS.keys() | frozenset(
    "about after an and at before between by for from h in is it of on or over q than the to under until since within fy"
    " ab am bis der die das im ist nach oder seit um und unter vom von vor über zu zum zur year years jahr jahre".split()
)
COUNTED = LatePattern(
    r"\b(?:how (?:many|much)|wie ?viele?n?)\s+(?P<thing>[^\W\d_]+(?:-[^\W\d_]+)*)", re.IGNORECASE
)
# "What is the line regulation of …", "Which university is …".
ASKED = LatePattern(
    r"^\W*(?:what(?:['’]s| is| was| are| were) (?:the|[^\W\d_]+['’]s) |(?:on |in |from |at |for )?(?:which|what) )"
    r"(?P<things>[^\W\d_]+(?: [^\W\d_]+)?)"
    r"(?= (?:of|at|for|in|on|during|from|is|are|was|were|does|do|did|has|have)\b)",
    re.IGNORECASE,
)
# What a question calls its answer by, or only measures with: the answer need not say it.
OF_QUESTIONS = frozenset(
    "address age amount area color colour cost date day days deadline distance duration email fee height hour hours kind language"
    " length level limit location minute minutes money month months name number people percent percentage period person phone"
    " place position price progress quantity rate reason size speed sum temperature thing things time times title total type"
    " value version way weight width year years"
    " euro euros cent absatz paragraph artikel"
    " abstand adresse alter anteil antwort anzahl art bedeutung beispiel betrag breite dauer datum ende entfernung ergebnis farbe"
    " folge frage frist gebühr gewicht grad größe grund grundlage hälfte höhe inhalt jahr jahre jahrhundert kosten länge leute mal maß menge"
    " menschen meter minuten möglichkeit monat monate name namen nummer ort person personen preis prozent prozentsatz rolle seite sorte stunde"
    " stunden summe tag tage teil telefonnummer temperatur thema titel typ uhr uhrzeit unterschied ursache voraussetzung weise wert woche wochen"
    " zahl zeit zeitraum ziel zweck".casefold().split()
)
# Days that a text has in figures, or between two others.
DAYS = frozenset(
    "monday mondays tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays saturday saturdays sunday sundays weekend today"
    " montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag wochenende weihnachten ostern christmas easter"
    " spring summer autumn winter frühling frühjahr sommer herbst".split()
)
PRICE = LatePattern(
    r"\b(?:costs?|prices?|fees?|charges?|rent|salary|earns?|premium|kostet?e?n?|preise?|gebühr|miete|verdient|gehalt|beitrag)\b",
    re.IGNORECASE,
)
MONEY = LatePattern(
    r"[€£$¥₽]|\b(?:eur|euros?|usd|gbp|chf|pounds?|dollars?|francs?|franken|cents?|pence|free|gratis|kostenlos|kostenfrei|umsonst|included"
    r"|inbegriffen|costs?|prices?|priced|fees?|charges?|rent|kostet?e?n?|preise?|gebühr\w*|miete|beitrag|salary|gehalt|paid|pays?|zahl\w*"
    r"|bezahl\w*)\b",
    re.IGNORECASE,
)
# (a question for a measure, what a text has that tells of it)
MEASURED = tuple(
    (LatePattern(asked, re.IGNORECASE), LatePattern(told, re.IGNORECASE))
    for asked, told in (
        (
            r"\bhow heavy\b|\bweigh|\bwie schwer\b|\bwiegt\b|\bgewicht\b",
            r"(?<![^\W\d_])(?:kg|g|mg|t|lbs?|oz|pounds?|tonn?e[ns]?|grams?|gramm|kilos?|kilogramm?e?|weigh\w*|gewicht|wiegt)(?![^\W_])",
        ),
        (
            r"\bhow loud\b|\bwie laut\b",
            r"\bdb\b|dezibel|decibel|\bloud|\blaut|\bquiet|\bleise|noise|geräusch",
        ),
        (
            r"\bhow (?:tall|high|deep|wide|far)\b|\bwie (?:tief|breit|weit)\b",
            r"(?<![^\W\d_])(?:[ckm]?m|ft|feet|foot|in|inch(?:es)?|miles?|met(?:re|er)s?|kilomet(?:re|er)s?|yards?|€|\$|£|euros?|%|percent)"
            r"(?![^\W_])",
        ),
        (r"\be-?mail address|\be-?mail-adresse", r"@"),
    )
)
