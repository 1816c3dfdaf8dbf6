"""Loads what a search needs as soon as somebody writes a question to documents, instead of when it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from chatbot_app.chat.evidence import EvidenceFinder
from chatbot_app.workers.chat_worker import ChatWorker


class SearchWarming(QObject):
    """What is loaded already is not loaded again: every question may begin it."""

    def __init__(
        self,
        worker: ChatWorker,
        evidence: Callable[[], EvidenceFinder],
        is_wanted: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """`evidence` is asked in the worker's thread, `is_wanted` whether what is being written goes to documents."""
        super().__init__(parent)
        self._worker = worker
        self._evidence = evidence
        self._is_wanted = is_wanted

    @Slot()
    def begin(self) -> None:
        """Begin, where it is wanted."""
        if self._is_wanted():
            self._worker.call(self._warm_up)

    async def _warm_up(self) -> None:
        await asyncio.to_thread(self._evidence().warm_up)
