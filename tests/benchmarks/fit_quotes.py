"""Fits what `chatbot_app/knowledge/trust/quote_weights.py` holds, on half 1 of retrieval/wikipedia, and prints it.

`python -m tests.benchmarks.fit_quotes [--cache DIR] [--write]`: `--write` puts the weights into the module.
Sentences are ranked by a linear model fitted to the softmax over the sentences of a question (listwise, Cao et al.
2007); whether a question is answered by a logistic regression on questions that the library answers, and the same
ones asked of the articles of the other half. Printed beside: what half 2 makes of it.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.embedder import TokenVectors
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.trust import quote_weights
from chatbot_app.knowledge.trust.quote_features import (
    FEATURES,
    Features,
    Question,
    Sentence,
    features_of,
    with_nearness,
)
from chatbot_app.knowledge.trust.quotes import (
    PASSAGES,
    QUOTED,
    chosen_windows,
    nearness_to,
    sentences_of,
    signals_of,
)
from tests.benchmarks.bench_answers import searched
from tests.benchmarks.bench_retrieval import CachedEmbedder
from tests.benchmarks.wikipedia import DATA, Wikipedia, holds_gold, shares

OF_TOKENS = ("nearest tokens", "nearest tokens of rare words", "nearest token of the rarest word")
OF_VECTORS = (
    "cosine",
    "cosine of the best other sentence in the passage",
    "cosine with the sentence before",
    *OF_TOKENS,
)
SHRINKING = 0.002  # of the ranking's weights
SHRINKING_OF_SIGNALS = 10.0
STEPS, STEP = 1500, 0.05  # of Adam (Kingma & Ba 2015)
REFUSED = 0.035  # share of the answerable questions of half 1 that the threshold refuses

Numbers = npt.NDArray[np.float64]


@dataclass
class Row:
    """A question, the sentences that were found for it and their features; `gold` marks those with the answer."""

    question: dict[str, Any]
    asked: Question
    evidence: Sequence[Evidence]
    sentences: Sequence[Sentence]
    table: Features
    gold: npt.NDArray[np.bool_]

    def places(self, windows: Iterable[tuple[int, int]]) -> list[tuple[str, int, int]]:
        """Return (title, start, end) of runs of sentences in their documents."""
        found = []
        for first, last in windows:
            passage = self.evidence[self.sentences[first].source]
            start = passage.passage.start
            found.append(
                (passage.title, start + self.sentences[first].start, start + self.sentences[last].end)
            )
        return found


class Remembering(CachedEmbedder):
    """Sentences come again for other questions: their vectors are made once."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__(folder)
        self._tokens: dict[str, TokenVectors] = {}

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        missing = [text for text in dict.fromkeys(texts) if text not in self._tokens]
        for text, known in zip(missing, super().embed_tokens(missing) if missing else (), strict=True):
            half = known.tokens.astype(np.float16)
            self._tokens[text] = TokenVectors(known.vector, half, known.spans)  # type: ignore[arg-type]
        return [
            TokenVectors(known.vector, known.tokens.astype(np.float32), known.spans)
            for known in (self._tokens[text] for text in texts)
        ]


def rows_of(retriever: Retriever, questions: Sequence[dict[str, Any]]) -> list[Row]:
    """Return the questions with what is seen of their sentences by words alone."""
    rows = []
    for question in questions:
        found = retriever.search(question["question"], PASSAGES)
        evidence = sorted([*found.evidence, *found.below_floor], key=lambda item: -item.scores.fused)
        sentences = sentences_of(evidence)
        asked = Question(question["question"], dict(found.terms))
        table = features_of(asked, evidence, sentences)
        row = Row(question, asked, evidence, sentences, table, np.zeros(len(sentences), bool))
        row.gold[:] = [
            holds_gold(question, *row.places([(place, place)])[0]) for place in range(len(sentences))
        ]
        rows.append(row)
    return rows


def add_nearness(rows: Sequence[Row], words: Numbers, embedder: CachedEmbedder) -> None:
    """Complete the features by those of the vectors."""
    for row in rows:
        near = nearness_to(row.asked, row.sentences, row.table @ words.astype(np.float32), embedder)
        row.table = with_nearness(row.table, row.sentences, near)


def without(rows: Sequence[Row], names: Sequence[str]) -> list[Row]:
    """Return the rows as they are seen without some features."""
    columns = [FEATURES.index(name) for name in names]
    copies = []
    for row in rows:
        table = row.table.copy()
        table[:, columns] = 0
        copies.append(Row(row.question, row.asked, row.evidence, row.sentences, table, row.gold))
    return copies


def ranking_weights(rows: Sequence[Row]) -> Numbers:
    """Return the weights that make the sentences with the answer most probable."""
    rows = [row for row in rows if row.gold.any()]
    table = np.concatenate([row.table for row in rows]).astype(np.float64)
    gold = np.concatenate([row.gold for row in rows])
    sizes = [len(row.gold) for row in rows]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    of_row = np.repeat(np.arange(len(rows)), sizes)
    weights, mean, square = (np.zeros(table.shape[1]) for _ in range(3))
    for step in range(1, STEPS + 1):
        scores = table @ weights
        grown = np.exp(scores - np.maximum.reduceat(scores, starts)[of_row])
        probable = grown / np.add.reduceat(grown, starts)[of_row]
        right = np.where(gold, probable, 0.0)
        gradient = table.T @ (probable - right / np.add.reduceat(right, starts)[of_row]) / len(rows)
        gradient += SHRINKING * weights
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        weights -= STEP * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights


def signal_weights(answered: Numbers, silent: Numbers) -> Numbers:
    """Return the weights, and last the bias, of the logistic regression that tells the two apart (Newton's method)."""
    table = np.concatenate([answered, silent])
    truth = np.concatenate([np.ones(len(answered)), np.zeros(len(silent))])
    mean, spread = table.mean(0), table.std(0) + 1e-6
    scaled = np.column_stack([(table - mean) / spread, np.ones(len(table))])
    shrinking = np.append(np.full(table.shape[1], SHRINKING_OF_SIGNALS), 1e-6)
    weights = np.zeros(scaled.shape[1])
    for _ in range(60):
        probable = 1 / (1 + np.exp(-scaled @ weights))
        gradient = scaled.T @ (probable - truth) + shrinking * weights
        curvature = (scaled * (probable * (1 - probable))[:, None]).T @ scaled + np.diag(shrinking)
        weights -= np.linalg.solve(curvature, gradient)
    return np.append(weights[:-1] / spread, weights[-1] - (weights[:-1] * mean / spread).sum())


def probabilities(rows: Sequence[Row], weights: Numbers, signals: Numbers) -> Numbers:
    """Return how probable it is that each question is answered."""
    table = np.array([signals_of(row.table, row.table @ weights.astype(np.float32)) for row in rows])
    found: Numbers = 1 / (1 + np.exp(-(table @ signals[:-1] + signals[-1])))
    return found


def quoted(rows: Sequence[Row], weights: Numbers) -> str:
    """Return in words how often the first quote, and one of three, holds the answer, and how long they are."""
    hits, lengths = [], []
    for row in rows:
        windows = chosen_windows(row.sentences, row.table @ weights.astype(np.float32), QUOTED)
        places = row.places(windows)
        right = [holds_gold(row.question, *place) for place in places]
        hits.append((any(right[:1]), any(right)))
        lengths.append(sum(end - start for _title, start, end in places))
    return f"{shares(hits)}, {np.mean(lengths):.0f} characters"


def as_module(fitted: dict[str, tuple[Numbers, Numbers, float]]) -> str:
    """Return the text of the module with other weights."""
    path = Path(quote_weights.__file__)
    head = path.read_text("utf-8").split("# fmt: off")[0]
    parts = [f"{head}# fmt: off\n"]
    for name, (weights, signals, threshold) in fitted.items():
        lists = []
        for numbers in (weights, signals):
            words = ", ".join(f"{number:.4f}" for number in numbers)
            lists.append(textwrap.indent(textwrap.fill(words + ",", 100), " " * 8))
        parts.append(
            f"{name} = _weights(\n    [\n{lists[0]}\n    ],\n    [\n{lists[1]}\n    ],\n    {threshold:.3f},\n)\n"
        )
    return "".join([*parts, "# fmt: on\n"])


def fit(wikipedia: Wikipedia, embedder: CachedEmbedder) -> dict[str, tuple[Numbers, Numbers, float]]:
    """Return (weights, signals, threshold) for words alone, vectors, tokens; print what both halves make of them."""
    with searched(embedder, wikipedia.articles) as retriever:
        ranked = {half: rows_of(retriever, wikipedia.questions_of(half)) for half in (1, 2)}
    asked: dict[tuple[int, int], list[Row]] = {}  # (half of the questions, half of the articles)
    for of_articles in (1, 2):
        articles = {name: wikipedia.articles[name] for name in wikipedia.articles_of(of_articles)}
        with searched(embedder, articles) as retriever:
            for half in (1, 2):
                asked[half, of_articles] = rows_of(retriever, wikipedia.questions_of(half))
    words = ranking_weights(ranked[1])
    for rows in (*ranked.values(), *asked.values()):
        add_nearness(rows, words, embedder)
    fitted = {}
    for name, unseen in (("WORDS", OF_VECTORS), ("VECTORS", OF_TOKENS), ("TOKENS", ())):
        seen = {half: without(rows, unseen) for half, rows in ranked.items()}
        weights = ranking_weights(seen[1])
        sets = {key: without(rows, unseen) for key, rows in asked.items()}
        answered, silent = (
            np.array([signals_of(row.table, row.table @ weights.astype(np.float32)) for row in sets[key]])
            for key in ((1, 1), (1, 2))
        )
        signals = signal_weights(answered, silent)
        threshold = float(np.quantile(probabilities(sets[1, 1], weights, signals), REFUSED))
        fitted[name] = weights, signals, threshold
        print(
            f"{name}: gold answer in the first quote / one of three; refused of the answerable / the others"
        )
        for half in (1, 2):
            share = [
                100 * np.mean(probabilities(sets[half, library], weights, signals) < threshold)
                for library in (half, 3 - half)
            ]
            print(f"  half {half}: {quoted(seen[half], weights)}; {share[0]:.1f} / {share[1]:.1f} %")
        known = {key: probabilities(rows, weights, signals) for key, rows in sets.items()}
        for refused in (0.03, 0.035, 0.04, 0.045, 0.05):
            limit = np.quantile(known[1, 1], refused)
            told = " / ".join(
                f"{100 * np.mean(known[key] < limit):.1f}" for key in ((1, 1), (1, 2), (2, 2), (2, 1))
            )
            print(f"    at {100 * refused:.1f} % (threshold {limit:.3f}): {told} %")
    return fitted


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    if not DATA.is_dir():
        print(f"The evaluation data is not at {DATA}; name its folder in CHATBOT_EVAL_DATA.", file=sys.stderr)
        return 1
    if options.cache is not None:
        options.cache.mkdir(parents=True, exist_ok=True)
    text = as_module(fit(Wikipedia(), Remembering(options.cache)))
    if options.write:
        Path(quote_weights.__file__).write_text(text, "utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
