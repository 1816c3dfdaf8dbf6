"""The conversations that files hold: found, sorted, ticked or not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from chatbot_app.core.carried import Arrived
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.search_line import SearchLine
from chatbot_app.ui.shown_rows import marked_rows, rows_table
from chatbot_app.ui.theme import em, set_look
from chatbot_app.ui.transfer.arrived_model import ArrivedModel


class ArrivedChoice(QWidget):
    """All that would come are ticked at first. Space ticks or unticks all that are marked."""

    changed = Signal()  # what is ticked

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = ArrivedModel(self)
        self._unlisted = 0
        self._search = SearchLine("import_search", self.tr("Find a conversation"), self)
        self._all = dialog_button(self, "import_tick_all", self.tr("All"))
        self._none = dialog_button(self, "import_tick_none", self.tr("None"))
        self._said = plain_label(self, "import_ticked")
        set_look(self._said, "muted")
        words = self.tr("Conversations that were found")
        self._rows = rows_table(self, "import_rows", words, self._model, 1.5)
        self._build()
        self._search.textChanged.connect(self._find)
        self._all.clicked.connect(self._tick_all)
        self._none.clicked.connect(self._tick_none)
        self._model.choice_changed.connect(self._tell)
        self._rows.installEventFilter(self)

    def _build(self) -> None:
        set_look(self._rows, "boxed")
        head = self._rows.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setStretchLastSection(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for section, width in ((1, 6), (2, 5.5), (3, 11)):
            head.resizeSection(section, em(self, width))
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)  # as they stand in the files
        head.setSortIndicatorClearable(True)
        self._rows.setSortingEnabled(True)
        line = QHBoxLayout()
        line.setSpacing(em(self, 0.4))
        line.addWidget(self._search, 1)
        line.addWidget(self._all)
        line.addWidget(self._none)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.5))
        column.addLayout(line)
        column.addWidget(self._rows, 1)
        column.addWidget(self._said)

    def set_rows(self, rows: Sequence[Arrived], *, unlisted: int = 0) -> None:
        """Show these, everything that would come ticked; so many more of the files are not among them."""
        self._search.clear()
        self._rows.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._unlisted = unlisted
        self._model.set_rows(rows)
        self._tell()

    def close_choice(self) -> None:
        """Show what is chosen, and take no more ticks."""
        self._model.close()

    @property
    def ticked(self) -> int:
        """How many of those that bring something are ticked."""
        return self._model.ticked

    def chosen_ids(self) -> frozenset[str] | None:
        """Return the ids of all conversations that were not unticked; None where nothing was."""
        return self._model.chosen_ids()

    @Slot(str)
    def _find(self, words: str) -> None:
        self._model.find(words)
        self._name_buttons()

    @Slot()
    def _tick_all(self) -> None:
        self._model.tick_shown(True)

    @Slot()
    def _tick_none(self) -> None:
        self._model.tick_shown(False)

    def _name_buttons(self) -> None:
        is_found = bool(self._search.text().strip())
        self._all.setToolTip(self.tr("Tick all that are shown") if is_found else self.tr("Tick all"))
        self._none.setToolTip(self.tr("Untick all that are shown") if is_found else self.tr("Untick all"))

    @Slot()
    def _tell(self) -> None:
        coming, ticked = self._model.coming, self._model.ticked
        words = self.tr("{n} of {total} ticked.").replace("{total}", self.locale().toString(coming))
        words = words.replace("{n}", self.locale().toString(ticked)) if coming else ""
        if self._unlisted:
            more = self.tr(
                "%n more are not listed: they come only while everything is ticked.", "", self._unlisted
            )
            words = f"{words} {more}".strip()
        self._said.setText(words)
        self._said.setVisible(bool(words))
        for button in (self._all, self._none):
            button.setEnabled(coming > 0 and self._model.is_open)
        self._name_buttons()
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The view itself ticks the one row that has the keyboard.
        if (
            watched is self._rows
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and not event.modifiers()
        ):
            marked = marked_rows(self._rows)
            self._model.toggle(marked, self._rows.currentIndex().row() if marked else -1)
            return True
        return super().eventFilter(watched, event)
