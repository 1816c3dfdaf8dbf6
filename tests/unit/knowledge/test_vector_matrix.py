"""The search of vectors: what it finds is what comparing with every one finds, whatever happened to the library."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot_app.core.paths import DataPaths
from chatbot_app.knowledge.importing.block_keeping import BlockKeeping
from chatbot_app.knowledge.search import coded_table, fast_scan, hamming_distances, vector_matrix
from chatbot_app.knowledge.search.vector_codes import (
    PLANES,
    QuantisedQuery,
    bit_planes,
    cosines,
    quantised,
)
from chatbot_app.knowledge.search.vector_matrix import VectorMatrix
from chatbot_app.storage.database import Database, StoreMode
from chatbot_app.storage.documents import DocumentStore
from chatbot_app.storage.passage_index import index_passages
from chatbot_app.storage.passages import PassageStore
from chatbot_app.storage.vector_blocks import BLOCK_ROWS, CodedRows, VectorRows

STAMP, OTHER = "model:16", "other:16"
DIMENSION = 16


def unit(rows: int, dimension: int, seed: int = 5) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((rows, dimension), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class Rows:
    """A store of vectors without a database."""

    def __init__(self, vectors: np.ndarray) -> None:
        self.vectors = vectors

    def newest(self) -> int:
        return len(self.vectors)

    def count(self, _stamp: str, after: int = -1) -> int:
        return len(self.vectors) - max(0, after)

    def rows(self, _stamp: str, after: int = -1) -> Iterator[VectorRows]:
        for start in range(max(0, after), len(self.vectors), 4096):
            block = self.vectors[start : start + 4096]
            ids = np.arange(start + 1, start + len(block) + 1)
            yield VectorRows(ids, ids, ids % 7, block)

    short_rows = rows

    def exact(self, ids: Sequence[int], _dimension: int) -> tuple[Any, Any]:
        known = np.sort(np.array(ids))
        return known, self.vectors[known - 1]


@pytest.fixture(
    params=["exactly", "in short form", "in short form without FAISS", "in short form without both libraries"]
)
def form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param != "exactly":
        monkeypatch.setattr(vector_matrix, "EXACT_ROWS", 100)
        monkeypatch.setattr(coded_table, "SEGMENT_ROWS", 3000)
        monkeypatch.setattr(coded_table, "LOOKED_AT_LEAST", (500, 300, 200))
    if "without" in request.param:
        monkeypatch.setattr(fast_scan, "faiss", None)
    if "both" in request.param:
        monkeypatch.setattr(hamming_distances, "simsimd", None)
    return str(request.param)


def test_the_nearest_are_found_while_the_library_grows(form: str) -> None:
    vectors = unit(9000, 384)
    rows = Rows(vectors[:50])
    matrix = VectorMatrix(rows, "s")  # type: ignore[arg-type]
    search = matrix.search

    choices = [np.array(numbers) for numbers in ((0, 3), range(7), (6,), ())]
    for count in (50, 5000, 5001, 9000):
        rows.vectors = vectors[:count]
        assert matrix.refresh() == len(matrix) == count
        expected = (np.argsort(-(rows.vectors @ vectors[3]))[:10] + 1).tolist()
        assert [passage for passage, _ in search(vectors[3], 10)] == expected
        assert [passage for passage, _ in search(vectors[3], 10, choices[1])] == expected
        for documents in (*choices, *choices[:2]):  # the same arrays again: what is known of them grows, too
            counted = np.isin(np.arange(1, count + 1) % 7, documents)
            assert matrix.count_of(documents) == np.count_nonzero(counted)
            found = {passage for passage, _ in search(vectors[5], 20, documents)}
            assert len(found) == min(20, np.count_nonzero(counted))
            assert counted[[passage - 1 for passage in found]].all()
    few = np.array([2, 5])
    scores = np.where(np.isin(np.arange(1, 9001) % 7, few), vectors @ vectors[3], -2)
    assert [p for p, _ in search(vectors[3], 10, few)] == (np.argsort(-scores)[:10] + 1).tolist()
    assert search(vectors[3], 3)[0] == (4, pytest.approx(1, abs=1e-6))
    assert search(vectors[3], 3, np.empty(0, np.int64)) == []
    assert search(vectors[3], 0) == []
    assert matrix.count_of(few) == np.count_nonzero(scores > -2)
    assert len(search(vectors[3], 10**6, few)) <= matrix.count_of(few)
    assert matrix.nbytes < (2.2 if form == "exactly" else 0.4) * vectors.nbytes


def test_nothing_is_found_in_nothing() -> None:
    matrix = VectorMatrix(Rows(np.empty((0, 8), np.float32)), "s")  # type: ignore[arg-type]
    assert matrix.refresh() == 0
    assert matrix.search(unit(1, 8)[0], 5) == []


def test_each_more_bit_says_more_exactly_how_near_vectors_are() -> None:
    for dimension in (768, 384, 100, 7):
        vectors, query = unit(4000, dimension), unit(1, dimension, 9)[0]
        vectors[7] = 0
        codes, scales = quantised(vectors)
        assert np.abs(codes * scales[:, None] - vectors).max() < 0.01
        planes = bit_planes(codes)
        assert planes.shape == (PLANES, 4000, -(-dimension // 64))
        rough = QuantisedQuery.rough(query)
        sums = np.zeros(4000, np.int32)
        exact = np.where(codes >= 0, 1, -1) @ query
        errors = []
        for plane in planes[:3]:
            sums = 2 * sums + rough.added_up(plane)
            found = sums if not errors else sums * scales
            errors.append(1 - np.corrcoef(found, vectors @ query)[0, 1])
            if len(errors) == 1:
                assert np.corrcoef(found, exact)[0, 1] > 0.95
        assert errors[0] < 0.26
        assert errors[1] < errors[0] * 0.7
        assert errors[2] < errors[1] * 0.7
        found = cosines(QuantisedQuery.fine(query), planes, scales)
        off = found - vectors @ query
        assert np.sqrt(np.mean(off * off)) < 0.04 / np.sqrt(dimension)
        assert found[7] == 0


def test_the_sums_of_a_query_are_those_of_its_levels() -> None:
    vectors, query = unit(50, 200), unit(1, 200, 9)[0]
    codes, _ = quantised(vectors)
    for signed in (QuantisedQuery.rough(query), QuantisedQuery(query, 5, 0.1)):
        levels = np.clip(np.rint((query / signed.unit + signed.top) / 2), 0, signed.top)
        numbers = (2 * levels - signed.top).astype(int)
        assert signed.sum == numbers.sum()
        for plane, words in enumerate(bit_planes(codes)):
            bits = (codes.astype(int) + 128) >> (7 - plane) & 1
            assert signed.added_up(words).tolist() == ((2 * bits - 1) @ numbers).tolist()


def test_long_vectors_that_all_point_one_way_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the signs add up to is then greater than a short integer."""
    monkeypatch.setattr(vector_matrix, "EXACT_ROWS", 10)
    monkeypatch.setattr(coded_table, "LOOKED_AT", (1.0, 1.0, 1.0))
    monkeypatch.setattr(coded_table, "LOOKED_AT_LEAST", (40, 30, 20))
    vectors = np.ones((400, 12_000), np.float32)
    for number, vector in enumerate(vectors):
        vector[: 10 * number] = -1
    vectors /= np.sqrt(np.float32(12_000))
    matrix = VectorMatrix(Rows(vectors), "s")  # type: ignore[arg-type]
    matrix.refresh()
    assert [passage for passage, _ in matrix.search(vectors[0], 10)] == list(range(1, 11))


def test_questions_are_answered_while_rows_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_matrix, "EXACT_ROWS", 100)
    vectors = unit(6000, 64)
    during: list[tuple[int, int]] = []

    class Slow(Rows):
        def short_rows(self, stamp: str, after: int = -1) -> Iterator[VectorRows]:
            for part in super().rows(stamp, after):
                if after < 0:
                    yield part
                    continue
                import threading

                other = threading.Thread(
                    target=lambda: during.append((matrix.refresh(), matrix.search(vectors[4321], 1)[0][0]))
                )
                other.start()
                other.join()
                yield part

    rows = Slow(vectors[:5000])
    matrix = VectorMatrix(rows, "s")  # type: ignore[arg-type]
    matrix.refresh()
    rows.vectors = vectors
    assert matrix.refresh() == 6000
    assert during == [(5000, 4322)]


# --- in a store --------------------------------------------------------------------------------------


class Library:
    """A store that is opened again and again, and is told of documents without their texts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.random = np.random.default_rng(3)
        self.numbers: list[int] = []
        self.open()

    def open(self) -> None:
        self.database = Database(DataPaths(self.folder))
        self.passages = PassageStore(self.database)
        self.documents = DocumentStore(self.database, now=_never, new_id=str)
        self.matrix = VectorMatrix(self.passages.vectors, STAMP)
        self.keeping = BlockKeeping(self.passages.vectors)

    def restart(self) -> None:
        self.database.close()
        self.open()

    def add(self, count: int, stamp: str = STAMP) -> None:
        number = len(self.numbers) + 1
        with self.database.write() as connection:
            number = connection.execute(
                "INSERT INTO documents (id, title, path, size, sha256, state, imported_at, expected_passages)"
                " VALUES (?, '', '', 0, ?, 'ready', '2026-01-01T00:00:00+00:00', ?)",
                [f"d{number}", f"{number}", count],
            ).lastrowid
            assert number is not None
            connection.executemany(
                "INSERT INTO passages (document_number, ordinal, start_offset, end_offset, text) VALUES (?, ?, 0, 0, '')",
                [(number, ordinal) for ordinal in range(count)],
            )
            index_passages(connection, number, count)
            connection.execute("UPDATE library SET generation = generation + 1")
            ids = connection.execute("SELECT id FROM passages WHERE document_number = ?", [number]).fetchall()
        self.numbers.append(number)
        vectors = self.random.standard_normal((count, DIMENSION), dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        with self.database.write() as connection:
            connection.execute(
                "INSERT INTO embedding_models (stamp, dimension) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [stamp, DIMENSION],
            )
            connection.executemany(
                "INSERT INTO vectors (model_number, passage_id, vector)"
                " SELECT number, ?, ? FROM embedding_models WHERE stamp = ?",
                [(row[0], vector.tobytes(), stamp) for row, vector in zip(ids, vectors, strict=True)],
            )

    def change(self, place: int, statement: str) -> None:
        if self.numbers:
            with self.database.write() as connection:
                connection.execute(statement, [self.numbers[place % len(self.numbers)]])
                connection.execute("UPDATE library SET generation = generation + 1")

    def keep(self) -> None:
        while self.keeping.step():
            pass

    def blocks(self) -> int:
        with self.database.read() as connection:
            return int(connection.execute("SELECT count(*) FROM vector_blocks").fetchone()[0])

    def check(self) -> None:
        query = unit(1, DIMENSION, 11)[0]
        with self.database.read() as connection:
            rows = connection.execute(
                "SELECT passages.id, vector FROM vectors JOIN passages ON passages.id = passage_id"
                " JOIN documents ON documents.number = document_number JOIN embedding_models AS models"
                " ON models.number = model_number WHERE stamp = ? AND documents.deleted_at IS NULL",
                [STAMP],
            ).fetchall()
        scores = {row[0]: float(np.frombuffer(row[1], np.float32) @ query) for row in rows}
        best = sorted(scores, key=lambda passage: -scores[passage])[:20]
        self.matrix.refresh()
        found = self.matrix.search(query, 20, self.passages.searchable_documents())
        assert [passage for passage, _ in found] == best
        assert [score for _, score in found] == pytest.approx([scores[passage] for passage in best], abs=1e-5)

    def stored_blocks_are_true(self) -> None:
        for rows in self.passages.vectors.short_rows(STAMP):
            if isinstance(rows, CodedRows):
                ids, vectors = self.passages.vectors.exact(rows.ids.tolist(), DIMENSION)
                assert ids.tolist() == rows.ids.tolist()
                assert np.abs(rows.codes * rows.scales[:, None] - vectors).max() < 0.01


def _never() -> Any:
    raise AssertionError


STEPS = st.one_of(
    st.tuples(st.just("add"), st.integers(1, 3000)),
    st.tuples(st.just("add for another model"), st.integers(1, 1500)),
    st.tuples(st.sampled_from(["delete", "bring back", "purge", "damage"]), st.integers(0, 20)),
    st.tuples(st.sampled_from(["restart", "keep", "ask"]), st.just(0)),
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=4, max_size=10))
def test_whatever_happens_to_a_library_the_search_is_the_exact_one(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector_matrix, "EXACT_ROWS", 1000)
        patch.setattr("chatbot_app.knowledge.importing.block_keeping.EXACT_ROWS", 1000)
        patch.setattr(coded_table, "SEGMENT_ROWS", 2500)
        library = Library(tmp_path_factory.mktemp("library"))
        try:
            for kind, size in steps:
                match kind:
                    case "add":
                        library.add(size)
                    case "add for another model":
                        library.add(size, OTHER)
                    case "delete":
                        library.change(size, "UPDATE documents SET deleted_at = '2026' WHERE number = ?")
                    case "bring back":
                        library.change(size, "UPDATE documents SET deleted_at = NULL WHERE number = ?")
                    case "purge":
                        library.change(size, "DELETE FROM documents WHERE number = ?")
                    case "damage":
                        with library.database.write() as connection:
                            connection.execute(
                                "UPDATE vector_blocks SET codes = substr(codes, 3) WHERE block = ?",
                                [size % 4],
                            )
                    case "restart":
                        library.restart()
                    case "keep":
                        library.keep()
                if kind != "ask":
                    library.stored_blocks_are_true()
                library.check()
            library.restart()
            library.check()
        finally:
            library.database.close()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.setattr(vector_matrix, "EXACT_ROWS", 1000)
    monkeypatch.setattr("chatbot_app.knowledge.importing.block_keeping.EXACT_ROWS", 1000)
    library = Library(tmp_path / "data")
    for _ in range(3):
        library.add(BLOCK_ROWS)
    library.keep()
    yield library
    library.database.close()


def test_a_start_reads_the_short_form_and_what_came_after_it(kept: Library) -> None:
    assert kept.blocks() == 3
    kept.add(100)
    kinds = [type(rows).__name__ for rows in kept.passages.vectors.short_rows(STAMP)]
    assert kinds == ["CodedRows"] * 3 + ["VectorRows"]
    kept.restart()
    kept.check()


def test_a_purged_document_leaves_no_short_form_of_its_vectors(kept: Library) -> None:
    first = next(iter(kept.passages.vectors.short_rows(STAMP)))
    assert isinstance(first, CodedRows)
    traces = [first.codes[row].tobytes() for row in (0, 1000, 2046)]
    kept.documents.purge("d1")
    with kept.documents.settling():
        pass
    assert kept.database.compact()
    kept.database.close()
    for path in kept.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(trace in content for trace in traces), path.name
    kept.open()
    kept.keep()
    assert kept.blocks() == 2
    kept.check()


def test_a_block_that_changes_while_it_is_made_is_not_kept(kept: Library) -> None:
    kept.add(BLOCK_ROWS)
    store = kept.passages.vectors
    (block,) = store.missing_blocks(STAMP)
    rows = store.rows_of_block(STAMP, block)
    assert rows is not None
    codes, scales = quantised(rows.vectors)
    short = CodedRows(rows.ids, rows.passages, rows.documents, scales, codes)
    with kept.database.write() as connection:
        connection.execute("DELETE FROM vectors WHERE id = ?", [int(rows.ids[5])])
    assert not store.keep_block(STAMP, block, short)
    assert store.missing_blocks(STAMP) == [block]
    kept.keep()
    assert store.missing_blocks(STAMP) == []


def test_an_open_block_is_not_kept_and_a_small_library_has_none(tmp_path: Path) -> None:
    library = Library(tmp_path / "data")
    library.add(BLOCK_ROWS + 7)
    assert library.passages.vectors.missing_blocks(STAMP) == [0]
    library.keep()
    assert library.blocks() == 0
    library.check()
    library.database.close()


def test_two_processes_keep_the_same_block_once(kept: Library) -> None:
    kept.add(BLOCK_ROWS)
    with Database(DataPaths(kept.folder), access=_guest()) as beside:
        other = BlockKeeping(PassageStore(beside).vectors)
        while other.step():
            pass
    kept.keep()
    assert kept.blocks() == 4
    kept.check()


def test_a_library_of_an_earlier_release_is_searched_and_gets_its_blocks(kept: Library) -> None:
    kept.database.close()
    with closing(sqlite3.connect(DataPaths(kept.folder).database)) as connection, connection:
        connection.execute("DELETE FROM vector_blocks")
    kept.open()
    kept.check()
    kept.keep()
    assert kept.blocks() == 3


def test_a_store_that_is_read_only_is_searched_and_gets_no_blocks(kept: Library) -> None:
    kept.add(BLOCK_ROWS)
    kept.database.mode = StoreMode.READ_ONLY
    kept.keep()
    assert kept.blocks() == 3
    kept.check()


def test_after_a_backup_was_restored_the_rows_are_read_anew(kept: Library) -> None:
    kept.check()
    with kept.database.write() as connection:  # as an older file has it
        connection.execute("DELETE FROM vectors WHERE id > 100")
        connection.execute("UPDATE sqlite_sequence SET seq = 100 WHERE name = 'vectors'")
    kept.check()
    assert len(kept.matrix) == 100


def _guest() -> Any:
    from chatbot_app.storage.launch import Access

    return Access.GUEST
