"""A third look, for who waits for quotes anyway: the passages that were found are read with the question.

Reading a passage takes as long as making its vector, so that it is not part of every search: it orders what one has found.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence, Retrieval
from chatbot_app.core.errors import AppError
from chatbot_app.core.softmax import softmax
from chatbot_app.knowledge.cross_encoding import CrossEncoder, ReadText
from chatbot_app.knowledge.search.reranking import best_for_model
from chatbot_app.knowledge.search.vector_share import KNOWN_WELL
from chatbot_app.knowledge.words.questions import is_question

READ = 7  # passages, the best first: of six half a point fewer answers are quoted first, of eight as many
# What being the passage that answers counts for, beside scores between 0 and 1: times the logarithm of the probability that it is this
# one of those that are read. Chosen over articles that were not trained on; from .04 to .1 it is flat.
WEIGHT = 0.06
LEAST = -5.0  # that logarithm: below, nothing is told apart


def texts_to_read(evidence: Sequence[Evidence]) -> list[ReadText]:
    """Return the passages as they are read: the same for whoever reads them, for what was read is kept."""
    return [ReadText(item.title, item.passage.text) for item in evidence]


def read_and_cut(retrieval: Retrieval, reader: CrossEncoder | None, limit: int) -> Retrieval:
    """Return the best `limit` passages of a search for more, after reading them with the question where that can be done."""
    if reader is not None:
        with suppress(AppError):  # they stay as they are
            retrieval = ordered_by_reading(retrieval, reader)
    best = best_for_model(retrieval, limit)
    return replace(retrieval, evidence=tuple(best), below_floor=retrieval.below_floor[: limit - len(best)])


def is_readable(retrieval: Retrieval) -> bool:
    """Whether what was found is in a language that is read, and not chosen by what the question says of documents."""
    return retrieval.familiarity >= KNOWN_WELL and not retrieval.is_foreign


def ordered_by_reading(retrieval: Retrieval, reader: CrossEncoder) -> Retrieval:
    """Return what was found, best first by what reading its first passages with the question tells, too.

    What names its documents keeps its order, unless the question can be put to the one that is meant, and so does what asks nothing, or finds first what comes again for each period: there
    the newest is meant. Raises AppError.
    """
    question = retrieval.asking
    found = retrieval.best_first()
    names_documents = not retrieval.addressed and any(item.match is not FieldMatch.NONE for item in found)
    if not found or not is_readable(retrieval) or names_documents or not is_question(question):
        return retrieval
    if retrieval.newest_first and found[0].passage.document_id in retrieval.come_again:
        return retrieval
    read = found[:READ]
    odds = np.array([one.passage for one in reader.encode_pairs(question, texts_to_read(read))])
    likely = np.log(np.maximum(softmax(odds), math.exp(LEAST)))
    gained = {id(item): WEIGHT * (float(value) - LEAST) for item, value in zip(read, likely, strict=True)}

    def ordered(part: Sequence[Evidence]) -> tuple[Evidence, ...]:
        scored = [
            replace(item, scores=replace(item.scores, fused=item.scores.fused + gained.get(id(item), 0.0)))
            for item in part
        ]
        return tuple(sorted(scored, key=lambda item: -item.scores.fused))

    return replace(
        retrieval, evidence=ordered(retrieval.evidence), below_floor=ordered(retrieval.below_floor)
    )
