"""The map of the laboratory: how far it can be trusted, what it costs, and how it moves with 100,000 points.

    python -m tests.benchmarks.bench_projection [PASSAGES …] [--points 100000]

Prints for each number of passages (unit vectors of 384 numbers in 200 heaps of uneven size, on a bent surface): processor
seconds of main directions, of the graph of neighbours and of the embedding; the share of true neighbours that the graph
has; trustworthiness of both maps (Venna & Kaski 2001; a random map as the baseline). Then, of the widget: seconds to the
first drawing of all points, and of the movements (drag, zoom) the median and the longest, in processor time and by the clock.
"""

from __future__ import annotations

import argparse
import itertools
import os
import time

import numpy as np

from chatbot_app.lab.neighbours import nearest_to, neighbour_graph
from chatbot_app.lab.projection import main_directions, neighbour_embedding, trustworthiness

_HEAPS, _DIMENSION, _K = 200, 384, 15


def passages(count: int) -> np.ndarray:
    """Return unit vectors, float32, shape (count, 384)."""
    random = np.random.default_rng(11)
    middles = random.standard_normal((_HEAPS, _DIMENSION))
    shares = random.dirichlet(np.ones(_HEAPS))
    kinds = random.choice(_HEAPS, count, p=shares)
    inner = random.standard_normal((_HEAPS, 4, _DIMENSION))  # a heap has directions of its own
    along = random.standard_normal((count, 4))
    vectors = middles[kinds] + 0.5 * np.einsum("nk,nkd->nd", along, inner[kinds]) if count <= 20_000 else None
    if vectors is None:
        vectors = np.empty((count, _DIMENSION), np.float32)
        for start in range(0, count, 5000):
            part = slice(start, start + 5000)
            vectors[part] = middles[kinds[part]] + 0.5 * np.einsum(
                "nk,nkd->nd", along[part], inner[kinds[part]]
            )
    vectors = (vectors + 0.25 * random.standard_normal((count, _DIMENSION), np.float32)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def measure_map(count: int) -> None:
    """Print the line of a number of passages."""
    vectors = passages(count)
    marks = [time.process_time()]
    flat = main_directions(vectors).points(vectors)
    marks.append(time.process_time())
    graph = neighbour_graph(vectors, _K)
    marks.append(time.process_time())
    begun = time.perf_counter()
    *_, last = neighbour_embedding(graph, flat)
    marks.append(time.process_time())
    elapsed = time.perf_counter() - begun
    asked = np.random.default_rng(0).choice(count, min(count, 200), replace=False)
    common = 0
    for row in asked:
        true = {int(other) for other in nearest_to(vectors[row], vectors, _K + 1)[0]} - {int(row)}
        common += len(true & set(graph.rows[row].tolist()))
    random = np.random.default_rng(1).standard_normal((count, 2)).astype(np.float32)
    trusts = [trustworthiness(vectors, points, sample=200) for points in (random, flat, last.points)]
    cpu = [later - earlier for earlier, later in itertools.pairwise(marks)]
    print(
        f"{count:>7} passages: PCA {cpu[0]:.2f} s, graph {cpu[1]:.1f} s ({common / (len(asked) * _K):.3f} of true"
        f" neighbours), t-SNE {cpu[2]:.1f} s of processor, {elapsed:.1f} s by the clock; trustworthiness: random"
        f" {trusts[0]:.3f}, PCA {trusts[1]:.3f}, t-SNE {trusts[2]:.3f}"
    )


def measure_drawing(count: int) -> None:
    """Print how the widget draws and moves so many points (goals: 0.2 s, no stall over 33 ms)."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication

    from chatbot_app.ui.lab.point_cloud import PointCloud

    application = QApplication.instance() or QApplication([])
    points = np.random.default_rng(0).standard_normal((count, 2)).astype(np.float32)
    kinds = np.arange(count) % 12
    cloud = PointCloud("points", "Points")
    cloud.resize(1000, 800)
    canvas = QImage(1000, 800, QImage.Format.Format_ARGB32_Premultiplied)
    began, clock = time.process_time(), time.perf_counter()
    cloud.show_points(points)
    cloud.color_by(kinds, [f"#{200 - 10 * ink:02x}80{20 * ink:02x}" for ink in range(12)])
    cloud.render(canvas)
    print(
        f"{count:>7} points drawn in {time.process_time() - began:.3f} s of processor, {time.perf_counter() - clock:.3f} s"
    )
    spent, waited = [], []
    for frame in range(120):
        began, clock = time.process_time(), time.perf_counter()
        if frame % 3:
            cloud.move_by(7, 3 if frame % 2 else -3)
        else:
            cloud.zoom(1.1 if frame < 60 else 1 / 1.1)
        cloud.render(canvas)
        spent.append(1000 * (time.process_time() - began))
        waited.append(1000 * (time.perf_counter() - clock))
    pointing = []
    for frame in range(60):
        began = time.process_time()
        cloud.row_at(cloud.place_of(frame * 13))
        pointing.append(1000 * (time.process_time() - began))
    print(
        f"        moved: median {np.median(spent):.1f} ms, longest {max(spent):.1f} ms of processor;"
        f" {np.median(waited):.1f} and {max(waited):.1f} ms by the clock; pointed at: longest {max(pointing):.1f} ms"
    )
    application.processEvents()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("passages", nargs="*", type=int, default=[1_000, 10_000])
    parser.add_argument("--points", type=int, default=100_000)
    options = parser.parse_args()
    measure_drawing(options.points)
    for count in options.passages:
        measure_map(count)


if __name__ == "__main__":
    main()
