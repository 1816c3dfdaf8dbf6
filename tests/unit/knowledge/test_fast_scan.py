"""A first look by two bits a number keeps what is near, whoever else looks or adds, and needs no library to learn from."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from chatbot_app.knowledge.search import coded_table, fast_scan, vector_matrix
from chatbot_app.knowledge.search.coded_table import CodedTable
from chatbot_app.knowledge.search.fast_scan import FastScan, works_with
from chatbot_app.knowledge.search.vector_codes import coded, quantised
from chatbot_app.storage.vector_blocks import VectorRows

pytest.importorskip("faiss")


def unit(rows: int, dimension: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((rows, dimension), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def scanned(vectors: np.ndarray, *, parts: int = 1) -> FastScan:
    scan = FastScan(vectors.shape[1])
    for part in np.array_split(vectors, parts):
        scan.append(*quantised(part))
        scan.settle()
    return scan


@pytest.mark.parametrize("dimension", [64, 100, 384, 768, 4096])
def test_the_nearest_ten_are_among_some_hundreds(dimension: int) -> None:
    vectors = unit(10_000, dimension, 1)
    scan = scanned(vectors)
    assert scan.nbytes == 10_000 * dimension // 4
    kept = []
    for query in unit(20, dimension, 2):
        found = scan.nearest(query, 500)
        assert len(found) == len(set(found.tolist())) == 500
        assert (np.diff(found) > 0).all()
        kept.append(np.isin(np.argsort(-(vectors @ query))[:10], found).mean())
    assert np.mean(kept) > 0.98


def test_rows_that_come_one_after_another_are_found_as_if_all_had_come_at_once() -> None:
    vectors = unit(5000, 384, 3)
    at_once, in_parts = scanned(vectors), scanned(vectors, parts=37)
    for query in unit(10, 384, 4):
        assert at_once.nearest(query, 300).tolist() == in_parts.nearest(query, 300).tolist()


def test_vectors_with_one_great_number_or_none_at_all_are_rows_like_others() -> None:
    vectors = unit(3000, 384, 5)
    vectors[7] = 0
    vectors[8] = 0
    vectors[8, 5] = 1
    scan = scanned(vectors)
    assert 100 in scan.nearest(vectors[100], 1).tolist()
    assert len(scan.nearest(vectors[8], 5000)) == 3000
    assert FastScan(384).nearest(vectors[0], 5).tolist() == []


def test_it_is_asked_while_rows_are_added() -> None:
    vectors = unit(30_000, 128, 6)
    scan = scanned(vectors[:1000])
    wrong: list[int] = []

    def look() -> None:
        while not done.is_set():
            for place in (3, 500, 999):
                if place not in scan.nearest(vectors[place], 100):
                    wrong.append(place)

    done = threading.Event()
    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for part in np.array_split(vectors[1000:], 20):
        scan.append(*quantised(part))
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert 29_999 in scan.nearest(vectors[29_999], 100)


def test_it_is_left_where_it_cannot_be_or_would_take_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not works_with(50)
    assert not works_with(8192)
    with pytest.raises(ValueError, match="50"):
        FastScan(50)
    monkeypatch.setattr(coded_table, "SCANNED_ROWS", 4000)
    vectors = unit(5000, 384, 8)
    ids = np.arange(5000)
    rows = [
        VectorRows(ids[part], ids[part], ids[part], vectors[part])
        for part in (slice(4000), slice(4000, 5000))
    ]
    table, expecting_more = CodedTable(4000), CodedTable(5000)
    for part in rows[:1]:
        table.append(coded(part))
        expecting_more.append(coded(part))
    assert table.nbytes == expecting_more.nbytes + 4000 * 384 // 4
    table.append(coded(rows[1]))
    expecting_more.append(coded(rows[1]))
    assert table.nbytes == expecting_more.nbytes
    monkeypatch.setattr(fast_scan, "faiss", None)
    assert not works_with(384)


def test_documents_that_do_not_count_hide_nothing_that_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that is nearest is of the others: then all are looked at by their signs."""
    monkeypatch.setattr(vector_matrix, "EXACT_ROWS", 100)
    monkeypatch.setattr(coded_table, "LOOKED_AT_LEAST", (2000, 1000, 400))
    monkeypatch.setattr(coded_table, "LOOKED_AT", (1.0, 1.0, 1.0))
    query = unit(1, 384, 9)[0]
    vectors = unit(20_000, 384, 10)
    ids = np.arange(20_000)
    of = ids % 2
    vectors[of == 1] += 0.5 * query
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    table = CodedTable(20_000)
    table.append(VectorRows(ids, ids, of, vectors))
    for documents in (np.array([0]), np.array([1]), np.array([0, 1])):
        counted = np.flatnonzero(np.isin(of, documents))
        best = counted[np.argsort(-(vectors[counted] @ query))[:10]]
        found = table.nearest(query, 20, documents).passages
        assert np.isin(best, found).all()
        assert np.isin(of[found], documents).all()
