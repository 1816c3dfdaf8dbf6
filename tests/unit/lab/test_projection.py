"""Maps of vectors: the plane of main directions, the embedding of neighbours, and how far either can be trusted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from chatbot_app.lab.neighbours import neighbour_graph
from chatbot_app.lab.projection import (
    main_directions,
    neighbour_embedding,
    repulsion_by_grid,
    repulsion_of_few,
    trustworthiness,
)

Array = npt.NDArray[np.float32]


def heaps(count: int, heaps: int = 8, dimension: int = 32) -> tuple[Array, npt.NDArray[np.int64]]:
    """Return unit vectors in heaps, and of which heap each is."""
    random = np.random.default_rng(7)
    middles = random.standard_normal((heaps, dimension))
    kinds = random.integers(0, heaps, count)
    found = (middles[kinds] + 0.5 * random.standard_normal((count, dimension))).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True), kinds


def test_main_directions_are_those_of_the_singular_values() -> None:
    vectors, _ = heaps(200)
    plane = main_directions(vectors)
    centred = vectors - vectors.mean(axis=0)
    _, values, directions = np.linalg.svd(centred, full_matrices=False)
    expected = centred @ directions[:2].T
    assert np.allclose(np.abs(plane.points(vectors)), np.abs(expected), atol=1e-4)
    assert plane.share == pytest.approx(float((values[:2] ** 2).sum() / (values**2).sum()), rel=1e-4)
    assert np.allclose(plane.axes.T @ plane.axes, np.eye(2), atol=1e-5)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_a_few_vectors_are_no_trouble(count: int) -> None:
    vectors, _ = heaps(max(count, 1))
    vectors = vectors[:count]
    flat = main_directions(vectors).points(vectors)
    assert flat.shape == (count, 2)
    *_, last = neighbour_embedding(neighbour_graph(vectors), flat, rounds=30)
    assert last.points.shape == (count, 2)
    assert np.isfinite(last.points).all()
    assert trustworthiness(vectors, flat) == 1.0


def test_points_that_are_all_the_same_are_laid_out() -> None:
    vectors = np.tile(heaps(1)[0], (60, 1))
    flat = main_directions(vectors).points(vectors)
    *_, last = neighbour_embedding(neighbour_graph(vectors), flat, rounds=60)
    assert np.isfinite(last.points).all()


@pytest.mark.parametrize("width", [1e-4, 1.0, 8.0])
def test_repulsion_on_a_grid_is_that_of_all_pairs(width: float) -> None:
    points = (np.random.default_rng(1).standard_normal((500, 2)) * width).astype(np.float32)
    points -= points.mean(axis=0)
    exact, quick = repulsion_of_few(points), repulsion_by_grid(points)
    assert np.corrcoef(exact.ravel(), quick.ravel())[0, 1] > 0.995
    assert float(np.abs(exact - quick).mean()) < 0.06 * float(np.abs(exact).mean())


def test_the_gradient_is_that_of_the_divergence() -> None:
    """Kullback-Leibler divergence of pairs, derived by differences, against attraction less repulsion."""
    from chatbot_app.lab import projection

    vectors, _ = heaps(40)
    graph = neighbour_graph(vectors, 5)
    source, target, weight = projection.symmetric_edges(graph)
    points = np.random.default_rng(3).standard_normal((40, 2)).astype(np.float32)
    pairs = np.zeros((40, 40))
    pairs[source, target] = weight
    assert pairs.sum() == pytest.approx(1, abs=1e-5)

    def divergence(where: npt.NDArray[np.float64]) -> float:
        distance = ((where[:, None] - where[None, :]) ** 2).sum(axis=2)
        near = 1 / (1 + distance)
        np.fill_diagonal(near, 0)
        share = near / near.sum()
        used = pairs > 0
        return float((pairs[used] * np.log(pairs[used] / share[used])).sum())

    starts = np.searchsorted(source, np.arange(40))
    pull = projection.attraction(points, source, target, weight, starts)
    gradient = 4 * (pull - repulsion_of_few(points))
    step = 1e-5
    for row, axis in ((0, 0), (7, 1), (39, 0)):
        there, back = points.astype(np.float64), points.astype(np.float64)
        there[row, axis] += step
        back[row, axis] -= step
        slope = (divergence(there) - divergence(back)) / (2 * step)
        assert gradient[row, axis] == pytest.approx(slope, abs=1e-4)


def test_neighbours_stay_together_and_the_map_is_always_the_same() -> None:
    vectors, kinds = heaps(300)
    flat = main_directions(vectors).points(vectors)
    graph = neighbour_graph(vectors)
    *_, last = neighbour_embedding(graph, flat)
    assert last.round == last.rounds
    trust = trustworthiness(vectors, last.points)
    assert trust > 0.97
    assert trust > trustworthiness(vectors, flat)
    distance = ((last.points[:, None] - last.points[None, :]) ** 2).sum(axis=2)
    near = np.argsort(distance, axis=1)[:, 1:6]
    assert (kinds[near] == kinds[:, None]).mean() > 0.98
    *_, again = neighbour_embedding(graph, flat, rounds=40)
    *_, twice = neighbour_embedding(graph, flat, rounds=40)
    assert np.array_equal(again.points, twice.points)


def test_trustworthiness_is_that_of_venna_and_kaski() -> None:
    vectors, _ = heaps(60)
    points = np.random.default_rng(0).standard_normal((60, 2)).astype(np.float32)
    k, count = 5, 60
    distance, near = 1 - vectors @ vectors.T, ((points[:, None] - points[None, :]) ** 2).sum(axis=2)
    penalty = 0
    for row in range(count):
        ranks = {int(other): place for place, other in enumerate(np.argsort(distance[row]))}
        shown = [int(other) for other in np.argsort(near[row]) if other != row][:k]
        penalty += sum(max(0, ranks[other] - k) for other in shown)
    expected = 1 - 2 * penalty / (count * k * (2 * count - 3 * k - 1))
    assert trustworthiness(vectors, points, k) == pytest.approx(expected, abs=1e-6)
    assert trustworthiness(points / np.linalg.norm(points, axis=1, keepdims=True), points, k) > expected
