"""The question before a model goes: a download is deleted, a file of the person's only leaves the list."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from chatbot_app.ui.models.local_actions import LocalActions
from chatbot_app.ui.models.model_row import ModelRow
from chatbot_app.ui.models.model_words import one_line, size_words

_LONGEST = 60


def removal_question(row: ModelRow, actions: LocalActions, parent: QWidget) -> QMessageBox:
    """Return the box; its answer is emitted on `actions`."""
    model, is_download = row.model, row.has_own_files

    def tr(words: str) -> str:
        return QCoreApplication.translate("Models", words)

    name = one_line(model.name)
    name = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
    box = QMessageBox(parent)
    box.setObjectName("model_removal_box")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    if is_download:
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(tr("Delete model"))
        box.setText(tr("Delete “{name}”?").replace("{name}", name))
        box.setInformativeText(
            tr(
                "Its file is deleted, which frees {size}. It can be downloaded again. Conversations stay."
            ).format(size=size_words(model.facts.bytes))
        )
        confirm = box.addButton(tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
    else:
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(tr("Take model off the list"))
        box.setText(tr("Take “{name}” off the list?").replace("{name}", name))
        box.setInformativeText(tr("The file is yours and stays where it is. Conversations stay, too."))
        confirm = box.addButton(tr("Take off the list"), QMessageBox.ButtonRole.AcceptRole)
    confirm.setObjectName("model_removal_confirmed")
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    model_id = model.id
    confirm.clicked.connect(lambda: actions.removal_requested.emit(model_id))
    return box
