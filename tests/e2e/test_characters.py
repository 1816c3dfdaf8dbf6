"""A person keeps characters, begins and goes on with them, saves one from a conversation, and carries them."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListWidget, QMenu, QPlainTextEdit, QPushButton

from chatbot_app.core.characters import Character
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.ui.banner import Banner
from chatbot_app.ui.characters.character_carrier import CharacterCarrier
from chatbot_app.ui.characters.characters_controller import CharactersController
from chatbot_app.ui.knowledge.collection_choice import CollectionChoice
from tests.e2e.person import Launch, Person
from tests.scripted_server import ScriptedServer
from tests.tiny_png import SIGNATURE, chunk

pytestmark = pytest.mark.xdist_group("e2e")

IMPORT_MS = 240_000  # vectors are made at low priority: a busy machine takes its time
TUTOR = Character(
    "Tutor",
    GenerationSettings(system_prompt="Ask back.", temperature=0.3),
    "Asks",
    (("2+2?", "What is 2+1?"),),
)


def shown(person: Person) -> list[str]:
    rows = person.find(QListWidget, "characters_list")
    return [rows.item(row).text().partition("\n")[0] for row in range(rows.count())]


def used(person: Person) -> str:
    return person.find(QPushButton, "character_button").accessibleName()


def choose(person: Person, menu: str, words: str) -> None:
    actions: list[QAction] = person.find(QMenu, menu).actions()
    next(action for action in actions if action.text() == words).trigger()


def is_gone(person: Person, name: str) -> bool:
    return person.application.window.findChild(QDialog, name) is None


def known(person: Person, *characters: Character) -> CharactersController:
    library = person.application.services.characters
    for character in characters:
        library.save(character)
    controller = person.find(CharactersController, "")
    controller.refresh()
    person.qtbot.waitUntil(lambda: len(controller.characters) == len(characters))
    return controller


def test_a_conversation_is_had_with_a_character(launch: Launch, scripted: ScriptedServer) -> None:
    person = launch()
    wait, chat = person.qtbot.waitUntil, person.application.controllers.chat
    known(
        person, TUTOR, Character("Gone", GenerationSettings(server_id="gone", model="m", collections=("x",)))
    )
    library = person.application.services.characters
    header = person.find(QPushButton, "character_button")
    changed = person.find(QLabel, "character_changed")
    assert header.isHidden()

    person.click("new_with_character_button")
    choose(person, "new_with_character_menu", "Tutor")
    wait(lambda: header.accessibleName() == "Character: Tutor.")
    assert changed.text() == "Asks"
    person.ask("Hello")
    sent = scripted.requests[-1].json
    assert sent["temperature"] == 0.3
    assert sent["messages"][0]["content"] == "Ask back.\n\nInput: 2+2?\nOutput: What is 2+1?"
    with_tutor = chat.conversation_id
    assert with_tutor is not None

    # What is changed since is said, undone, and kept.
    chat.replace_settings(temperature=1.0, model="other")
    assert changed.text() == "Changed since: Model, Temperature."
    assert header.accessibleName() == "Character: Tutor. Changed since: Model, Temperature."
    person.click("settings_character_button")
    choose(person, "character_menu", "Undo the changes: back to “Tutor”")
    wait(lambda: chat.settings.temperature == 0.3)
    assert header.accessibleName() == "Character: Tutor."
    chat.replace_settings(temperature=0.9)
    person.click("character_button")
    choose(person, "character_menu", "Keep the changes in “Tutor”")
    wait(lambda: header.accessibleName() == "Character: Tutor.")
    [kept] = [one for one in library.list() if one.name == "Tutor"]
    assert (kept.settings.temperature, kept.settings.system_prompt, kept.examples) == (
        0.9,
        "Ask back.",
        TUTOR.examples,
    )

    # Another one in the same conversation, of which something is gone: it says so, and works.
    person.click("settings_character_button")
    choose(person, "character_menu", "Gone")
    wait(lambda: header.accessibleName() == "Character: Gone.")
    words = person.find(Banner, "notice").words()
    assert (chat.settings.server_id, chat.settings.model, chat.settings.collections) == (None, None, None)
    assert changed.isHidden(), changed.text()
    assert person.ask("And now?").text == "Hello there"
    assert "Its server was removed" in words
    assert "Its collections are gone" in words

    # In a new conversation by /name; where something was said, prompts alone are offered.
    press, keys, composer = person.qtbot.keyClick, person.qtbot.keyClicks, person.composer
    offers = person.find(QListWidget, "prompt_offers")
    keys(composer, "/tut")
    assert offers.isHidden()
    person.application.window.chat_pane.composer.set_text("")
    person.click("new_conversation_button")
    wait(lambda: header.isHidden())
    keys(composer, "/tut")
    assert offers.count() == 1
    press(composer, Qt.Key.Key_Return)
    wait(lambda: header.accessibleName() == "Character: Tutor.")
    assert composer.toPlainText() == ""

    # Forgotten: what it was used for stays, and says what happened.
    before = person.application.services.conversations.conversation(with_tutor).settings
    library.remove([one.id for one in library.list()])
    person.find(CharactersController, "").refresh()
    wait(lambda: "none of those that you keep" in changed.text())
    assert header.isHidden()
    assert person.application.services.conversations.conversation(with_tutor).settings == before
    person.click("settings_character_button")
    choose(person, "character_menu", "No character, the usual settings")
    assert chat.settings.character_id is None
    assert chat.settings.system_prompt == GenerationSettings().system_prompt
    assert changed.isHidden()


def test_characters_are_written_saved_from_a_conversation_carried_and_deleted(
    launch: Launch, tmp_path: Path
) -> None:
    person = launch()
    wait, chat = person.qtbot.waitUntil, person.application.controllers.chat
    library = person.application.services.characters
    chat.replace_settings(system_prompt="Be brief.", top_p=0.5)
    person.find(QAction, "save_as_character_action").trigger()
    assert "Top p: 0.5." in person.find(QLabel, "character_other_settings").text()
    person.click("character_save")
    wait(lambda: "needs a name" in person.find(QLabel, "character_said").text())
    person.find(QLineEdit, "character_name").setText("Brief")
    person.click("character_save")
    wait(lambda: is_gone(person, "character_editor"))
    wait(lambda: used(person) == "Character: Brief.")
    [brief] = library.list()
    assert (brief.settings.system_prompt, brief.settings.top_p) == ("Be brief.", 0.5)

    person.click("settings_character_button")
    choose(person, "character_menu", "Characters…")
    wait(lambda: shown(person) == ["Brief"])
    person.click("characters_duplicate")
    wait(lambda: shown(person) == ["Brief", "Brief 2"])
    person.click("characters_edit")
    person.find(QLineEdit, "character_name").setText("Longer")
    person.find(QPlainTextEdit, "character_system_prompt").setPlainText("Be long.")
    person.click("character_add_example")
    person.find(QPlainTextEdit, "example_input").setPlainText("hot")
    person.find(QDialog, "character_editor").reject()
    person.find(QDialog, "character_discard_box").reject()
    person.click("character_save")
    wait(lambda: is_gone(person, "character_editor") and shown(person) == ["Brief", "Longer"])
    assert library.list()[1].examples == (("hot", ""),)

    carrier = person.find(CharacterCarrier, "")
    path, card, broken = tmp_path / "out.json", tmp_path / "card.png", tmp_path / "none.png"
    carrier.carry_out(path, library.list())
    wait(lambda: "2 character(s) exported" in person.find(QLabel, "characters_said").text())
    body = b"chara\0" + base64.b64encode(json.dumps({"name": "Ada", "description": "Counts."}).encode())
    card.write_bytes(SIGNATURE + chunk(b"tEXt", body))
    broken.write_bytes(SIGNATURE)
    carrier.bring_in(path, card, broken)
    wait(lambda: shown(person) == ["Ada", "Brief", "Longer"])
    words = person.find(QLabel, "characters_said").text()
    for part in ("1 character(s) imported", "2 character(s) were here", "carries no character"):
        assert part in words, words

    rows = person.find(QListWidget, "characters_list")
    rows.selectAll()
    assert not person.find(QPushButton, "characters_begin").isEnabled()
    assert not person.find(QPushButton, "characters_edit").isEnabled()
    rows.clearSelection()
    rows.item(0).setSelected(True)
    person.click("characters_export")
    texts = [action.text() for action in person.find(QMenu, "characters_export_menu").actions()]
    assert texts == ["The 1 chosen…", "All…"]
    person.find(QMenu, "characters_export_menu").close()
    person.click("characters_begin")
    wait(lambda: is_gone(person, "prompts_dialog"))
    wait(lambda: used(person) == "Character: Ada.")
    person.application.window.prompts_requested.emit()
    person.find(QLineEdit, "characters_search").setText("brief.")
    assert shown(person) == ["Brief"]
    person.click("characters_delete")
    person.click("character_delete_confirm")
    wait(lambda: [one.name for one in library.list()] == ["Ada", "Longer"])
    person.click("prompts_close")
    assert chat.settings == replace(chat.settings, character_id=library.list()[0].id)


def documents_shown(person: Person) -> str:
    words = person.find(CollectionChoice, "collection_choice").accessibleName()
    return words.removeprefix("Documents for answers: ")


def begin_with(person: Person, name: str) -> None:
    person.click("new_with_character_button")
    choose(person, "new_with_character_menu", name)
    person.qtbot.waitUntil(lambda: used(person) == f"Character: {name}.")


def test_a_character_says_which_documents_its_conversations_use(
    launch: Launch, scripted: ScriptedServer, tmp_path: Path
) -> None:
    person = launch()
    wait, chat = person.qtbot.waitUntil, person.application.controllers.chat
    choice = person.find(CollectionChoice, "collection_choice")
    wind = person.application.services.library.documents.create_collection("Wind")
    declining, windy = TUTOR, Character("Windy", GenerationSettings(collections=(wind.id,)))
    known(person, declining, windy)
    assert chat.settings.collections == ()

    # Before there is a document, and when the first one comes.
    begin_with(person, "Tutor")
    assert chat.settings.collections is None
    note = tmp_path / "zephyr.md"
    note.write_text("The Zephyr turbine was built in 1987.")
    person.application.window.knowledge_panel.user_actions.files_offered.emit([note])
    wait(choice.isVisible, timeout=IMPORT_MS)
    assert (chat.settings.collections, documents_shown(person)) == (None, "No documents")
    assert used(person) == "Character: Tutor."

    # New conversations, where there are documents; nothing counts as changed.
    person.click("new_conversation_button")
    wait(lambda: documents_shown(person) == "All documents")
    begin_with(person, "Tutor")
    assert (chat.settings.collections, documents_shown(person)) == (None, "No documents")
    person.ask("When was the Zephyr turbine built?")
    assert "1987" not in str(scripted.chat_requests[-1].json["messages"])
    declined = chat.conversation_id
    assert used(person) == "Character: Tutor."
    begin_with(person, "Windy")
    assert documents_shown(person) == "Wind"

    # In the open conversation: another one, and then none again.
    for name, shown_there in (("Tutor", "No documents"), ("Windy", "Wind")):
        person.click("settings_character_button")
        choose(person, "character_menu", name)
        wait(lambda name=name: used(person) == f"Character: {name}.")
        assert documents_shown(person) == shown_there
    person.click("settings_character_button")
    choose(person, "character_menu", "No character, the usual settings")
    assert (chat.settings.collections, documents_shown(person)) == ((), "All documents")

    # What a person chooses beside it is a change.
    begin_with(person, "Tutor")
    choice.choose(())
    wait(lambda: used(person) == "Character: Tutor. Changed since: Documents.")

    # Opened again by the next launch, it still declines.
    assert declined is not None
    chat.open(declined)
    wait(lambda: chat.conversation_id == declined)
    person.application.shutdown()
    again = launch()
    wait(again.find(CollectionChoice, "collection_choice").isVisible, timeout=IMPORT_MS)
    wait(lambda: again.application.controllers.chat.conversation_id == declined)
    assert documents_shown(again) == "No documents"
    assert again.application.controllers.chat.settings.collections is None


def test_a_new_character_has_all_documents_as_a_new_conversation_has(launch: Launch) -> None:
    person = launch()
    wait, chat = person.qtbot.waitUntil, person.application.controllers.chat
    chat.replace_settings(collections=None)  # what one conversation declines is no matter of the character's
    person.application.window.prompts_requested.emit()
    person.click("characters_new")
    words = person.find(QLabel, "character_other_settings")
    assert words.text().endswith("Documents: all.")
    person.find(QLineEdit, "character_name").setText("Plain")
    person.click("character_save")
    wait(lambda: is_gone(person, "character_editor"))
    [plain] = person.application.services.characters.list()
    assert plain.settings.collections == ()
