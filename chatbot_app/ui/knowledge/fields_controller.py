"""Carries what a person writes into the fields of a document to the store, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.core.document_fields import DocumentFields
from chatbot_app.ui.knowledge.panel import KnowledgePanel
from chatbot_app.workers.task_runner import TaskRunner

if TYPE_CHECKING:
    from chatbot_app.storage.document_fields import FieldStore


class HasFields(Protocol):
    """What keeps fields; `chatbot_app.knowledge.library.Library` is one."""

    @property
    def fields(self) -> FieldStore:
        """The fields of documents."""
        ...


class FieldsController(QObject):
    """Stores corrections, and takes them back."""

    corrected = Signal()  # what is listed has changed
    failed = Signal(object)  # Notice

    def __init__(
        self, panel: KnowledgePanel, library: HasFields, runner: TaskRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._library = library
        self._runner = runner
        panel.user_actions.fields_written.connect(self._correct)
        panel.user_actions.fields_undo_requested.connect(self._take_back)

    @Slot(str, str, dict)
    def _correct(self, document_id: str, title: str, written: dict[str, str | None]) -> None:
        store = self._library.fields

        def correct() -> tuple[DocumentFields | None, dict[str, str | None], dict[str, ValueError]]:
            from chatbot_app.knowledge.fields.written import checked_fields

            texts = {name: text for name, text in written.items() if text is not None}
            stored, wrong = checked_fields(texts)
            if wrong:
                return None, {}, wrong
            before = store.corrections(document_id)
            changes = {**dict.fromkeys(name for name in written if name not in texts), **stored}
            return store.correct(document_id, changes), {name: before[name] for name in written}, {}

        def show(result: tuple[DocumentFields | None, dict[str, str | None], dict[str, ValueError]]) -> None:
            fields, before, wrong = result
            if fields is None:
                sentences = {name: self._sentence(name, str(problem)) for name, problem in wrong.items()}
                self._panel.details.show_problems(document_id, sentences)
                return
            self._panel.details.show_fields(document_id, fields)
            self._panel.offers.offer_fields_undo(title, document_id, before)
            self.corrected.emit()

        self._runner.run(correct, show, self.failed.emit)

    @Slot(str, dict)
    def _take_back(self, document_id: str, before: dict[str, str | None]) -> None:
        store = self._library.fields

        def show(fields: DocumentFields) -> None:
            self._panel.details.show_fields(document_id, fields)
            self.corrected.emit()

        self._runner.run(lambda: store.correct(document_id, before), show, self.failed.emit)

    def _sentence(self, name: str, text: str) -> str:
        if name == "period":
            sentence = self.tr(
                "“{text}” is no period. Write a year or a part of one: 2022, Q3 2023, H1 2023."
            )
        else:
            sentence = self.tr(
                "“{text}” is no date. Write a day, a month or a year: 2023-07-01, July 2023, 2023."
            )
        return sentence.replace("{text}", text)
