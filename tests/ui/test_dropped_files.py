"""Files that are held over text fields go to what lies behind them; words go into the fields."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDateEdit,
    QInputDialog,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from chatbot_app.ui.chat.composer_edit import ComposerEdit
from chatbot_app.ui.dropped_files import DroppedFiles
from chatbot_app.ui.models.path_fields import PathField, PathsField
from chatbot_app.ui.search_line import SearchLine
from chatbot_app.ui.theme import apply_theme

FILE = "/home/anna/model.gguf"


def held(*paths: str) -> QMimeData:
    """What a file manager sends: the addresses, and the paths as words."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    data.setText("\n".join(paths))
    return data


def drop(target: QWidget, data: QMimeData) -> bool:
    """Hold `data` over a widget as Qt does and let go; return whether anybody took it."""
    place, buttons, keys = QPointF(3, 3), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(target, enter)
    QApplication.sendEvent(target, QDropEvent(place, Qt.DropAction.CopyAction, data, buttons, keys))
    return enter.isAccepted()


def editable_combo(parent: QWidget) -> QWidget:
    box = QComboBox(parent)
    box.setEditable(True)
    return box


FIELDS: tuple[Callable[[QWidget], QWidget], ...] = (
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QSpinBox,
    QDateEdit,
    editable_combo,
    ComposerEdit,
    lambda parent: SearchLine("words", "Words", parent),
)


def editors(field: QWidget) -> list[QWidget]:
    """The widgets under the pointer: a line, or the viewport of several."""
    lines = [field] if isinstance(field, QLineEdit) else list(field.findChildren(QLineEdit))
    return lines or [field.viewport()] if isinstance(field, QPlainTextEdit | QTextEdit) else lines


def words_of(field: QWidget) -> str:
    if isinstance(field, QPlainTextEdit | QTextEdit):
        return field.toPlainText()
    editor = editors(field)[0]
    assert isinstance(editor, QLineEdit)
    return editor.text()


@pytest.mark.parametrize("make", FIELDS)
def test_a_file_over_a_field_goes_to_the_window_behind_it(
    qtbot: QtBot, make: Callable[[QWidget], QWidget]
) -> None:
    apply_theme(QApplication.instance())  # type: ignore[arg-type]
    window = QWidget()
    qtbot.addWidget(window)
    field = make(window)
    QVBoxLayout(window).addWidget(field)
    window.show()
    before = words_of(field)
    taken: list[list[Path]] = []
    assert not drop(editors(field)[0], held(FILE))  # nobody behind it takes files
    DroppedFiles(window).dropped.connect(taken.append)
    assert drop(editors(field)[0], held(FILE, "/home/anna/notes.txt"))
    assert taken == [[Path(FILE), Path("/home/anna/notes.txt")]]
    assert words_of(field) == before


@pytest.mark.parametrize("make", [QLineEdit, QPlainTextEdit])
@pytest.mark.parametrize("address", ["", "https://example.org/a"])
def test_words_and_addresses_are_dropped_into_fields_as_ever(
    qtbot: QtBot, make: Callable[[QWidget], QWidget], address: str
) -> None:
    apply_theme(QApplication.instance())  # type: ignore[arg-type]
    window = QWidget()
    qtbot.addWidget(window)
    field = make(window)
    QVBoxLayout(window).addWidget(field)
    window.show()
    DroppedFiles(window)
    data = QMimeData()
    data.setText("some words")
    if address:
        data.setUrls([QUrl(address)])
    assert drop(editors(field)[0], data)
    assert "some words" in words_of(field)


def test_a_question_of_qt_takes_no_path_for_a_name(qtbot: QtBot) -> None:
    apply_theme(QApplication.instance())  # type: ignore[arg-type]
    dialog = QInputDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    line = dialog.findChild(QLineEdit)
    assert not drop(line, held(FILE))
    assert line.text() == ""


def test_a_field_for_a_file_takes_the_one_that_is_dropped(qtbot: QtBot) -> None:
    apply_theme(QApplication.instance())  # type: ignore[arg-type]
    one, some = PathField("projector", "Projector"), PathsField("lora", "LoRA files")
    for field in (one, some):
        qtbot.addWidget(field)
        field.show()
    with qtbot.waitSignal(one.changed):
        assert drop(one.findChild(QLineEdit), held(FILE))
    assert one.path() == FILE
    with qtbot.waitSignal(some.changed):
        assert drop(some, held(FILE, "/home/anna/b.gguf", FILE))
    assert some.paths() == (FILE, "/home/anna/b.gguf")
