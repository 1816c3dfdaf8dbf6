"""Whoever opens a place that offers servers of this computer is told at once, and once more where nobody answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from chatbot_app.core.servers import ServerKind
from chatbot_app.llm.found_servers import FIND_SECONDS, PATIENT_SECONDS, FoundServer
from chatbot_app.ui.settings.found_servers_controller import FoundServersController

OLLAMA = FoundServer("Ollama", "http://127.0.0.1:11434/v1", ServerKind.OLLAMA, ("a",))


class Servers(QObject):
    dialog_opened = Signal()
    servers_changed = Signal(list, str)
    found_server_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.offered: list[list[FoundServer]] = []

    def offer_found(self, found: list[FoundServer]) -> None:
        self.offered.append(found)


class Worker:
    """Runs what it is given at once."""

    def call(
        self,
        make: Callable[[], Coroutine[Any, Any, Any]],
        then: Callable[[Any], None],
        _otherwise: Callable[[Any], None],
    ) -> None:
        then(asyncio.run(make()))


@pytest.mark.parametrize(
    ("answers", "offered"),
    [
        ([[OLLAMA]], [[OLLAMA]]),
        ([[], [OLLAMA]], [[], [OLLAMA]]),  # busy at first
        ([[], []], [[]]),
    ],
)
def test_where_nobody_answers_at_once_all_are_asked_again_with_patience(
    qtbot: QtBot, answers: list[list[FoundServer]], offered: list[list[FoundServer]]
) -> None:
    asked: list[float] = []
    servers = Servers()

    async def find(seconds: float) -> list[FoundServer]:
        asked.append(seconds)
        return answers[len(asked) - 1]

    controller = FoundServersController(
        find, cast(Any, servers), cast(Any, None), cast(Any, None), cast(Any, Worker())
    )
    servers.dialog_opened.emit()
    assert asked == [FIND_SECONDS, PATIENT_SECONDS][: len(answers)]
    assert servers.offered == offered
    assert controller.known == answers[-1]
