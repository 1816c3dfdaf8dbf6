"""Who lies nearest to whom, who far from all, and what says the same twice."""

from __future__ import annotations

import numpy as np
import pytest

from chatbot_app.lab import neighbours
from chatbot_app.lab.neighbours import near_duplicates, nearest_to, neighbour_graph, outliers
from tests.unit.lab.test_projection import heaps


def test_neighbours_are_those_of_a_full_sort() -> None:
    vectors, _ = heaps(150)
    graph = neighbour_graph(vectors, 7)
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -2)
    expected = np.sort(cosines, axis=1)[:, ::-1][:, :7]
    assert np.allclose(graph.cosines, expected, atol=1e-6)
    assert not (graph.rows == np.arange(150)[:, None]).any()
    rows, found = nearest_to(vectors[3], vectors, 4)
    assert rows[0] == 3
    assert np.allclose(found[1:], expected[3, :3], atol=1e-6)


def test_cells_find_nearly_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, _ = heaps(1500, heaps=30)
    exact = neighbour_graph(vectors, 8)
    monkeypatch.setattr(neighbours, "EXACT_UP_TO", 100)
    quick = neighbour_graph(vectors, 8)
    assert (quick.rows != np.arange(1500)[:, None]).all()
    common = [len(set(one) & set(other)) for one, other in zip(exact.rows, quick.rows, strict=True)]
    assert np.mean(common) / 8 > 0.9


@pytest.mark.parametrize("exact_up_to", [100, 10_000])
def test_the_share_that_is_found_rises_to_the_whole(
    monkeypatch: pytest.MonkeyPatch, exact_up_to: int
) -> None:
    monkeypatch.setattr(neighbours, "EXACT_UP_TO", exact_up_to)
    told: list[float] = []
    neighbour_graph(heaps(1200)[0], tell=told.append)
    assert told == sorted(told)
    assert len(set(told)) > 2
    assert told[-1] == pytest.approx(1)


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_there_are_no_more_neighbours_than_others(count: int) -> None:
    vectors = heaps(max(count, 1))[0][:count]
    graph = neighbour_graph(vectors, 15)
    assert graph.rows.shape == (count, max(0, count - 1))
    assert len(outliers(graph)) == (count if count > 1 else 0)


def test_work_ends_when_nobody_waits() -> None:
    def check() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        neighbour_graph(heaps(50)[0], check=check)


def test_what_stands_out_is_found() -> None:
    vectors, _ = heaps(200)
    vectors[17] = -vectors.mean(axis=0) / np.linalg.norm(vectors.mean(axis=0))
    vectors[40] = vectors[90]
    graph = neighbour_graph(vectors)
    assert outliers(graph)[0][0] == 17
    one, other, cosine = near_duplicates(graph, 0.999)[0]
    assert (one, other) == (40, 90)
    assert cosine == pytest.approx(1, abs=1e-5)
    assert len(near_duplicates(graph, 0.999)) == 1  # each pair once
