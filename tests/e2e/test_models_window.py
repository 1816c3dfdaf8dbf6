"""Models of one's own in the real window: downloaded, dropped, talked to, unloaded, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from chatbot_app.core.documents import DocumentState
from chatbot_app.core.messages import Message, MessageStatus
from chatbot_app.ui.models.catalogue_page import CataloguePage
from chatbot_app.ui.models.model_button import ModelButton
from chatbot_app.ui.models.models_dialog import ModelsDialog
from tests.e2e.person import Launch, Person
from tests.e2e.test_accessibility import nameless
from tests.hub_server import FakeHub
from tests.random_gguf import write_embedding, write_random

pytestmark = pytest.mark.xdist_group("e2e")

PATIENCE = 60_000  # ms; a model loads while another test keeps both cores busy
REPOSITORY = "owner/Tiny-GGUF"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    [path] = write_random(tmp_path_factory.mktemp("tiny") / "Tiny.gguf", context_length=2048)
    return path.read_bytes()


@pytest.fixture
def hub(tiny: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    monkeypatch.setenv("CHATBOT_MODELS_DIR", str(tmp_path / "models"))
    with FakeHub() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.address)
        server.add(REPOSITORY, {"Tiny.Q8_0.gguf": tiny})
        yield server


def models_dialog(person: Person) -> ModelsDialog:
    person.application.window.models_requested.emit()
    dialog = person.find(ModelsDialog, "models_dialog")
    person.qtbot.waitUntil(dialog.isVisible)
    return dialog


def said(person: Person, button: str) -> str:
    return person.find(ModelButton, button).accessibleName()


def uses(dialog: ModelsDialog) -> list[QPushButton]:
    """The buttons of downloads that are finished."""
    buttons = dialog.findChildren(QPushButton)
    return [one for one in buttons if one.objectName().startswith("download_use_") and one.isVisible()]


def ask_briefly(person: Person) -> Message:
    chat = person.application.controllers.chat
    chat.replace_settings(max_tokens=8)
    return person.ask("Who are you?")


def drop(person: Person, *paths: Path, onto: QWidget | None = None) -> None:
    """Drop files onto a part of the window that has no use of its own for them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    data.setText("\n".join(str(path) for path in paths))  # as file managers do
    place, buttons, keys = QPointF(5, 5), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    target = onto or person.transcript.viewport()
    enter = QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(target, QDropEvent(place, Qt.DropAction.CopyAction, data, buttons, keys))


def test_a_model_is_downloaded_talked_to_unloaded_and_deleted(launch: Launch, hub: FakeHub) -> None:
    person = launch()
    wait = person.qtbot.waitUntil
    services = person.application.services
    dialog = models_dialog(person)
    dialog.show_catalogue()
    page = person.find(CataloguePage, "catalogue_page")
    wait(lambda: page.details.entry is not None, timeout=PATIENCE)  # the list that ships
    assert nameless(dialog) == []
    assert hub.requests == []  # nobody was contacted

    person.find(QLineEdit, "catalogue_search").setText(REPOSITORY)
    person.click("catalogue_search_button")
    wait(lambda: bool(page.files_of(REPOSITORY)), timeout=PATIENCE)
    person.click("catalogue_download")
    wait(lambda: len(services.models.list()) == 2, timeout=PATIENCE)
    model = services.models.list()[1]
    assert model.origin is not None
    assert model.path is not None
    wait(lambda: bool(uses(dialog)), timeout=PATIENCE)
    uses(dialog)[0].click()
    wait(lambda: said(person, "model_button") == f"Answered by {model.name} on this computer")

    answer = ask_briefly(person)
    assert answer.model == model.name
    assert answer.status is MessageStatus.COMPLETE
    dialog.show_local()
    dialog.local.choose(model.id)
    load = person.find(QPushButton, "model_load_button")
    person.application.models.local.refresh()
    wait(lambda: load.text() == "Unload", timeout=PATIENCE)
    load.click()
    wait(lambda: load.text() == "Load" and load.isEnabled(), timeout=PATIENCE)
    assert model.id not in services.engines.running()

    path = model.path
    assert path.exists()
    person.click("model_remove_button")
    box = person.find(QMessageBox, "model_removal_box")
    assert "Its file is deleted" in box.informativeText()
    person.find(QPushButton, "model_removal_confirmed").click()
    wait(lambda: len(services.models.list()) == 1, timeout=PATIENCE)
    wait(lambda: not path.exists())
    dialog.close()


def test_somebody_elses_file_is_dropped_and_talked_to(
    launch: Launch, built_in_model: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own" / "somebody's & model.gguf"
    own.parent.mkdir()
    own.symlink_to(built_in_model)
    person = launch()
    services = person.application.services
    window = person.application.window
    search = window.conversation_list.findChild(QLineEdit)
    drop(person, own, onto=search)
    assert search.text() == ""
    bar = person.application.window.chat_pane.notice_bar
    person.qtbot.waitUntil(bar.isVisible, timeout=PATIENCE)
    model = services.models.list()[1]
    assert (model.path, model.origin) == (own, None)
    drop(person, own, onto=window.chat_pane.composer.findChild(QPlainTextEdit).viewport())
    assert window.chat_pane.composer.text() == ""
    talk = next(one for one in bar.findChildren(QPushButton) if one.text().startswith("Talk to"))
    talk.click()
    person.qtbot.waitUntil(lambda: "somebody's & model" in said(person, "composer_model_button"))
    answer = ask_briefly(person)
    assert (answer.model, answer.status) == (model.name, MessageStatus.COMPLETE)
    speed = services.models.list()[1].tokens_per_second
    assert speed is None or speed > 0

    dialog = models_dialog(person)
    dialog.local.choose(model.id)
    person.qtbot.waitUntil(lambda: dialog.local.chosen_id() == model.id, timeout=PATIENCE)
    assert nameless(dialog) == []
    person.click("model_remove_button")
    assert "The file is yours" in person.find(QMessageBox, "model_removal_box").informativeText()
    person.find(QPushButton, "model_removal_confirmed").click()
    person.qtbot.waitUntil(lambda: len(services.models.list()) == 1, timeout=PATIENCE)
    assert own.exists()
    dialog.close()
    [told] = ask_briefly(person).notices
    assert told.summary.startswith(f"“{model.name}” is not on this computer; “SmolLM2")
    person.transcript.user_actions.remedy_requested.emit(told.action)
    person.qtbot.waitUntil(person.find(ModelsDialog, "models_dialog").isVisible)


def test_a_model_that_makes_vectors_is_listed_and_not_offered_to_talk_to(
    launch: Launch, tmp_path: Path
) -> None:
    person = launch()
    drop(person, write_embedding(tmp_path / "letters.gguf"))
    bar = person.application.window.chat_pane.notice_bar
    person.qtbot.waitUntil(bar.isVisible, timeout=PATIENCE)
    assert [model.name for model in person.application.services.models.list()][1:] == ["letters"]
    assert not [one for one in bar.findChildren(QPushButton) if one.text().startswith("Talk to")]


def test_what_is_no_model_is_said_and_documents_stay_documents(launch: Launch, tmp_path: Path) -> None:
    broken, letter = tmp_path / "broken.gguf", tmp_path / "letter.txt"
    broken.write_bytes(b"<html>not found</html>")
    letter.write_text("The dues are twelve euros a year.")
    person = launch()
    services = person.application.services
    drop(person, broken, letter)
    bar = person.application.window.chat_pane.notice_bar
    person.qtbot.waitUntil(bar.isVisible, timeout=PATIENCE)
    person.qtbot.waitUntil(
        lambda: [one.state for one in services.library.documents.documents()] == [DocumentState.READY],
        timeout=PATIENCE,
    )
    assert len(services.models.list()) == 1
    assert person.find(QWidget, "knowledge_panel").isVisible()


def test_the_menu_changes_who_answers_with_the_knowledge_panel_in_front(
    launch: Launch, tiny: bytes, tmp_path: Path
) -> None:
    own = tmp_path / "Tiny.gguf"
    own.write_bytes(tiny)
    person = launch()
    window, services = person.application.window, person.application.services
    person.application.models.local.add_files([own])
    person.qtbot.waitUntil(lambda: len(services.models.list()) == 2, timeout=PATIENCE)
    window.show_knowledge()
    names = person.application.models.choice
    person.qtbot.waitUntil(lambda: "Tiny" in names.known.models.get("built-in", ()), timeout=PATIENCE)
    window.model_choice_requested.emit()  # Ctrl+Shift+M
    menu = person.find(ModelButton, "model_button").findChild(QMenu, "model_menu")
    assert menu is not None
    person.qtbot.waitUntil(menu.isVisible)
    next(one for one in menu.actions() if one.text().startswith("Tiny")).trigger()
    menu.close()
    for button in ("model_button", "composer_model_button"):
        assert said(person, button) == "Answered by Tiny on this computer"
    assert person.application.controllers.chat.settings.model == "Tiny"
