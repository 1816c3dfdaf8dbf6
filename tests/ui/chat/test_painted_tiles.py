"""Text that is slow to paint is painted once, some of it a turn, and never shown out of date."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QTextCursor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.ui.chat.look import look_of
from chatbot_app.ui.chat.painted_tiles import SLOW_SECONDS, TILE, TURN_SECONDS, PaintedTiles, PaintTurn
from chatbot_app.ui.chat.safe_document import SafeDocument
from chatbot_app.ui.chat.text_view import TextView


class Clock:
    """Time that passes only where a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def view(qtbot: QtBot) -> QWidget:
    shown = QWidget()
    qtbot.addWidget(shown)
    shown.resize(100, 10 * TILE)
    return shown


def painter_of(view: QWidget, clock: Clock, seconds: float) -> tuple[PaintTurn, Callable[[QRect], list[int]]]:
    """Return the turn of a view's window, and what paints an area and says which tops were drawn for it."""
    turn = PaintTurn(view, clock=clock)
    tiles = PaintedTiles(view)
    image = QImage(view.size(), QImage.Format.Format_ARGB32)

    def paint(area: QRect) -> list[int]:
        drawn: list[int] = []

        def draw(painter: QPainter, part: QRect) -> None:
            drawn.append(part.top())
            clock.now += seconds
            painter.fillRect(part, QColor("red"))

        painter = QPainter(image)
        tiles.paint(painter, area, draw)
        painter.end()
        return drawn

    paint.tiles = tiles  # type: ignore[attr-defined]
    return turn, paint


def test_slow_text_is_painted_once_and_as_much_as_a_turn_allows(view: QWidget, qtbot: QtBot) -> None:
    clock = Clock()
    turn, paint = painter_of(view, clock, TURN_SECONDS / 2.5)
    assert paint(view.rect()) == [0, TILE, 2 * TILE]
    assert paint(view.rect()) == []  # the turn is over
    qtbot.waitUntil(lambda: turn.has_room)
    # The first was painted before anybody knew that it is slow.
    assert paint(view.rect()) == [0, 3 * TILE, 4 * TILE]
    for _ in range(3):
        qtbot.waitUntil(lambda: turn.has_room)
        paint(view.rect())
    qtbot.waitUntil(lambda: turn.has_room)
    assert paint(view.rect()) == []
    paint.tiles.forget()  # type: ignore[attr-defined]
    assert paint(QRect(0, 10, 100, 20)) == [0]


def test_prose_is_painted_at_once_whatever_was_painted_before(view: QWidget, qtbot: QtBot) -> None:
    clock = Clock()
    turn, paint = painter_of(view, clock, SLOW_SECONDS / 2)
    everything = [number * TILE for number in range(10)]
    assert paint(view.rect()) == everything
    turn.spend(1.0)
    assert paint(view.rect()) == everything
    paint.tiles.forget(everything=True)  # type: ignore[attr-defined]
    assert paint(view.rect()) == []  # other text, of which nothing is known
    qtbot.waitUntil(lambda: turn.has_room)
    assert paint(view.rect()) == everything


def test_what_is_kept_is_bounded(view: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatbot_app.ui.chat.painted_tiles.KEPT_BYTES", 3 * 100 * TILE * 4)
    clock = Clock()
    turn, paint = painter_of(view, clock, SLOW_SECONDS * 2)
    paint(QRect(0, 0, 100, 5))
    for _ in range(4):
        qtbot.waitUntil(lambda: turn.has_room)
        paint(view.rect())
    assert paint.tiles.kept == 3  # type: ignore[attr-defined]


def test_a_slow_text_that_looks_different_is_painted_anew(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot_app.ui.chat.painted_tiles.SLOW_SECONDS", -1.0)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(300, 100)
    shown = TextView(look_of(window), window)
    document = SafeDocument(look_of(window))
    QTextCursor(document).insertText("Some words of it")
    shown.set_document(document)
    shown.setGeometry(0, 0, 300, shown.height_for(300))
    window.show()
    qtbot.waitExposed(window)

    def image() -> QImage:
        return window.grab().toImage()

    image()
    plain = image()
    assert image() == plain  # from its tiles
    shown.select(0, 4)
    marked = image()
    assert marked != plain
    shown.select(0, 0)
    assert image() == plain
    QTextCursor(document).insertText("More. ")
    shown.invalidate()
    shown.height_for(300)
    assert image() != plain
