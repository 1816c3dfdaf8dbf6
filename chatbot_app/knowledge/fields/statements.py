"""Parts of a company's statements: which sections tell no subject apart, and which rows say how an amount has changed."""

from __future__ import annotations

import re
from functools import lru_cache

from chatbot_app.knowledge.fields.terms import terms_of
from chatbot_app.knowledge.words.words import STOP_WORDS, stems

_REMEMBERED = 8192
_LONGEST_TITLE = 100  # characters
_OF_STATEMENTS = frozenset(
    stems(
        "cash flow flows operating investing financing activities provided used assets liabilities stockholders shareholders owners equity current"
        " noncurrent non long term total adjustments reconcile net income earnings loss revenue revenues cost costs expense expenses other"
        " aktiva passiva umlaufvermögen anlagevermögen eigenkapital fremdkapital kurzfristige langfristige verbindlichkeiten vermögenswerte schulden"
        " actif passif actifs passifs courants courant non capitaux propres activo pasivo corriente patrimonio"
    )
)
_STOP_STEMS = frozenset(stem for word in STOP_WORDS for stem in stems(word))
_CHANGE = re.compile(
    r"\b(?:chang(?:e|es|ed)|increas(?:e|es|ed)|decreas(?:e|es|ed)|veränderung\w*|zunahme|abnahme|variations?|variaci[oó]n\w*|изменени\w+)\b",
    re.IGNORECASE,
)
_STATEMENT = re.compile(
    r"\b(?:balance\s+sheets?|statements?\s+of\s+(?:comprehensive\s+)?(?:income|operations|earnings|cash\s+flows?|financial\s+position|profit\s+(?:and|or)\s+loss)"
    r"|(?:income|cash\s+flows?)\s+statements?|bilanz|gewinn-\s*und\s+verlustrechnung|kapitalflussrechnung|bilan|compte\s+de\s+résultat"
    r"|tableau\s+des\s+flux\s+de\s+trésorerie|balance\s+general|cuenta\s+de\s+resultados|estado\s+de\s+flujos)\b",
    re.IGNORECASE,
)
_ASKS_CHANGE = re.compile(
    _CHANGE.pattern
    + r"|\b(?:r[io]se|rises|risen|f[ae]ll|fell|fallen|gr[eo]w\w*|growth|differ\w*|verändert?\w*|gestiegen|gesunken)\b",
    re.IGNORECASE,
)


@lru_cache(_REMEMBERED)
def says_no_subject(sections: str) -> bool:
    """Whether sections are parts of any company's statements: "LIABILITIES AND EQUITY Current liabilities"."""
    return stems(sections) <= _OF_STATEMENTS | _STOP_STEMS


def names_statement(above: str) -> bool:
    """Whether what stands above a table calls it a statement of a company's accounts: "CONSOLIDATED BALANCE SHEETS"."""
    return any(len(line) <= _LONGEST_TITLE and _STATEMENT.search(line) for line in above.split("\n"))


def says_change(sections: str) -> bool:
    """Whether rows below such sections say how an amount has changed: "Changes in operating assets and liabilities"."""
    return _CHANGE.search(sections) is not None


def asks_for_change(question: str) -> bool:
    """Whether a question asks how an amount has changed."""
    return _ASKS_CHANGE.search(question) is not None


def in_other_words(text: str, question: str) -> frozenset[str]:
    """Return the terms of a question that a text says with none of the question's words: "Purchases of property and equipment"
    for its "capital expenditure"."""
    asked: dict[str, set[str]] = {}
    for term, parts in terms_of(question):
        asked.setdefault(term, set()).update(parts)
    said: dict[str, set[str]] = {}
    for term, parts in terms_of(text):
        said.setdefault(term, set()).update(parts)
    return frozenset(term for term in asked.keys() & said.keys() if asked[term].isdisjoint(said[term]))
