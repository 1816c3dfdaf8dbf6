"""Questions of SQuAD 1.1, each with the paragraph that answers it and others of its article that have its words.

What `train_cross_encoder.py` learns from. Articles that the evaluation data has are left out.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chatbot_app.core.documents import Passage
from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder
from chatbot_app.knowledge.children.cross_encoder import (
    BEGIN_ID,
    COLON_ID,
    LONGEST,
    LONGEST_QUESTION,
    PART_ID,
)
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of
from tests.benchmarks.wikipedia import DATA

SILENT = 8  # paragraphs of an article that are chosen from, those with most of the question's words
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as tokens; `sentence` says in which of its sentences each stands, -1 for none."""

    article: int
    ids: Sequence[int]
    sentence: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Example:
    """A question as tokens, where its answer stands, and paragraphs with its words that do not answer it."""

    ids: Sequence[int]
    paragraph: int
    first: int
    last: int  # tokens of the answer
    sentence: int
    silent: Sequence[int]


class Pair(NamedTuple):
    """A question and a paragraph in one: tokens, where the second text and the paragraph begin, sentences of tokens."""

    ids: list[int]
    second: int
    start: int
    sentence: npt.NDArray[np.int64]


class Squad:
    """Articles of SQuAD with their questions, in an order by chance that is always the same."""

    def __init__(self, path: Path) -> None:
        known = {_plain(one.stem) for one in (DATA / "retrieval" / "wikipedia" / "articles").iterdir()}
        entries = [
            one for one in json.loads(path.read_text("utf-8"))["data"] if _plain(one["title"]) not in known
        ]
        random.Random(1).shuffle(entries)
        self._tokenizer = BuiltInEmbedder()
        self.titles = [self._ids(entry["title"].replace("_", " ")) for entry in entries]
        self.paragraphs: list[Paragraph] = []
        self.examples: list[list[Example]] = []  # of each article
        for number, entry in enumerate(entries):
            self.examples.append(list(self._examples(number, entry)))

    def _ids(self, text: str) -> list[int]:
        (encoding,) = self._tokenizer.encode([text])
        return list(encoding.ids[1:-1])

    def _examples(self, number: int, entry: dict[str, Any]) -> Iterator[Example]:
        said = [paragraph["context"] for paragraph in entry["paragraphs"]]
        first, ranked = len(self.paragraphs), _Ranked(said)
        for text, encoding in zip(said, self._tokenizer.encode(said), strict=True):
            spans = encoding.offsets[1:-1]
            sentences = sentences_of([Passage(0, "", 0, 0, len(text), text, None, (), "")])
            held = [
                [n for n, one in enumerate(sentences) if one.start <= start < one.end] for start, _ in spans
            ]
            inside = np.array([numbers[0] if numbers else -1 for numbers in held], np.int64)
            self.paragraphs.append(Paragraph(number, encoding.ids[1:-1], inside))
            place = len(self.paragraphs) - 1
            for asked in entry["paragraphs"][place - first]["qas"]:
                example = self._example(asked, place, first, spans, ranked)
                if example is not None:
                    yield example

    def _example(
        self, asked: dict[str, Any], place: int, first: int, spans: Sequence[tuple[int, int]], ranked: _Ranked
    ) -> Example | None:
        """Return a question whose answer lies in one sentence; None if it does not, or nothing else has its words."""
        answer, question = asked["answers"][0], asked["question"].strip()
        start = answer["answer_start"]
        end = start + len(answer["text"])
        tokens = [row for row, (begin, stop) in enumerate(spans) if stop > start and begin < end]
        sentences = {int(self.paragraphs[place].sentence[row]) for row in tokens}
        silent = ranked.silent(question, answer["text"], place - first)
        if len(sentences) != 1 or -1 in sentences or not silent:
            return None
        ids = self._ids(question)[:LONGEST_QUESTION]
        return Example(
            ids, place, tokens[0], tokens[-1] + 1, sentences.pop(), [first + row for row in silent]
        )

    def pair(self, example: Example, paragraph: int, *, with_title: bool) -> Pair:
        """Return a question with one of the paragraphs, as `cross_encoder` reads them."""
        read = self.paragraphs[paragraph]
        before = [BEGIN_ID, *example.ids, PART_ID]
        second = len(before)
        if with_title:
            before += [*self.titles[read.article], COLON_ID]
        room = LONGEST - 6 - len(before) - 1
        ids = [*before, *read.ids[:room], PART_ID]
        sentence = np.full(len(ids), -1, np.int64)
        sentence[len(before) : len(ids) - 1] = read.sentence[:room]
        return Pair(ids, second, len(before), sentence)


class _Ranked:
    """The paragraphs of an article by the words of a question (BM25 without their lengths' weight: all are of a kind)."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._said = [text.casefold() for text in texts]
        self._counts = [Counter(_WORD.findall(text)) for text in self._said]
        held = Counter(word for counts in self._counts for word in counts)
        self._rarity = {
            word: math.log(1 + (len(texts) - count + 0.5) / (count + 0.5)) for word, count in held.items()
        }
        self._lengths = [sum(counts.values()) for counts in self._counts]
        self._mean = sum(self._lengths) / max(1, len(texts))

    def silent(self, question: str, answer: str, own: int) -> list[int]:
        """Return the paragraphs that have most of the question's words, without its own and those that say the answer."""
        words = set(_WORD.findall(question.casefold())) & self._rarity.keys()
        scores = []
        for counts, length in zip(self._counts, self._lengths, strict=True):
            weight = 1.2 * (0.5 + 0.5 * length / self._mean)
            scores.append(
                sum(self._rarity[word] * 2 * counts[word] / (counts[word] + weight) for word in words)
            )
        best = sorted(range(len(scores)), key=lambda row: -scores[row])[: SILENT + 4]
        return [row for row in best if row != own and answer.casefold() not in self._said[row]][:SILENT]


def _plain(title: str) -> str:
    return re.sub(r"[^\w]|_", "", title.casefold())
