"""What is known of a document, and a text that is pasted as one."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.document_fields import DocumentFields
from chatbot_app.core.documents import DocumentState
from chatbot_app.ui.knowledge.document_words import DocumentRow, one_line, size_of, state_of, title_of
from chatbot_app.ui.knowledge.field_form import FieldForm
from chatbot_app.ui.theme import em, scale_font, set_look

_PAGES_NAMED = 30
_SHORTEST_TOLD = 0.05  # seconds


class DocumentDetails(QDialog):
    """What a document is, which a person may correct, and the report of its import."""

    retry_requested = Signal(object)  # path, str: as an object it keeps a name that is no valid text
    original_requested = Signal(object)  # path, str
    fields_written = Signal(str, str, dict)  # document id, title, dict[str, str | None] by field name

    def __init__(self, row: DocumentRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("document_details")
        self.setWindowTitle(self.tr("Details"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._path = row.path
        self.document_id = row.document_id
        self._title = title_of(row)
        heading = self._value(title_of(row), "details_title")
        scale_font(heading, 1.15, bold=True)
        form = QFormLayout()
        form.setHorizontalSpacing(em(self))
        form.setVerticalSpacing(em(self, 0.4))
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for number, (name, value) in enumerate(self.facts(row)):
            label = QLabel(name, self)
            set_look(label, "muted")
            form.addRow(label, self._value(value, f"details_value_{number}"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        again = QPushButton(self.tr("Retry") if row.has_failed else self.tr("Import again"), self)
        again.setObjectName("details_retry_button")
        original = QPushButton(self.tr("Open original"), self)
        original.setObjectName("details_original_button")
        buttons.addButton(again, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(original, QDialogButtonBox.ButtonRole.ActionRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(em(self), em(self), em(self), em(self, 0.8))
        column.setSpacing(em(self, 0.7))
        column.addWidget(heading)
        self._fields = self._field_form(row, buttons)
        if self._fields is not None:
            column.addWidget(self._fields)
        column.addLayout(form)
        column.addStretch()
        column.addWidget(buttons)
        self.resize(em(self, 30), column.heightForWidth(em(self, 30)))
        buttons.rejected.connect(self.reject)
        again.clicked.connect(self._retry)
        original.clicked.connect(self._open)

    def _field_form(self, row: DocumentRow, buttons: QDialogButtonBox) -> FieldForm | None:
        """Return the fields of a document that is whole, with a button that saves them; None of a mere file."""
        if row.document is None or row.document.state in (DocumentState.IMPORTING, DocumentState.FAILED):
            return None
        form = FieldForm(row.document.fields, self)
        self._save = QPushButton(self.tr("Save"), self)
        self._save.setObjectName("details_save_button")
        set_look(self._save, "primary")
        self._save.setEnabled(False)
        buttons.addButton(self._save, QDialogButtonBox.ButtonRole.ActionRole)
        # Return in a field saves and does nothing else.
        for button in buttons.buttons():
            if isinstance(button, QPushButton):
                button.setAutoDefault(False)
        self._save.setDefault(True)
        self._save.clicked.connect(form.save)
        form.changed.connect(self._look_at_fields)
        form.save_requested.connect(self._write)
        return form

    def show_fields(self, fields: DocumentFields) -> None:
        """Show the fields as they are stored now."""
        if self._fields is not None:
            self._fields.show_fields(fields)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say what is wrong with what was written, by field name."""
        if self._fields is not None:
            self._fields.show_problems(problems)
            self._fields.updateGeometry()
        column = self.layout()
        if column is not None:  # sentences of two lines need more height than words of one
            column.activate()
            self.resize(self.width(), max(self.height(), column.totalHeightForWidth(self.width())))

    @Slot()
    def _look_at_fields(self) -> None:
        if self._fields is not None:
            self._save.setEnabled(self._fields.is_changed)

    @Slot(dict)
    def _write(self, written: dict[str, str | None]) -> None:
        self.fields_written.emit(self.document_id, self._title, written)

    def facts(self, row: DocumentRow) -> list[tuple[str, str]]:
        """Return (name, value) of everything that is known."""
        number = QLocale().toString
        facts = [(self.tr("State"), state_of(row)), (self.tr("File"), one_line(row.path))]
        document, report = row.document, row.report
        if report is not None and report.reason:
            facts.append((self.tr("Reason"), one_line(report.reason)))
        if document is not None:
            facts.append((self.tr("Size"), size_of(document.size)))
            if document.pages:
                facts.append((self.tr("Pages"), number(document.pages)))
        if report is not None and report.empty_pages:
            named = ", ".join(map(str, report.empty_pages[:_PAGES_NAMED]))
            more = "…" if len(report.empty_pages) > _PAGES_NAMED else ""
            facts.append((self.tr("Pages without text"), f"{named}{more}"))
        if document is not None:
            if document.characters:
                facts.append((self.tr("Characters"), number(document.characters)))
                facts.append((self.tr("Passages"), number(document.passages)))
            moment = document.imported_at.astimezone()
            facts.append((self.tr("Imported"), f"{moment:%Y-%m-%d %H:%M}"))
        if report is not None:
            if report.seconds >= _SHORTEST_TOLD:
                facts.append((self.tr("Took"), self.tr("{n} s").format(n=f"{report.seconds:.1f}")))
            facts += [(self.tr("Note"), one_line(warning)) for warning in report.warnings]
        return facts

    def _value(self, text: str, name: str) -> QLabel:
        label = QLabel(text, self)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    @Slot()
    def _retry(self) -> None:
        self.retry_requested.emit(self._path)
        self.accept()

    @Slot()
    def _open(self) -> None:
        self.original_requested.emit(self._path)


class PasteDialog(QDialog):
    """A title and a text that become a document."""

    text_given = Signal(str, str)  # title, text

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paste_dialog")
        self.setWindowTitle(self.tr("Paste text"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title = QLineEdit(self)
        self._title.setObjectName("paste_title")
        self._title.setAccessibleName(self.tr("Title"))
        self._title.setPlaceholderText(self.tr("Title (its first words, if you leave it empty)"))
        self._title.setMaxLength(120)
        self._text = QPlainTextEdit(self)
        self._text.setObjectName("paste_text")
        self._text.setAccessibleName(self.tr("Text"))
        self._text.setPlaceholderText(self.tr("Paste or write the text here"))
        self._text.setTabChangesFocus(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._add = QPushButton(self.tr("Add text"), self)
        self._add.setObjectName("paste_add_button")
        self._add.setEnabled(False)
        set_look(self._add, "primary")
        buttons.addButton(self._add, QDialogButtonBox.ButtonRole.AcceptRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(em(self), em(self), em(self), em(self, 0.8))
        column.setSpacing(em(self, 0.5))
        column.addWidget(self._title)
        column.addWidget(self._text, 1)
        column.addWidget(buttons)
        self.resize(em(self, 34), em(self, 22))
        self._text.textChanged.connect(self._look)
        buttons.accepted.connect(self._give)
        buttons.rejected.connect(self.reject)
        self._text.setFocus()

    @Slot()
    def _look(self) -> None:
        self._add.setEnabled(not self._text.document().isEmpty())

    @Slot()
    def _give(self) -> None:
        text = self._text.toPlainText()
        if text.strip():
            self.text_given.emit(self._title.text().strip(), text)
            self.accept()
