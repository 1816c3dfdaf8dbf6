"""What becomes a data set for training: chosen, counted while it is chosen, and written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDate, QLocale, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.chat.training_data.formats import FORMATS
from chatbot_app.chat.training_data.masking import masker
from chatbot_app.chat.training_data.row_files import TEST, TRAIN
from chatbot_app.chat.training_data.selection import Answers, Selection
from chatbot_app.chat.training_data.writing import Report, Wish
from chatbot_app.core.messages import Notice
from chatbot_app.core.visible_text import visible_text
from chatbot_app.storage.conversation_order import Folder
from chatbot_app.ui.calm_fields import CalmSpinBox
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.theme import em, set_look

_COUNT_AFTER_MS = 300  # of rest, while something is typed


class TrainingDialog(QDialog):
    """Says what the person wants and does none of it."""

    count_wanted = Signal(object)  # Wish
    file_wanted = Signal(object)  # Wish

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training_dialog")
        self.setWindowTitle(self.tr("Data for training"))
        formats = {
            "openai": self.tr("Chats, as OpenAI's fine-tuning reads them"),
            "alpaca": self.tr("Instructions (Alpaca)"),
            "sharegpt": self.tr("Conversations (ShareGPT)"),
            "preferences": self.tr("Pairs of a better and a worse answer, as TRL reads them"),
            "openai-preferences": self.tr(
                "Pairs of a better and a worse answer, as OpenAI's fine-tuning reads them"
            ),
        }
        answers = {
            Answers.GOOD: self.tr("With a thumb up, or edited by you"),
            Answers.UP: self.tr("With a thumb up"),
            Answers.EDITED: self.tr("Edited by you"),
            Answers.ALL: self.tr("All but those with a thumb down"),
        }
        self._format = self._choice("training_format", self.tr("Format"), formats)
        self._answers = self._choice("training_answers", self.tr("Answers"), answers)
        self._folder = self._choice("training_folder", self.tr("Folder"), {})
        self._by_date = self._check("training_by_date", self.tr("Only answers from"))
        self._since, self._until = self._day("training_since"), self._day("training_until")
        self._shown = self._check("training_shown", self.tr("Only the branches that are shown"))
        self._documents = self._check(
            "training_documents", self.tr("Also answers from documents, without the passages")
        )
        self._mask = self._check(
            "training_mask", self.tr("Mask addresses, telephone and account numbers that are recognised")
        )
        self._names = QLineEdit(self)
        self._names.setObjectName("training_names")
        self._names.setAccessibleName(self.tr("Names to mask"))
        self._names.setPlaceholderText(self.tr("Names to mask, with commas between them"))
        self._test = CalmSpinBox(self)
        self._test.setObjectName("training_test_share")
        self._test.setAccessibleName(self.tr("Share of conversations in the test file"))
        self._test.setRange(0, 90)
        self._test.setSuffix(" %")
        self._found = plain_label(self, "training_found")
        self._reasons = QPlainTextEdit(self)
        self._export = dialog_button(self, "training_export_button", self.tr("Export…"))
        self._close = dialog_button(self, "training_close_button", self.tr("Close"))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_COUNT_AFTER_MS)
        self._build()
        self._connect()

    def _choice(self, name: str, words: str, entries: dict[str, str] | dict[Answers, str]) -> ComboBox:
        box = ComboBox(self)
        box.setObjectName(name)
        box.setAccessibleName(words)
        for key, shown in entries.items():
            box.addItem(shown, str(key))
        return box

    def _check(self, name: str, words: str) -> QCheckBox:
        box = QCheckBox(words, self)
        box.setObjectName(name)
        return box

    def _day(self, name: str) -> QDateEdit:
        day = QDateEdit(QDate.currentDate(), self)
        day.setObjectName(name)
        day.setAccessibleName(self.tr("Day"))
        day.setEnabled(False)
        return day

    def _build(self) -> None:
        self._since.setDate(QDate.currentDate().addMonths(-1))
        self._reasons.setObjectName("training_left_out")
        self._reasons.setAccessibleName(self.tr("What is left out, and why"))
        self._reasons.setReadOnly(True)
        self._reasons.setTabChangesFocus(True)
        set_look(self._export, "primary")
        days = QHBoxLayout()
        days.addWidget(self._by_date)
        days.addWidget(self._since)
        days.addWidget(plain_label(self, "training_to", self.tr("to")))
        days.addWidget(self._until)
        days.addStretch(1)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Format"), self._format)
        form.addRow(self.tr("Answers"), self._answers)
        form.addRow(self.tr("Folder"), self._folder)
        form.addRow("", days)
        for widget in (self._shown, self._documents, self._mask, self._names):
            form.addRow("", widget)
        form.addRow(self.tr("Kept for a test"), self._test)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._export)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        margin = em(self, 1)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(em(self, 0.7))
        column.addLayout(form)
        column.addWidget(self._found)
        column.addWidget(self._reasons, 1)
        column.addLayout(buttons)
        self.resize(em(self, 42), em(self, 38))

    def _connect(self) -> None:
        for box in (self._format, self._answers, self._folder):
            box.currentIndexChanged.connect(self._count)
        for check in (self._by_date, self._shown, self._documents, self._mask):
            check.toggled.connect(self._count)
        self._by_date.toggled.connect(self._since.setEnabled)
        self._by_date.toggled.connect(self._until.setEnabled)
        for day in (self._since, self._until):
            day.dateChanged.connect(self._count_soon)
        self._names.textChanged.connect(self._count_soon)
        self._test.valueChanged.connect(self._count_soon)
        self._pause.timeout.connect(self._count)
        self._export.clicked.connect(self._ask)
        self._close.clicked.connect(self.reject)

    def begin(self, folders: Sequence[Folder]) -> None:
        """Show what can be chosen, and count."""
        known = self._folder.currentData()
        self._folder.blockSignals(True)
        self._folder.clear()
        self._folder.addItem(self.tr("All conversations"), None)
        for folder in folders:
            self._folder.addItem(visible_text(folder.name), folder.id)
        self._folder.setCurrentIndex(max(self._folder.findData(known), 0))
        self._folder.blockSignals(False)
        self.open()
        self._count()

    def wish(self) -> Wish:
        """Return what is chosen; it has no file yet."""
        dated = self._by_date.isChecked()
        names = [name for name in self._names.text().split(",") if name.strip()]
        masks = self._mask.isChecked() or bool(names)
        return Wish(
            FORMATS[self._format.currentData()],
            Selection(
                Answers(self._answers.currentData()),
                None,
                self._folder.currentData(),
                self._since.date().toString("yyyy-MM-dd") if dated else "",
                self._until.date().toString("yyyy-MM-dd") if dated else "",
                self._shown.isChecked(),
                self._documents.isChecked(),
            ),
            None,
            self._test.value() / 100,
            masker(names) if masks else None,
        )

    @Slot()
    def _count_soon(self) -> None:
        self._export.setEnabled(False)
        self._pause.start()

    @Slot()
    def _count(self) -> None:
        self._pause.stop()
        wish = self.wish()
        self._answers.setEnabled(
            not wish.format.is_of_pairs
        )  # pairs are of votes and edits, whatever is chosen
        self._shown.setEnabled(not wish.format.is_of_pairs)
        self.work()
        self.count_wanted.emit(wish)

    def work(self) -> None:
        """Say that something is under way."""
        self._export.setEnabled(False)
        self._found.setText(self.tr("Reading the conversations…"))

    @Slot(int, int)
    def show_progress(self, done: int, total: int) -> None:
        """Say how far it is."""
        words = self.tr("{n} of {total} conversations")
        locale = QLocale()
        words = words.replace("{n}", locale.toString(done)).replace("{total}", locale.toString(total))
        self._found.setText(words)

    @Slot(object)
    def show_report(self, report: Report) -> None:
        """Say what is, or would be, in the files."""
        rows, locale = report.rows, QLocale()
        words = self.tr("Nothing of what is chosen makes a row.")
        if rows.total():
            words = self.tr(
                "Rows: {train} to train, {test} to test. Tokens, as OpenAI's models count: {tokens}."
            )
            words = words.replace("{train}", locale.toString(rows[TRAIN]))
            words = words.replace("{test}", locale.toString(rows[TEST]))
            words = words.replace("{tokens}", locale.toString(report.tokens.total()))
        if report.files:
            names = ", ".join(path.name for path in report.files)
            words = self.tr("Written: {names}.").replace("{names}", names) + " " + words
        self._found.setText(words)
        self._show_left_out(report)
        self._export.setEnabled(bool(rows.total()))

    def _show_left_out(self, report: Report) -> None:
        lines = []
        if report.left_out:
            head = self.tr("Left out: {n} of {total} ({share} %)")
            head = head.replace("{n}", str(report.considered - report.used))
            head = head.replace("{total}", str(report.considered))
            lines.append(head.replace("{share}", f"{100 * report.share_left_out:.0f}"))
        lines += [f"{count} × {reason}" for reason, count in report.left_out.most_common()]
        self._reasons.setPlainText("\n".join(lines) or self.tr("Nothing is left out."))

    def say_there(self, names: Sequence[str]) -> None:
        """Say that files are there already."""
        words = self.tr("There already: {names}. Choose another name.")
        self._found.setText(words.replace("{names}", ", ".join(names)))

    @Slot(object)
    def show_failure(self, notice: Notice) -> None:
        """Say why it failed."""
        self._found.setText(notice.words)
        self._export.setEnabled(True)

    @Slot()
    def _ask(self) -> None:
        self.file_wanted.emit(self.wish())
