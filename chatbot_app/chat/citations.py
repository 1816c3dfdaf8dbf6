"""Passages and quotes as the citations that are kept with an answer."""

from __future__ import annotations

from chatbot_app.core.citations import Citation
from chatbot_app.core.documents import Evidence
from chatbot_app.core.trust import Quote, SourceSpan


def citation_of_passage(
    number: int,
    evidence: Evidence,
    added: bool,
    sentence: tuple[int, int],
    marker: tuple[int, int],
    quoted: SourceSpan | None,
) -> Citation:
    """Return the citation of a passage that a marker names, where sentence and marker stand in the answer.

    `quoted` is the sentence of the passage that supports it, None where there is none.
    """
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
        quote_start=passage.start + quoted.start if quoted is not None else 0,
        quote_end=passage.start + quoted.end if quoted is not None else 0,
        fields=evidence.fields,
    )


def citation_of_quote(
    number: int, quote: Quote, sentence: tuple[int, int], marker: tuple[int, int]
) -> Citation:
    """Return the citation that a quote is, where it and its marker stand in the answer."""
    return Citation(
        number=number,
        document_id=quote.document_id,
        document=quote.document,
        path=quote.path,
        page=quote.page,
        heading=quote.heading,
        start=quote.start,
        end=quote.end,
        score=quote.score,
        text=quote.text,
        added=True,
        answer_start=sentence[0],
        answer_end=sentence[1],
        marker_start=marker[0],
        marker_end=marker[1],
        quote_start=quote.start,
        quote_end=quote.end,
        fields=quote.fields,
    )
