"""The question before a model goes: a download is deleted, a file of the person's only leaves the list."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from chatbot_app.core.text import shortened
from chatbot_app.ui.dialog_parts import question_box
from chatbot_app.ui.models.local_actions import LocalActions
from chatbot_app.ui.models.model_row import ModelRow
from chatbot_app.ui.models.model_words import one_line, size_words

_LONGEST = 60


def removal_question(row: ModelRow, actions: LocalActions, parent: QWidget) -> QMessageBox:
    """Return the box; its answer is emitted on `actions`."""
    model, is_download = row.model, row.has_own_files

    def tr(words: str) -> str:
        return QCoreApplication.translate("Models", words)

    name = shortened(one_line(model.name), _LONGEST)
    if is_download:
        one = tr("Its file is deleted, which frees {size}. It can be downloaded again. Conversations stay.")
        many = tr("Its files are deleted, which frees {size}. It can be downloaded again. Documents stay.")
        box, confirm = question_box(
            parent,
            "model_removal_box",
            tr("Delete “{name}”?").replace("{name}", name),
            tr("Delete"),
            "model_removal_confirmed",
            title=tr("Delete model"),
            more=(many if model.is_onnx else one).format(size=size_words(model.facts.bytes)),
            icon=QMessageBox.Icon.Warning,
        )
    else:
        box, confirm = question_box(
            parent,
            "model_removal_box",
            tr("Take “{name}” off the list?").replace("{name}", name),
            tr("Take off the list"),
            "model_removal_confirmed",
            title=tr("Take model off the list"),
            more=tr("The file is yours and stays where it is. Conversations stay, too."),
            role=QMessageBox.ButtonRole.AcceptRole,
        )
    model_id = model.id
    confirm.clicked.connect(lambda: actions.removal_requested.emit(model_id))
    return box
