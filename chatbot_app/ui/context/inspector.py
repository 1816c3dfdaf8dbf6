"""What a model is or was sent, part by part, with its tokens and the reason for each decision."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QTabWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.prompt_plan import PartKind, PlanPart
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.context.inspected import Inspected
from chatbot_app.ui.context.parts_model import Column, PartsModel, Row
from chatbot_app.ui.context.picture_tab import PictureTab
from chatbot_app.ui.context.window_field import WindowField
from chatbot_app.ui.context.window_words import CAN_BE_NAMED, plan_in_words
from chatbot_app.ui.dialog_parts import dialog_button
from chatbot_app.ui.icons import RETINT_EVENTS
from chatbot_app.ui.theme import colors, em

LONGEST_TEXT = 200_000  # characters shown of one part; the request that is copied has all of them

MarksOf = Callable[[str], tuple[bool, bool] | None]
"""Returns whether a message is pinned and whether it is excluded now; None where that is not known."""


class ContextInspector(QDialog):
    """Shows a prompt plan: exactly what is sent, what is left out, and why. It keeps no store."""

    pin_toggled = Signal(str, bool)  # message id, wanted state
    exclude_toggled = Signal(str, bool)  # message id, wanted state
    message_requested = Signal(str)  # message id: to be shown in the transcript
    window_named = Signal(int)  # tokens, for the model of the plan that is shown
    window_forgotten = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None, *, marks_of: MarksOf = lambda _: None) -> None:
        super().__init__(parent)
        self.setObjectName("context_inspector")
        self._marks_of = marks_of
        self._shown: Inspected | None = None
        self._summary = QLabel(self)
        self._summary.setObjectName("inspector_summary")
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setWordWrap(True)
        self._summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._window_field = WindowField(self)
        self._model = PartsModel(colors(self), self)
        self._parts = QTreeView(self)
        self._parts.setObjectName("inspector_parts")
        self._parts.setAccessibleName(self.tr("Parts of the prompt"))
        self._parts.setModel(self._model)
        self._parts.setRootIsDecorated(False)
        self._parts.setUniformRowHeights(True)
        self._parts.setAllColumnsShowFocus(True)
        self._parts.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._text = self._plain_text("inspector_text", self.tr("Text of the part"))
        self._json = self._plain_text("inspector_request", self.tr("The whole request as JSON"))
        self._json.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._check = self._plain_text(
            "inspector_check", self.tr("The requests that checked the answer, as JSON")
        )
        self._check.setFont(self._json.font())
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("inspector_tabs")
        self._tabs.setDocumentMode(True)
        self._tabs.setAccessibleName(self.tr("Text or request"))
        self._tabs.addTab(self._text, self.tr("Text of the part"))
        self._tabs.addTab(self._json, self.tr("Whole request as JSON"))
        self._tabs.addTab(self._check, self.tr("Checked by a model"))
        self.picture = PictureTab(self)
        self._tabs.addTab(self.picture, self.tr("Picture"))
        self._tabs.tabBar().setObjectName("inspector_tab_bar")
        self._tabs.tabBar().setAccessibleName(self.tr("Text or request"))
        self._go = dialog_button(self, "go_to_message_button", self.tr("Go to message"))
        self._pin = dialog_button(self, "pin_part_button", self.tr("Pin"))
        self._exclude = dialog_button(self, "exclude_part_button", self.tr("Exclude"))
        self._copy = dialog_button(self, "copy_request_button", self.tr("Copy request as JSON"))
        self._build()
        self._connect()

    def _plain_text(self, name: str, words: str) -> QPlainTextEdit:
        made = QPlainTextEdit(self)
        made.setObjectName(name)
        made.setAccessibleName(words)
        made.setReadOnly(True)
        made.setTabChangesFocus(True)
        # Read-only texts take no keyboard by default: these are read with it.
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return made

    def _build(self) -> None:
        header = self._parts.header()
        header.setStretchLastSection(True)
        header.setSectionsMovable(False)
        for column in (Column.PART, Column.TOKENS, Column.SENT, Column.WHY):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setResizeContentsPrecision(50)  # rows that are measured: thousands would stop the window
        actions = QHBoxLayout()
        actions.setSpacing(em(self, 0.5))
        for button in (self._go, self._pin, self._exclude):
            actions.addWidget(button)
        actions.addStretch(1)
        above = QWidget(self)
        upper = QVBoxLayout(above)
        upper.setContentsMargins(0, 0, 0, em(self, 0.3))
        upper.addWidget(self._parts, 1)
        upper.addLayout(actions)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(above)
        splitter.addWidget(self._tabs)
        splitter.setSizes([em(self, 16), em(self, 12)])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setObjectName("close_inspector_button")
        close.setAccessibleName(close.text())
        buttons.addButton(self._copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(em(self, 0.6))
        layout.addWidget(self._summary)
        layout.addWidget(self._window_field)
        layout.addWidget(splitter, 1)
        layout.addWidget(buttons)
        self.resize(em(self, 50), em(self, 38))

    def _connect(self) -> None:
        self._parts.selectionModel().currentRowChanged.connect(self._show_part)
        self._tabs.currentChanged.connect(self._show_request)
        self._copy.clicked.connect(self._copy_request)
        self._go.clicked.connect(self._ask_for_message)
        self._pin.clicked.connect(self._ask_to_pin)
        self._exclude.clicked.connect(self._ask_to_exclude)
        self._window_field.window_named.connect(self.window_named)
        self._window_field.window_forgotten.connect(self.window_forgotten)

    # --- what is shown -------------------------------------------------------------------------------

    def show_plan(self, shown: Inspected) -> None:
        """Show a plan; while it is the next prompt's, what is selected stays selected."""
        goes_on = self._shown is not None and self._shown.is_next and shown.is_next
        selected = self._row() if goes_on else None
        self._shown = shown
        self.setAccessibleName(self.tr("Parts of the prompt, their tokens and their text"))
        self.setWindowTitle(self.tr("The next prompt") if shown.is_next else self.tr("What was sent"))
        self._summary.setText(plan_in_words(shown.plan, shown.model))
        self._summary.setAccessibleName(self._summary.text())
        source = shown.plan.window_source
        self._window_field.setVisible(shown.is_next and source in CAN_BE_NAMED)
        self._window_field.show_window(shown.plan.window, named=source == "person")
        self._tabs.setTabVisible(self._tabs.indexOf(self._check), shown.check is not None)
        self._copy.setText(self.tr("Copy request as JSON"))
        scroll = self._parts.verticalScrollBar().value()
        if self._model.set_plan(shown.plan, colors(self)) or not goes_on:
            row = self._model.row_like(selected)
            if row < 0 and shown.plan.parts:
                row = self._model.rowCount() - 1 if shown.is_next else 0
            self._parts.setCurrentIndex(self._model.index(row, 0) if row >= 0 else QModelIndex())
            if selected is not None:
                self._parts.verticalScrollBar().setValue(scroll)
        self._show_part()
        self._show_request()

    @property
    def shows_next(self) -> bool:
        """Whether the next prompt is shown, which changes while one types."""
        return self.isVisible() and self._shown is not None and self._shown.is_next

    def refresh_marks(self) -> None:
        """Ask again what is pinned and excluded."""
        self._show_part()

    def focus_window_field(self) -> None:
        """Put the cursor where the model's window is named."""
        if not self._window_field.isHidden():
            self._window_field.focus_number()

    def _part(self) -> PlanPart | None:
        return self._model.part(self._parts.currentIndex().row())

    def _row(self) -> Row | None:
        return self._model.row(self._parts.currentIndex().row())

    def _marks(self, part: PlanPart) -> tuple[bool, bool] | None:
        """Return whether the part's message is pinned and excluded, None for what is no message of the history."""
        if part.kind not in (PartKind.HISTORY, PartKind.PINNED, PartKind.RECALLED) or not part.message_id:
            return None
        known = self._marks_of(part.message_id)
        return known or (part.kind is PartKind.PINNED, part.excluded)

    @Slot()
    def _show_part(self) -> None:
        part = self._part()
        self._show_part_picture()
        text = visible_text(part.text[:LONGEST_TEXT]) if part is not None else ""
        if text != self._text.toPlainText():
            self._text.setPlainText(text)
        self._go.setEnabled(part is not None and bool(part.message_id))
        marks = self._marks(part) if part is not None else None
        pinned, excluded = marks or (False, False)
        for button, on, words in (
            (self._pin, pinned, (self.tr("Pin"), self.tr("Unpin"))),
            (self._exclude, excluded, (self.tr("Exclude"), self.tr("Include again"))),
        ):
            button.setEnabled(marks is not None)
            button.setText(words[on])
            button.setAccessibleName(words[on])

    def _show_part_picture(self) -> None:
        """Ask for the picture of the row, where it is one."""
        row = self._row()
        picture = row.picture if row is not None else None
        place = (row.part.message_id, picture.ordinal) if row is not None and picture is not None else None
        before, after = (self._text, self.picture) if place is not None else (self.picture, self._text)
        if self._tabs.currentWidget() is before:
            self._tabs.setCurrentWidget(after)
        self._tabs.setTabVisible(self._tabs.indexOf(self.picture), place is not None)
        self.picture.show_place(place)

    @Slot()
    def _show_request(self) -> None:
        # Made only where it is seen: a window of 128,000 tokens is half a megabyte.
        for view in (self._json, self._check):
            if self._shown is not None and view is self._tabs.currentWidget():
                text = visible_text(self._request(self._shown)[:LONGEST_TEXT])
                if text != view.toPlainText():
                    view.setPlainText(text)

    def _request(self, shown: Inspected) -> str:
        """Return the request of the tab that is seen."""
        return shown.check_requests() if self._tabs.currentWidget() is self._check else shown.request()

    # --- what is asked -------------------------------------------------------------------------------

    @Slot()
    def _copy_request(self) -> None:
        if self._shown is not None:
            QGuiApplication.clipboard().setText(self._request(self._shown))
            self._copy.setText(self.tr("Copied"))

    @Slot()
    def _ask_for_message(self) -> None:
        part = self._part()
        if part is not None and part.message_id:
            self.message_requested.emit(part.message_id)

    @Slot()
    def _ask_to_pin(self) -> None:
        part = self._part()
        marks = self._marks(part) if part is not None else None
        if part is not None and part.message_id and marks is not None:
            self.pin_toggled.emit(part.message_id, not marks[0])

    @Slot()
    def _ask_to_exclude(self) -> None:
        part = self._part()
        marks = self._marks(part) if part is not None else None
        if part is not None and part.message_id and marks is not None:
            self.exclude_toggled.emit(part.message_id, not marks[1])

    # --- Qt ------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._parts.setFocus(Qt.FocusReason.OtherFocusReason)

    def done(self, result: int) -> None:
        super().done(result)
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_model") and self._shown is not None:
            self._model.set_plan(self._shown.plan, colors(self))
