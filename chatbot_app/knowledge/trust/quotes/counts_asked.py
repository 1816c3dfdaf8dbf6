"""Rows of money where a number of things is asked for: "How many shares did Pear repurchase?" is not answered in dollars."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes.quote_features import Features

_LONGEST_QUESTION = 2000  # characters that are looked at
_MONEY = (
    r"dollars?|euros?|pounds?|francs?|franken|cents?|pence|yen|yuan|usd|eur|gbp|chf|sales|revenues?|money|umsätze|einnahmen|kosten|geld"
    r"|dólares|pesos|ventas|ingresos|ventes|recettes|argent"
)
_ASKS = LatePattern(
    rf"\bhow\s+many\b(?!(?:\s+[\w-]+){{0,2}}?\s+(?:{_MONEY})\b)|\bwie\s?viele\b(?!(?:\s+[\w-]+){{0,2}}?\s+(?:{_MONEY})\b)"
    rf"|\bcombien\s+d(?:e\s+|['’])(?!(?:[\w-]+\s+)?(?:{_MONEY})\b)|\bcuánt[oa]s\b(?!(?:\s+[\w-]+)?\s+(?:{_MONEY})\b)|多少(?:[个人股家名台辆次位件]|员工)|几[个人家名台辆次位]",
    re.IGNORECASE,
)
_SUM = re.compile(r"[$€£¥₽]|\b(?:USD|EUR|GBP|CHF|JPY|CNY|RUB)\b")
_FIGURE = re.compile(r"\d")


def counts_said(question: str, sentences: Sequence[Sentence]) -> Features | None:
    """Return of rows of figures whether they can be the number of things that is asked for, shape (sentences,): -1 where they are
    sums of money, 0 of all else. None where no such number is asked for.
    """
    if not _ASKS.search(question[:_LONGEST_QUESTION]):
        return None
    return np.array([-1.0 if _is_of_money(one) else 0.0 for one in sentences], np.float32)


def _is_of_money(sentence: Sentence) -> bool:
    """Whether most figures of a row are sums of money, as it says them in words ("Q3 2023: $19,228 million")."""
    if not sentence.is_of_table:
        return False
    said = [value for part in sentence.text.split("; ") if _FIGURE.search(value := part.rpartition(": ")[2])]
    return bool(said) and sum(_SUM.search(value) is not None for value in said) * 2 > len(said)
