"""Every figure of documents and retrieval, in one run: `make benchmark-retrieval`.

Alone: `python tests/benchmarks/bench_retrieval.py [--cache DIR] [PART...]`. Parts: kinds, wikipedia, tables, reports,
parsing, speed, million, throughput, window; all where none is named. `--keep` is a folder for the synthetic libraries of
speed and million, which take minutes to write. `--cache` keeps embeddings between runs while tuning; published
figures are made without it. Data: CHATBOT_EVAL_DATA, default ../shared/data.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from chatbot_app.core.documents import (
    DocumentState,
    ParsedDocument,
    PassageDraft,
)
from chatbot_app.core.paths import DataPaths
from chatbot_app.knowledge.children import onnx_session
from chatbot_app.knowledge.children.e5_encoder import MAX_TOKENS, E5Encoder
from chatbot_app.knowledge.children.e5_file import END_ID, PASSAGE_PREFIX, START_ID
from chatbot_app.knowledge.children.e5_graph import GRAPH_INPUT
from chatbot_app.knowledge.children.joined_embedder import JoinedEmbedder
from chatbot_app.knowledge.children.parser import ParserProcess
from chatbot_app.knowledge.fields import READER_VERSION
from chatbot_app.knowledge.fields.reading import read_fields
from chatbot_app.knowledge.importing.events import ImportFailed
from chatbot_app.knowledge.importing.given_files import GivenFiles
from chatbot_app.knowledge.importing.importer import Importer
from chatbot_app.knowledge.importing.parts import ImportParts
from chatbot_app.knowledge.importing.runner import ImportRunner
from chatbot_app.knowledge.search.index import KeywordIndex
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.search.vector_matrix import VectorMatrix
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.tables.embedded import embedded_text
from chatbot_app.knowledge.words.words import pairs_of_characters
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_fields import FieldStore
from chatbot_app.storage.documents import DocumentStore, Source
from chatbot_app.storage.passages import PassageStore
from tests.benchmarks import bench_parsing, bench_scale, bench_tables
from tests.benchmarks.bench_reports import bench_reports
from tests.benchmarks.cached_embedder import CachedEmbedder
from tests.benchmarks.kinds import paragraphs

DATA = Path(os.environ.get("CHATBOT_EVAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
PARTS = ("kinds", "wikipedia", "tables", "reports", "parsing", "speed", "million", "throughput", "window")
FUSION_MAY_COST = 0.01
RRF_K = 60  # Cormack, Clarke & Büttcher 2009


class Library:
    """A store in a temporary folder, filled without the importer's parsing."""

    def __init__(self, folder: Path, embedder: CachedEmbedder) -> None:
        numbers = count()
        self.database = Database(DataPaths(folder))
        self.documents = DocumentStore(
            self.database, now=lambda: datetime(2026, 1, 1, tzinfo=UTC), new_id=lambda: f"id{next(numbers)}"
        )
        self.passages = PassageStore(self.database)
        self.fields = FieldStore(self.database)
        self.embedder = embedder

    def add(self, documents: Sequence[ParsedDocument], split: Callable[[ParsedDocument], Any]) -> list[str]:
        """Store documents cut by `split`, with fields and all vectors; return their ids."""
        names = []
        for parsed in documents:
            source = Source(
                parsed.title,
                parsed.title,
                len(parsed.text),
                hashlib.sha256(parsed.text.encode() + parsed.title.encode()).hexdigest(),
            )
            document = self.documents.register(source).document
            drafts = list(split(parsed))
            known = self.embedder.familiarity([draft.text for draft in drafts])
            drafts = [
                replace(draft, familiarity=value, pairs=pairs_of_characters(draft.text))
                for draft, value in zip(drafts, known, strict=True)
            ]
            self.documents.store_passages(document.id, parsed, drafts)
            read = read_fields(f"{parsed.title}.txt", parsed.title, parsed.text)
            self.fields.keep_read({document.id: read}, READER_VERSION)
            names.append(document.id)
        stamp = self.embedder.model.stamp
        missing = self.passages.without_vector(stamp, 10**9)
        texts = [embedded_text(context, text) for _id, context, text in missing]
        self.passages.add_vectors(stamp, [row[0] for row in missing], self.embedder.embed(texts))
        return names


@contextmanager
def library(embedder: CachedEmbedder) -> Iterator[Library]:
    with tempfile.TemporaryDirectory() as folder:
        opened = Library(Path(folder), embedder)
        try:
            yield opened
        finally:
            opened.database.close()


def plain_chunks(parsed: ParsedDocument) -> Iterator[PassageDraft]:
    """The field's usual chunks: lines merged up to 1,000 characters, a longer one cut at spaces, 100 overlap."""
    spans: list[tuple[int, int]] = []
    for block in parsed.blocks:
        start = block.start
        while block.end - start > 1000:
            cut = parsed.text.rfind(" ", start + 100, start + 1000)
            cut = cut if cut > 0 else start + 1000
            spans.append((start, cut))
            after = parsed.text.find(" ", cut - 100, cut)
            start = after + 1 if after >= 0 else cut - 100
        if spans and spans[-1][1] <= start and block.end - spans[-1][0] <= 1000:
            spans[-1] = (spans[-1][0], block.end)
        else:
            spans.append((start, block.end))
    for ordinal, (start, end) in enumerate(spans):
        yield PassageDraft(ordinal, start, end, parsed.text[start:end], None, (), "")


def two_lists(store: Library, query: str) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    keywords, matrix = store.keywords, store.matrix  # type: ignore[attr-defined]
    words = keywords.search(keywords.weights(query), 200)
    return words, matrix.search(store.embedder.embed_queries([query])[0], 200)


def prepare(store: Library) -> None:
    store.keywords = KeywordIndex(store.passages)  # type: ignore[attr-defined]
    store.matrix = VectorMatrix(store.passages.vectors, store.embedder.model.stamp)  # type: ignore[attr-defined]
    store.matrix.refresh()  # type: ignore[attr-defined]


def rrf(*lists: Sequence[tuple[int, float]]) -> list[int]:
    scores: dict[int, float] = {}
    for ranked in lists:
        for rank, (passage, _score) in enumerate(ranked, 1):
            scores[passage] = scores.get(passage, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores, key=lambda passage: -scores[passage])


def min_max(*lists: Sequence[tuple[int, float]]) -> list[int]:
    scores: dict[int, float] = {}
    for ranked in lists:
        values = [score for _passage, score in ranked]
        low, high = min(values, default=0.0), max(values, default=1.0)
        for passage, score in ranked:
            scores[passage] = scores.get(passage, 0.0) + (score - low) / ((high - low) or 1.0)
    return sorted(scores, key=lambda passage: -scores[passage])


# --- retrieval/wikipedia -----------------------------------------------------------------------------


def bench_wikipedia(embedder: CachedEmbedder) -> None:
    folder = DATA / "retrieval" / "wikipedia"
    questions = [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()]
    articles = [
        paragraphs(path.stem.replace("_", " "), path.read_text("utf-8"))
        for path in sorted((folder / "articles").glob("*.txt"))
    ]
    asked = sorted({question["article"] for question in questions})
    first_half = set(asked[::2])
    embedder.remember([question["question"] for question in questions])
    print(
        f"wikipedia: {len(articles)} articles, {len(questions)} questions; answer whole inside the first / one of five"
    )

    def show(name: str, found: Sequence[Sequence[Any]], length: float) -> None:
        rows: list[tuple[bool, bool, bool]] = []  # first, five, whether the article is in the first half
        for passages, question in zip(found, questions, strict=True):
            begin = question["answer_char_start"]
            end = begin + len(question["answer"])
            title = question["article"].removesuffix(".txt").replace("_", " ")
            hits = [t == title and p.start <= begin and end <= p.end for p, t in passages[:5]]
            rows.append((any(hits[:1]), any(hits), question["article"] in first_half))

        def shares(chosen: Sequence[tuple[bool, bool, bool]]) -> str:
            first, five = (100 * statistics.mean(row[n] for row in chosen) for n in (0, 1))
            return f"{first:5.1f} / {five:5.1f}"

        halves = [shares([row for row in rows if row[2] is half]) for half in (True, False)]
        print(
            f"  {name:30} {shares(rows)} %   halves of the articles {halves[0]}, {halves[1]}"
            f"   passages {length:.0f} characters"
        )

    with library(embedder) as plain:
        plain.add(articles, plain_chunks)
        prepare(plain)
        lists = [two_lists(plain, question["question"]) for question in questions]
        every = plain.passages.passages(plain.passages.searchable_ids().tolist())
        mean = statistics.mean(len(item.passage.text) for item in every.values())

        def placed(ids: Sequence[int]) -> list[Any]:
            return [(every[i].passage, every[i].title) for i in ids[:5]]

        show("plain chunks, vectors only", [placed([i for i, _ in v]) for _w, v in lists], mean)
        show("plain chunks, BM25 only", [placed([i for i, _ in w]) for w, _v in lists], mean)
        show("plain chunks, RRF", [placed(rrf(w, v)) for w, v in lists], mean)
        show("plain chunks, min-max", [placed(min_max(w, v)) for w, v in lists], mean)

    with library(embedder) as ours:
        ours.add(articles, Splitter(embedder.token_starts).split)
        retriever = Retriever(ours.passages, embedder, ours.fields)
        retriever.warm_up()
        found = [retriever.search(question["question"], 5, reads=True) for question in questions]
        every = ours.passages.passages(ours.passages.searchable_ids().tolist())
        mean = statistics.mean(len(item.passage.text) for item in every.values())
        shown = [[*item.evidence, *item.below_floor] for item in found]
        shown = [sorted(items, key=lambda e: -e.scores.fused) for items in shown]
        show("ours", [[(e.passage, e.title) for e in items] for items in shown], mean)
        show("ours, floor applied", [[(e.passage, e.title) for e in item.evidence] for item in found], mean)
        returned = [len(e.passage.text) for items in shown for e in items]
        seconds = [item.seconds for item in found]
        print(
            f"  passages returned: {statistics.mean(returned):.0f} characters on average; "
            f"median search without query embedding {1000 * statistics.median(seconds):.1f} ms"
        )
        prepare(ours)
        lists = [two_lists(ours, question["question"]) for question in questions]

        def placed_ours(ids: Sequence[int]) -> list[Any]:
            return [(every[i].passage, every[i].title) for i in ids[:5]]

        show("our passages, vectors only", [placed_ours([i for i, _ in v]) for _w, v in lists], mean)
        show("our passages, BM25 only", [placed_ours([i for i, _ in w]) for w, _v in lists], mean)
        show("our passages, RRF", [placed_ours(rrf(w, v)) for w, v in lists], mean)
        show("our passages, min-max", [placed_ours(min_max(w, v)) for w, v in lists], mean)

        def holding(ids: Sequence[int], question: Any) -> list[str]:
            """Return the ranking with the passages that hold the answer called "answer"."""
            begin = question["answer_char_start"]
            end = begin + len(question["answer"])
            title = question["article"].removesuffix(".txt").replace("_", " ")
            return [
                "answer"
                if every[i].title == title and every[i].passage.start <= begin and end <= every[i].passage.end
                else str(i)
                for i in ids
            ]

        relevant = [{"answer"}] * len(questions)
        deep = [retriever.search(question["question"], 30, reads=True) for question in questions]
        show_fusion(
            "wikipedia",
            ndcg(
                [holding([i for i, _ in w], q) for (w, _v), q in zip(lists, questions, strict=True)], relevant
            ),
            ndcg(
                [holding([i for i, _ in v], q) for (_w, v), q in zip(lists, questions, strict=True)], relevant
            ),
            ndcg(
                [
                    holding([int(e.passage.id) for e in item.best_first()], q)
                    for item, q in zip(deep, questions, strict=True)
                ],
                relevant,
            ),
            statistics.mean(item.vector_weight for item in deep),
        )


def show_fusion(name: str, words: float, vectors: float, fused: float, share: float) -> None:
    verdict = "holds" if fused >= max(words, vectors) - FUSION_MAY_COST else "FAILS"
    print(
        f"{name}: nDCG@10 words {words:.4f}, vectors {vectors:.4f}, fused {fused:.4f} (weight of vectors {share:.2f});"
        f" fused ≥ better list − {FUSION_MAY_COST}: {verdict}"
    )


def plain_fusion(query: str, store: Library) -> list[int]:
    """Return the passages of a library as plain min-max fusion ranks them."""
    if not hasattr(store, "keywords"):
        prepare(store)
    return min_max(*two_lists(store, query))


# --- kinds of text -----------------------------------------------------------------------------------


def ndcg(rankings: Sequence[Sequence[str]], relevant: Sequence[set[str]]) -> float:
    """Return the mean nDCG@10 with binary relevance."""
    total = 0.0
    for ranking, good in zip(rankings, relevant, strict=True):
        gain = sum(1 / math.log2(place + 2) for place, name in enumerate(ranking[:10]) if name in good)
        total += gain / (sum(1 / math.log2(place + 2) for place in range(min(10, len(good)))) or 1)
    return total / len(rankings)


def bench_every_kind(embedder: CachedEmbedder) -> None:
    """The one table: see `bench_kinds.py`, which makes its libraries with what is above."""
    from tests.benchmarks.bench_kinds import bench_kinds

    bench_kinds(DATA, embedder)


# --- speed and memory --------------------------------------------------------------------------------


def synthetic_library(
    embedder: CachedEmbedder, rows: int
) -> AbstractContextManager[tuple[Library, bench_scale.Questions]]:
    """Give a library of `rows` passages of random words with random vectors, and a maker of questions to it."""
    return bench_scale.synthetic_library(embedder, rows, DATA)


def bench_speed(embedder: CachedEmbedder, keep: Path | None) -> None:
    bench_scale.bench_speed(embedder, 100_000, DATA, keep)
    bench_scale.bench_recall(embedder, DATA)


# --- throughput --------------------------------------------------------------------------------------


def bench_throughput() -> None:
    """The whole import of files against the models alone on the same texts: nothing but their sessions, two texts at once."""
    embedder = CachedEmbedder(None)
    embedder.embed(["warm up"])
    os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-m", "chatbot_app.knowledge.children.parser"]
    with library(embedder) as store, tempfile.TemporaryDirectory() as folder:
        for path in sorted((DATA / "retrieval" / "wikipedia" / "articles").glob("*.txt"))[:8]:
            Path(folder, path.name).write_text(path.read_text("utf-8")[:40_000], "utf-8")
        started, before = time.perf_counter(), os.times()
        parser = ParserProcess(command)
        parts = ImportParts(
            lambda is_stopped: Importer(
                store.documents, store.passages, parser, embedder, is_stopped=is_stopped
            ),
            lambda: embedder,
            parser,
            store.documents,
            store.passages,
            GivenFiles(),
        )
        runner = ImportRunner(parts)  # as the window imports
        runner.add([Path(folder)], "")
        told = list(runner.run(until_done=True))
        ours = time.perf_counter() - started
        after = os.times()  # with the parser's, which has ended
        our_work, parsing = sum(after[:4]) - sum(before[:4]), sum(after[2:4]) - sum(before[2:4])
        assert runner.progress.added == len(list(Path(folder).iterdir()))
        assert not [one for one in told if isinstance(one, ImportFailed)]
        assert all(document.state is DocumentState.READY for document in store.documents.documents())
        every = store.passages.passages(store.passages.searchable_ids().tolist())
    texts = [f"{item.passage.context}\n{item.passage.text}" for item in every.values()]
    texts.sort(key=len, reverse=True)
    runs = [*_runs_of_english(embedder, texts), *_runs_of_second(embedder, texts)]
    with ThreadPoolExecutor(onnx_session.THREADS) as pool:
        started, worked = time.perf_counter(), time.process_time()
        list(pool.map(lambda run: run(), runs))
        raw, raw_work = time.perf_counter() - started, time.process_time() - worked
    passages = len(texts)
    print(
        f"throughput: {passages} passages, import {passages / ours:.1f} passages/s, the models alone {passages / raw:.1f}:"
        f" {100 * raw / ours:.0f} % of their own; processor a passage {1000 * our_work / passages:.1f} ms, of which"
        f" parsing {1000 * parsing / passages:.1f}, the models alone {1000 * raw_work / passages:.1f}"
    )


def _runs_of_english(embedder: CachedEmbedder, texts: Sequence[str]) -> Iterator[Callable[[], Any]]:
    """Yield what computes the first model's part of each text, and does nothing else."""
    session = embedder.english.session()
    for encoding in embedder.english.encode_cut(texts):
        ids = np.array([encoding.ids], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        yield partial(session.run, None, feed)


def _runs_of_second(embedder: CachedEmbedder, texts: Sequence[str]) -> Iterator[Callable[[], Any]]:
    """Yield the same of the second model, nothing where there is none."""
    if not isinstance(embedder.whole, JoinedEmbedder):
        return
    encoder = embedder.whole.multilingual.encoder()
    assert isinstance(encoder, E5Encoder)
    tokenizer, file, session = encoder.parts()
    for ids in tokenizer.encode_many([PASSAGE_PREFIX + text for text in texts], MAX_TOKENS - 2):
        yield partial(session.run, None, {GRAPH_INPUT: file.rows([START_ID, *ids, END_ID])[None]})


# --- the window during an import ---------------------------------------------------------------------


def bench_window() -> None:
    """In a process of its own: what was measured before it would be in its way."""
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "tests.benchmarks.bench_import_window"]
    environment = os.environ | {"CHATBOT_EVAL_DATA": str(DATA.absolute())}
    subprocess.run(command, cwd=root, env=environment, check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=[], help=", ".join(PARTS))
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    parts = arguments.parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if not DATA.is_dir():
        print(f"The evaluation data is not at {DATA}; name its folder in CHATBOT_EVAL_DATA.", file=sys.stderr)
        return 1
    if arguments.cache is not None:
        arguments.cache.mkdir(parents=True, exist_ok=True)
    embedder = CachedEmbedder(arguments.cache)
    runs: dict[str, Callable[[], object]] = {
        "wikipedia": lambda: bench_wikipedia(embedder),
        "kinds": lambda: bench_every_kind(embedder),
        "tables": lambda: bench_tables.bench_tables(embedder, library),
        "reports": lambda: bench_reports(DATA, embedder, library, plain_fusion),
        "parsing": bench_parsing.main,
        "speed": lambda: bench_speed(embedder, arguments.keep),
        "million": lambda: bench_scale.bench_speed(embedder, 1_000_000, DATA, arguments.keep),
        "throughput": bench_throughput,
        "window": bench_window,
    }
    begun = time.perf_counter()
    for part in parts:
        runs[part]()
        sys.stdout.flush()
    print(f"in {time.perf_counter() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
