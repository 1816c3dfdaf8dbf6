"""What an answer cost, or why that is not known: nothing is invented."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.core.messages import Message, Role, Usage
from chatbot_app.core.model_prices import Price, PriceBook
from chatbot_app.core.servers import BUILT_IN_SERVER, Server
from chatbot_app.ui.compare.cost_line import CostLine

AWAY = Server("away", "Away", "https://models.example.com/v1")
HERE = Server("here", "Here", "http://localhost:1234/v1")


@pytest.mark.parametrize(
    ("server", "price", "usage", "words", "can_be_set"),
    [
        (AWAY, None, Usage(1_000, 500), "no price known: set one", True),
        (AWAY, Price(2.0, 10.0, "€"), Usage(1_000, 500), "cost 0.007 €", True),
        (AWAY, Price(2.0, 10.0, "€"), None, "cost unknown: the server did not count the tokens", True),
        (AWAY, Price(0.0, 0.0), Usage(1_000, 500), "cost 0", True),
        (HERE, None, Usage(1_000, 500), "costs nothing: it runs on this computer", True),
        # It hands on to others, and they bill it:
        (HERE, Price(2.0, 10.0), Usage(1_000, 500), "cost 0.007", True),
        (BUILT_IN_SERVER, None, None, "costs nothing: it runs on this computer", False),
        (None, None, Usage(1, 1), "no price known: set one", True),
    ],
)
def test_a_cost_is_counted_or_it_is_said_why_not(
    qtbot: QtBot,
    server: Server | None,
    price: Price | None,
    usage: Usage | None,
    words: str,
    can_be_set: bool,
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    line = CostLine("compare_1", "Column 1", parent)
    server_id = server.id if server is not None else "gone"
    answer = Message("", "", None, 0, Role.ASSISTANT, "Yes.", server_id=server_id, model="m", usage=usage)
    line.show_answer(answer, server)
    line.show_prices(PriceBook({(server_id, "m"): price} if price is not None else {}))
    label = line.findChild(QLabel, "compare_1_cost")
    assert isinstance(label, QLabel)
    assert label.text() == words
    assert line.price_button.isHidden() != can_be_set
    assert not line.isHidden()
