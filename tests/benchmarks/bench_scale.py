"""Search of 100,000 and of a million passages: time, memory, opening, and how near it comes to exact search.

Parts "speed" and "million" of `bench_retrieval.py`. The library is of random words, as frequent as words are, with random
vectors: for short forms of vectors nothing is harder, for none is nearer to another than chance has it. With `--keep` the
folder is kept for the next run. Recall is also measured on vectors of real texts, and on a million that are mixed of
them. Goals on two cores: 100,000 passages 15 ms, a million 60 ms with at most 700 MB held, opened in under 3 s, recall@10
at least .99.

Before (everything in memory as float32, above 200,000 the signs of both and the best 1,000): 100,000 passages 28 to 30 ms.
"""

from __future__ import annotations

import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chatbot_app.core.free_memory import return_free_memory
from chatbot_app.core.packed_text import pack_text
from chatbot_app.core.paths import DataPaths
from chatbot_app.knowledge.importing.block_keeping import BlockKeeping
from chatbot_app.knowledge.search.index import KeywordIndex
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.search.vector_matrix import VectorMatrix
from chatbot_app.knowledge.words.words import query_terms
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_fields import FieldStore
from chatbot_app.storage.passage_index import index_passages, merge_index
from chatbot_app.storage.passages import PassageStore
from chatbot_app.storage.portions import Portions
from chatbot_app.storage.vector_blocks import VectorRows

if TYPE_CHECKING:
    from tests.benchmarks.bench_retrieval import CachedEmbedder, Library

QUESTIONS, WARMING_UP = 110, 10
READ_QUESTIONS = 30  # searches whose first passages are read with the question, too
IN_DOCUMENT = 1000  # passages
_MIXED = 1_000_000
_PLAIN_ROWS = 200_000  # up to which a plain search is measured beside: its vectors take 1.5 KB each
GOALS = {100_000: 15, 1_000_000: 60}  # ms, median

Questions = Callable[[int], Iterator[str]]


def vocabulary(data: Path) -> list[str]:
    seen: dict[str, int] = {}
    for path in sorted((data / "retrieval" / "wikipedia" / "articles").glob("*.txt")):
        for word in path.read_text("utf-8").split():
            if word.isalpha():
                seen[word] = seen.get(word, 0) + 1
    return sorted(seen, key=lambda word: -seen[word])[:30_000]


class RandomTexts:
    """Passages of two sentences of 55 words, and questions of six, with the frequencies of words of a language."""

    def __init__(self, words: Sequence[str], seed: int = 7, dimension: int = 384) -> None:
        self._dimension = dimension
        self._random = np.random.default_rng(seed)
        self._words = np.array(words, object)
        self._chances = np.cumsum(1 / np.arange(1, len(words) + 1))
        self._chances /= self._chances[-1]

    def _chosen(self, *shape: int) -> Any:
        return self._words[np.searchsorted(self._chances, self._random.random(shape))]

    def passages(self, count: int) -> list[str]:
        return [f"{' '.join(row[:55])}. {' '.join(row[55:])}." for row in self._chosen(count, 110)]

    def vectors(self, count: int) -> Any:
        return unit(self._random.standard_normal((count, self._dimension), dtype=np.float32))

    def questions(self, count: int) -> Iterator[str]:
        for row in self._chosen(count, 6):
            yield f"What is the {' '.join(row)}?"


def unit(vectors: Any) -> Any:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def fill(store: Library, words: Sequence[str], rows: int) -> None:
    """Write a library of `rows` passages, in transactions of whole documents: the importer's own take an hour."""
    model = store.embedder.model
    portions = Portions(sleep=lambda _seconds: None)
    begin = store.passages.count_searchable() // IN_DOCUMENT  # where a run was ended
    texts = RandomTexts(words, seed=7 + 1000 * begin, dimension=model.dimension)
    for number in range(begin, rows // IN_DOCUMENT):
        bodies = texts.passages(IN_DOCUMENT)
        digest = hashlib.sha256("".join(bodies).encode()).hexdigest()
        with store.database.write(lasting=False) as connection:
            document = connection.execute(
                "INSERT INTO documents (id, title, path, media_type, size, sha256, state, imported_at, characters,"
                " expected_passages, reading) VALUES (?, ?, ?, 'text/plain', ?, ?, 'ready', '2026-01-01T00:00:00+00:00',"
                " ?, ?, 9)",
                [
                    f"synthetic-{number}",
                    f"synthetic {number}",
                    f"/synthetic/{number}",
                    1,
                    digest,
                    1,
                    IN_DOCUMENT,
                ],
            ).lastrowid
            assert document is not None
            start = 0
            drafts = []
            for ordinal, body in enumerate(bodies):
                drafts.append((document, ordinal, start, start + len(body), body))
                start += len(body) + 1
            connection.executemany(
                "INSERT INTO passages (document_number, ordinal, start_offset, end_offset, text) VALUES (?, ?, ?, ?, ?)",
                drafts,
            )
            connection.executemany(
                "INSERT INTO document_text_parts (document_number, start_offset, text) VALUES (?, ?, ?)",
                [(document, begin, packed) for begin, packed in pack_text("\n".join(bodies))],
            )
            index_passages(connection, document, IN_DOCUMENT)
            rows_of = connection.execute(
                "SELECT id FROM passages WHERE document_number = ?", [document]
            ).fetchall()
            connection.execute(
                "INSERT INTO embedding_models (stamp, dimension) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [model.stamp, model.dimension],
            )
            connection.executemany(
                "INSERT INTO vectors (model_number, passage_id, vector)"
                " SELECT number, ?, ? FROM embedding_models WHERE stamp = ?",
                [
                    (row[0], vector.tobytes(), model.stamp)
                    for row, vector in zip(rows_of, texts.vectors(IN_DOCUMENT), strict=True)
                ],
            )
            connection.execute("UPDATE library SET generation = generation + 1")
        merge_index(store.database, portions)
    keeping = BlockKeeping(store.passages.vectors)
    while keeping.step():
        pass


def kept_folder(keep: Path, rows: int, embedder: CachedEmbedder) -> Path:
    """Return where the synthetic library of `rows` passages with vectors of a model is kept."""
    return keep / f"synthetic-{rows}{'-joined' if embedder.is_multilingual else ''}"


@contextmanager
def synthetic_library(
    embedder: CachedEmbedder, rows: int, data: Path, keep: Path | None = None
) -> Iterator[tuple[Library, Questions]]:
    """Give a library of `rows` passages of random words with random vectors, and a maker of questions to it."""
    from tests.benchmarks.bench_retrieval import Library

    words = vocabulary(data)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) if keep is None else kept_folder(keep, rows, embedder)
        store = Library(folder, embedder)
        try:
            if store.passages.count_searchable() < rows:
                started = time.perf_counter()
                fill(store, words, rows)
                print(f"  {rows:,} synthetic passages written in {time.perf_counter() - started:.0f} s")
            yield store, RandomTexts(words, seed=8).questions
        finally:
            store.database.close()


# --- in a process of its own: memory that something else took before is no matter then ----------------


def resident() -> tuple[float, float]:
    """Return (anonymous, mapped from files) memory of this process in MB; their sum is its share in all (PSS)."""
    try:
        lines = Path("/proc/self/smaps_rollup").read_text("utf-8").splitlines()
    except OSError:
        import psutil

        return psutil.Process().memory_info().rss / 1e6, 0.0
    found = {line.split(":")[0]: int(line.split()[1]) / 1000 for line in lines[1:]}
    anonymous = found["Pss_Anon"]
    return anonymous, found["Pss"] - anonymous


def measure(folder: Path, rows: int, data: Path) -> None:
    """Open a kept library, ask it questions and print what it took."""
    from tests.benchmarks.bench_retrieval import CachedEmbedder

    embedder = CachedEmbedder(None, joined=folder.name.endswith("-joined"))
    embedder.embed(["warm up"])
    embedder.embed_queries(
        ["What is the question about?"]
    )  # as long as questions are: the form for them loads
    questions = RandomTexts(vocabulary(data), seed=8).questions
    return_free_memory()  # what loading the model left would else be filled, and counted as nothing
    before = resident()
    started = time.perf_counter()
    database = Database(DataPaths(folder))
    passages = PassageStore(database)
    opened = time.perf_counter() - started
    retriever = Retriever(passages, embedder, FieldStore(database))
    retriever.warm_up()
    ready = time.perf_counter() - started
    matrix = retriever.matrix
    assert matrix is not None
    assert len(matrix) == rows
    times, works, embeddings = [], [], []
    for question in questions(QUESTIONS):
        work, started = time.process_time(), time.perf_counter()
        retriever.search(question, 5)
        times.append(1000 * (time.perf_counter() - started))
        works.append(1000 * (time.process_time() - work))
        started = time.perf_counter()
        embedder.embed_queries([question])
        embeddings.append(1000 * (time.perf_counter() - started))
    held = resident()
    readings = []
    for question in list(questions(WARMING_UP + READ_QUESTIONS))[WARMING_UP:]:
        started = time.perf_counter()
        retriever.search(question, 5, reads=True)
        readings.append(1000 * (time.perf_counter() - started))
    times, works, embeddings = times[WARMING_UP:], works[WARMING_UP:], embeddings[WARMING_UP:]
    goal = f" (goal {GOALS[rows]})" if rows in GOALS else ""
    print(
        f"  hybrid search of {rows:,}: median {statistics.median(times):.1f} ms{goal}, 9 of 10 within"
        f" {np.percentile(times, 90):.1f} ms, slowest {max(times):.1f} ms; processor {statistics.median(works):.1f} ms;"
        f" of which embedding the question {statistics.median(embeddings):.1f} ms"
    )
    print(
        f"  held: {held[0] - before[0]:.0f} MB, and {held[1] - before[1]:.0f} MB mapped from files"
        f" (index of vectors {matrix.nbytes / 1e6:.0f} MB; as float32 {rows * embedder.model.dimension * 4 / 1e6:.0f} MB)"
    )
    print(
        f"  with its first passages read with the question: median {statistics.median(readings):.0f} ms ({READ_QUESTIONS} questions)"
    )
    print(f"  opened in {opened:.2f} s, ready for a question in {ready:.2f} s (goal 3)")
    recalls = Recall()
    queries = embedder.embed_queries(list(questions(40)))
    exacts = [Exact(200) for _ in queries]
    for part in passages.vectors.rows(embedder.model.stamp):
        for exact, scores in zip(exacts, queries @ part.vectors.T, strict=True):
            exact.add(part.passages, scores)
    every = KeywordIndex(passages).documents()
    for query, exact in zip(queries, exacts, strict=True):
        recalls.add(matrix.search(query, 200, every), exact)
    print(f"  against exact search, random vectors (goal for recall@10 .99): {recalls}")
    if rows <= _PLAIN_ROWS:
        plain(passages, database, embedder, list(questions(WARMING_UP + 30)))
    database.close()


def plain(
    passages: PassageStore, database: Database, embedder: CachedEmbedder, questions: Sequence[str]
) -> None:
    """Measure a plain hybrid search beside: FTS5 ranks all words, one product compares all vectors; nothing is read."""
    vectors = np.concatenate([part.vectors for part in passages.vectors.rows(embedder.model.stamp)])
    times = []
    for question in questions:
        words, _ = query_terms(question)
        match = " OR ".join(f'"{word}"' for word in words)
        started = time.perf_counter()
        cosines = vectors @ embedder.embed_queries([question])[0]
        np.argpartition(cosines, -200)
        with database.read() as connection:
            connection.execute(
                "SELECT rowid, rank FROM passage_index WHERE passage_index MATCH ? ORDER BY rank LIMIT 200",
                [match],
            ).fetchall()
        times.append(1000 * (time.perf_counter() - started))
    print(
        f"  plain search beside it (FTS5's ranking of all words, one product over float32,"
        f" {vectors.nbytes / 1e6:.0f} MB): median {statistics.median(times[WARMING_UP:]):.1f} ms"
    )


class Exact:
    """The best of what is added."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.ids = np.empty(0, np.int64)
        self.scores = np.empty(0, np.float32)

    def add(self, ids: Any, scores: Any) -> None:
        every, all_scores = np.concatenate([self.ids, ids]), np.concatenate([self.scores, scores])
        likely = np.argpartition(-all_scores, min(2 * self._limit, len(every) - 1))[: 2 * self._limit]
        best = likely[np.lexsort((every[likely], -all_scores[likely]))][: self._limit]
        self.ids, self.scores = every[best], all_scores[best]


class Recall:
    def __init__(self) -> None:
        self.at_10: list[float] = []
        self.at_200: list[float] = []

    def add(self, found: Sequence[tuple[int, float]], exact: Exact) -> None:
        for limit, shares in ((10, self.at_10), (200, self.at_200)):
            best = set(exact.ids[:limit].tolist())
            shares.append(len(best & {passage for passage, _ in found[:limit]}) / len(best))

    def __str__(self) -> str:
        return (
            f"recall@10 {statistics.mean(self.at_10):.4f}, recall@200 {statistics.mean(self.at_200):.4f}"
            f" ({len(self.at_10)} questions)"
        )


# --- recall on real vectors ---------------------------------------------------------------------------


class _Memory:
    """A store of vectors without a database."""

    def __init__(self, vectors: Any) -> None:
        self._vectors = vectors

    def newest(self) -> int:
        return len(self._vectors)

    def count(self, _stamp: str, after: int = -1) -> int:
        return len(self._vectors) - (after + 1)

    def short_rows(self, _stamp: str, after: int = -1) -> Iterator[VectorRows]:
        for start in range(after + 1, len(self._vectors), 4096):
            ids = np.arange(start, min(start + 4096, len(self._vectors)))
            yield VectorRows(ids, ids, np.zeros_like(ids), np.asarray(self._vectors[ids], np.float32))

    rows = short_rows

    def exact(self, ids: Sequence[int], _dimension: int) -> tuple[Any, Any]:
        places = np.sort(np.array(ids))
        return places, np.asarray(self._vectors[places], np.float32)


def bench_recall(embedder: CachedEmbedder, data: Path) -> None:
    """Recall on the vectors of articles and abstracts, always by short forms; and on a million mixed of them."""
    from chatbot_app.knowledge.search import vector_matrix
    from chatbot_app.knowledge.splitting.splitter import Splitter
    from tests.benchmarks.kinds import paragraphs

    retrieval = data / "retrieval"
    documents = [
        (path.stem, path.read_text("utf-8"))
        for path in sorted((retrieval / "wikipedia" / "articles").glob("*.txt"))
    ]
    lines = (retrieval / "abstracts" / "corpus.jsonl").read_text("utf-8").splitlines()
    documents += [(item["_id"], item["text"]) for item in map(json.loads, lines)]
    split = Splitter(embedder.token_starts).split
    texts = [draft.text for title, text in documents for draft in split(paragraphs(title, text))]
    vectors = embedder.embed(texts)
    questions = [
        json.loads(line)["question"]
        for line in (retrieval / "wikipedia" / "questions.jsonl").read_text("utf-8").splitlines()
    ]
    lines = (retrieval / "abstracts" / "queries.jsonl").read_text("utf-8").splitlines()
    questions += [json.loads(line)["text"] for line in lines]
    embedder.remember(questions)
    queries = embedder.embed_queries(questions)
    exact_rows, vector_matrix.EXACT_ROWS = vector_matrix.EXACT_ROWS, 0
    try:
        print(
            f"  against exact search, {len(vectors):,} passages of articles and abstracts: {_recall(vectors, queries)}"
        )
        random = np.random.default_rng(5)
        dimension = vectors.shape[1]
        mixed = np.empty((_MIXED, dimension), np.float16)
        for start in range(0, _MIXED, 50_000):
            count = min(50_000, _MIXED - start)
            one, other = (vectors[random.integers(0, len(vectors), count)] for _ in range(2))
            share = random.uniform(0.5, 1, (count, 1)).astype(np.float32)
            noise = 0.4 * unit(random.standard_normal((count, dimension), dtype=np.float32))
            mixed[start : start + count] = unit(share * one + (1 - share) * other + noise)
        some = queries[:: max(1, len(queries) // 100)]
        print(f"  against exact search, {_MIXED:,} mixed of these: {_recall(mixed, some)}")
    finally:
        vector_matrix.EXACT_ROWS = exact_rows


def _recall(vectors: Any, queries: Any) -> Recall:
    matrix = VectorMatrix(_Memory(vectors), "")  # type: ignore[arg-type]
    matrix.refresh()
    recall = Recall()
    exacts = [Exact(200) for _ in queries]
    for start in range(0, len(vectors), 50_000):
        part = np.asarray(vectors[start : start + 50_000], np.float32)
        for exact, scores in zip(exacts, queries @ part.T, strict=True):
            exact.add(np.arange(start, start + len(part)), scores)
    for query, exact in zip(queries, exacts, strict=True):
        recall.add(matrix.search(query, 200), exact)
    return recall


def bench_speed(embedder: CachedEmbedder, rows: int, data: Path, keep: Path | None = None) -> None:
    """Measure a library of `rows` passages in a process of its own."""
    print(f"speed: {rows:,} synthetic passages")
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary) if keep is None else keep
        with synthetic_library(embedder, rows, data, place):
            pass
        sys.stdout.flush()
        root = Path(__file__).resolve().parents[2]
        command = [
            sys.executable,
            "-m",
            "tests.benchmarks.bench_scale",
            str(kept_folder(place, rows, embedder)),
            str(rows),
        ]
        subprocess.run([*command, str(data)], cwd=root, env=dict(os.environ), check=True)


if __name__ == "__main__":
    measure(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
