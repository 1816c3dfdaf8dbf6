"""Carries the test search, and the question what an answer was found with, to the retriever and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Slot

from chatbot_app.core.documents import Evidence, Retrieval
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.latest import Latest
from chatbot_app.core.prompt_plan import PartKind
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.ui.knowledge.panel import KnowledgePanel
from chatbot_app.workers.task_runner import TaskRunner

if TYPE_CHECKING:
    from chatbot_app.knowledge.search.retriever import Retriever

FOUND_MOST = 12  # passages of a test search


class Searchable(Protocol):
    """What can be searched; `chatbot_app.knowledge.library.Library` is one."""

    @property
    def retriever(self) -> Retriever:
        """The search."""
        ...


class SearchController(QObject):
    """Shows in the panel's inspector what a search finds."""

    def __init__(
        self,
        panel: KnowledgePanel,
        library: Searchable,
        answers: ConversationStore,
        runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._library = library
        self._answers = answers
        self._runner = runner
        self._searching = Latest()
        panel.user_actions.search_requested.connect(self._find)

    @Slot(str, str)
    def _find(self, query: str, collection_id: str) -> None:
        is_latest = self._searching.begin()

        def look() -> Retrieval | None:
            if not is_latest():
                return None  # the person has typed on
            return self._library.retriever.search(query, FOUND_MOST, collection_id=collection_id, reads=True)

        def show(retrieval: Retrieval | None) -> None:
            if retrieval is not None and is_latest():
                self._panel.inspector.show_retrieval(retrieval)

        self._runner.run(look, show, self._panel.inspector.show_failure)

    @Slot(str, str)
    def inspect_answer(self, message_id: str, query: str) -> None:
        """Show what was found for an answer, and what of it stood in its prompt."""
        is_latest = self._searching.begin()
        self._panel.show_search(query)

        def look() -> tuple[Retrieval, set[int]]:
            from chatbot_app.knowledge.fields.filtering import FieldFilter

            answer, plan = self._answers.message(message_id), self._answers.plan(message_id)
            settings = answer.settings or GenerationSettings()
            kept_to = settings.document_filter
            found = self._library.retriever.search(
                query,
                FOUND_MOST,
                collections=settings.collections or (),
                only=FieldFilter.of(kept_to) if kept_to else None,
                reads=True,
            )
            parts = plan.parts if plan is not None else ()
            sent = [part.text for part in parts if part.included and part.kind is PartKind.PASSAGE]
            return found, {item.passage.id for item in found.evidence if _stands_in(item, sent)}

        def show(result: tuple[Retrieval, set[int]]) -> None:
            if is_latest():
                self._panel.inspector.show_retrieval(*result)

        self._runner.run(look, show, self._panel.inspector.show_failure)


def _stands_in(evidence: Evidence, sent: Sequence[str]) -> bool:
    """Whether a passage stood in one of the texts that a model was sent, alone or joined with neighbours."""
    # Numbers in brackets are written in another form there.
    letters = _letters(evidence.passage.text)
    return any(letters in _letters(text) for text in sent)


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
