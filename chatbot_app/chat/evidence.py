"""What an answer rests on: passages found for the question, and markers in the answer that name them.

The library's code (numpy and more) is imported when the first question needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot_app.chat.prompts import source_text
from chatbot_app.core.documents import Citation, Evidence, Retrieval
from chatbot_app.core.messages import Message, Notice
from chatbot_app.core.written_text import text_as_written

if TYPE_CHECKING:
    from chatbot_app.knowledge.embedder import Embedder
    from chatbot_app.knowledge.retriever import Retriever

NOTHING_FOUND = Notice(
    "NothingFound",
    "Nothing was found in your documents.",
    "Ask in other words, or choose other collections.",
)


@dataclass(frozen=True, slots=True)
class Sources:
    """What was found for a question; source n of `texts` (as the model reads it) is `evidence[n - 1]`."""

    retrieval: Retrieval
    evidence: tuple[Evidence, ...] = ()
    texts: tuple[str, ...] = ()

    def first(self, count: int) -> Sources:
        """Return the sources that a prompt had room for."""
        return replace(self, evidence=self.evidence[:count], texts=self.texts[:count])

    def to_metadata(self, citations: Sequence[Citation]) -> dict[str, Any]:
        """Return what is kept with the answer: what it cites, and what was searched for it."""
        return {
            "sources": [citation.to_dict() for citation in citations],
            "retrieval": {
                "searched": self.retrieval.searched,
                "found": len(self.retrieval.evidence),
                "shown": len(self.evidence),
                "notes": list(self.retrieval.notes),
            },
        }


class EvidenceFinder:
    """Finds sources and cites them. Its methods block: call them off the event loop."""

    def __init__(
        self,
        retriever: Callable[[], Retriever],
        text_between: Callable[[str, int, int], str],
        embedder: Callable[[], Embedder | None],
    ) -> None:
        """`text_between` returns characters `start` to `end` of the text of the document with an id."""
        self._retriever = retriever
        self._text_between = text_between
        self._embedder = embedder

    def find(
        self,
        question: str,
        previous_questions: Sequence[str],
        collections: Sequence[str],
        limit: int,
    ) -> Sources:
        """Return the passages that answer a question, neighbours joined, best first.

        `collections` are ids; none means all documents. Raises AppError.
        """
        from chatbot_app.knowledge.retriever import join_neighbours

        retrieval = self._retriever().search(
            question, limit, collections=collections, previous_questions=previous_questions
        )
        evidence = tuple(join_neighbours(retrieval.evidence, self._text_between))
        texts = (source_text(n, item, is_code=_is_code(item)) for n, item in enumerate(evidence, 1))
        return Sources(retrieval, evidence, tuple(texts))

    def cite(
        self, answer: str, evidence: Sequence[Evidence], *, thorough: bool = True
    ) -> tuple[str, list[Citation]]:
        """Return the answer and what its markers name.

        What the model wrote stays as it is. Where it wrote no marker, each sentence that a source supports
        gets one; with `thorough`, vectors decide in doubt (some tens of milliseconds).
        """
        from chatbot_app.knowledge.citations import add_markers, parse_markers
        from chatbot_app.knowledge.sentences import sentence_spans

        cited = parse_markers(answer, len(evidence))
        if not cited.citations and evidence:
            texts = [f"{item.passage.context}\n{item.passage.text}" for item in evidence]
            cited = add_markers(cited.text, texts, self._embedder() if thorough else None)
        spans = list(sentence_spans(cited.text, 0, len(cited.text)))
        citations = []
        for marker in cited.citations:
            place = marker.start, marker.end
            span = _cited_sentence(cited.text, spans, *place)
            citations += [
                _citation(number, evidence[number - 1], not marker.by_model, span, place)
                for number in marker.sources
            ]
        return cited.text, citations


def without_added_markers(answer: Message) -> str:
    """Return an answer's text as the model wrote it."""
    return text_as_written(answer.text, answer.metadata)


def search_failed(sentence: str) -> Notice:
    """Return the notice of an answer that had to do without the documents."""
    return Notice(
        "SearchFailed", f"Your documents could not be searched, so the answer does not use them. {sentence}"
    )


def _is_code(evidence: Evidence) -> bool:
    from chatbot_app.knowledge.parsing import Reader, reader_for

    return reader_for(Path(evidence.path)) in (Reader.CODE, Reader.NOTEBOOK)


def _cited_sentence(text: str, spans: Sequence[tuple[int, int]], begin: int, end: int) -> tuple[int, int]:
    """Return the sentence that a marker at `begin` to `end` belongs to, with the marker."""
    index = max((i for i, span in enumerate(spans) if span[0] <= begin), default=None)
    if index is None:
        return begin, end
    start, stop = spans[index]
    # A marker behind the full stop stands at the start of what follows.
    if index and not any(character.isalpha() for character in text[start:begin]):
        start, stop = spans[index - 1][0], end
    return start, max(stop, end)


def _citation(
    number: int, evidence: Evidence, added: bool, sentence: tuple[int, int], marker: tuple[int, int]
) -> Citation:
    passage = evidence.passage
    return Citation(
        number=number,
        document_id=passage.document_id,
        document=evidence.title,
        path=evidence.path,
        page=passage.page,
        heading=" › ".join(passage.heading_path),
        start=passage.start,
        end=passage.end,
        score=evidence.scores.fused,
        text=passage.text,
        added=added,
        answer_start=sentence[0],
        answer_end=sentence[1],
        marker_start=marker[0],
        marker_end=marker[1],
    )
