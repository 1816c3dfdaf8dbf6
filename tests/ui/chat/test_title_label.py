from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.ui.chat.title_label import TitleLabel

TITLE = "What the third quarter of the year brought"


def test_a_title_is_cut_when_its_neighbour_takes_room_and_whole_again_when_it_gives_it_back(
    qtbot: QtBot,
) -> None:
    header = QWidget()
    qtbot.addWidget(header)
    row = QHBoxLayout(header)
    title, neighbour = TitleLabel(header), QWidget(header)
    neighbour.setFixedWidth(10)
    row.addWidget(title, 1)
    row.addWidget(neighbour)
    header.resize(700, 40)
    header.show()
    title.show_title(TITLE.replace(" ", "\n ", 1))
    assert title.text() == TITLE
    assert title.toolTip() == ""

    neighbour.setFixedWidth(550)  # the header's own size stays
    qtbot.waitUntil(lambda: title.text().endswith("…"))
    assert title.fontMetrics().horizontalAdvance(title.text()) <= title.width()
    assert title.toolTip() == TITLE

    neighbour.setFixedWidth(
        700 - 2 * row.contentsMargins().left() - row.spacing() - title.fontMetrics().height() * 2
    )
    qtbot.waitUntil(lambda: len(title.text()) < 8)  # where hardly anything is left
    assert title.fontMetrics().horizontalAdvance(title.text()) <= title.width()

    neighbour.setFixedWidth(10)
    qtbot.waitUntil(lambda: title.text() == TITLE)
    assert title.toolTip() == ""
