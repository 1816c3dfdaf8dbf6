"""The question before a server is removed."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QWidget

from chatbot_app.core.servers import Server


def removal_question(server: Server, parent: QWidget) -> tuple[QMessageBox, QAbstractButton]:
    """Return the box, which deletes itself when it closes, and its button that removes."""

    def tr(words: str) -> str:
        return QCoreApplication.translate("ServersDialog", words)

    question = QMessageBox(parent)
    question.setObjectName("server_remove_question")
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    question.setTextFormat(Qt.TextFormat.PlainText)
    question.setWindowTitle(tr("Remove server"))
    question.setText(tr("Remove “{name}” and forget its key?").format(name=server.name))
    question.setStandardButtons(QMessageBox.StandardButton.Cancel)
    remove = question.addButton(tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
    remove.setObjectName("server_remove_confirmed")
    return question, remove
