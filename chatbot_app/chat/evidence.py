"""What an answer rests on: passages and quotes found for the question, and what of them an answer cites.

The library's code (numpy and more) is imported when the first question needs it.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot_app.chat.checking import CheckedAnswer, check_and_cite
from chatbot_app.chat.prompts import source_text
from chatbot_app.core.citations import Citation
from chatbot_app.core.document_filter import NO_FILTER, DocumentFilter
from chatbot_app.core.documents import Evidence, Retrieval, SearchScope
from chatbot_app.core.errors import AppError
from chatbot_app.core.messages import Message, Notice
from chatbot_app.core.trust import Check, Quotes
from chatbot_app.core.written_text import text_as_written

if TYPE_CHECKING:
    from chatbot_app.knowledge.embedder import Embedder
    from chatbot_app.knowledge.extractive_summary import ExtractiveSummary
    from chatbot_app.knowledge.search.retriever import Retriever

logger = logging.getLogger(__name__)

_UNQUOTED, _NOWHERE = Quotes((), refused=False, confidence=0.0), SearchScope()


@dataclass(frozen=True, slots=True)
class Sources:
    """What was found for a question; source n of `texts` (as the model reads it) is `evidence[n - 1]`."""

    retrieval: Retrieval
    evidence: tuple[Evidence, ...] = ()
    texts: tuple[str, ...] = ()
    quotes: Quotes = _UNQUOTED
    scope: SearchScope = _NOWHERE

    def first(self, count: int) -> Sources:
        """Return the sources that a prompt had room for."""
        return replace(self, evidence=self.evidence[:count], texts=self.texts[:count])

    def to_metadata(self, citations: Sequence[Citation], checks: Sequence[Check] = ()) -> dict[str, Any]:
        """Return what is kept with the answer: what it cites, how it was checked, what was searched for it."""
        return {
            "sources": [citation.to_dict() for citation in citations],
            "quotes": [quote.to_dict() for quote in self.quotes.quotes],
            "checks": [check.to_dict() for check in checks],
            "retrieval": {
                "searched": self.retrieval.searched,
                "found": len(self.retrieval.evidence),
                "shown": len(self.evidence),
                "notes": list(self.retrieval.notes),
                **({"asked": self.retrieval.asked.to_dict()} if self.retrieval.asked is not None else {}),
                **({"kept_to": list(self.scope.kept_to)} if self.scope.kept_to else {}),
            },
        }


class EvidenceFinder:
    """Finds sources and cites them. Its methods block: call them off the event loop."""

    def __init__(
        self,
        retriever: Callable[[], Retriever],
        text_between: Callable[[str, int, int], str],
        embedder: Callable[[], Embedder | None],
        scope: Callable[[Sequence[str]], SearchScope] = lambda _collections: SearchScope(),
        local_embedder: Callable[[], Embedder | None] = lambda: None,
        has_documents: Callable[[], bool] = lambda: True,
    ) -> None:
        """`text_between` returns characters `start` to `end` of the text of the document with an id, `scope` what
        a search in some collections looks through. `local_embedder` is one that sends nothing anywhere.

        `has_documents` says whether there is, or was, anything to search.
        """
        self.has_documents = has_documents
        self._local_embedder = local_embedder
        self._retriever = retriever
        self._text_between = text_between
        self._embedder = embedder
        self._scope = scope

    def warm_up(self) -> None:
        """Load what the first question else waits for: a second for 100,000 passages. Asks no server.

        Without documents it waits for nothing. What cannot be loaded now is for the question to tell.
        """
        if not self.has_documents():
            return
        importlib.import_module("chatbot_app.knowledge.trust.quotes.quotes")
        with suppress(AppError):
            self._retriever().warm_up()

    def find(
        self,
        question: str,
        previous_questions: Sequence[str],
        collections: Sequence[str],
        limit: int,
        kept_to: DocumentFilter = NO_FILTER,
    ) -> Sources:
        """Return the quotes that answer a question and the passages, neighbours joined, best first.

        The library is searched once for both; `limit` is how many passages a model is shown. `collections` are ids;
        none means all documents; `kept_to` leaves some of them. Raises AppError.
        """
        from chatbot_app.knowledge.fields.filtering import FieldFilter
        from chatbot_app.knowledge.search.joined_neighbours import join_neighbours
        from chatbot_app.knowledge.trust.quotes.quoted_passages import passages_for_model
        from chatbot_app.knowledge.trust.quotes.quotes import PASSAGES

        retrieval = self._retriever().search(
            question,
            max(limit, PASSAGES),
            collections=collections,
            previous_questions=previous_questions,
            only=FieldFilter.of(kept_to) if kept_to else None,
            reads=True,
        )
        quotes = self._quotes(retrieval)
        best = passages_for_model(retrieval, quotes, limit)
        evidence = tuple(join_neighbours(best, self._text_between))
        texts = (source_text(n, item, is_code=_is_code(item)) for n, item in enumerate(evidence, 1))
        scope = self._scope(collections)
        if retrieval.kept_to is not None:
            scope = replace(scope, documents=retrieval.kept_to, kept_to=kept_to.words)
        return Sources(retrieval, evidence, tuple(texts), quotes, scope)

    def summarise(self, text: str, is_wanted: Callable[[], bool]) -> ExtractiveSummary:
        """Return the sentences of a pasted text that carry most of it; it stays on this machine."""
        from chatbot_app.knowledge.extractive_summary import summarise

        try:
            return summarise(text, self._local_embedder(), is_wanted=is_wanted)
        except AppError:
            logger.warning("the embedding model could not help to summarise", exc_info=True)
        return summarise(text)

    def cite(
        self,
        answer: str,
        evidence: Sequence[Evidence],
        question: str = "",
        *,
        thorough: bool = True,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> CheckedAnswer:
        """Return the answer checked and with what its markers name (see `checking.check_and_cite`).

        With `thorough`, vectors decide in doubt (some tens of milliseconds).
        """
        if thorough:
            try:
                return check_and_cite(answer, evidence, question, self._embedder(), is_wanted=is_wanted)
            except AppError:
                logger.warning("the embedding model could not help to check an answer", exc_info=True)
        return check_and_cite(answer, evidence, question, is_wanted=is_wanted)

    def _quotes(self, retrieval: Retrieval) -> Quotes:
        """Return the sentences that answer the question, word for word."""
        from chatbot_app.knowledge.trust.quotes.quotes import find_quotes

        try:
            return find_quotes(retrieval, self._embedder())
        except AppError:
            logger.warning("the embedding model could not help to quote", exc_info=True)
        return find_quotes(retrieval)


def without_added_markers(answer: Message) -> str:
    """Return an answer's text as the model wrote it."""
    return text_as_written(answer.text, answer.metadata)


def search_failed(sentence: str) -> Notice:
    """Return the notice of an answer that had to do without the documents."""
    return Notice(
        "SearchFailed", f"Your documents could not be searched, so the answer does not use them. {sentence}"
    )


def _is_code(evidence: Evidence) -> bool:
    from chatbot_app.knowledge.formats.registry import Reader, reader_for

    return reader_for(Path(evidence.path)) in (Reader.CODE, Reader.NOTEBOOK)
