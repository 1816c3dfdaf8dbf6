"""Fits what `chatbot_app/knowledge/trust/quote_weights.py` holds, and prints it.

`python -m tests.benchmarks.fit_quotes [--cache DIR] [--write]`: `--write` puts the weights into the module.
Sentences are ranked by a linear model fitted to the softmax over the sentences of a question (listwise, Cao et al.
2007); whether a question is answered by a logistic regression on questions that a library answers and questions that it does
not. Both are fitted on half of each kind of text (`libraries_of_questions.py`), and what the other half makes of them
is printed beside.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.embedder import TokenVectors
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.trust import quote_weights
from chatbot_app.knowledge.trust.quotable_sentences import sentences_of
from chatbot_app.knowledge.trust.quote_features import (
    FEATURES,
    Features,
    Question,
    Sentence,
    features_of,
    with_nearness,
)
from chatbot_app.knowledge.trust.quotes import (
    KNOWN,
    PASSAGES,
    QUOTED,
    chosen_windows,
    nearness_to,
    signals_of,
)
from tests.benchmarks.bench_retrieval import CachedEmbedder, library
from tests.benchmarks.libraries_of_questions import Wanted, libraries_of_questions
from tests.benchmarks.wikipedia import DATA, shares

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
OF_A_KIND = 300  # questions that a kind counts as
COST = 2.0  # of refusing what is answered, against not refusing what is not
OF_ARTICLES_REFUSED, OF_ARTICLES_LOST = 0.855, 0.05

Numbers = npt.NDArray[np.float64]


@dataclass
class Row:
    """A question, the sentences that were found for it and their features; `gold` marks those with the answer."""

    question: Wanted
    asked: Question
    passages: int
    sentences: Sequence[Sentence]
    table: Features
    gold: npt.NDArray[np.bool_]
    knows: bool  # the embedding model, the language


@dataclass
class Set:
    """A kind of text, and the questions of one of its halves with a library that answers them or is silent."""

    kind: str
    half: int
    answered: list[Row]
    silent: list[Row]


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


def rows_of(retriever: Retriever, wanted: Sequence[Wanted]) -> list[Row]:
    """Return the questions with what is seen of their sentences by words alone; those that find nothing are left out."""
    rows = []
    for question in wanted:
        found = retriever.search(question.text, PASSAGES)
        evidence = sorted([*found.evidence, *found.below_floor], key=lambda item: -item.scores.fused)
        sentences = sentences_of([item.passage for item in evidence])
        if not sentences:
            continue
        asked = Question(question.text, dict(found.terms))
        gold = [
            question.is_held(
                evidence[sentence.source].title,
                evidence[sentence.source].passage.start + sentence.start,
                evidence[sentence.source].passage.start + sentence.end,
                sentence.text,
            )
            for sentence in sentences
        ]
        knows = found.familiarity >= KNOWN
        table = features_of(asked, evidence, sentences)
        rows.append(Row(question, asked, found.passages, sentences, table, np.array(gold, bool), knows))
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
        copies.append(replace(row, table=table))
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


def signals_table(rows: Sequence[Row], weights: Numbers) -> Numbers:
    """Return the signals of each question, shape (rows, signals)."""
    return np.array(
        [signals_of(row.table, row.table @ weights.astype(np.float32), row.passages) for row in rows]
    )


def probabilities(rows: Sequence[Row], weights: Numbers, signals: Numbers) -> Numbers:
    """Return how probable it is that each question is answered."""
    found: Numbers = 1 / (1 + np.exp(-(signals_table(rows, weights) @ signals[:-1] + signals[-1])))
    return found


def quoted(rows: Sequence[Row], weights: Numbers) -> str:
    """Return in words how often the first quote, and one of three, holds the answer, and how long they are."""
    hits, lengths = [], []
    for row in rows:
        windows = chosen_windows(row.sentences, row.table @ weights.astype(np.float32), QUOTED)
        right = [bool(row.gold[first : last + 1].any()) for first, last in windows]
        hits.append((any(right[:1]), any(right)))
        lengths.append(sum(row.sentences[last].end - row.sentences[first].start for first, last in windows))
    return f"{shares(hits)}, {np.mean(lengths):.0f} characters"


def as_often(rows: Sequence[Row], count: int) -> list[Row]:
    """Return rows repeated so that a kind with few questions counts as much as one with `count`."""
    return [row for row in rows for _ in range(max(1, round(count / len(rows))))]


def threshold_of(answered: Sequence[Numbers], silent: Sequence[Numbers]) -> float:
    """Return where refusing is worth most, to refuse what is answered costing `COST` times as much as the other mistake.

    Given are the probabilities of each kind; each kind counts as much as another.
    """
    tried = np.unique(np.concatenate([*answered, *silent]))

    def worth(limit: float) -> float:
        good = np.mean([np.mean(known < limit) for known in silent])
        bad = np.mean([np.mean(known < limit) for known in answered])
        return float(good - COST * bad)

    return float(max(tried, key=worth))


def strict_for_articles(sets: Sequence[Set], weights: Numbers, signals: Numbers) -> float:
    """Return where so many of the questions that the articles do not answer are refused as was promised; 0 where that costs
    too many of those that they do.
    """
    (articles,) = (one for one in sets if one.kind == "articles")
    limit = float(np.quantile(probabilities(articles.silent, weights, signals), OF_ARTICLES_REFUSED))
    lost = np.mean(probabilities(articles.answered, weights, signals) < limit)
    return limit if lost <= OF_ARTICLES_LOST else 0.0


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


def collected(embedder: CachedEmbedder) -> list[Set]:
    """Return the questions of every kind with what is seen of their sentences by words alone."""
    sets = []
    for kind, half, documents, answered, silent in libraries_of_questions():
        with library(embedder) as store:
            store.add(documents, Splitter(embedder.token_starts).split)
            retriever = Retriever(store.passages, embedder, store.fields)
            sets.append(Set(kind, half, rows_of(retriever, answered), rows_of(retriever, silent)))
        print(
            f"{kind}, half {half}: {len(answered)} questions that are answered, {len(silent)} that are not",
            flush=True,
        )
    return sets


def fit(embedder: CachedEmbedder) -> dict[str, tuple[Numbers, Numbers, float]]:
    """Return (weights, signals, threshold) for words alone, vectors, tokens; print what both halves make of them."""
    sets = collected(embedder)
    words = ranking_weights(
        [row for one in sets if one.half == 1 for row in as_often(one.answered, OF_A_KIND)]
    )
    for one in sets:
        for rows in (one.answered, one.silent):
            add_nearness([row for row in rows if row.knows], words, embedder)
    fitted = {}
    for name, unseen in (("WORDS", OF_VECTORS), ("VECTORS", OF_TOKENS), ("TOKENS", ())):
        seen = [
            Set(
                one.kind,
                one.half,
                *(
                    without([r for r in rows if r.knows or name == "WORDS"], unseen)
                    for rows in (one.answered, one.silent)
                ),
            )
            for one in sets
        ]
        seen = [one for one in seen if one.answered and one.silent]
        ours = [one for one in seen if one.half == 1]
        weights = ranking_weights([row for one in ours for row in as_often(one.answered, OF_A_KIND)])
        far = [[row for row in one.silent if not row.question.is_near] for one in ours]
        near = [row for one in ours for row in one.silent if row.question.is_near]
        answered = [row for one in ours for row in as_often(one.answered, OF_A_KIND)]
        silent = [row for rows in far for row in as_often(rows, OF_A_KIND)] + near
        signals = signal_weights(signals_table(answered, weights), signals_table(silent, weights))
        threshold = threshold_of(
            [probabilities(one.answered, weights, signals) for one in ours],
            [probabilities(rows, weights, signals) for rows in far],
        )
        threshold = max(threshold, strict_for_articles(ours, weights, signals))
        fitted[name] = weights, signals, threshold
        print(
            f"{name}: gold answer in the first quote / one of three; refused of the answerable / what the library is"
            f" silent on / of that what is near its subjects; threshold {threshold:.3f}"
        )
        for one in seen:
            told = []
            for rows in (
                one.answered,
                [row for row in one.silent if not row.question.is_near],
                [row for row in one.silent if row.question.is_near],
            ):
                told.append(
                    f"{100 * np.mean(probabilities(rows, weights, signals) < threshold):.1f}" if rows else "-"
                )
            print(
                f"  {one.kind}, half {one.half}: {quoted(one.answered, weights)}; {' / '.join(told)} %",
                flush=True,
            )
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
    text = as_module(fit(Remembering(options.cache)))
    if options.write:
        Path(quote_weights.__file__).write_text(text, "utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
