"""The pages of the laboratory: what they are called, and where their code is found when one is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from chatbot_app.workers.lab_services import LabServices


@dataclass(frozen=True, slots=True)
class LabPage:
    """A page; nothing of its code is loaded before `create`.

    `name` is what links and files call it, `lesson` the file of `resources/lessons` without its ending, `make` a
    callable of `module` that takes (LabServices, parent) and returns the page. A page may have a method
    `open_at(**what)`, which shows something that was pointed at elsewhere, and a signal `page_wanted(name, what)`, which
    opens another page there.
    """

    name: str
    title: str  # in English
    lesson: str
    module: str
    make: str

    def words(self) -> str:
        """Return the title in the person's language."""
        return QCoreApplication.translate("LabPage", self.title)

    def create(self, services: LabServices, parent: QWidget) -> QWidget:
        """Load the code of the page and construct it."""
        make: Callable[..., Any] = getattr(import_module(self.module), self.make)
        page = make(services, parent)
        assert isinstance(page, QWidget)
        return page


PAGES: tuple[LabPage, ...] = (
    LabPage(
        "tokens",
        "Tokens",
        "tokens",
        "chatbot_app.ui.lab.tokens_page",
        "TokensPage",
    ),
    LabPage(
        "next_token",
        "Next token",
        "next_token",
        "chatbot_app.ui.lab.next_token_page",
        "NextTokenPage",
    ),
    LabPage(
        "embeddings",
        "Embeddings",
        "embeddings",
        "chatbot_app.ui.lab.embeddings_page",
        "EmbeddingsPage",
    ),
    LabPage(
        "attention",
        "Attention",
        "attention",
        "chatbot_app.ui.lab.attention_page",
        "AttentionPage",
    ),
    LabPage(
        "build_one",
        "Build one",
        "build_one",
        "chatbot_app.ui.lab.build_page",
        "BuildPage",
    ),
)
