"""Pieces of a text as boxes: readable, wrapped, and reached by mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from chatbot_app.ui.lab.box_flow import Box, BoxFlow, BoxKind, grounds
from chatbot_app.ui.palettes import DARK, LIGHT, Colors


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("shown", [LIGHT, DARK], ids=["light", "dark"])
def test_text_is_readable_on_every_box_and_neighbours_differ(shown: Colors) -> None:
    inks = grounds(shown)
    assert min(contrast(shown.text, ink) for ink in (*inks, shown.info_background)) >= 4.5
    assert len(set(inks)) == len(inks)


@pytest.fixture
def flow(qtbot: QtBot) -> BoxFlow:
    flow = BoxFlow("boxes", "Boxes", focus=True)
    qtbot.addWidget(flow)
    flow.resize(200, 300)
    flow.show_boxes([Box(f"piece{number}", f"Id {number}") for number in range(30)])
    flow.show()
    return flow


def test_boxes_wrap_and_need_more_height_where_it_is_narrow(flow: BoxFlow) -> None:
    assert flow.heightForWidth(100) > flow.heightForWidth(200) > flow.heightForWidth(2000)
    assert all(flow.rect().left() <= flow.place_of(n).left() for n in range(30))
    assert max(flow.place_of(n).right() for n in range(30)) < 200


def test_the_mouse_and_the_keyboard_point_at_boxes(flow: BoxFlow, qtbot: QtBot) -> None:
    pointed: list[int] = []
    flow.pointed.connect(pointed.append)
    qtbot.mouseMove(flow, flow.place_of(3).center())
    qtbot.waitUntil(lambda: pointed[-1:] == [3])
    for key in (Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_Left):
        qtbot.keyClick(flow, key)
    assert pointed == [3, 4, 29, 0]
    assert flow.accessibleDescription() == "Id 0"


def test_a_piece_is_drawn_on_one_line_and_hides_nothing(flow: BoxFlow) -> None:
    assert Box("a\n\tb\r").shown() == "a⏎⇥b␍"
    assert "\u202e" not in Box("\u202eabc").shown()
    assert len(Box("x" * 100_000).shown()) < 300
    flow.show_boxes(
        [Box("x" * 100_000), Box(""), Box("\x00", kind=BoxKind.SPECIAL), Box("😀", kind=BoxKind.BYTES)]
    )
    assert flow.place_of(0).width() <= flow.width()
    flow.grab()
    flow.show_boxes([])
    flow.grab()
