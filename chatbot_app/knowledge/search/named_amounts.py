"""Candidates for an amount that is asked for: passages with a row that says it, however little else they have of the question.

A statement of accounts has forty rows, and the words of one are few of its words: neither words nor vectors find it. "Capital
expenditure" stands there as "Purchases of property and equipment".
"""

from __future__ import annotations

from collections.abc import Mapping

from chatbot_app.knowledge.fields.figure_places import FigureAsked
from chatbot_app.knowledge.search.index import KeywordIndex
from chatbot_app.knowledge.search.query import Query
from chatbot_app.storage.passages import PassageStore, PlacedPassage

_LOOKED_AT = 200  # passages of the documents that are asked for, by their words
_MOST = 6  # of those that a row says it in
_LEAST = 0.5  # of what is asked for, as `FigureAsked.share` has it


class NamedAmounts:
    """Finds passages whose rows name the amount of a question. Safe from several threads."""

    def __init__(self, store: PassageStore, keywords: KeywordIndex) -> None:
        self._store = store
        self._keywords = keywords

    def find(self, query: Query, weights: Mapping[str, float]) -> dict[int, PlacedPassage]:
        """Return those of the documents that a question names, best first; none where it names none or asks for no amount.

        `weights` are those of the words that were searched. Raises StoreError.
        """
        documents = query.searched_apart
        if not (documents and query.wanted.asks_for_figures and query.wanted.content):
            return {}
        asked = FigureAsked(query.content, weights)
        found = [i for i, _score in self._keywords.search(weights, _LOOKED_AT, (), documents)]
        if asked.other_words:
            others = self._keywords.weights(asked.other_words)
            found += [i for i, _score in self._keywords.search(others, _LOOKED_AT, (), documents)]
        placed = self._store.passages(list(dict.fromkeys(found)))
        shares = {
            i: asked.share(one.passage.text, one.passage.context)
            for i, one in placed.items()
            if asked.may_name(one.passage.text)
        }
        best = sorted((i for i, share in shares.items() if share >= _LEAST), key=lambda i: (-shares[i], i))
        return {i: placed[i] for i in best[:_MOST]}
