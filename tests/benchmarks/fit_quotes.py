"""Fits what `chatbot_app/knowledge/trust/quotes/quote_weights.py` holds, and prints it.

`python -m tests.benchmarks.fit_quotes [--cache DIR] [--english] [--write]`: `--write` puts the weights into the module. With both
built-in models those of `JOINED` are fitted, `--english` is the first alone, with those of `ENGLISH`; the others stay as they are.
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

from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.cross_encoding import CrossEncoding, ReadText
from chatbot_app.knowledge.embedder import TokenVectors
from chatbot_app.knowledge.search.reading_order import is_readable
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence, sentences_of
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.trust.quotes import quote_weights
from chatbot_app.knowledge.trust.quotes.quote_confidence import signals_of
from chatbot_app.knowledge.trust.quotes.quote_features import (
    FEATURES,
    Features,
    Question,
    features_of,
    with_nearness,
)
from chatbot_app.knowledge.trust.quotes.quote_scores import KNOWN, nearness_to
from chatbot_app.knowledge.trust.quotes.quote_windows import chosen_windows
from chatbot_app.knowledge.trust.quotes.quotes import PASSAGES, QUOTED
from chatbot_app.knowledge.trust.quotes.read_answers import read_passages, with_answers
from tests.benchmarks.bench_retrieval import library
from tests.benchmarks.cached_embedder import CachedEmbedder
from tests.benchmarks.libraries_of_questions import Wanted, libraries_of_questions
from tests.benchmarks.linear_models import as_often, ranking_weights, signal_weights, threshold_of
from tests.benchmarks.wikipedia import DATA, shares

OF_TOKENS = (
    "nearest tokens",
    "nearest tokens of rare words",
    "nearest token of the rarest word",
)
OF_READING = ("read as an answer", "passage read as an answer")
OF_VECTORS = (
    "cosine",
    "cosine of the best other sentence in the passage",
    "cosine with the sentence before",
    *OF_TOKENS,
    *OF_READING,
)
OF_PASSAGES = ("cosine of the passage",)
# The sets of weights, and what is not seen with each. Sentences are ranked without the cosines of their passages, which tell only
# whether a question is answered: with them, fitted on half 1, quotes of articles were worse on half 2 (one of three 90.0 -> 88.6 %).
ENGLISH = {
    "WORDS": (*OF_VECTORS, *OF_PASSAGES),
    "VECTORS": (*OF_TOKENS, *OF_READING, *OF_PASSAGES),
    "TOKENS": (*OF_READING, *OF_PASSAGES),
    "READ": OF_PASSAGES,
}
JOINED = {"PASSAGES_AND_WORDS": OF_VECTORS, "PASSAGES_AND_TOKENS": OF_READING, "PASSAGES_AND_READ": ()}
# Scores of what was read are so sure of themselves that further quotes are left out which hold the answer: their weights are shrunk
# to where quotes are as long as before (small libraries, one of three: 82.9 -> 83.6 and 83.7 -> 86.5 %; articles as before).
SHRUNK = {"READ": 0.8, "PASSAGES_AND_READ": 0.8}
OF_A_KIND = 300  # questions that a kind counts as
# In a library of few documents, where a person asks what they are about, it costs more.
SMALL, COST_IN_SMALL = "small libraries", 1.5
# Two points more than was promised: so far can two halves of the questions lie apart.
OF_ARTICLES_REFUSED, OF_ARTICLES_LOST = 0.87, 0.05

Numbers = npt.NDArray[np.float64]


@dataclass
class Row:
    """A question, the sentences that were found for it and their features; `gold` marks those with the answer."""

    question: Wanted
    asked: Question
    passages: int
    evidence: Sequence[Evidence]
    sentences: Sequence[Sentence]
    table: Features
    gold: npt.NDArray[np.bool_]
    knows: bool  # the embedding model, the language
    reads: bool  # and what reads passages


@dataclass
class Set:
    """A kind of text, and the questions of one of its halves with a library that answers them or is silent."""

    kind: str
    half: int
    answered: list[Row]
    silent: list[Row]


class Remembering(CachedEmbedder):
    """Sentences come again for other questions: their vectors are made once."""

    def __init__(self, folder: Path | None, *, joined: bool | None = None) -> None:
        super().__init__(folder, joined=joined)
        self._tokens: dict[str, TokenVectors] = {}
        self._pairs: dict[tuple[str, ReadText], CrossEncoding] = {}

    def encode_pairs(self, question: str, passages: Sequence[ReadText]) -> list[CrossEncoding]:
        missing = [one for one in passages if (question, one) not in self._pairs]
        for one, read in zip(missing, super().encode_pairs(question, missing), strict=True):
            self._pairs[question, one] = read
        return [self._pairs[question, one] for one in passages]

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
    """Return the questions with what is seen of their sentences by words alone; those that find nothing are left out, and
    those in another language than the text, which other things decide.
    """
    rows = []
    for question in wanted:
        found = retriever.search(question.text, PASSAGES, reads=True)
        evidence = found.best_first()
        sentences = sentences_of([item.passage for item in evidence])
        if not sentences or found.is_foreign:
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
        rows.append(
            Row(
                question,
                asked,
                found.passages,
                evidence,
                sentences,
                table,
                np.array(gold, bool),
                knows,
                is_readable(found),
            )
        )
    return rows


def add_nearness(rows: Sequence[Row], words: Numbers, embedder: CachedEmbedder) -> None:
    """Complete the features by those of the vectors."""
    for row in rows:
        near = nearness_to(row.asked, row.sentences, row.table @ words.astype(np.float32), embedder)
        row.table = with_nearness(row.table, row.sentences, near)
        if row.reads:
            readings = read_passages(row.asked.text, row.evidence, embedder)
            row.table = with_answers(row.table, row.sentences, readings)


def without(rows: Sequence[Row], names: Sequence[str]) -> list[Row]:
    """Return the rows as they are seen without some features."""
    columns = [FEATURES.index(name) for name in names]
    copies = []
    for row in rows:
        table = row.table.copy()
        table[:, columns] = 0
        copies.append(replace(row, table=table))
    return copies


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
    for name in (*ENGLISH, *JOINED):
        weights, signals, threshold = fitted.get(name) or _of_module(name)
        lists = []
        for numbers in (weights, signals):
            words = ", ".join(f"{number:.4f}" for number in numbers)
            lists.append(textwrap.indent(textwrap.fill(words + ",", 100), " " * 8))
        parts.append(
            f"{name} = _weights(\n    [\n{lists[0]}\n    ],\n    [\n{lists[1]}\n    ],\n    {threshold:.3f},\n)\n"
        )
    return "".join([*parts, "# fmt: on\n"])


def _of_module(name: str) -> tuple[Numbers, Numbers, float]:
    known: quote_weights.Weights = getattr(quote_weights, name)
    return known.features.astype(np.float64), known.signals.astype(np.float64), known.threshold


def count_of(one: Set) -> int:
    """Return how many questions the answered ones of a kind count as."""
    return round(OF_A_KIND * (COST_IN_SMALL if one.kind == SMALL else 1))


def refusal_of(name: str, ours: Sequence[Set], weights: Numbers) -> tuple[Numbers, float]:
    """Return (signals, threshold) of a set of weights: what tells questions that are answered from others, and where.

    With cosines of passages, words decide only where the model that compares sentences does not know the text. The few
    libraries of that kind are all of one size: what that does is not learned from them.
    """
    is_of_words = name == "PASSAGES_AND_WORDS"
    if is_of_words:
        ours = [one for one in ours if not any(row.knows for row in one.answered)]
    far = [[row for row in one.silent if not row.question.is_near] for one in ours]
    near = [row for one in ours for row in one.silent if row.question.is_near]
    answered = [row for one in ours for row in as_often(one.answered, count_of(one))]
    silent = [row for rows in far for row in as_often(rows, OF_A_KIND)] + near
    tables = [signals_table(rows, weights) for rows in (answered, silent)]
    if is_of_words:
        for table in tables:
            table[:, -1] = 0
    signals = signal_weights(*tables)
    threshold = threshold_of(
        [probabilities(one.answered, weights, signals) for one in ours],
        [probabilities(rows, weights, signals) for rows in far],
    )
    return signals, threshold if is_of_words else max(threshold, strict_for_articles(ours, weights, signals))


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
    """Return (weights, signals, threshold) of each set of an embedder; print what both halves make of them."""
    names = JOINED if embedder.is_multilingual else ENGLISH
    sets = collected(embedder)
    words = _of_module("WORDS")[0]
    if not embedder.is_multilingual:
        words = ranking_weights(
            [
                (row.table, row.gold)
                for one in sets
                if one.half == 1
                for row in as_often(without(one.answered, ENGLISH["WORDS"]), count_of(one))
            ]
        )
    for one in sets:
        for rows in (one.answered, one.silent):
            add_nearness([row for row in rows if row.knows], words, embedder)
    fitted = {}
    for name, unseen in names.items():
        for_words = unseen[: len(OF_VECTORS)] == OF_VECTORS
        seen = [
            Set(
                one.kind,
                one.half,
                *(
                    without([r for r in rows if r.knows or for_words], unseen)
                    for rows in (one.answered, one.silent)
                ),
            )
            for one in sets
        ]
        seen = [one for one in seen if one.answered and one.silent]
        ours = [one for one in seen if one.half == 1]
        if name == "PASSAGES_AND_WORDS":
            weights = _of_module("WORDS")[0]
        else:
            weights = ranking_weights(
                [
                    (row.table, row.gold)
                    for one in ours
                    for row in as_often(without(one.answered, OF_PASSAGES), count_of(one))
                ]
            )
        weights = weights * SHRUNK.get(name, 1.0)
        signals, threshold = refusal_of(name, ours, weights)
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
    parser.add_argument("--english", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    if not DATA.is_dir():
        print(f"The evaluation data is not at {DATA}; name its folder in CHATBOT_EVAL_DATA.", file=sys.stderr)
        return 1
    if options.cache is not None:
        options.cache.mkdir(parents=True, exist_ok=True)
    embedder = Remembering(options.cache, joined=False if options.english else None)
    text = as_module(fit(embedder))
    if options.write:
        Path(quote_weights.__file__).write_text(text, "utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
