"""What is asked for on a page of what is kept by name, and in its editor, is carried out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.core.messages import Notice
from chatbot_app.workers.task_runner import TaskRunner

if TYPE_CHECKING:
    from chatbot_app.ui.prompts.library_editor import LibraryEditor
    from chatbot_app.ui.prompts.library_page import LibraryPage


class Library(Protocol):
    """A store of what is kept by name, as PromptLibrary and CharacterLibrary are."""

    def save(self, written: Any, /) -> Any:
        """Keep it, and return it as it is kept."""

    def duplicate(self, kept_id: str, /) -> Any:
        """Keep a copy, and return it."""

    def remove(self, kept_ids: Sequence[str], /) -> None:
        """Forget these."""


class LibraryKeeper(QObject):
    """For one library; its owner makes the page and the editors, and reads anew."""

    changed = Signal(str)  # copied or deleted: id of the one to be chosen, "" for none

    def __init__(
        self, library: Library, store: TaskRunner, complain: Callable[[Notice], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._store = store
        self._complain = complain
        self._editor: LibraryEditor | None = None
        self._saved: Callable[[Any], None] = lambda _kept: None

    def serve(self, page: LibraryPage) -> None:
        """Copy and delete what is asked for on a page."""
        page.duplicate_requested.connect(self._duplicate)
        page.removal_requested.connect(self._remove)

    def edit(self, editor: LibraryEditor, saved: Callable[[Any], None]) -> None:
        """Open an editor, and save what is written there; `saved` is told how it is kept."""
        self._editor, self._saved = editor, saved
        editor.save_requested.connect(self._save)
        editor.finished.connect(self._forget_editor)
        editor.open()

    @Slot()
    def _forget_editor(self) -> None:
        self._editor = None

    @Slot(object)
    def _save(self, written: Any) -> None:
        editor, tell = self._editor, self._saved

        def saved(kept: Any) -> None:
            if editor is not None and self._editor is editor:
                editor.accept()
            tell(kept)

        def failed(notice: Notice) -> None:
            if editor is not None and self._editor is editor:
                editor.say(notice.summary)
            else:
                self._complain(notice)

        self._store.run(lambda: self._library.save(written), saved, failed)

    @Slot(str)
    def _duplicate(self, kept_id: str) -> None:
        self._store.run(
            lambda: self._library.duplicate(kept_id), lambda kept: self.changed.emit(kept.id), self._complain
        )

    @Slot(list)
    def _remove(self, kept_ids: list[str]) -> None:
        self._store.run(
            lambda: self._library.remove(kept_ids), lambda _none: self.changed.emit(""), self._complain
        )
