"""Finds past exchanges that resemble a question: by vectors where they are made, by words in any case."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from chatbot_app.core.errors import AppError
from chatbot_app.core.messages import Message
from chatbot_app.core.token_cache import text_digest
from chatbot_app.memory.exchanges import group_exchanges
from chatbot_app.storage.exchange_vectors import ExchangeVectorStore

if TYPE_CHECKING:
    from chatbot_app.knowledge.embedder import Embedder

logger = logging.getLogger(__name__)

FOUND_AT_MOST = 32  # those still inside the window are among them and are ignored by the plan
EMBEDDED_CHARACTERS = 2000  # of an exchange; the built-in model reads 256 tokens, servers' models some 500
BATCH = 16  # exchanges embedded at once: a batch can be waited for when the program ends


class ExchangeRecall:
    """Its methods block: call them off the event loop, `find` and `embed_missing` each from one task."""

    def __init__(self, vectors: ExchangeVectorStore, embedder: Callable[[], Embedder | None]) -> None:
        """`embedder` returns None where there is no model: words alone are compared then."""
        self._vectors = vectors
        self._embedder = embedder
        self._stems: dict[str, tuple[bytes, frozenset[str]]] = {}  # by question id, of one conversation
        self._conversation_id = ""

    def find(self, question: str, history: Sequence[Message]) -> list[str]:
        """Return the question ids of the exchanges that resemble `question`, best first."""
        from chatbot_app.memory.recall_words import fuse, rank_by_words

        texts = _exchange_texts(history)
        if not texts or not question.strip():
            return []
        words = rank_by_words(self._stems_of(question), self._stems_by_exchange(history[0], texts))
        return fuse(self._find_by_vectors(question, history[0].conversation_id, texts), words)[:FOUND_AT_MOST]

    def embed_missing(self, history: Sequence[Message]) -> int:
        """Make and keep the vectors that exchanges lack or whose text changed; return how many.

        Stops after one batch; 0 says that none is missing. Raises AppError.
        """
        embedder = self._embedder()
        texts = _exchange_texts(history)
        if embedder is None or not texts:
            return 0
        stamp = embedder.model.stamp
        known = self._vectors.digests(history[0].conversation_id, stamp)
        digests = {question_id: text_digest(text) for question_id, text in texts.items()}
        missing = [name for name in texts if known.get(name) != digests[name]][-BATCH:]  # the newest first
        if missing:
            vectors = embedder.embed([texts[name] for name in missing])
            self._vectors.add(stamp, missing, [digests[name] for name in missing], vectors)
        return len(missing)

    def _find_by_vectors(self, question: str, conversation_id: str, texts: dict[str, str]) -> list[str]:
        from chatbot_app.knowledge.embedder import embed_queries
        from chatbot_app.memory.recall import rank_exchanges

        try:
            embedder = self._embedder()
            if embedder is None:
                return []
            ids, vectors = self._vectors.vectors(conversation_id, embedder.model.stamp)
            here = [place for place, name in enumerate(ids) if name in texts]  # not other branches
            if not here:
                return []
            query = embed_queries(embedder, [question])[0]
            return rank_exchanges(query, [ids[place] for place in here], vectors[here], limit=FOUND_AT_MOST)
        except AppError:
            logger.warning("earlier exchanges are recalled by words alone", exc_info=True)
            return []

    def _stems_by_exchange(self, first: Message, texts: dict[str, str]) -> dict[str, frozenset[str]]:
        if self._conversation_id != first.conversation_id:
            self._conversation_id, self._stems = first.conversation_id, {}
        found = {}
        for question_id, text in texts.items():
            digest = text_digest(text)
            kept = self._stems.get(question_id)
            if kept is None or kept[0] != digest:
                kept = self._stems[question_id] = (digest, self._stems_of(text))
            found[question_id] = kept[1]
        return found

    def _stems_of(self, text: str) -> frozenset[str]:
        from chatbot_app.knowledge.words.words import STOP_WORDS, stem, stems

        common = {stem(word) for word in STOP_WORDS}
        return frozenset(found for found in stems(text) if found not in common)


def _exchange_texts(history: Sequence[Message]) -> dict[str, str]:
    """Return the text of each exchange of a branch by the id of its question; excluded ones are left out."""
    from chatbot_app.memory.recall import exchange_text

    texts = {}
    for messages in group_exchanges(history):
        text = exchange_text(messages)[:EMBEDDED_CHARACTERS]
        if text:
            texts[messages[0].id] = text
    return texts
