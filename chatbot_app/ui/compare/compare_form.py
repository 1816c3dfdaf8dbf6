"""What is asked, how many are asked, where, and whether their names are hidden."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from chatbot_app.core.text import first_words
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.compare.compare_start import CompareStart
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.lab.long_text_edit import LongTextField
from chatbot_app.ui.settings.fields import NamedComboBox
from chatbot_app.ui.theme import em, set_look

FEWEST, MOST = 2, 4
_LONGEST_TITLE = 40  # characters


class CompareForm(QWidget):
    """Stands above the columns."""

    asked = Signal()
    stopped = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._start: CompareStart | None = None
        self._is_running = False
        self.question = LongTextField("compare_question", self.tr("Question"), self)
        self.question.edit.setPlaceholderText(self.tr("Ask all of them…"))
        self._count = NamedComboBox("compare_count", self.tr("How many models are asked"), self)
        for number in range(FEWEST, MOST + 1):
            self._count.addItem(self.tr("%n models", "", number), number)
        self._ask = dialog_button(self, "compare_ask", self.tr("Ask"))
        self._ask.setToolTip(self.tr("Ctrl+Return"))
        set_look(self._ask, "primary")
        self._stop = dialog_button(self, "compare_stop", self.tr("Stop"))
        self._continues = self._box("compare_continues", "")
        self._continues.setChecked(True)
        self._blind = self._box("compare_blind", self.tr("Hide the names until I vote"))
        self._note = plain_label(self, "compare_note", shrinks=True)
        set_look(self._note, "muted")
        self._problem = plain_label(self, "compare_problem", shrinks=True)
        set_look(self._problem, "notice-danger")
        self._problem.setMargin(em(self, 0.35))
        self._problem.hide()
        self._build()
        self._connect()

    def _box(self, name: str, words: str) -> QCheckBox:
        box = QCheckBox(words, self)
        box.setObjectName(name)
        box.setAccessibleName(words)
        return box

    def _build(self) -> None:
        words = QLabel(self.tr("Question"), self)
        words.setBuddy(self.question.edit)
        head = QHBoxLayout()
        head.setSpacing(em(self, 0.5))
        head.addWidget(words)
        head.addStretch(1)
        for widget in (self._count, self._ask, self._stop):
            head.addWidget(widget)
        choices = QHBoxLayout()
        choices.setSpacing(em(self, 1.2))
        choices.addWidget(self._continues)
        choices.addWidget(self._blind)
        choices.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(em(self, 0.5))
        whole.addLayout(head)
        whole.addWidget(self.question)
        whole.addLayout(choices)
        whole.addWidget(self._note)
        whole.addWidget(self._problem)
        self.fit_to_font()

    def _connect(self) -> None:
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self.window()).activated.connect(self._begin)
        self._ask.clicked.connect(self._begin)
        self._stop.clicked.connect(self.stopped)
        self._count.currentIndexChanged.connect(self.changed)
        self._continues.toggled.connect(self.changed)
        self._blind.toggled.connect(self.changed)
        self.question.edit.textChanged.connect(self._enable)

    def fit_to_font(self) -> None:
        """Give the question the height of three lines."""
        edit = self.question.edit
        edit.setFixedHeight(3 * edit.fontMetrics().lineSpacing() + em(self, 0.9))

    @property
    def count(self) -> int:
        """How many are asked."""
        return int(self._count.currentData())

    @property
    def text(self) -> str:
        """What is asked."""
        return self.question.edit.toPlainText()

    @property
    def is_blind(self) -> bool:
        """Whether names are to be hidden."""
        return self._blind.isChecked()

    def show_question(self, text: str) -> None:
        """Write a question of the conversation, to be answered once more there."""
        self.question.edit.setPlainText(text)
        self._continues.setChecked(True)

    def chosen_start(self, opened: CompareStart) -> CompareStart:
        """Return where the question stands: in the conversation that is open, where that is wanted and can be."""
        is_wanted = self._continues.isChecked() or opened.must_be_continued
        return opened if opened.can_be_continued and is_wanted else opened.alone()

    def follow(self, opened: CompareStart) -> None:
        """Offer to go on from the conversation that is open."""
        self._continues.setVisible(opened.can_be_continued and not opened.must_be_continued)
        title = first_words(visible_text(opened.title), _LONGEST_TITLE) or self.tr("this conversation")
        words = self.tr("Go on from “{title}”") if opened.again is None else self.tr("Ask again in “{title}”")
        words = words.format(title=title)
        self._continues.setText(words.replace("&", "&&"))
        self._continues.setAccessibleName(words)

    def show_running(self, *, is_running: bool) -> None:
        """Show whether anything is being answered."""
        self._is_running = is_running
        self._count.setEnabled(not is_running)
        self._stop.setEnabled(is_running)
        self._enable()

    def explain(self, start: CompareStart, locals_: int) -> None:
        """Say what all are sent; `locals_` of them are models of this computer that the program loads."""
        if start.must_be_continued:
            said = [self.tr("Each is asked in the temporary conversation: nothing of it is written to disk.")]
        elif not start.can_be_continued:
            said = [self.tr("Each is asked as in a new conversation, without your documents.")]
        elif start.again is not None:
            said = [
                self.tr(
                    "Each answers the question once more, after what stands above it in the conversation."
                )
            ]
        elif start.settings.collections is None:
            said = [self.tr("Each is sent the conversation so far, as its next question.")]
        else:
            said = [
                self.tr("Each is sent the conversation so far and what its documents say to the question.")
            ]
        if locals_ > 1:
            said.append(
                self.tr(
                    "Models of this computer share its processor and memory: together each is slower than alone, a model"
                    " that is chosen twice answers one after the other, and one that finds no room says so."
                )
            )
        self._note.setText(" ".join(said))

    def say(self, words: str) -> None:
        """Say what went wrong with the whole; "" says nothing."""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))

    @Slot()
    def _enable(self) -> None:
        self._ask.setEnabled(not self._is_running and bool(self.text.strip()))

    @Slot()
    def _begin(self) -> None:
        if self._ask.isEnabled():
            self.asked.emit()
