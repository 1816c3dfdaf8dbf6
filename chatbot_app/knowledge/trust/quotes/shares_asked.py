"""Rows of figures where a share is asked for: "What percentage of sales comes from AWS?" is not answered in dollars."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from chatbot_app.core.documents import Evidence
from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.tables.figures import is_figure
from chatbot_app.knowledge.tables.markdown import cells_of
from chatbot_app.knowledge.trust.quotes.quote_features import Features

# That a row of figures has less which says no share, or none of what is counted. It gains nothing either for being named (6).
OTHER_FIGURES = 4.0
_LONGEST_QUESTION = 2000  # characters that are looked at
_ASKS = LatePattern(
    r"\bpercent(?:age)?s?\b|\bper\s+cent\b|\b(?:what|which|how\s+(?:large|big)\s+a)\s+(?:share|proportion|fraction)\s+of\b"
    r"|\bprozent\w*|\b(?:welche[rn]|wie\s+(?:hoch|groß|gross)\s+(?:ist|war|wäre)\s+der)\s+\w*anteil\b"
    r"|\bpourcentages?\b|\bpour\s?cent\b|\bquelle\s+(?:part|proportion)\b|\bporcentajes?\b|\bpor\s?ciento\b|\bqué\s+(?:parte|proporción|porción)\b"
    r"|\bпроцент\w*|\bкак(?:ая|ую|ова)\s+(?:\w+\s+)?дол[яю]\b|\bpercentuale\b|\bpercentagem\b|\bpercentage\b|百分之|百分比|占比|比例|份额",
    re.IGNORECASE,
)
_SAYS = LatePattern(
    r"\bper\s?cent|percent|prozent|pourcent|porcent|por\s?ciento|процент|百分|率|占比"
    r"|\b(?:mix|shares?|proportions?|rates?|ratio|anteil\w*|quote|taux|part|tasa|cuota|parte|дол[яи])\b",
    re.IGNORECASE,
)
# How much something grew is a percentage, and no share of anything.
_OF_GROWTH = LatePattern(
    r"\bgr[eo]w\w*|\bchanged?s?\b|year[- ](?:over|on)[- ]year|\b(?:in|de)crease\w*|\bdeclin\w+|\b(?:rise|rose|fell|fall)\b|wachs\w*|wuchs|gestiegen|gesunken|steig\w+|änder\w*"
    r"|croissance|augment\w*|diminu\w*|crec\w*|aument\w*|variación|рост\w*|вырос\w*|снизил\w*|增长|下降|同比",
    re.IGNORECASE,
)


def shares_said(
    question: str, sentences: Sequence[Sentence], evidence: Sequence[Evidence]
) -> Features | None:
    """Return of rows of figures whether they say a share that is asked for, shape (sentences,): 1 where they do, -1 where
    not, 0 of all else. None where none is asked for.
    """
    question = question[:_LONGEST_QUESTION]
    if not _ASKS.search(question):
        return None
    asks_growth = _OF_GROWTH.search(question) is not None
    said = np.zeros(len(sentences), np.float32)
    for number, sentence in enumerate(sentences):
        figures = _figures_of(sentence, evidence) if sentence.is_row else []
        if figures:
            # Of "$39,669 | (2)% | $40,665" one is a share, and of another thing.
            in_percent = sum("%" in figure for figure in figures) * 2 >= len(figures)
            text = sentence.text
            is_share = in_percent or _SAYS.search(text) is not None
            said[number] = 1.0 if is_share and (asks_growth or not _OF_GROWTH.search(text)) else -1.0
    return said


def _figures_of(sentence: Sentence, evidence: Sequence[Evidence]) -> list[str]:
    written = evidence[sentence.source].passage.text[sentence.start : sentence.end]
    return [cell for cell in cells_of(written)[1:] if is_figure(cell)]
