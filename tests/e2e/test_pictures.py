"""Pictures in the window: attached, pasted and dropped, sent, kept, shown, and refused where the model is blind."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QToolButton, QTreeView, QWidget

from chatbot_app.application import create_services
from chatbot_app.core.messages import MessageStatus
from chatbot_app.core.pictures import pictures_of
from chatbot_app.ui.chat.attached_pictures import AttachedPictures
from chatbot_app.ui.chat.composer_edit import ComposerEdit
from chatbot_app.ui.context.inspector import ContextInspector
from tests.e2e.person import Launch, Person
from tests.scripted_server import ScriptedServer, json_answer, models_answer, sse_answer
from tests.tiny_png import png

pytestmark = pytest.mark.xdist_group("e2e")


def strip_of(person: Person) -> AttachedPictures:
    return person.find(AttachedPictures, "attached_pictures")


def names_of(person: Person) -> list[str]:
    return [one.name for one in strip_of(person).pictures()]


def edit_of(person: Person) -> ComposerEdit:
    return person.find(ComposerEdit, "composer")


def notice_of(person: Person) -> str:
    labels = person.application.window.chat_pane.notice_bar.findChildren(QLabel)
    return " ".join(label.text() for label in labels if not label.isHidden())


def files_in(folder: Path) -> tuple[Path, Path]:
    (folder / "red.png").write_bytes(png(400, 300))
    (folder / "wide.png").write_bytes(png(3000, 10))
    return folder / "red.png", folder / "wide.png"


def drop(person: Person, *paths: Path) -> None:
    person.application.window.chat_pane.composer.files_dropped.emit(list(paths))


def says(server: ScriptedServer, *modalities: str) -> None:
    described = {"id": "scripted", "max_model_len": 8192, "architecture": {"input_modalities": modalities}}
    server.set_answers(models_answer([described]), path="/v1/models")


def test_pictures_are_dropped_pasted_sent_shown_and_inspected(
    launch: Launch, scripted: ScriptedServer, tmp_path: Path
) -> None:
    says(scripted, "text", "image")
    person = launch()
    qtbot = person.qtbot
    red, wide = files_in(tmp_path)
    drop(person, red, wide)
    qtbot.waitUntil(lambda: names_of(person) == ["red.png", "wide.png"])
    copied = QMimeData()
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("blue"))
    copied.setImageData(image)
    edit_of(person).insertFromMimeData(copied)
    qtbot.waitUntil(lambda: names_of(person) == ["red.png", "wide.png", "pasted.png"])
    button = strip_of(person).items[1].remove_button
    assert button.accessibleName() == "Remove the picture wide.png"
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Delete)
    assert names_of(person) == ["red.png", "pasted.png"]
    answer = person.ask("What is this?")
    assert answer.status is MessageStatus.COMPLETE
    assert names_of(person) == []
    first, second, words = scripted.chat_requests[-1].json["messages"][-1]["content"]
    assert words["text"] == "What is this?"
    for part, size in ((first, (400, 300)), (second, (60, 40))):
        head, _, body = part["image_url"]["url"].partition(";base64,")
        assert head == "data:image/png"
        sent = QImage.fromData(base64.b64decode(body))
        assert (sent.width(), sent.height()) == size
    question = person.messages()[0]
    assert [one.name for one in pictures_of(question.metadata)] == ["red.png", "pasted.png"]
    qtbot.waitUntil(lambda: person.transcript.findChild(QWidget, "message_pictures") is not None)

    person.transcript.user_actions.what_was_sent_requested.emit(answer.id)
    qtbot.waitUntil(lambda: person.application.window.findChild(ContextInspector) is not None)
    inspector = person.find(ContextInspector, "context_inspector")
    qtbot.waitUntil(inspector.isVisible)
    parts = person.find(QTreeView, "inspector_parts")
    model = parts.model()
    rows = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert rows == ["System prompt", "Picture", "Picture", "Question"]
    parts.setCurrentIndex(model.index(1, 0))
    qtbot.waitUntil(lambda: inspector.picture.image is not None)
    assert inspector.picture.image is not None
    assert inspector.picture.image.width() == 400
    inspector.close()

    # A picture alone is a question, too; the earlier ones go along.
    drop(person, red)
    qtbot.waitUntil(lambda: names_of(person) == ["red.png"])
    person.ask("")
    messages = scripted.chat_requests[-1].json["messages"]
    assert [len(one["content"]) for one in messages if isinstance(one["content"], list)] == [3, 1]


def test_a_blind_model_is_told_of_before_anything_is_sent(
    launch: Launch, scripted: ScriptedServer, tmp_path: Path
) -> None:
    says(scripted, "text")
    person = launch()
    qtbot = person.qtbot
    red, _ = files_in(tmp_path)
    # Dropped, it is what it always was: a document.
    drop(person, red)
    qtbot.waitUntil(lambda: "cannot see pictures" in notice_of(person))
    assert "red.png will be read as documents, by the words on them (OCR)" in notice_of(person)
    assert names_of(person) == []
    # Pasted, it stays, with a note; Enter sends nothing and loses nothing.
    copied = QMimeData()
    copied.setImageData(QImage.fromData(png(30, 30)))
    edit_of(person).insertFromMimeData(copied)
    note = person.find(QLabel, "pictures_note")
    qtbot.waitUntil(lambda: note.text().startswith("scripted cannot see pictures."))
    person.type_and_send("What is this?")
    qtbot.waitUntil(lambda: "your message was not sent" in notice_of(person))
    assert scripted.chat_requests == []
    assert names_of(person) == ["pasted.png"]
    assert person.composer.toPlainText() == "What is this?"
    person.find(QToolButton, "remove_picture_button").click()
    assert strip_of(person).isHidden()
    assert person.ask("").text == "Hello there"


def test_what_is_no_picture_is_said_in_a_sentence(
    launch: Launch, scripted: ScriptedServer, tmp_path: Path
) -> None:
    person = launch()
    (tmp_path / "text.png").write_text("I am no picture.")
    (tmp_path / "broken.png").write_bytes(png(40, 30)[:60])
    (tmp_path / "huge.png").write_bytes(png(12000, 9000)[:60])
    drop(person, *(tmp_path / name for name in ("text.png", "broken.png", "huge.png")))
    person.qtbot.waitUntil(lambda: "text.png" in notice_of(person))
    told = notice_of(person)
    assert "The picture text.png cannot be used: it is no picture" in told
    assert "The picture broken.png cannot be used: it is damaged." in told
    assert "The picture huge.png cannot be used: it has 108 megapixels" in told
    assert names_of(person) == []


def test_pictures_of_drafts_stay_with_them_over_a_restart(
    launch: Launch, scripted: ScriptedServer, data_dir: Path, tmp_path: Path
) -> None:
    says(scripted, "image")
    person = launch()
    qtbot = person.qtbot
    red, wide = files_in(tmp_path)
    person.ask("Hi")
    conversation_id = person.application.controllers.chat.conversation_id
    assert conversation_id is not None
    drop(person, red)
    qtbot.waitUntil(lambda: names_of(person) == ["red.png"])
    person.application.window.new_conversation_requested.emit()
    assert names_of(person) == []
    drop(person, wide)
    qtbot.waitUntil(lambda: names_of(person) == ["wide.png"])
    person.application.controllers.chat.open(conversation_id)
    qtbot.waitUntil(lambda: names_of(person) == ["red.png"])
    person.application.shutdown()

    again = launch()
    qtbot.waitUntil(lambda: names_of(again) == ["red.png"])
    assert again.application.controllers.chat.conversation_id == conversation_id
    again.application.window.new_conversation_requested.emit()
    qtbot.waitUntil(lambda: names_of(again) == ["wide.png"])
    # Sent, it is in the store alone.
    again.ask("What?")
    qtbot.waitUntil(lambda: len(list((data_dir / "draft-pictures").iterdir())) == 2)
    again.application.shutdown()
    services = create_services(data_dir)
    question = services.conversations.path(services.conversations.list_conversations()[0].id)[0]
    assert services.conversations.pictures.picture(question.id, 0) == wide.read_bytes()
    services.close()


def test_a_picture_that_the_server_refuses_stays_with_its_question(
    launch: Launch, scripted: ScriptedServer, tmp_path: Path
) -> None:
    person = launch()
    red, _ = files_in(tmp_path)
    drop(person, red)
    person.qtbot.waitUntil(lambda: names_of(person) == ["red.png"])
    note = person.find(QLabel, "pictures_note")
    person.qtbot.waitUntil(lambda: note.text().startswith("Nobody says whether scripted sees pictures"))
    scripted.set_answers(json_answer({"error": {"message": "image input is not supported"}}, 500))
    refused = person.ask("What is this?")
    assert refused.notices[-1].kind == "PicturesRefused"
    scripted.set_answers(sse_answer(["Red."]))
    person.transcript.user_actions.regenerate_requested.emit(refused.id)
    person.qtbot.waitUntil(lambda: person.answers()[-1].text == "Red.")
    person.wait_until_idle()
