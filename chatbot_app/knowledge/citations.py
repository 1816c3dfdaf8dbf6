"""Which passage stands behind which sentence of an answer."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot_app.core.markers import apart, find_markers
from chatbot_app.knowledge.embedder import Embedder
from chatbot_app.knowledge.sentences import sentence_spans
from chatbot_app.knowledge.words import STOP_WORDS, stem, stems

# Weighted share of a sentence's words that a passage must hold. Measured on retrieval/wikipedia with
# "question + answer" as statements and five passages: 87 % marked right, 0.6 % wrong; with the right passage
# missing, 2.9 % still got a marker (0.4: 95, 0.6, 5.4; 0.6: 77, 0.6, 1.0).
SUPPORT_THRESHOLD = 0.5
MARGIN_THRESHOLD = 0.4  # enough where the vectors agree as well
COSINE_THRESHOLD = 0.6
_FEWEST_WORDS = 3  # "Yes." and "I hope this helps." are no statements
_NUMBER_WEIGHT = 2.0

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker in an answer: it stands at characters `start` to `end` and names sources, counted from 1.

    `by_model` is False where the application added it.
    """

    start: int
    end: int
    sources: tuple[int, ...]
    by_model: bool = True


@dataclass(frozen=True, slots=True)
class CitedAnswer:
    """An answer and where its markers stand; the model's own text is never changed, markers of ours are added."""

    text: str
    citations: tuple[Citation, ...]


def parse_markers(answer: str, source_count: int) -> CitedAnswer:
    """Return the answer, unchanged, and the markers in it that name sources: "[1]", "[1, 2]", "[1-3]", "【1】".

    A bracket that names no source, or stands where no citation can stand, is the answer's own.
    """
    places = find_markers(answer, source_count)
    return CitedAnswer(answer, tuple(Citation(place.start, place.end, place.sources) for place in places))


def add_markers(answer: str, passages: Sequence[str], embedder: Embedder | None = None) -> CitedAnswer:
    """Return the answer with a marker behind each sentence that a passage supports, at most one each.

    For answers without markers of the model's own. `passages` are the sources in order. A sentence that
    nothing supports stays bare, and so does code.
    """
    code = apart(answer)
    spans = [
        (start, end)
        for start, end in sentence_spans(answer, 0, len(answer))
        if not any(begin < end and start < stop for begin, stop in code)
    ]
    supports = supporting_passages([answer[start:end] for start, end in spans], passages, embedder)
    parts: list[str] = []
    citations: list[Citation] = []
    done = length = 0
    for (start, end), source in zip(spans, supports, strict=True):
        if source is None:
            continue
        place = end
        while place > start and answer[place - 1] in ".!?…。！？":
            place -= 1
        before = answer[done:place]
        marker = f" [{source + 1}]"
        parts += [before, marker]
        length += len(before)
        citations.append(Citation(length + 1, length + len(marker), (source + 1,), by_model=False))
        length += len(marker)
        done = place
    parts.append(answer[done:])
    return CitedAnswer("".join(parts), tuple(citations))


def supporting_passages(
    sentences: Sequence[str], passages: Sequence[str], embedder: Embedder | None = None
) -> list[int | None]:
    """Return for each sentence the passage (counted from 0) that supports it best, None where none does.

    A passage supports a sentence when it holds enough of its words, rare ones counting more, and every
    number in it.
    """
    held = [stems(passage) for passage in passages]
    numbers = [set(_NUMBER.findall(passage)) for passage in passages]
    frequency = Counter(term for terms in held for term in terms)
    best: list[tuple[float, int] | None] = []
    for sentence in sentences:
        wanted = set(_NUMBER.findall(sentence))
        words = {term for term in stems(sentence) if term not in _STOP_STEMS}
        weights = {
            term: _NUMBER_WEIGHT
            if term in wanted
            else math.log(1 + (len(passages) + 1) / (frequency[term] + 1))
            for term in words
        }
        total = sum(weights.values())
        scores = [
            (sum(weights[term] for term in words & terms) / total, -number)
            for number, terms in enumerate(held)
            if total and len(words) >= _FEWEST_WORDS and wanted <= numbers[number]
        ]
        top = max(scores, default=None)
        best.append((top[0], -top[1]) if top is not None and top[0] >= MARGIN_THRESHOLD else None)
    return [
        _decided(sentence, found, passages, embedder) for sentence, found in zip(sentences, best, strict=True)
    ]


_STOP_STEMS = frozenset(stem(word) for word in STOP_WORDS)


def _decided(
    sentence: str, found: tuple[float, int] | None, passages: Sequence[str], embedder: Embedder | None
) -> int | None:
    if found is None:
        return None
    score, number = found
    if score >= SUPPORT_THRESHOLD:
        return number
    if embedder is None:
        return None
    passage = passages[number]
    parts = [passage[start:end] for start, end in sentence_spans(passage, 0, len(passage))]
    vectors = embedder.embed([sentence, *parts])
    return number if float((vectors[1:] @ vectors[0]).max(initial=-1.0)) >= COSINE_THRESHOLD else None
