"""Vectors of hundreds of numbers as points of a plane: at once by their main directions, better by their neighbours.

Both are written down here in full, in numpy: libraries of neighbour embedding bring scipy and scikit-learn with them, 150 MB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot_app.lab.neighbours import NeighbourGraph

Points = npt.NDArray[np.float32]  # shape (n, 2)
Vectors = npt.NDArray[np.float32]  # shape (n, dimension)


@dataclass(frozen=True, slots=True)
class MainDirections:
    """The plane in which vectors differ most: principal component analysis (Pearson 1901, Hotelling 1933).

    `mean` has shape (dimension,), `axes` (dimension, 2), unit columns at right angles; `share` is the part of the
    whole variance that lies in the plane, 0 to 1.
    """

    mean: npt.NDArray[np.float32]
    axes: npt.NDArray[np.float32]
    share: float

    def points(self, vectors: Vectors) -> Points:
        """Return where vectors lie in the plane, shape (n, 2)."""
        found: Points = ((vectors - self.mean) @ self.axes).astype(np.float32, copy=False)
        return found


def main_directions(vectors: Vectors) -> MainDirections:
    """Find the plane of vectors, shape (n, dimension). With fewer than two directions the rest of it is flat."""
    dimension = vectors.shape[1]
    mean = vectors.mean(axis=0) if len(vectors) else np.zeros(dimension, np.float32)
    centred = vectors - mean
    if len(vectors) < dimension:
        _, lengths, rows = np.linalg.svd(centred, full_matrices=False)
        variances, axes = lengths.astype(np.float64) ** 2, rows[:2].T
    else:
        ascending, directions = np.linalg.eigh((centred.T @ centred).astype(np.float64))
        variances, axes = ascending[::-1], directions[:, ::-1][:, :2]
    if axes.shape[1] < 2:
        axes = np.pad(axes, ((0, 0), (0, 2 - axes.shape[1])))
    # The sign of an eigenvector is a matter of chance: its largest part points upwards, so that a map is always the same.
    largest = np.abs(axes).argmax(axis=0)
    axes = axes * np.where(axes[largest, [0, 1]] < 0, -1, 1)
    whole = float(np.maximum(variances, 0).sum())
    share = float(np.maximum(variances[:2], 0).sum()) / whole if whole > 0 else 1.0
    return MainDirections(mean.astype(np.float32), axes.astype(np.float32), min(share, 1.0))


EXAGGERATION = 12.0  # of the attraction at first (van der Maaten & Hinton 2008; value: Belkina et al. 2019)
EARLY_ROUNDS = 100
ROUNDS = 250
_FEW = 600  # points: all pairs of them are sooner than a grid
_FASTEST = 0.8  # momentum after the early rounds, 0.5 in them
_GRID_LINES = np.array(
    (48, 64, 96, 128, 192, 256, 384)
)  # each way; sizes that Fourier transforms are quick with
_CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
_LINES_A_UNIT = (
    3.0  # as FIt-SNE has it: three nodes an interval of one unit, which is what the kernel is wide
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Points after so many of all rounds."""

    points: Points
    round: int
    rounds: int


def neighbour_embedding(
    graph: NeighbourGraph,
    begin: Points,
    *,
    rounds: int = EARLY_ROUNDS + ROUNDS,
    check: Callable[[], None] = lambda: None,
) -> Iterator[Layout]:
    """Yield the layout after each round of t-SNE, the last one whole: neighbours attract, all points repel each other.

    van der Maaten & Hinton, "Visualizing data using t-SNE", 2008, with three later findings: the start is the plane of
    PCA (Kobak & Berens 2019); each vector is drawn to its k nearest neighbours alike (Böhm, Berens & Kobak,
    "Attraction-repulsion spectrum in neighbor embeddings", 2022), so no perplexity has to be found; and repulsion is
    computed on a grid by Fourier transforms (Linderman et al., "Fast interpolation-based t-SNE", 2019), so a round costs
    O(n). `begin` has shape (n, 2). The same input gives the same map.
    """
    count = len(begin)
    points = _small(begin)
    if count < 3 or not graph.rows.shape[1]:
        yield Layout(points, rounds, rounds)
        return
    source, target, weight = symmetric_edges(graph)
    starts = np.searchsorted(source, np.arange(count))  # every point has neighbours, so no part is empty
    speed = np.zeros_like(points)
    gain = np.ones_like(points)
    rate = max(200.0, count / EXAGGERATION)
    early = min(EARLY_ROUNDS, rounds // 3)
    for number in range(1, rounds + 1):
        check()
        exaggeration = EXAGGERATION if number <= early else 1.0
        repulsion = repulsion_of_few(points) if count <= _FEW else repulsion_by_grid(points)
        gradient = attraction(points, source, target, weight * exaggeration, starts) - repulsion
        momentum = 0.5 if number <= early else _FASTEST
        # Jacobs 1988, as in the original t-SNE: steps grow while they keep their direction.
        gain = np.where(np.sign(gradient) == np.sign(speed), gain * 0.8, gain + 0.2).clip(0.01)
        speed = momentum * speed - np.float32(rate) * gain * gradient
        points = points + speed.astype(np.float32)
        points -= points.mean(axis=0)
        yield Layout(points, number, rounds)


def _small(points: Points) -> Points:
    """Return a start whose first axis has a standard deviation of 1e-4 (Kobak & Berens 2019), no two points alike."""
    jitter = np.random.default_rng(0).standard_normal(points.shape).astype(np.float32)
    width = float(points[:, 0].std()) if len(points) else 0.0
    if width < 1e-12:
        return np.float32(1e-4) * jitter
    scaled: Points = (points - points.mean(axis=0)) * np.float32(1e-4 / width) + np.float32(1e-6) * jitter
    return scaled


def symmetric_edges(
    graph: NeighbourGraph,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return the edges (from, to, p), each of shape (edges,), sorted by `from`; p_ij = (p_j|i + p_i|j) / 2n with p_j|i = 1/k, all of them 1."""
    count, k = graph.rows.shape
    one, other = np.repeat(np.arange(count), k), graph.rows.ravel()
    codes = np.concatenate([one * count + other, other * count + one])
    unique, times = np.unique(codes, return_counts=True)
    weight = (times / (2 * k * count)).astype(np.float32)
    return unique // count, unique % count, weight


def attraction(
    points: Points,
    source: npt.NDArray[np.int64],
    target: npt.NDArray[np.int64],
    weight: npt.NDArray[np.float32],
    starts: npt.NDArray[np.int64],
) -> Points:
    """Return the sum over neighbours of p_ij (y_i - y_j) / (1 + |y_i - y_j|²), shape (n, 2)."""
    difference = points[source] - points[target]
    pull = weight / (1 + np.einsum("ij,ij->i", difference, difference))
    pulled: Points = np.add.reduceat(difference * pull[:, None], starts, axis=0)
    return pulled


def repulsion_of_few(points: Points) -> Points:
    """Return the sum over all points of q_ij (y_i - y_j) / (1 + |y_i - y_j|²), shape (n, 2), pair by pair.

    q_ij is 1 / (1 + |y_i - y_j|²), divided by the sum of these over all pairs.
    """
    squares = (points**2).sum(axis=1)
    distance = np.maximum(squares[:, None] + squares[None, :] - 2 * points @ points.T, 0)
    nearness = 1 / (1 + distance)
    np.fill_diagonal(nearness, 0)
    squared = nearness**2
    pushed: Points = (points * squared.sum(axis=1, keepdims=True) - squared @ points) / max(
        nearness.sum(), 1e-12
    )
    return pushed


def repulsion_by_grid(points: Points) -> Points:
    """Return nearly what `repulsion_of_few` does, shape (n, 2), at a cost that grows with the number of points.

    With K(d) = 1 / (1 + d²)²: sum_j K (y_i - y_j) = y_i (K * 1)_i - (K * y)_i, divided by Z = sum_ij 1 / (1 + d²). Each of
    these is a convolution: points are laid down on the four nodes around them, convolved by FFT, and read back there.
    """
    low = points.min(axis=0)
    span = float((points.max(axis=0) - low).max())
    enough = min(int(np.searchsorted(_GRID_LINES, span * _LINES_A_UNIT)), len(_GRID_LINES) - 1)
    lines = int(_GRID_LINES[enough])
    step = np.float32(max(span, 1e-9) / (lines - 1))
    place = (points - low) / step
    cell = np.minimum(place.astype(np.int64), lines - 2)
    part = place - cell
    nodes = cell[:, 0] * lines + cell[:, 1]
    corners = [
        (nodes + dx * lines + dy, np.abs(1 - dx - part[:, 0]) * np.abs(1 - dy - part[:, 1]))
        for dx, dy in _CORNERS
    ]
    charges = np.zeros((3, lines * lines), np.float32)
    for node, share in corners:
        for row, charge in enumerate((None, points[:, 0], points[:, 1])):
            laid = share if charge is None else share * charge
            charges[row] += np.bincount(node, laid, lines * lines).astype(np.float32)
    size = 2 * lines
    offsets = np.minimum(np.arange(size), size - np.arange(size)).astype(np.float32) * step
    nearness = 1 / (1 + offsets[:, None] ** 2 + offsets[None, :] ** 2)
    grids = np.fft.rfft2(charges.reshape(3, lines, lines), s=(size, size))
    squared = np.fft.irfft2(grids * np.fft.rfft2(nearness**2), s=(size, size))[:, :lines, :lines].reshape(
        3, -1
    )
    plain = np.fft.irfft2(grids[0] * np.fft.rfft2(nearness), s=(size, size))[:lines, :lines].ravel()
    ones, sums = np.zeros(len(points)), np.zeros((len(points), 2))
    # What a point, laid down on four nodes, is to itself.
    total = -sum(
        float(one @ other) * float(nearness[abs(dx - ex), abs(dy - ey)])
        for (dx, dy), (_, one) in zip(_CORNERS, corners, strict=True)
        for (ex, ey), (_, other) in zip(_CORNERS, corners, strict=True)
    )
    for node, share in corners:
        ones += share * squared[0][node]
        sums += share[:, None] * squared[1:, node].T
        total += float(share @ plain[node])
    pushed: Points = ((points * ones[:, None] - sums) / max(total, 1e-12)).astype(np.float32)
    return pushed


def trustworthiness(
    vectors: Vectors,
    points: Points,
    k: int = 10,
    *,
    sample: int = 1000,
    seed: int = 0,
    check: Callable[[], None] = lambda: None,
) -> float:
    """Return how far neighbours in the plane are neighbours in all dimensions, 0 to 1 (cosine distance).

    T(k) = 1 - 2 / (n k (2n - 3k - 1)) sum_i sum_{j in U_k(i)} (r(i, j) - k), U_k(i) those of the k nearest points that are
    none of the k nearest vectors, r their rank there: Venna & Kaski, "Neighborhood preservation in nonlinear projection
    methods", 2001. Of more than `sample` points so many are asked, and their sum is scaled.
    """
    count = len(vectors)
    if count < 3 * k or k < 1:
        return 1.0
    asked = np.arange(count)
    if count > sample:
        asked = np.random.default_rng(seed).choice(count, sample, replace=False)
    penalty = 0.0
    for row in asked:
        check()
        distance = -(vectors @ vectors[row])
        distance[row] = np.inf
        near = ((points - points[row]) ** 2).sum(axis=1)
        near[row] = np.inf
        chosen = np.argpartition(near, k)[:k]
        rank = np.array([np.count_nonzero(distance < distance[other]) + 1 for other in chosen])
        penalty += float(np.maximum(rank - k, 0).sum())
    return 1 - 2 * penalty * (count / len(asked)) / (count * k * (2 * count - 3 * k - 1))
