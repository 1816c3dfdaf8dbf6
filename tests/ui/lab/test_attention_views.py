"""The views of attention with weights that are known: what is drawn, pointed at and said."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QLineF, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from chatbot_app.lab.attention import AttentionRecord, Part
from chatbot_app.lab.attention_look import AttentionLook
from chatbot_app.ui.lab.attention_head_view import AttentionHeadView
from chatbot_app.ui.lab.attention_model_view import AttentionModelView
from chatbot_app.ui.lab.attention_neuron_view import AttentionNeuronView
from chatbot_app.ui.lab.attention_picture import (
    ALL_HEADS,
    DIFFERENCE,
    AttentionPicture,
    shown_token,
    strongest,
)
from chatbot_app.ui.lab.attention_views import AttentionViews
from chatbot_app.ui.lab.head_legend import HeadLegend
from chatbot_app.ui.lab.line_layer import LineLayer

LAYERS, HEADS, SIZE = 3, 4, 8


def a_look(*tokens: str, seed: int = 1) -> AttentionLook:
    random, n = np.random.default_rng(seed), len(tokens)
    weights = np.tril(random.random((LAYERS, HEADS, n, n))).astype(np.float32)
    weights /= weights.sum(-1, keepdims=True)
    queries = random.standard_normal((LAYERS, HEADS, n, SIZE)).astype(np.float32)
    keys = random.standard_normal((LAYERS, HEADS // 2, n, SIZE)).astype(np.float32)
    return AttentionLook(tokens, AttentionRecord(weights, queries, keys, 0.5), True, False, False)


@pytest.fixture
def two() -> tuple[AttentionLook, ...]:
    return a_look("the", " cat", ". ", "She"), a_look("the", " old", " cat", ". ", "He", seed=2)


def hover(view: QWidget, place: QPoint) -> None:
    """The offscreen platform has no mouse that moves."""
    no_button, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    at = QPointF(place)
    moved = QMouseEvent(QEvent.Type.MouseMove, at, view.mapToGlobal(at), no_button, no_button, no_key)
    QApplication.sendEvent(view, moved)


def test_the_strongest_weights_come_last_and_no_more_than_asked() -> None:
    weights = np.array([[[0.1, 0.0], [-0.9, 0.3]]], np.float32)
    heads, asking, asked = strongest(weights, 0.05, 2)
    assert list(zip(heads, asking, asked, strict=True)) == [(0, 1, 1), (0, 1, 0)]
    assert len(strongest(weights, 0.95, 2)[0]) == 0


@pytest.mark.parametrize(
    ("token", "shown"),
    [(" She", "·She"), ("\n", "⏎"), ("", ""), ("a" * 100, "a" * 60 + "…"), ("\u202egnp", None)],
)
def test_tokens_are_seen_on_one_line(token: str, shown: str | None) -> None:
    found = shown_token(token)
    assert "\u202e" not in found
    assert shown is None or found == shown


def test_pointing_at_a_token_points_at_it_in_every_panel(qtbot, two: tuple[AttentionLook, ...]) -> None:
    view = AttentionHeadView()
    qtbot.addWidget(view)
    view.resize(900, 300)
    view.show()
    view.show_picture(AttentionPicture(two, 1, 2), ("first", "second", "difference"))
    assert [panel.tokens for panel in view.panels][2] == ("the", " cat", ". ", "She/He")
    view.point_at((1, 0, 2))  # “cat” of the second text
    assert [view.token_in(panel) for panel in range(3)] == [1, 2, 1]
    view.point_at((1, 0, 1))  # “old” is in the second text alone
    assert [view.token_in(panel) for panel in range(3)] == [None, 1, None]
    assert not view.grab().isNull()
    hover(view, view.row_of((2, 1, 3)).center())
    assert view.current == (2, 1, 3)
    hover(view, QPoint(1, 1))
    assert view.current is None
    view.point_at((5, 0, 0))
    assert view.current is None


def test_lines_are_drawn_some_at_a_time(qtbot, qapp) -> None:
    layer, seen = LineLayer(qapp), []
    layer.grown.connect(lambda: seen.append(layer.is_whole))
    lines = ((QLineF(0, number % 900, 900, 900 - number % 900), QColor("red")) for number in range(3000))
    layer.draw(QSize(900, 900), 1.0, lines)
    qtbot.waitUntil(lambda: layer.is_whole)
    assert seen[-1]
    assert len(seen) > 1
    assert layer.pixmap.toImage().pixelColor(0, 0).alpha() > 0
    assert not layer.fits(QSize(900, 901), 1.0)
    layer.deleteLater()


def test_what_is_pointed_at_is_said(qtbot, two: tuple[AttentionLook, ...]) -> None:
    views = AttentionViews()
    qtbot.addWidget(views)
    views.resize(900, 500)
    views.show()
    views.show_picture(AttentionPicture(two[:1], 0, 1))
    said = views.findChild(QLabel, "attention_pointed")
    view = views.findChild(AttentionHeadView, "attention_head_view")
    view.point_at((0, 0, 0))
    assert said.text() == "“the” looks at “the” 100 %."
    weights = two[0].record.weights[0, 1]
    view.point_at((0, 1, 3))
    assert said.text() == f"“She” is looked at by “She” {100 * weights[3, 3]:.0f} %."
    legend = views.findChild(HeadLegend, "attention_legend")
    assert not legend.isVisible()
    views.show_picture(AttentionPicture(two[:1], 0, ALL_HEADS))
    assert "(Mean of all heads.)" in said.text()
    assert legend.isVisible()
    with qtbot.waitSignal(views.head_opened) as opened:
        qtbot.mouseClick(legend, Qt.MouseButton.LeftButton, pos=legend.place_of(3).center())
    assert opened.args == [0, 3]
    views.show_picture(None)
    assert said.text() == ""


def a_cross_look(asking: int, asked: int, seed: int = 1) -> AttentionLook:
    random = np.random.default_rng(seed)
    weights = random.random((LAYERS, HEADS, asking, asked)).astype(np.float32)
    weights /= weights.sum(-1, keepdims=True)
    queries = random.standard_normal((LAYERS, HEADS, asking, SIZE)).astype(np.float32)
    keys = random.standard_normal((LAYERS, HEADS, asked, SIZE)).astype(np.float32)
    record = AttentionRecord(weights, queries, keys, 0.5)
    names = tuple(f"w{place}" for place in range(asking)), tuple(f"r{place}" for place in range(asked))
    return AttentionLook(names[0], record, False, False, False, names[1], Part.CROSS, tuple(Part))


def test_what_is_written_looks_at_what_was_read(qtbot) -> None:
    look = a_cross_look(2, 5)
    weights = look.record.weights
    views = AttentionViews()
    qtbot.addWidget(views)
    views.resize(900, 500)
    views.show()
    views.show_picture(AttentionPicture((look,), 1, 2))
    view = views.findChild(AttentionHeadView, "attention_head_view")
    said = views.findChild(QLabel, "attention_pointed")
    view.point_at((0, 1, 4))
    row = weights[1, 2, :, 4]
    best = int(row.argmax())
    assert said.text().startswith(f"“r4” is looked at by “w{best}” {100 * row[best]:.0f} %")
    view.point_at((0, 0, 4))  # only two are written
    assert view.current is None
    view.point_at((0, 0, 1))
    best = int(weights[1, 2, 1].argmax())
    assert said.text().startswith(f"“w1” looks at “r{best}” {100 * weights[1, 2, 1, best]:.0f} %")
    qtbot.keyClick(view, Qt.Key.Key_Right)
    for _ in range(6):
        qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.current == (0, 1, 4)
    lines = {(line.y1(), line.y2()) for line, _ in view.lines_of(0, None)}
    assert len(lines) == np.count_nonzero(weights[1, 2] >= 0.02)
    assert not view.grab().isNull()
    neurons = views.findChild(AttentionNeuronView, "attention_neuron_view")
    assert neurons.pair is not None
    assert len(neurons.pair.weights) == 5
    views.setCurrentIndex(2)
    neurons.setFocus()
    for _ in range(6):
        qtbot.keyClick(neurons, Qt.Key.Key_Down)
    assert neurons.asked == 4
    explained = views.findChild(QLabel, "attention_explained").text()
    assert f"“w1” → “r4”. The products of query and key sum to {neurons.pair.product.sum():.2f}" in explained
    views.setCurrentIndex(1)
    assert not views.grab().isNull()


def test_two_sources_differ_by_their_own_tokens(qtbot) -> None:
    first, second = a_cross_look(2, 5), a_cross_look(3, 4, seed=2)
    picture = AttentionPicture((first, second), 0, 1)
    panel = picture.panel(DIFFERENCE)
    assert (panel.tokens, panel.asked) == (("w0", "w1"), ("r0", "r1", "r2", "r3"))
    expected = second.record.weights[0, 1, :2, :4] - first.record.weights[0, 1, :2, :4]
    np.testing.assert_allclose(panel.weights[0], expected)
    view = AttentionHeadView()
    qtbot.addWidget(view)
    view.show_picture(picture)
    view.point_at((0, 1, 4))  # “r4” was read in the first text alone
    assert [view.token_in(number) for number in range(3)] == [4, None, None]
    view.point_at((1, 0, 1))
    assert [view.token_in(number) for number in range(3)] == [1, 1, 1]


def test_all_heads_are_drawn_and_opened(qtbot, two: tuple[AttentionLook, ...]) -> None:
    view = AttentionModelView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show_picture(AttentionPicture(two, 0, 0), DIFFERENCE)
    assert not view.grab().isNull()
    assert view.drawn == LAYERS * HEADS
    with qtbot.waitSignal(view.head_opened) as opened:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.area_of(2, 1).center())
    assert opened.args == [2, 1]
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert view.current == (2, 1)
