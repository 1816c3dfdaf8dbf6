"""Which passages a model is shown: those that the quotes stand in, and what the search found best."""

from __future__ import annotations

from chatbot_app.core.documents import Evidence, Retrieval
from chatbot_app.core.trust import Quotes
from chatbot_app.knowledge.search.reranking import best_for_model


def passages_for_model(retrieval: Retrieval, quotes: Quotes, limit: int) -> list[Evidence]:
    """Return the `limit` passages of a search for more that a model is shown, best first.

    Passages that the quotes were taken from come first, in their order: sentences are compared with a question more closely than
    passages are, and what a person is quoted is then what a model has read.
    """
    places = [(quote.document_id, quote.passage_start, quote.passage_end) for quote in quotes.quotes]
    found = [*retrieval.evidence, *retrieval.below_floor]
    by_place = {(one.passage.document_id, one.passage.start, one.passage.end): one for one in found}
    quoted = [by_place[place] for place in dict.fromkeys(places) if place in by_place][:limit]
    others = best_for_model(retrieval, limit) or retrieval.below_floor
    return [*quoted, *(one for one in others if one not in quoted)][:limit]
