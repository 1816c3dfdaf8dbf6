"""Questions for an amount, and passages that hold amounts.

A report names "net sales" on most of its pages; how high they were stands where the figures are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_ASKS = re.compile(
    r"\bhow\s+(?:much|many|high|large|big)\b|\b(?:revenues?|sales|turnover|income|profits?|loss(?:es)?|earnings|expens\w+|expenditur\w+|costs?"
    r"|cash\s+flows?|margins?|spend|spent|totals?|amounts?|numbers?|percentage|rates?|breakdown|levels?|debts?|dividends?|assets|liabilities"
    r"|inventor\w+|repurchas\w+|buybacks?|prices?|salar\w+|headcount|balance|budget|fees?|rent|pa(?:id|ys?|yments?)|earn(?:s|ed)?|owe[sd]?|worth"
    r"|gr[eo]wn?|growth)\b"
    r"|\bwie\s+(?:viel|hoch|groß)\w*|(?:umsatz|gewinn|verlust|kosten|aufwand|aufwendungen|ergebnis|erlös|marge|ausgaben|schulden|bestand|miete"
    r"|vermögen|dividende|anteil|anzahl|preis)\w*|\bcombien\b|chiffre\s+d['’]affaires|\bventes\b|\brevenus\b|\bdividendes?\b|\bimpôts\b|bénéfices?|pertes?|dépenses?|coûts?|marges?|montant"
    r"|\bcuánt\w+|ventas|ingresos|\bdeuda\b|\bdividendos?\b|\bimpuestos\b|\bmargen\b|beneficios?|pérdidas?|gastos|costes?|importe|\bсколько\b|выручк\w|прибыл\w|расход\w*|доход\w*|убыт\w+"
    r"|多少|收入|利润|成本|费用|支出|销售额|金额",
    re.IGNORECASE,
)
_REASONS = re.compile(
    r"\bwhy\b|\bhow\s+(?:did|do|does|might|could|can|may|would|has|have)\b.{1,120}?\b(?:affect|impact|influenc|contribut|driv|relat|correlat|align)\w*"
    r"|\b(?:reasons?|causes?|drivers?|factors?|explain\w*|contribut\w+|due\s+to|led\s+to|impact\s+of|effects?\s+of|implications?)\b"
    r"|\b(?:warum|weshalb|wieso|gründe?|ursachen?|treiber|erkläre?n?|auswirkung\w*)\b|\bpourquoi\b|\braisons?\b|\bpor\s+qué\b|\bcausas?\b"
    r"|\bпочему\b|\bпричин\w+|为什么|原因",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"\bwhy\b|\bhow\s+come\b|\b(?:reasons?|causes?|explanations?)\s+(?:for|of|behind|why|that)\b|\bwhat\s+(?:caused|drove|explain(?:s|ed)|led\s+to|made)\b"
    r"|\bwhat\s+(?:is|was|lies|lay)\s+behind\b|\bwhat\s+(?:is|are|was|were)\s+the\s+(?:\w+\s+){0,2}(?:drivers?|reasons?|causes?|explanations?)\b"
    r"|\bdue\s+to\s+what\b|\b(?:warum|weshalb|wieso|weswegen|wodurch|woran\s+l(?:ag|iegt))\b|\b(?:gründe?|ursachen?)\s+(?:für|des|der|von|dafür)\b"
    r"|\bpourquoi\b|\braisons?\s+(?:de|du|des|pour)\b|\bà\s+quoi\s+est\s+dû|\bpor\s+qué\b|\b(?:causas?|razón|razones|motivos?)\s+(?:de|del|por)\b|\bperché\b"
    r"|\bпочему\b|\bпричин\w+|为什么|为何|原因",
    re.IGNORECASE,
)
# A question word of its own, which "And the iPad?" and "What about services?" do not have.
_ASKS_ITSELF = re.compile(
    r"\b(?:what(?!\s+about)|how(?!\s+about)|when|who|whom|whose|where|which|was(?!\s+ist\s+mit)|wie(?!\s+(?:steht|sieht)\s+es)|wer|wen|wem|wann|wo|welche[nrms]?"
    r"|quels?|quelles?|quand|combien|comment|où|qui|qué(?!\s+hay)|cuál(?:es)?|cuándo|cuánt\w+|dónde|quién(?:es)?|cómo|что|как(?:ой|ая|ое|ие|ов\w?)?|когда|сколько|где|кто)\b"
    r"|多少|什么|哪|谁|几",
    re.IGNORECASE,
)
_ANALYSIS = re.compile(
    r"\b(?:relat(?:e|es|ed|ion|ions|ionship)|compar\w+|correlat\w+|align\w*|reflect\w*|indicat\w+|suggest\w*|combine|analy[sz]e|examine|discuss\w*"
    r"|impact\w*|affect\w*|trends?|influences?|chang(?:e|es|ed)|fluctuat\w+|stack(?:s|ed)?\s+up|evolv\w+|develop(?:s|ed)?)\b"
    r"|\b(?:vergl(?:eich|ichen)\w*|zusammenh\w+|analysier\w*|entwickel\w*|entwicklung|verändert?\w*|beeinflusst?\w*)\b"
    r"|\b(?:compar[eé]\w*|évolu\w+|analys\w+|analiz\w+|relaci\w+|cambi\w+)|\b(?:сравн\w+|измен\w+|связан\w*)|比较|变化|分析|关系|趋势",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.,])\d[\d.,]*\d(?![\w])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MANY = 8  # figures of a passage that is full of them


def asks_for_figures(question: str) -> bool:
    """Whether a question is answered by an amount."""
    return _ASKS.search(question) is not None


def asks_for_reasons(question: str) -> bool:
    """Whether a question is answered by what explains an amount: by sentences, and not by a table."""
    return _REASONS.search(question) is not None


def asks_why(question: str, earlier: Sequence[str] = ()) -> bool:
    """Whether a question asks for nothing but the reason: a row of figures has none, however well it names the amount.

    `earlier` are the questions that it leans on, newest first: "And the iPad?" asks what the one before does.
    """
    return bool(why_asked(question, earlier))


def why_asked(question: str, earlier: Sequence[str] = ()) -> str:
    """Return the words by which a question, or the one that it leans on, asks for the reason; "" where it does not."""
    for one in (question, *earlier):
        why = _WHY.search(one)
        if why is not None:
            return why.group()
        if asks_itself(one):
            break
    return ""


def asks_itself(question: str) -> bool:
    """Whether a question has a question word of its own, which "And the iPad?" and "What about services?" do not have."""
    return _ASKS_ITSELF.search(question) is not None


def asks_for_analysis(question: str) -> bool:
    """Whether a question asks what to make of an amount: how it changed, what it has to do with something, why."""
    return _ANALYSIS.search(question) is not None or asks_for_reasons(question)


def share_of_figures(text: str) -> float:
    """Return how much a passage is made of amounts, 0 to 1: numbers of three digits or more, no years."""
    found = 0
    for match in _NUMBER.finditer(text):
        number = match.group()
        digits = sum(character.isdigit() for character in number)
        if digits >= 3 and not _YEAR.fullmatch(number):
            found += 1
            if found == _MANY:
                return 1.0
    return found / _MANY
