"""Conversations that files hold are found, sorted and ticked, ten thousand of them without a widget each."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from pytestqt.qtbot import QtBot

from chatbot_app.core.carried import Arrival, Arrived
from chatbot_app.ui.transfer.arrived_model import ArrivedModel

CHECK = Qt.ItemDataRole.CheckStateRole


def rows(count: int) -> list[Arrived]:
    arrivals = (Arrival.NEW, Arrival.GROWN, Arrival.KNOWN, Arrival.IN_TRASH)
    return [
        Arrived(f"c{n}", f"Title {n % 100}", arrivals[n % 4], n, 1, f"20{n % 90 + 10}-01-01")
        for n in range(count)
    ]


def test_what_brings_nothing_cannot_be_ticked_and_the_rest_is_at_first(qtbot: QtBot) -> None:
    model = ArrivedModel()
    model.set_rows(rows(8))
    assert (model.ticked, model.coming, model.chosen_ids()) == (4, 4, None)
    states = [model.index(row, 0).data(CHECK) is Qt.CheckState.Checked for row in range(8)]
    assert states == [True, True, False, False] * 2
    checkable = [bool(model.flags(model.index(row, 0)) & Qt.ItemFlag.ItemIsUserCheckable) for row in range(8)]
    assert checkable == states
    assert model.setData(model.index(0, 0), Qt.CheckState.Unchecked.value, CHECK)
    model.setData(model.index(2, 0), Qt.CheckState.Checked.value, CHECK)
    assert model.chosen_ids() == {f"c{n}" for n in range(1, 8)}  # with those that bring nothing
    model.toggle(range(8), 0)
    assert model.chosen_ids() is None
    model.tick_shown(False)
    assert model.chosen_ids() == {"c2", "c3", "c6", "c7"}
    model.toggle([], -1)
    model.close()
    model.tick_shown(True)
    assert not model.setData(model.index(0, 0), Qt.CheckState.Checked.value, CHECK)
    assert model.ticked == 0


def test_ticks_stay_with_their_rows_while_these_are_found_and_sorted(qtbot: QtBot) -> None:
    model = ArrivedModel()
    model.set_rows(rows(10_000))
    model.find("title 5")
    assert model.rowCount() == 1900  # of each hundred those with a 5
    model.tick_shown(False)
    model.find("")
    assert model.rowCount() == 10_000
    assert model.coming - model.ticked == 900  # nine of these bring something
    chosen = model.chosen_ids()
    model.sort(2, Qt.SortOrder.DescendingOrder)
    assert model.index(0, 2).data() == QLocale().toString(9999)
    model.sort(0)
    assert model.index(0, 0).data() == "Title 0"
    model.sort(1)
    assert model.index(0, 1).data() == "2010-01-01"
    model.sort(3)
    assert model.index(9_999, 3).data() == "In the trash: stays there"
    model.sort(-1)
    assert model.index(7, 2).data() == "7"
    assert model.chosen_ids() == chosen
