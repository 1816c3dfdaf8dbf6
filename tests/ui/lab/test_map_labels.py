"""Names on the map: where their points lie, none over another, those that are in sight."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QFont, QFontMetrics

from chatbot_app.ui.lab.map_labels import MOST_LABELS, map_labels
from chatbot_app.ui.lab.point_cloud import PointCloud
from chatbot_app.ui.lab.point_picture import View

VIEW = View((0.0, 0.0), 10.0, 800, 600)  # x from -40 to 40, y from -30 to 30


def heaps(
    *middles: tuple[float, float], count: int = 20, width: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    points = [random.normal(middle, width, (count - place, 2)) for place, middle in enumerate(middles)]
    kinds = [np.full(len(own), place) for place, own in enumerate(points)]
    return np.concatenate(points).astype(np.float32), np.concatenate(kinds)


@pytest.fixture
def metrics(qapp) -> QFontMetrics:
    return QFontMetrics(QFont())


def test_a_name_stands_above_the_middle_of_its_points(metrics: QFontMetrics) -> None:
    points, kinds = heaps((-20, 10), (20, -10))
    labels = map_labels(points, kinds, ("first", "second"), VIEW, metrics)
    assert [label.words for label in labels] == ["first", "second"]
    for label in labels:
        own = points[kinds == label.kind]
        upper = float(np.percentile(own[:, 1], 95))
        np.testing.assert_allclose((label.x, label.y), (np.median(own[:, 0]), upper), rtol=1e-6)
        area, place = label.area(VIEW), VIEW.place(label.x, upper)
        assert (area.center().x(), area.bottom()) == pytest.approx((place.x(), place.y()))
        assert (own[:, 1] > upper).sum() == 1  # no more of its points lie behind it


def test_no_name_covers_another_and_the_larger_heap_has_its_own(metrics: QFontMetrics) -> None:
    points, kinds = heaps((0, 0), (0.1, 0.1), (20, 20))
    labels = map_labels(points, kinds, ("large", "behind", "apart"), VIEW, metrics)
    assert [label.words for label in labels] == ["large", "apart"]
    random = np.random.default_rng(5)
    many = [(float(x), float(y)) for x, y in random.uniform(-35, 25, (300, 2))]
    points, kinds = heaps(*many, count=304, width=0.1)
    labels = map_labels(points, kinds, [f"name {place}" for place in range(300)], VIEW, metrics)
    assert 1 < len(labels) <= MOST_LABELS
    areas = [label.area(VIEW) for label in labels]
    assert not any(one.intersects(other) for place, one in enumerate(areas) for other in areas[:place])


def test_what_is_out_of_sight_spread_or_nameless_has_no_name(metrics: QFontMetrics) -> None:
    points, kinds = heaps((100, 100), (0, 0))
    assert [one.words for one in map_labels(points, kinds, ("far", "near"), VIEW, metrics)] == ["near"]
    points, kinds = heaps((0, 0), width=20)
    many = ("everywhere", *(f"{place}" for place in range(20)))
    assert map_labels(points, kinds, many, VIEW, metrics) == []
    assert len(map_labels(points, kinds, many[:3], VIEW, metrics)) == 1  # of few, all are named
    assert map_labels(points, kinds, ("", *many[1:3]), VIEW, metrics) == []
    assert map_labels(points[:0], kinds[:0], many, VIEW, metrics) == []


def test_a_long_name_is_cut_and_stays_within_the_view(metrics: QFontMetrics) -> None:
    points, kinds = heaps((38, 28), width=0.2)
    [label] = map_labels(points, kinds, ("long " * 100, "b", "c"), VIEW, metrics)
    assert label.words.endswith("…")
    assert label.area(VIEW).right() <= VIEW.width
    assert label.area(VIEW).top() >= 0


def test_names_can_be_left_away_and_go_with_their_points(qtbot) -> None:
    cloud = PointCloud("cloud", "cloud")
    qtbot.addWidget(cloud)
    cloud.resize(400, 300)
    points, kinds = heaps((-20, 10), (20, -10))
    cloud.show_points(points)
    cloud.color_by(kinds, ["#ff0000", "#0000ff"], ["first", "second"])
    picture = cloud.grab().toImage()
    assert [label.words for label in cloud.labels] == ["first", "second"]
    square = cloud.labels[1].area(cloud.view)
    inked = picture.pixelColor(int(square.left() + square.height() * 0.45), int(square.center().y()))
    assert inked == QColor("#0000ff")
    cloud.show_names(False)
    cloud.grab()
    assert cloud.labels == []
    cloud.show_names(True)
    cloud.show_points(points[:-1])
    cloud.grab()
    assert cloud.labels == []  # until it is said what the other points are
