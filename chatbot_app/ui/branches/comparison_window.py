"""Two branches side by side, what only one of them says marked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTableFormat,
)
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTextEdit, QVBoxLayout, QWidget

from chatbot_app.chat.branch_comparison import BranchComparison, ComparedMessage
from chatbot_app.core.messages import Role
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.theme import colors, em, set_look


class ComparisonWindow(QDialog):
    """Not modal; closing it lets it go."""

    def __init__(self, titles: tuple[str, str], compared: BranchComparison, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("comparison_window")
        self.setWindowTitle(self.tr("Two branches"))
        self.setAccessibleName(self.tr("Two branches"))
        self._titles = titles
        self._compared = compared
        words = plain_label(self, "comparison_words", self._sentence(), shrinks=True)
        set_look(words, "muted")
        self.text = QTextEdit(self)
        self.text.setObjectName("comparison_text")
        self.text.setAccessibleName(self.tr("Both branches, message beside message"))
        self.text.setReadOnly(True)
        self.text.setCursorWidth(0)  # nothing is written here
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        close = dialog_button(self, "comparison_close_button", self.tr("&Close"))
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.addWidget(words)
        column.addWidget(self.text, 1)
        column.addLayout(buttons)
        room = self.screen().availableGeometry().size()
        self.resize(min(em(self, 60), room.width()), min(em(self, 40), room.height()))
        self._write()

    def _sentence(self) -> str:
        compared = self._compared
        if not compared.rows:
            return self.tr("These are the same branch: choose two that part.")
        words = self.tr("{n} messages above are the same ones. What only one branch says is underlined.")
        words = words.format(n=compared.shared)
        if compared.left_out:
            words += " " + self.tr("{n} more rows are not shown.").format(n=compared.left_out)
        return words

    def _write(self) -> None:
        """Write everything anew, in the colours of now."""
        self.text.clear()
        if not self._compared.rows:
            return
        shown = colors(self)
        form = QTextTableFormat()
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBorder(1)
        form.setBorderCollapse(True)
        form.setBorderBrush(QColor(shown.border))
        form.setCellPadding(em(self, 0.4))
        form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        form.setColumnWidthConstraints([QTextLength(QTextLength.Type.PercentageLength, 50)] * 2)
        form.setHeaderRowCount(1)
        cursor = QTextCursor(self.text.document())
        table = cursor.insertTable(len(self._compared.rows) + 1, 2, form)
        head = QTextCharFormat()
        head.setFontWeight(QFont.Weight.Bold)
        for place, title in enumerate(self._titles):
            table.cellAt(0, place).firstCursorPosition().insertText(title, head)
        ended: set[int] = set()
        for number, row in enumerate(self._compared.rows, 1):
            for place, message in enumerate(row):
                if place in ended:
                    continue
                self._write_message(table.cellAt(number, place).firstCursorPosition(), message)
                if message is None:
                    ended.add(place)
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _write_message(self, cursor: QTextCursor, message: ComparedMessage | None) -> None:
        shown = colors(self)
        muted, plain, marked = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        muted.setForeground(QColor(shown.muted))
        marked.setBackground(QColor(shown.mark))
        marked.setFontUnderline(True)
        if message is None:
            cursor.insertText(self.tr("This branch ended above."), muted)
            return
        who = self.tr("Answer") if message.role is Role.ASSISTANT else self.tr("Question")
        cursor.insertText(who + "\n", muted)
        for words, differs in message.pieces:
            cursor.insertText(visible_text(words), marked if differs else plain)
        if message.left_out:
            left_out = self.tr("{n} more characters are not shown.").format(n=message.left_out)
            cursor.insertText("\n" + left_out, muted)

    def fit_to_font(self) -> None:
        """Write the columns anew where the text size changes."""
        self._write()

    def before_restyle(self) -> None:
        """Take the colours of another look."""
        self._write()
