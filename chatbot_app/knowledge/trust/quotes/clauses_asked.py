"""The clause of an agreement that a question asks for: "When does the lease run out?" is answered where its term stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes.quote_features import Features
from chatbot_app.knowledge.words.standard_clauses import clause_asked

CLAUSE_SAID = 4.0  # that a sentence of the clause has more than others of the agreement
_OF_AGREEMENTS = frozenset({"contract"})


def at_clauses_asked(
    question: str, sentences: Sequence[Sentence], evidence: Sequence[Evidence]
) -> Features | None:
    """Return 1 for sentences that are of the clause, less for those that may be, which a question asks for, shape (sentences,); None where
    it asks for none, or nothing that was found is an agreement.
    """
    clause = clause_asked(question)
    of_agreements = [item.fields.kind in _OF_AGREEMENTS for item in evidence]
    if clause is None or not any(of_agreements):
        return None
    return np.array(
        [
            clause.share_in(_plain(one.text)) if of_agreements[one.source] and not one.is_heading else 0.0
            for one in sentences
        ],
        np.float32,
    )


def _plain(text: str) -> str:
    return " ".join(text.split())
