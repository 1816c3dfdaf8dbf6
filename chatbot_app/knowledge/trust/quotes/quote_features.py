"""What can be seen of a sentence without a model that writes: the features that quotes are ranked by."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.embedder import TokenVectors, Vectors
from chatbot_app.knowledge.sentences.code_statements import folders_above
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes.quote_facts import FACTS, AskedFacts
from chatbot_app.knowledge.words.questions import class_words
from chatbot_app.knowledge.words.words import STOP_WORDS, stem, stems

Features = npt.NDArray[np.float32]

_STOP_STEMS = frozenset(stem(word) for word in STOP_WORDS)
_SHORT = 40
_WORDS = re.compile(r"[^\W_]+")
_WITHIN_NAMES = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

FEATURES = (
    "coverage",  # of the question's rare words by the sentence
    "coverage with context",  # and by the title, the headings
    "coverage with neighbours",  # and by the sentence before
    "coverage with the sentence after",
    "coverage with passage",  # by the whole passage, its title and headings
    "cosine",
    "cosine of the best other sentence in the passage",
    "passage score",
    "passage rank",
    "document score",  # share of the passages' scores that its document has
    "place in passage",
    *FACTS,
    "new words",
    "short",
    "long",
    "rarest word held",
    "pairs of neighbouring words in common",
    "nearest tokens",  # mean over the question's tokens of the nearest token's cosine (Khattab & Zaharia 2020)
    "nearest tokens of rare words",
    "nearest token of the rarest word",
    "cosine with the sentence before",
    "cosine of the passage",  # by the search; of one that is not among its nearest, the least of those that are
    "read as an answer",  # a quarter of the log odds that reading its passage gives it (`read_answers.py`)
    "passage read as an answer",
)
_OF_NEARNESS = [
    FEATURES.index(name)
    for name in (
        "cosine",
        "cosine of the best other sentence in the passage",
        "nearest tokens",
        "nearest tokens of rare words",
        "nearest token of the rarest word",
        "cosine with the sentence before",
    )
]


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near the vectors of a sentence are to the question's: see the features of the same names."""

    cosine: float
    tokens: float = 0.0
    rare_tokens: float = 0.0
    rarest_token: float = 0.0
    with_sentence_before: float = 0.0


class Question:
    """A question, as its sentences are compared with it. `weights` are its words with their rarity."""

    def __init__(self, text: str, weights: Mapping[str, float]) -> None:
        self.text = text
        self.facts = AskedFacts(text)
        self.pairs = set(pairwise(_content_stems(text)))
        idle = class_words(text)
        self.weights = {stem(term): weight for term, weight in weights.items() if term not in idle}
        self.total = sum(self.weights.values()) or 1.0
        self.rarest = max(self.weights, key=lambda term: self.weights[term], default="")

    def coverage(self, held: set[str]) -> float:
        """Return the share of the question's words that are held, rare ones counting more."""
        return sum(weight for term, weight in self.weights.items() if term in held) / self.total


def only_repeats(sentence: Sentence, question: Question) -> bool:
    """Whether a sentence is a label with nothing beside it but words of the question: "Bill number: 0524" for "bill 0524"."""
    return bool(sentence.value) and stems(sentence.value) <= question.facts.stems


def _held_by(sentence: Sentence) -> set[str]:
    """Return the stems of a sentence; in code of the words that its names are made of, too: "maxRetryDelay"."""
    held = stems(sentence.text)
    return held | stems(_WITHIN_NAMES.sub(" ", sentence.text)) if sentence.is_code else held


def _said_above(
    question: Question,
    evidence: Sequence[Evidence],
    sentences: Sequence[Sentence],
    held_by: Sequence[set[str]],
) -> list[set[str]]:
    """Return the stems that count for all sentences of each passage: of its headings and title, of its labels, of a source file the folders."""
    said = [
        stems(f"{item.passage.context} {item.title} {folders_above(item.path, item.passage.context)}")
        for item in evidence
    ]
    for sentence, held in zip(sentences, held_by, strict=True):
        if sentence.value:  # "Holder: Ada Brook" is said of all entries below it, as a title is
            said[sentence.source] |= held
        if only_repeats(sentence, question):  # and what a question calls a document by of all of it
            document = evidence[sentence.source].passage.document_id
            for above, item in zip(said, evidence, strict=True):
                if item.passage.document_id == document:
                    above |= held
    return said


def features_of(question: Question, evidence: Sequence[Evidence], sentences: Sequence[Sentence]) -> Features:
    """Return what is seen of each sentence without vectors, float32, shape (len(sentences), len(FEATURES))."""
    table = np.zeros((len(sentences), len(FEATURES)), np.float32)
    best_fused = max((item.scores.fused for item in evidence), default=1.0) or 1.0
    of_document: defaultdict[str, float] = defaultdict(float)
    for item in evidence:
        of_document[item.passage.document_id] += item.scores.fused
    held_by = [_held_by(sentence) for sentence in sentences]
    context = _said_above(question, evidence, sentences, held_by)
    of_passage = [set(above) for above in context]
    for row, sentence in enumerate(sentences):
        of_passage[sentence.source] |= held_by[row]
    known = [item.scores.vector for item in evidence if item.scores.vector is not None]
    farthest = min(known, default=0.0)
    of_all, nothing = sum(of_document.values()) or 1.0, set[str]()
    last = len(sentences) - 1
    for row, sentence in enumerate(sentences):
        source = sentence.source
        before = held_by[row - 1] if row and sentences[row - 1].source == source else nothing
        after = held_by[row + 1] if row < last and sentences[row + 1].source == source else nothing
        held, place, above = held_by[row], evidence[source], context[source]
        words = _content_stems(sentence.text)
        table[row] = (
            question.coverage(held),
            question.coverage(held | above),
            question.coverage(held | above | before),
            question.coverage(held | after),
            question.coverage(of_passage[source]),
            0.0,
            0.0,
            place.scores.fused / best_fused,
            1 / (1 + source),
            of_document[place.passage.document_id] / of_all,
            sentence.start / max(1, len(place.passage.text)),
            *question.facts.held_by(sentence.text, before),
            min(sum(term not in question.facts.stems for term in set(words)), 20) / 20,
            len(sentence.text) < _SHORT,
            0.0 if sentence.is_row else max(0.0, (len(sentence.text) - 200) / 200),
            question.rarest in held,
            len(question.pairs & set(pairwise(words))) / max(1, len(question.pairs)),
            *(0.0,) * (len(_OF_NEARNESS) - 2),
            farthest if place.scores.vector is None else place.scores.vector,
            0.0,
            0.0,
        )
    return table


def with_nearness(
    table: Features, sentences: Sequence[Sentence], nearness: Mapping[int, Nearness]
) -> Features:
    """Return the features, shape (sentences, len(FEATURES)), with those of the vectors for the sentences that have any, by their index."""
    complete = table.copy()
    cosines: dict[int, list[float]] = {}
    for row, near in nearness.items():
        cosines.setdefault(sentences[row].source, []).append(near.cosine)
    unknown = Nearness(0.0)
    for row, sentence in enumerate(sentences):
        near = nearness.get(row, unknown)
        others = [cosine for cosine in cosines.get(sentence.source, ()) if cosine != near.cosine]
        complete[row, _OF_NEARNESS] = (
            near.cosine,
            max(others, default=0.0),
            near.tokens,
            near.rare_tokens,
            near.rarest_token,
            near.with_sentence_before,
        )
    return complete


def nearness_of(
    question: Question, asked: TokenVectors, sentences: Sequence[TokenVectors], follows: Sequence[bool]
) -> list[Nearness]:
    """Return how near each sentence is to the question; `follows` says which stand right behind the one before."""
    rarity = _token_rarity(question, asked.spans)
    rarest = [row for row, span in enumerate(asked.spans) if _is_in(question.rarest, question.text, span)]
    found = []
    for row, sentence in enumerate(sentences):
        cosine = float(sentence.vector @ asked.vector)
        tokens = rare = one = 0.0
        nearest = asked.nearest_in(sentence)
        if len(nearest):
            tokens = float(nearest.mean())
            rare = float(nearest @ rarity)
            one = float(nearest[rarest].max()) if rarest else 0.0
        together = cosine
        if follows[row] and row:
            before = sentences[row - 1]
            both: Vectors = sentence.vector * len(sentence.tokens) + before.vector * len(before.tokens)
            together = float(both @ asked.vector) / max(1e-9, float(np.linalg.norm(both)))
        found.append(Nearness(cosine, tokens, rare, one, together))
    return found


def _token_rarity(question: Question, spans: Sequence[tuple[int, int]]) -> Vectors:
    """Return the share of each token of the question in the rarity of its words, float32, shape (tokens,)."""
    rarity = np.zeros(len(spans), np.float32)
    for word in _WORDS.finditer(question.text):
        inside = [
            row for row, (start, end) in enumerate(spans) if word.start() <= start and end <= word.end()
        ]
        if inside:
            rarity[inside] = question.weights.get(stem(word.group().casefold()), 0.0) / len(inside)
    total = float(rarity.sum())
    return rarity / total if total else rarity


def _is_in(rarest: str, text: str, span: tuple[int, int]) -> bool:
    """Whether a token stands in a word of the stem `rarest`."""
    start, end = span
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return stem(text[start:end].casefold()) == rarest


def _content_stems(text: str) -> list[str]:
    return [t for t in (stem(word) for word in _WORDS.findall(text.casefold())) if t not in _STOP_STEMS]
