"""What a person keeps by name, as a list: found, added, changed, copied, deleted, carried in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.dialog_parts import dialog_button, plain_label, question_box
from chatbot_app.ui.menus import fresh_menu
from chatbot_app.ui.search_line import SearchLine
from chatbot_app.ui.theme import em, set_look

_ROW = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """One that is kept: its id and name, what stands below the name, what a search looks through, and itself."""

    id: str
    name: str
    beginning: str
    searched: str
    value: Any


@dataclass(frozen=True, slots=True)
class LibraryWords:
    """What a page says. `kind` begins the names of its widgets, `kinds` is its plural."""

    kind: str
    kinds: str
    title: str
    intro: str
    find: str
    nothing_kept: str
    nothing_found: str
    delete_one: str  # with {name}
    delete_many: str  # with {n}
    delete_more: str


class LibraryPage(QWidget):
    """Says what the person wants, and does none of it."""

    new_requested = Signal()
    edit_requested = Signal(object)  # what the row stands for
    duplicate_requested = Signal(str)  # id
    removal_requested = Signal(list)  # list[str]: ids, after a question
    import_requested = Signal()
    export_requested = Signal(list)  # what the rows stand for

    def __init__(self, words: LibraryWords, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{words.kinds}_page")
        self._words = words
        self._rows: tuple[LibraryRow, ...] = ()
        intro = plain_label(self, f"{words.kinds}_intro", words.intro)
        set_look(intro, "muted")
        self._search = SearchLine(f"{words.kinds}_search", words.find, self)
        self._list = QListWidget(self)
        self._list.setObjectName(f"{words.kinds}_list")
        self._list.setAccessibleName(words.title)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        set_look(self._list, "boxed")
        self._nothing = plain_label(self, f"{words.kinds}_nothing")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_look(self._nothing, "muted")
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._nothing)
        self._said = plain_label(self, f"{words.kinds}_said")
        self._said.hide()
        self._new = dialog_button(self, f"{words.kinds}_new", self.tr("New…"))
        set_look(self._new, "primary")
        self._edit = dialog_button(self, f"{words.kinds}_edit", self.tr("Change…"))
        self._copy = dialog_button(self, f"{words.kinds}_duplicate", self.tr("Duplicate"))
        self._delete = dialog_button(self, f"{words.kinds}_delete", self.tr("Delete…"))
        self._import = dialog_button(self, f"{words.kinds}_import", self.tr("Import…"))
        self._export = dialog_button(self, f"{words.kinds}_export", self.tr("Export…"))
        self._lay_out(intro)
        self._connect()
        self.show_rows(())

    def _lay_out(self, intro: QWidget) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.6), 0, 0)
        column.setSpacing(em(self, 0.6))
        column.addWidget(intro)
        column.addWidget(self._search)
        column.addWidget(self._pages, 1)
        column.addWidget(self._said)
        self._buttons = QHBoxLayout()
        for button in (self._new, self._edit, self._copy, self._delete):
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        self._buttons.addWidget(self._import)
        self._buttons.addWidget(self._export)
        column.addLayout(self._buttons)

    def _connect(self) -> None:
        self._search.textChanged.connect(self._filter)
        self._list.itemSelectionChanged.connect(self._allow)
        self._list.itemActivated.connect(self._ask_to_edit)
        self._new.clicked.connect(self.new_requested)
        self._edit.clicked.connect(self._ask_to_edit)
        self._copy.clicked.connect(self._ask_to_copy)
        self._delete.clicked.connect(self._ask_to_remove)
        QShortcut(
            QKeySequence(QKeySequence.StandardKey.Delete),
            self._list,
            self._ask_to_remove,
            context=Qt.ShortcutContext.WidgetShortcut,
        )
        self._import.clicked.connect(self.import_requested)
        self._export.clicked.connect(self._ask_to_export)

    def show_rows(self, rows: Sequence[LibraryRow], chosen_id: str = "") -> None:
        """Show these; the one of `chosen_id` is chosen, else those that were."""
        chosen = {chosen_id} if chosen_id else {row.id for row in self.chosen()}
        self._rows = tuple(rows)
        self._fill(chosen)

    def say(self, words: str, look: str = "muted") -> None:
        """Show a sentence below the list."""
        self._said.setText(words)
        set_look(self._said, look)
        self._said.setVisible(bool(words))

    def chosen(self) -> list[LibraryRow]:
        """Return the rows that are chosen, in the order of the list."""
        items = (self._list.item(number) for number in range(self._list.count()))
        return [item.data(_ROW) for item in items if item.isSelected()]

    def focus_list(self) -> None:
        """Put the keyboard where a row is chosen, or something is looked for."""
        (self._list if self._list.count() else self._search).setFocus()

    def _fill(self, chosen: set[str]) -> None:
        wanted = self._search.text().casefold().split()
        before = max(self._list.currentRow(), 0)
        self._list.clear()
        current = -1
        for row in self._rows:
            searched = row.searched.casefold()
            if not all(word in searched for word in wanted):
                continue
            name, beginning = visible_text(row.name), visible_text(row.beginning)
            item = QListWidgetItem(f"{name}\n{beginning}")
            item.setData(_ROW, row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {beginning}")
            self._list.addItem(item)
            if row.id in chosen:
                item.setSelected(True)
                current = self._list.count() - 1
        if current < 0 and self._list.count():
            current = min(before, self._list.count() - 1)
            self._list.item(current).setSelected(True)
        # What is current is where the arrow keys begin; it must not unmark the others.
        self._list.setCurrentRow(current, self._list.selectionModel().SelectionFlag.NoUpdate)
        self._nothing.setText(self._words.nothing_found if self._rows else self._words.nothing_kept)
        self._pages.setCurrentWidget(self._list if self._list.count() else self._nothing)
        self._export.setEnabled(bool(self._rows))
        self._allow()

    @Slot()
    def _filter(self) -> None:
        self._fill(set())

    @Slot()
    def _allow(self) -> None:
        count = len(self._list.selectedItems())
        self._edit.setEnabled(count == 1)
        self._copy.setEnabled(count == 1)
        self._delete.setEnabled(count > 0)

    @Slot()
    def _ask_to_edit(self) -> None:
        chosen = self.chosen()
        if len(chosen) == 1:
            self.edit_requested.emit(chosen[0].value)

    @Slot()
    def _ask_to_copy(self) -> None:
        self.duplicate_requested.emit(self.chosen()[0].id)

    @Slot()
    def _ask_to_export(self) -> None:
        """Ask which, where only some are chosen."""
        chosen = [row.value for row in self.chosen()]
        everything = [row.value for row in self._rows]
        if len(chosen) in (0, len(everything)):
            self.export_requested.emit(everything)
            return
        menu = fresh_menu(self._export, f"{self._words.kinds}_export_menu")
        some = menu.addAction(self.tr("The %n chosen…", "", len(chosen)))
        some.triggered.connect(lambda: self.export_requested.emit(chosen))
        all_ = menu.addAction(self.tr("All…"))
        all_.triggered.connect(lambda: self.export_requested.emit(everything))
        menu.popup(self._export.mapToGlobal(QPoint(0, self._export.height())))

    @Slot()
    def _ask_to_remove(self) -> None:
        chosen = self.chosen()
        if not chosen:
            return
        one = self._words.delete_one.replace("{name}", visible_text(chosen[0].name))
        many = self._words.delete_many.replace("{n}", str(len(chosen)))
        box, delete = question_box(
            self,
            f"{self._words.kind}_delete_box",
            one if len(chosen) == 1 else many,
            self.tr("Delete"),
            f"{self._words.kind}_delete_confirm",
            title=self.tr("Delete"),
            more=self._words.delete_more,
            icon=QMessageBox.Icon.Warning,
        )
        delete.clicked.connect(lambda: self.removal_requested.emit([row.id for row in chosen]))
        box.open()
