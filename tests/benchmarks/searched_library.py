"""A search over documents, and what is quoted for questions to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.core.trust import Quotes
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.trust.quotes.quotes import PASSAGES, find_quotes
from tests.benchmarks.bench_retrieval import CachedEmbedder, library


@contextmanager
def searched(embedder: CachedEmbedder, documents: Sequence[ParsedDocument]) -> Iterator[Retriever]:
    """Give a search over documents, imported for it."""
    with library(embedder) as store:
        store.add(documents, Splitter(embedder.token_starts).split)
        retriever = Retriever(store.passages, embedder)
        retriever.warm_up()
        yield retriever


def quotes_for(retriever: Retriever, questions: Sequence[str], embedder: CachedEmbedder) -> list[Quotes]:
    """Return what is quoted for each question."""
    return [
        find_quotes(retriever.search(asked, PASSAGES, reads=True), embedder.sentences) for asked in questions
    ]
