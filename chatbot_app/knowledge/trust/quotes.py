"""Quotes: the sentences of the documents that answer a question, word for word, and whether any does.

A linear scorer over what can be seen of a sentence without a model that writes: how much of the question's rare
words it holds, how near its vector is, how its passage was ranked, and whether it holds the kind of thing that
is asked for. Weights are fitted by `bench_answers.py` on one half of retrieval/wikipedia.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.sentences import sentence_spans
from chatbot_app.knowledge.trust.names import names_of
from chatbot_app.knowledge.trust.questions import DEFINING_WORDS, REASON_WORDS, Asked, asked_for
from chatbot_app.knowledge.trust.values import ValueKind, values_of
from chatbot_app.knowledge.words import STOP_WORDS, stem, stems

if TYPE_CHECKING:
    pass

Features = npt.NDArray[np.float32]

QUOTED = 3
LONGEST = 320  # characters: a longer sentence is cut at a clause
EMBEDDED = 28  # sentences whose vectors are made for one question: the best by their words
_STOP_STEMS = frozenset(stem(word) for word in STOP_WORDS)
_CLAUSE = re.compile(r"[;:—–]\s|,\s|[；，、：]")
_SHORT = 40

FEATURES = (
    "coverage",  # of the question's rare words by the sentence
    "coverage with context",  # and by the title, the headings
    "coverage with neighbours",  # and by the sentence before
    "cosine",
    "cosine of the best other sentence in the passage",
    "passage score",
    "passage rank",
    "place in passage",
    "number asked, held",
    "number asked, missing",
    "date asked, held",
    "date asked, missing",
    "person asked, held",
    "person asked, missing",
    "place asked, held",
    "place asked, missing",
    "reason asked, held",
    "definition asked, held",
    "thing asked, name held",
    "new words",
    "short",
    "long",
    "rarest word held",
    "pairs of neighbouring words in common",
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters `start` to `end` of the passage of evidence number `source` (from 0)."""

    source: int
    start: int
    end: int
    text: str


def sentences_of(evidence: Sequence[Evidence]) -> list[Sentence]:
    """Return the sentences, rows and clauses of passages that can be quoted, each once."""
    found: list[Sentence] = []
    seen: set[str] = set()
    for source, item in enumerate(evidence):
        text = item.passage.text
        for start, end in sentence_spans(text, 0, len(text)):
            for begin, stop in _bounded(text, start, end):
                plain = text[begin:stop]
                key = " ".join(plain.split()).casefold()
                if key not in seen and sum(c.isalnum() for c in plain) >= 3:
                    seen.add(key)
                    found.append(Sentence(source, begin, stop, plain))
    return found


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a sentence in pieces of at most `LONGEST` characters, cut at clauses or else at spaces."""
    while end - start > LONGEST:
        window = text[start : start + LONGEST]
        cuts = [match.end() for match in _CLAUSE.finditer(window) if match.end() > LONGEST // 3]
        cut = cuts[-1] if cuts else window.rfind(" ") + 1
        cut = cut if cut > 0 else LONGEST
        stop = start + cut
        yield start, start + len(text[start:stop].rstrip())
        start = stop
    if start < end:
        yield start, end


class _Question:
    def __init__(self, question: str, weights: Mapping[str, float]) -> None:
        self.asked = asked_for(question)
        self.values = values_of(question)
        self.stems = stems(question)
        self.words = [term for term in _ordered_stems(question) if term not in _STOP_STEMS]
        self.pairs = set(pairwise(self.words))
        self.weights = {stem(term): weight for term, weight in weights.items()}
        self.total = sum(self.weights.values()) or 1.0
        self.rarest = max(self.weights, key=lambda term: self.weights[term], default="")

    def coverage(self, held: set[str]) -> float:
        return sum(weight for term, weight in self.weights.items() if term in held) / self.total


def features_of(
    question: str,
    weights: Mapping[str, float],
    evidence: Sequence[Evidence],
    sentences: Sequence[Sentence],
    cosines: Mapping[int, float],
) -> Features:
    """Return what is seen of each sentence, float32, shape (len(sentences), len(FEATURES)).

    `weights` are the question's terms with their inverse document frequencies, `cosines` the nearness of the
    sentences whose vectors were made, by their index.
    """
    asked = _Question(question, weights)
    table = np.zeros((len(sentences), len(FEATURES)), np.float32)
    best_fused = max((item.scores.fused for item in evidence), default=1.0) or 1.0
    before: Sentence | None = None
    before_stems: set[str] = set()
    context = [stems(item.passage.context + " " + item.title) for item in evidence]
    best_in: dict[int, list[float]] = {}
    for row, cosine in cosines.items():
        best_in.setdefault(sentences[row].source, []).append(cosine)
    for row, sentence in enumerate(sentences):
        held = stems(sentence.text)
        if before is None or before.source != sentence.source:
            before_stems = set()
        above = context[sentence.source]
        values = [v for v in values_of(sentence.text) if not any(v.says(known) for known in asked.values)]
        names = [
            n for n in names_of(sentence.text) if not n.is_first or _is_name_elsewhere(n.form, before_stems)
        ]
        new_names = [name for name in names if stem(name.form) not in asked.stems]
        number = any(v.kind is not ValueKind.DATE for v in values)
        date = any(v.kind is ValueKind.DATE for v in values)
        place = evidence[sentence.source]
        cosine = cosines.get(row, 0.0)
        others = [c for c in best_in.get(sentence.source, ()) if c != cosine]
        words = [t for t in _ordered_stems(sentence.text) if t not in _STOP_STEMS]
        shared = asked.pairs & set(pairwise(words))
        fresh = sum(1 for t in set(words) if t not in asked.stems)
        table[row] = (
            asked.coverage(held),
            asked.coverage(held | above),
            asked.coverage(held | above | before_stems),
            cosine,
            max(others, default=0.0),
            place.scores.fused / best_fused,
            1 / (1 + sentence.source),
            sentence.start / max(1, len(place.passage.text)),
            asked.asked is Asked.NUMBER and number,
            asked.asked is Asked.NUMBER and not number,
            asked.asked is Asked.DATE and date,
            asked.asked is Asked.DATE and not date,
            asked.asked is Asked.PERSON and bool(new_names),
            asked.asked is Asked.PERSON and not new_names,
            asked.asked is Asked.PLACE and bool(new_names),
            asked.asked is Asked.PLACE and not new_names,
            asked.asked is Asked.REASON and REASON_WORDS.search(sentence.text) is not None,
            asked.asked is Asked.DEFINITION and DEFINING_WORDS.search(sentence.text) is not None,
            asked.asked is Asked.THING and bool(new_names),
            min(fresh, 20) / 20,
            len(sentence.text) < _SHORT,
            max(0.0, (len(sentence.text) - 200) / 200),
            asked.rarest in held,
            len(shared) / max(1, len(asked.pairs)),
        )
        before, before_stems = sentence, held
    return table


def _is_name_elsewhere(form: str, known: set[str]) -> bool:
    return stem(form) in known


def _ordered_stems(text: str) -> list[str]:
    return [stem(word) for word in _WORDS.findall(text.casefold())]


_WORDS = re.compile(r"[^\W_]+")
