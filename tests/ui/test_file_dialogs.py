"""Dialogs for files: whoever asks goes on, and is told what was chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from chatbot_app.ui.file_dialogs import folder_dialog, opening_dialog, saving_dialog
from chatbot_app.ui.knowledge.panel import KnowledgePanel


def test_a_dialog_is_what_it_is_asked_for(qtbot: QtBot, tmp_path: Path) -> None:
    one = opening_dialog(None, "one", "Open a text", ["Texts (*.txt)"])
    many, folder = (
        opening_dialog(None, "many", "Add files", many=True),
        folder_dialog(None, "folder", "Watch"),
    )
    save = saving_dialog(None, "save", "Save", "Markdown (*.md)", "answers.md", folder=str(tmp_path))
    for dialog in (one, many, folder, save):
        qtbot.addWidget(dialog)
    assert one.fileMode() is QFileDialog.FileMode.ExistingFile
    assert one.nameFilters() == ["Texts (*.txt)"]
    assert many.fileMode() is QFileDialog.FileMode.ExistingFiles
    assert folder.fileMode() is QFileDialog.FileMode.Directory
    assert (save.acceptMode(), save.defaultSuffix()) == (QFileDialog.AcceptMode.AcceptSave, "md")
    assert save.selectedFiles() == [str(tmp_path / "answers.md")]
    assert (save.objectName(), save.windowTitle()) == ("save", "Save")


def test_the_panel_goes_on_while_somebody_chooses(qtbot: QtBot, tmp_path: Path) -> None:
    panel = KnowledgePanel()
    qtbot.addWidget(panel)
    panel.show()
    offered: list[list[Path]] = []
    watched: list[list[Path]] = []
    panel.user_actions.files_offered.connect(offered.append)
    panel.user_actions.watch_requested.connect(watched.append)
    for button, name in (
        (panel.files_button, "add_files_dialog"),
        (panel.folder_button, "add_folder_dialog"),
    ):
        assert isinstance(button, QPushButton)
        button.click()
        dialog = panel.findChild(QFileDialog, name)
        assert dialog is not None
        assert dialog.isVisible()
        dialog.filesSelected.emit([str(tmp_path)])
        dialog.close()
    panel.choose_watched_folder()
    chooser = panel.findChild(QFileDialog, "watch_folder_dialog")
    assert chooser is not None
    chooser.fileSelected.emit(str(tmp_path))
    chooser.close()
    assert (offered, watched) == ([[tmp_path], [tmp_path]], [[tmp_path]])
