"""One question to two, three or four models, side by side."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QSplitter, QVBoxLayout, QWidget

from chatbot_app.chat.comparing import Comparison
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, Notice
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.ui.chat.link_dialog import link_dialog
from chatbot_app.ui.compare.compare_column import CompareColumn
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.lab.long_text_edit import LongTextField
from chatbot_app.ui.settings.fields import CalmComboBox
from chatbot_app.ui.shared_keys import SharedKeys
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.lab_services import LabServices

_WIDTH, _HEIGHT = 70, 46  # lines of text, where there is room
_FEWEST, _MOST = 2, 4


class CompareWindow(QWidget):
    """A top-level window that belongs to the main window and goes with it; closing it ends what is asked."""

    take_over_requested = Signal(str, object, object)  # question, answer as Message, PromptPlan

    def __init__(self, services: LabServices, comparison: Comparison, parent: QMainWindow) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("compare_window")
        self.setWindowTitle(self.tr("Compare models"))
        self.setAccessibleName(self.tr("Compare models"))
        self._services = services
        self._asked = ""  # the question that the answers belong to
        self.question = LongTextField("compare_question", self.tr("Question"), self)
        self.question.edit.setPlaceholderText(self.tr("Ask all of them…"))
        self._count = CalmComboBox("compare_count", self.tr("How many models are asked"), self)
        for number in range(_FEWEST, _MOST + 1):
            self._count.addItem(self.tr("%n models", "", number), number)
        self._ask = dialog_button(self, "compare_ask", self.tr("Ask"))
        self._ask.setToolTip(self.tr("Ctrl+Return"))
        set_look(self._ask, "primary")
        self._stop = dialog_button(self, "compare_stop", self.tr("Stop"))
        self._note = plain_label(self, "compare_note", shrinks=True)
        set_look(self._note, "muted")
        self._problem = plain_label(self, "compare_problem", shrinks=True)
        set_look(self._problem, "notice-danger")
        self._problem.hide()
        self.columns = [CompareColumn(number + 1, services, comparison, self) for number in range(_MOST)]
        self._build()
        self._connect(parent)
        self._show_columns()

    def _build(self) -> None:
        words = QLabel(self.tr("Question"), self)
        words.setBuddy(self.question.edit)
        head = QHBoxLayout()
        head.setSpacing(em(self, 0.5))
        head.addWidget(words)
        head.addStretch(1)
        for widget in (self._count, self._ask, self._stop):
            head.addWidget(widget)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setObjectName("compare_splitter")
        self._splitter.setChildrenCollapsible(False)
        for column in self.columns:
            self._splitter.addWidget(column)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(em(self, 0.9), em(self, 0.7), em(self, 0.9), em(self, 0.9))
        whole.setSpacing(em(self, 0.5))
        whole.addLayout(head)
        whole.addWidget(self.question)
        whole.addWidget(self._note)
        whole.addWidget(self._problem)
        whole.addWidget(self._splitter, 1)
        room = self.screen().availableGeometry().size()
        self.resize(min(em(self, _WIDTH), room.width()), min(em(self, _HEIGHT), room.height()))
        self.fit_to_font()

    def fit_to_font(self) -> None:
        """Give the question the height of three lines."""
        edit = self.question.edit
        edit.setFixedHeight(3 * edit.fontMetrics().lineSpacing() + em(self, 0.9))
        for column in self.columns:
            column.fit_to_font()

    def _connect(self, main: QMainWindow) -> None:
        SharedKeys(main, self)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._begin)
        self._ask.clicked.connect(self._begin)
        self._stop.clicked.connect(self._end)
        self._count.currentIndexChanged.connect(self._show_columns)
        self.question.edit.textChanged.connect(self._show_state)
        for column in self.columns:
            column.state_changed.connect(self._show_state)
            column.take_over_requested.connect(self._take_over)
            column.text.link_activated.connect(self._show_link)

    @property
    def shown(self) -> list[CompareColumn]:
        """The columns that are asked."""
        return self.columns[: self._count.currentData()]

    def come_forward(self, settings: GenerationSettings) -> None:
        """Show the window in front of the others; `settings` are those that the columns begin with at first."""
        if not self._asked and not self.isVisible():
            for column in self.columns:
                column.show_settings(settings)
        for column in self.columns:
            column.choice.refresh()
        self.show()
        self.raise_()
        self.activateWindow()
        self.question.edit.setFocus()

    def say(self, notice: Notice) -> None:
        """Say what went wrong with the whole."""
        self._problem.setText(f"{notice.summary} {notice.next_step}".strip())
        self._problem.show()

    def shutdown(self) -> None:
        """End what is asked, and the threads."""
        self.hide()
        for column in self.columns:
            column.forget()
        self._services.shutdown()

    @Slot()
    def _begin(self) -> None:
        if not self._ask.isEnabled():
            return
        self._problem.hide()
        self._asked = self.question.edit.toPlainText()
        for column in self.shown:
            column.begin(self._asked)

    @Slot()
    def _end(self) -> None:
        for column in self.columns:
            column.stream.stop()

    @Slot()
    def _show_columns(self) -> None:
        for column in self.columns:
            is_shown = column in self.shown
            column.setVisible(is_shown)
            if not is_shown:
                column.stream.stop()
        self._splitter.setSizes([em(self, 20)] * _MOST)
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        is_running = any(column.stream.is_running for column in self.columns)
        self._ask.setEnabled(not is_running and bool(self.question.edit.toPlainText().strip()))
        self._stop.setEnabled(is_running)
        self._count.setEnabled(not is_running)
        said = [self.tr("Each is asked as in a new conversation, without your documents.")]
        if sum(column.is_local for column in self.shown) > 1:
            said.append(
                self.tr(
                    "Models of this computer share its processor and memory: together each is slower than alone, a model"
                    " that is chosen twice answers one after the other, and one that finds no room says so."
                )
            )
        self._note.setText(" ".join(said))

    @Slot(object, object)
    def _take_over(self, answer: Message, plan: PromptPlan | None) -> None:
        self._problem.hide()
        self.take_over_requested.emit(self._asked, answer, plan)

    @Slot(str)
    def _show_link(self, address: str) -> None:
        dialog = link_dialog(address, self)
        if dialog is not None:
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(lambda: QDesktopServices.openUrl(dialog.url))
            dialog.open()

    # --- Qt ------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_splitter"):
            self.fit_to_font()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._end()
        self._services.give_up()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Close) or event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)
