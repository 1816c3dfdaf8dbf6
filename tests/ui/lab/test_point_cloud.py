"""Points that are looked at, moved and pointed at."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chatbot_app.ui.lab.point_cloud import PointCloud

INKS = ("#ff0000", "#0000ff")


@pytest.fixture
def cloud(qtbot: QtBot) -> PointCloud:
    cloud = PointCloud("points", "Points")
    qtbot.addWidget(cloud)
    cloud.resize(400, 300)
    cloud.show_points(np.array([[0, 0], [4, 0], [0, 3], [4, 3]], np.float32))
    cloud.color_by(np.array([0, 1, 0, 1]), INKS)
    cloud.show()
    return cloud


def ink_at(cloud: PointCloud, row: int) -> str:
    place = cloud.place_of(row).toPoint()
    image = cloud.grab().toImage()
    ratio = image.devicePixelRatio()
    return image.pixelColor(round(place.x() * ratio), round(place.y() * ratio)).name()


def test_points_are_where_they_are_said_to_be(cloud: PointCloud) -> None:
    assert [ink_at(cloud, row) for row in range(4)] == [INKS[0], INKS[1], INKS[0], INKS[1]]
    assert cloud.place_of(2).y() < cloud.place_of(0).y()  # y grows upwards
    for row in range(4):
        assert cloud.row_at(cloud.place_of(row)) == row
    assert cloud.row_at(QPointF(200, 150)) == -1


def test_a_click_opens_and_a_drag_moves(cloud: PointCloud, qtbot: QtBot) -> None:
    opened: list[int] = []
    cloud.activated.connect(opened.append)
    QTest.mouseClick(cloud, Qt.MouseButton.LeftButton, pos=cloud.place_of(1).toPoint())
    assert opened == [1]
    before = cloud.place_of(1)
    QTest.mousePress(cloud, Qt.MouseButton.LeftButton, pos=QPoint(130, 90))
    QTest.mouseMove(cloud, QPoint(100, 80))
    QTest.mouseRelease(cloud, Qt.MouseButton.LeftButton, pos=QPoint(100, 80))
    assert opened == [1]
    assert cloud.place_of(1) == before + QPointF(-30, -10)
    assert ink_at(cloud, 1) == INKS[1]


def test_zoom_keeps_what_is_under_the_mouse(cloud: PointCloud) -> None:
    here = cloud.place_of(3)
    cloud.zoom(3, here)
    moved = cloud.place_of(3) - here
    assert moved.manhattanLength() < 1e-6
    assert cloud.place_of(0).x() < 0
    for _ in range(200):
        cloud.zoom(2)
    assert np.isfinite([cloud.place_of(0).x(), cloud.place_of(0).y()]).all()
    cloud.fit()
    assert cloud.rect().contains(cloud.place_of(0).toPoint())


def test_the_keyboard_walks_and_opens(cloud: PointCloud) -> None:
    opened: list[int] = []
    cloud.activated.connect(opened.append)
    cloud.look_at(2)
    assert cloud.place_of(2).toPoint() == QPoint(200, 150)
    QTest.keyClick(cloud, Qt.Key.Key_Return)
    assert opened == [2]
    QTest.keyClick(cloud, Qt.Key.Key_Plus)
    QTest.keyClick(cloud, Qt.Key.Key_Right)
    assert cloud.place_of(2).x() < 200
    QTest.keyClick(cloud, Qt.Key.Key_0)
    assert cloud.rect().contains(cloud.place_of(0).toPoint())


@pytest.mark.parametrize("count", [0, 1, 600, 40_000])
def test_any_number_of_points_is_drawn(cloud: PointCloud, count: int) -> None:
    points = np.random.default_rng(0).standard_normal((count, 2)).astype(np.float32)
    if count:
        points[0] = np.nan
    cloud.show_points(points)
    cloud.show_star((0.0, 0.0), range(min(count, 3)))
    assert not cloud.grab().isNull()
    cloud.zoom(1e6)
    cloud.move_by(1e7, 0)
    assert not cloud.grab().isNull()


def test_many_points_move_with_their_picture_and_are_all_drawn_when_still(
    cloud: PointCloud, qtbot: QtBot
) -> None:
    points = np.random.default_rng(0).standard_normal((50_000, 2)).astype(np.float32)
    points[:4] = [4.8, 0.2], [8, 0], [-8, 0], [0, -8]  # by themselves
    cloud.show_points(points)
    cloud.color_by(np.arange(len(points)) == 0, INKS[::-1])
    cloud.zoom(2, cloud.place_of(1))
    cloud.grab()
    cloud.move_by(-100, 30)  # what comes into sight on the left was not in the picture
    moved = cloud.grab().toImage()
    assert ink_at(cloud, 0) == INKS[0]
    left = [moved.pixel(x, y) for x in range(90) for y in range(moved.height())]
    assert len(set(left)) > 1
    cloud.zoom(1.2)
    assert ink_at(cloud, 0) == INKS[0]
    moved = cloud.grab().toImage()
    qtbot.waitUntil(lambda: cloud.grab().toImage() != moved)
    still = cloud.grab().toImage()
    cloud.color_by(np.arange(len(points)) == 0, INKS[::-1])  # draws anew
    assert cloud.grab().toImage() == still
