"""The pictures of a message: below its words, at full size in a window, saved; and what is damaged says so."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, QSizeF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from chatbot_app.core.carried import CarriedConversation, CarriedPicture
from chatbot_app.core.messages import Message
from chatbot_app.core.paths import DataPaths
from chatbot_app.storage.database import Database
from chatbot_app.storage.message_pictures import PictureStore, save_pictures
from chatbot_app.storage.portions import Portions
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.chat.picture_decoding import decoded
from chatbot_app.ui.chat.picture_window import PictureWindow
from chatbot_app.ui.chat.pictures_controller import PicturesController, file_name_of
from chatbot_app.ui.chat.pictures_view import PictureButton
from chatbot_app.ui.transfer.pdf_pictures import with_message_pictures
from chatbot_app.workers.task_runner import TaskRunner
from tests.tiny_png import png
from tests.unit.storage.support import exchange, open_database, open_store

HOLLOW = png(40, 30)[:45]  # the head alone


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(DataPaths(tmp_path / "data").root) as opened:
        yield opened


def filled(database: Database, *pictures: tuple[str, bytes]) -> list[Message]:
    """Return a conversation whose question has pictures."""
    store = open_store(database)
    conversation = store.create_conversation()
    exchange(store, conversation.id, None, "What is this?", "The sea.")
    question = store.path(store.conversation(conversation.id).id)[0]
    carried = tuple(CarriedPicture(name, lambda data=data: data) for name, data in pictures)  # type: ignore[misc]
    save_pictures(
        database,
        CarriedConversation(conversation, (), pictures={question.id: carried}),
        Portions(sleep=lambda _: None),
    )
    return store.path(conversation.id)


@pytest.fixture
def pane(qtbot: QtBot, database: Database) -> Iterator[ChatPane]:
    shown = ChatPane()
    qtbot.addWidget(shown)
    shown.add_transcript()
    runner = TaskRunner()
    PicturesController(shown, PictureStore(database), runner, shown)
    shown.resize(700, 600)
    shown.show()
    yield shown
    runner.shutdown()


def buttons(pane: ChatPane) -> list[PictureButton]:
    return pane.transcript.findChildren(PictureButton)


def test_a_picture_is_shown_opened_and_saved(
    qtbot: QtBot, pane: ChatPane, database: Database, tmp_path: Path
) -> None:
    pane.transcript.show_conversation(filled(database, ("sea.dat", png(400, 300))), has_older=False)
    qtbot.waitUntil(lambda: len(buttons(pane)) == 1)
    button = buttons(pane)[0]
    assert button.accessibleName() == "Picture: sea.dat"
    qtbot.waitUntil(lambda: button.grab().toImage().pixelColor(button.rect().center()).red() == 200)
    assert not button.is_broken
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: pane.findChild(PictureWindow) is not None)
    window = pane.findChild(PictureWindow)
    assert window is not None
    assert window.label.pixmap().size() == QSize(400, 300)
    target = tmp_path / "kept.png"
    save = window.findChild(QPushButton, "save_picture_button")
    assert save is not None
    save.click()  # the window goes on while it asks
    dialog = window.findChild(QFileDialog, "save_picture_dialog")
    assert dialog is not None
    assert [Path(name).name for name in dialog.selectedFiles()] == ["sea.png"]
    dialog.fileSelected.emit(str(target))
    qtbot.waitUntil(lambda: target.exists() and target.read_bytes() == png(400, 300))
    dialog.fileSelected.emit(str(tmp_path / "no folder/x.png"))
    dialog.close()
    said = pane.notice_bar
    qtbot.waitUntil(lambda: any("x.png" in label.text() for label in said.findChildren(QLabel)))
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: pane.findChild(PictureWindow) is None)


def test_what_is_damaged_says_so(qtbot: QtBot, pane: ChatPane, database: Database) -> None:
    pane.transcript.show_conversation(filled(database, ("sea.png", HOLLOW)), has_older=False)
    qtbot.waitUntil(lambda: len(buttons(pane)) == 1 and buttons(pane)[0].is_broken)
    buttons(pane)[0].click()
    qtbot.waitUntil(lambda: pane.findChild(PictureWindow) is not None)
    window = pane.findChild(PictureWindow)
    assert window is not None
    assert "damaged" in window.label.text()
    assert window.findChild(object, "save_picture_button") is None  # type: ignore[type-var]


def test_only_what_the_bytes_say_is_unpacked() -> None:
    assert decoded(png(40, 30), QSize(20, 20)).size() == QSize(20, 15)
    assert decoded(png(40, 30), QSize()).size() == QSize(40, 30)
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    assert all(decoded(data, QSize()).isNull() for data in (None, b"", svg, HOLLOW))


def test_on_the_page_of_a_pdf_it_is_as_wide_as_there_is_room() -> None:
    pictures: dict[str, QImage] = {}
    written = "".join(
        f'<p><img class="picture" alt="sea" src="data:image/png;base64,{b64encode(data).decode()}"></p>'
        for data in (png(400, 200), png(20, 10), HOLLOW)
    )
    html = with_message_pictures(written, QSizeF(100, 300), pictures)
    assert 'src="picture:0" width="100" height="50"' in html
    assert 'src="picture:1" width="20" height="10"' in html
    assert html.endswith("<p><i>sea</i></p>")
    assert [one.width() for one in pictures.values()] == [200, 20]


def test_a_saved_picture_gets_the_ending_of_what_it_is() -> None:
    assert file_name_of("../a/sea.exe", png(1, 1)) == "sea.png"
    assert file_name_of("?", png(1, 1)) == "picture.png"
    assert file_name_of("sea.png", b"no picture") == ""
