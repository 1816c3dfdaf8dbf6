"""Tables of the laboratory: as wide as there is room, and no scroll bar where none is needed."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from chatbot_app.ui.lab.number_table import NumberTable


def test_columns_share_the_width_and_bars_come_only_where_something_is_beyond(qtbot: QtBot) -> None:
    table = NumberTable("numbers", "Numbers")
    qtbot.addWidget(table)
    table.be_low(40)
    table.resize(600, 100)
    table.show()
    table.set_columns(["Word", "Count in 1", "TF-IDF\nin 1"])
    table.set_rows([["doctor", "1", "0.452"], ["nurse", "12", "0.344"]])
    head = table.horizontalHeader()
    rows = sum(table.rowHeight(row) for row in range(2))
    assert head.length() == table.viewport().width()
    assert not table.horizontalScrollBar().isVisible()
    assert not table.verticalScrollBar().isVisible()
    assert table.height() == head.height() + rows + 2 * table.frameWidth()
    low = table.height()
    table.resize(120, low)
    qtbot.waitUntil(table.horizontalScrollBar().isVisible)
    assert head.length() > table.viewport().width()
    assert not table.verticalScrollBar().isVisible()
    assert table.height() == low + table.horizontalScrollBar().sizeHint().height()
    table.be_low(3)
    table.set_rows([["a", "1", "0.452"]] * 9)
    qtbot.waitUntil(table.verticalScrollBar().isVisible)
    assert table.rows()[8] == ["a", "1", "0.452"]
