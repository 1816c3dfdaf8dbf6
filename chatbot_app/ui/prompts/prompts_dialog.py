"""All prompts that the person keeps: found, added, changed, deleted, carried in and out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.saved_prompts import SavedPrompt
from chatbot_app.core.text import first_words
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.dialog_parts import dialog_button, plain_label, question_box
from chatbot_app.ui.search_line import SearchLine
from chatbot_app.ui.theme import em, set_look

_PROMPT = Qt.ItemDataRole.UserRole
_BEGINNING = 90  # characters of a prompt beside its name


class PromptsDialog(QDialog):
    """Says what the person wants, and does none of it."""

    edit_requested = Signal(object)  # SavedPrompt, an empty one to be written
    removal_requested = Signal(str)  # prompt id, after a question
    import_requested = Signal()
    export_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prompts_dialog")
        self.setWindowTitle(self.tr("Prompts"))
        self._prompts: tuple[SavedPrompt, ...] = ()
        intro = plain_label(
            self, "prompts_intro", self.tr("Type / and a name at the start of a line to put a prompt there.")
        )
        set_look(intro, "muted")
        self._search = SearchLine("prompts_search", self.tr("Find a prompt"), self)
        self._list = QListWidget(self)
        self._list.setObjectName("prompts_list")
        self._list.setAccessibleName(self.tr("Prompts"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_look(self._list, "boxed")
        self._nothing = plain_label(self, "prompts_nothing")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_look(self._nothing, "muted")
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._nothing)
        self._said = plain_label(self, "prompts_said")
        self._said.hide()
        self._new = dialog_button(self, "prompts_new", self.tr("New…"))
        set_look(self._new, "primary")
        self._edit = dialog_button(self, "prompts_edit", self.tr("Change…"))
        self._delete = dialog_button(self, "prompts_delete", self.tr("Delete…"))
        self._import = dialog_button(self, "prompts_import", self.tr("Import…"))
        self._export = dialog_button(self, "prompts_export", self.tr("Export…"))
        self._close = dialog_button(self, "prompts_close", self.tr("Close"))
        column = QVBoxLayout(self)
        column.setSpacing(em(self, 0.6))
        for widget in (intro, self._search):
            column.addWidget(widget)
        column.addWidget(self._pages, 1)
        column.addWidget(self._said)
        row = QHBoxLayout()
        for button in (self._new, self._edit, self._delete):
            row.addWidget(button)
        row.addStretch(1)
        for button in (self._import, self._export, self._close):
            row.addWidget(button)
        column.addLayout(row)
        self._connect()
        self.show_prompts(())

    def _connect(self) -> None:
        self._search.textChanged.connect(self._filter)
        self._list.currentItemChanged.connect(self._allow)
        self._list.itemActivated.connect(self._ask_to_edit)
        self._new.clicked.connect(self._ask_for_new)
        self._edit.clicked.connect(self._ask_to_edit)
        self._delete.clicked.connect(self._ask_to_remove)
        QShortcut(
            QKeySequence(QKeySequence.StandardKey.Delete),
            self._list,
            self._ask_to_remove,
            context=Qt.ShortcutContext.WidgetShortcut,
        )
        self._import.clicked.connect(self.import_requested)
        self._export.clicked.connect(self.export_requested)
        self._close.clicked.connect(self.accept)

    def show_prompts(self, prompts: Sequence[SavedPrompt], chosen_id: str = "") -> None:
        """Show these; the one of `chosen_id` is chosen, else the row that was."""
        current = self.chosen()
        self._prompts = tuple(prompts)
        self._fill(chosen_id or (current.id if current is not None else ""))

    def say(self, words: str, look: str = "muted") -> None:
        """Show a sentence below the list."""
        self._said.setText(words)
        set_look(self._said, look)
        self._said.setVisible(bool(words))

    def chosen(self) -> SavedPrompt | None:
        """Return the prompt of the row that is chosen."""
        item = self._list.currentItem()
        prompt: SavedPrompt | None = item.data(_PROMPT) if item is not None else None
        return prompt

    def _fill(self, chosen_id: str) -> None:
        wanted = self._search.text().casefold().split()
        row = max(self._list.currentRow(), 0)
        self._list.clear()
        for prompt in self._prompts:
            searched = f"{prompt.name}\n{prompt.text}".casefold()
            if not all(word in searched for word in wanted):
                continue
            beginning = visible_text(first_words(prompt.text, _BEGINNING))
            item = QListWidgetItem(f"{visible_text(prompt.name)}\n{beginning}")
            item.setData(_PROMPT, prompt)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{visible_text(prompt.name)}, {beginning}")
            self._list.addItem(item)
            if prompt.id == chosen_id:
                row = self._list.count() - 1
        self._list.setCurrentRow(min(row, self._list.count() - 1))
        words = (
            self.tr("No prompt holds these words.") if self._prompts else self.tr("You keep no prompts yet.")
        )
        self._nothing.setText(words)
        self._pages.setCurrentWidget(self._list if self._list.count() else self._nothing)
        self._export.setEnabled(bool(self._prompts))
        self._allow()

    @Slot()
    def _filter(self) -> None:
        self._fill("")

    @Slot()
    def _allow(self) -> None:
        is_chosen = self._list.currentItem() is not None
        self._edit.setEnabled(is_chosen)
        self._delete.setEnabled(is_chosen)

    @Slot()
    def _ask_for_new(self) -> None:
        self.edit_requested.emit(SavedPrompt("", ""))

    @Slot()
    def _ask_to_edit(self) -> None:
        prompt = self.chosen()
        if prompt is not None:
            self.edit_requested.emit(prompt)

    @Slot()
    def _ask_to_remove(self) -> None:
        prompt = self.chosen()
        if prompt is None:
            return
        box, delete = question_box(
            self,
            "prompt_delete_box",
            self.tr("Delete the prompt “{name}”?").replace("{name}", visible_text(prompt.name)),
            self.tr("Delete"),
            "prompt_delete_confirm",
            title=self.tr("Delete the prompt"),
            more=self.tr("This cannot be undone."),
            icon=QMessageBox.Icon.Warning,
        )
        delete.clicked.connect(lambda: self.removal_requested.emit(prompt.id))
        box.open()

    def sizeHint(self) -> QSize:
        return QSize(em(self, 42), em(self, 28))
