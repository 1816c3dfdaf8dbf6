"""Looks at a model hub in a thread of its own, when the person asks for something there."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject

from chatbot_app.chat.model_catalogue import Offers
from chatbot_app.core.hub_models import FoundRepository, Recommendation
from chatbot_app.workers.lane import Lane, Otherwise, Then


class Catalogue(Protocol):
    """What is asked: `chat.model_catalogue.ModelCatalogue`."""

    def recommended(self) -> list[Recommendation]:
        """Return the short list that ships."""

    def search(self, text: str) -> list[FoundRepository]:
        """Return repositories by words."""

    def look(self, pasted: str) -> Offers:
        """Return what a repository offers."""


class HubWorker(QObject):
    """One question after the other; answers come back in the owner's thread. Nothing is asked unasked."""

    def __init__(self, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._lane: Lane | None = None

    def recommended(self, then: Then, otherwise: Otherwise) -> None:
        """Call `then(list[Recommendation])`; contacts nobody, but looks at the machine."""
        self._running().do(self._catalogue.recommended, then, otherwise)

    def search(self, text: str, then: Then, otherwise: Otherwise) -> None:
        """Call `then(list[FoundRepository])` with what the hub finds, or `otherwise(notice)`."""
        self._running().do(lambda: self._catalogue.search(text), then, otherwise)

    def look(self, pasted: str, then: Then, otherwise: Otherwise) -> None:
        """Call `then(Offers)` with what a repository offers, or `otherwise(notice)`."""
        self._running().do(lambda: self._catalogue.look(pasted), then, otherwise)

    def shutdown(self, timeout_seconds: float = 2.0) -> bool:
        """End the thread after the question that is under way; return whether it ended in time."""
        return self._lane is None or self._lane.stop(timeout_seconds)

    def _running(self) -> Lane:
        if self._lane is None:
            self._lane = Lane("model_hub", self)
            self._lane.start()
        return self._lane
