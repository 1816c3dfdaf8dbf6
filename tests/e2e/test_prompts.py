"""A person keeps prompts, uses one by /name, and carries them out and in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListWidget, QPlainTextEdit, QPushButton

from chatbot_app.core.saved_prompts import STEP_BY_STEP, SavedPrompt
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.prompts.prompt_carrier import PromptCarrier
from chatbot_app.ui.prompts.prompts_controller import PromptsController
from tests.e2e.person import Launch, Person

pytestmark = pytest.mark.xdist_group("e2e")


def dialog(person: Person, name: str) -> QDialog:
    return person.find(QDialog, name)


def is_gone(person: Person, name: str) -> bool:
    return person.application.window.findChild(QDialog, name) is None


def shown(person: Person) -> list[str]:
    rows = person.find(QListWidget, "prompts_list")
    return [rows.item(row).text().partition("\n")[0] for row in range(rows.count())]


def test_prompts_are_written_changed_carried_and_deleted(launch: Launch, tmp_path: Path) -> None:
    person = launch()
    wait, window, library = (
        person.qtbot.waitUntil,
        person.application.window,
        person.application.services.prompts,
    )
    window.prompts_requested.emit()
    assert "no prompts" in person.find(QLabel, "prompts_nothing").text()
    assert not person.find(QPushButton, "prompts_export").isEnabled()

    person.click("prompts_new")
    person.click("prompt_save")
    wait(lambda: "needs a name" in person.find(QLabel, "prompt_said").text())
    person.find(QLineEdit, "prompt_name").setText("Opposite")
    person.find(QPlainTextEdit, "prompt_text").setPlainText("Input: {{word}}")
    person.click("prompt_add_example")
    person.find(QPlainTextEdit, "example_input").setPlainText("hot")
    person.find(QPlainTextEdit, "example_output").setPlainText("cold")
    person.click("prompt_add_example")  # stays empty
    person.find(QDialog, "prompt_editor").reject()
    assert not is_gone(person, "prompt_discard_box")
    dialog(person, "prompt_discard_box").reject()
    person.click("prompt_save")
    wait(lambda: is_gone(person, "prompt_editor") and shown(person) == ["Opposite"])
    [kept] = library.list()
    assert (kept.text, kept.examples, kept.step_by_step) == ("Input: {{word}}", (("hot", "cold"),), False)

    person.click("prompts_edit")
    person.find(QLineEdit, "prompt_name").setText("Antonym")
    person.click("prompt_save")
    wait(lambda: is_gone(person, "prompt_editor") and shown(person) == ["Antonym"])

    carrier = window.findChild(PromptCarrier)
    path = tmp_path / "prompts.json"
    carrier.carry_out(path, library.list())
    wait(lambda: "exported" in person.find(QLabel, "prompts_said").text())
    document = json.loads(path.read_text(encoding="utf-8"))
    document["prompts"] += [{"name": "Style", "text": "Better style: {{clipboard}}"}, 3]
    path.write_text(json.dumps(document), encoding="utf-8")
    carrier.bring_in(path)
    wait(lambda: shown(person) == ["Antonym", "Style"])
    words = person.find(QLabel, "prompts_said").text()
    assert all(part in words for part in ("1 prompt(s) imported", "1 prompt(s) were here", "1 entries")), (
        words
    )
    path.write_text("{}", encoding="utf-8")
    carrier.bring_in(path)
    wait(lambda: "no JSON file of prompts" in person.find(QLabel, "prompts_said").text())

    person.find(QLineEdit, "prompts_search").setText("better")
    assert shown(person) == ["Style"]
    person.click("prompts_delete")
    person.click("prompt_delete_confirm")
    wait(lambda: [prompt.name for prompt in library.list()] == ["Antonym"])
    wait(lambda: shown(person) == [])
    person.click("prompts_close")
    wait(lambda: is_gone(person, "prompts_dialog"))


def test_a_prompt_is_put_into_the_message_by_its_name(launch: Launch) -> None:
    person = launch()
    wait, press, keys = person.qtbot.waitUntil, person.qtbot.keyClick, person.qtbot.keyClicks
    window, composer, library = (
        person.application.window,
        person.composer,
        person.application.services.prompts,
    )
    offers = person.find(QListWidget, "prompt_offers")
    sent: list[str] = []
    window.chat_pane.composer.message_submitted.connect(sent.append)
    library.save(SavedPrompt("Rewrite", "{{tone:formal|friendly}} {{text=nothing}}: {{clipboard}}"))
    library.save(SavedPrompt("Why", "Why is that so?", step_by_step=True))
    controller = window.findChild(PromptsController)
    controller.refresh()
    wait(lambda: len(controller.prompts) == 2)

    window.chat_pane.composer.set_text("\U0001f30a")
    keys(composer, " or /why")  # not at the start of a line
    assert offers.isHidden()
    press(composer, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    keys(composer, "/wH")
    assert not offers.isHidden()
    press(composer, Qt.Key.Key_Escape)
    keys(composer, "y")
    assert offers.isHidden()
    for _ in range(3):
        press(composer, Qt.Key.Key_Backspace)
    assert not offers.isHidden()
    assert offers.count() == 2
    press(composer, Qt.Key.Key_Down)
    press(composer, Qt.Key.Key_Return)
    assert composer.toPlainText() == f"\U0001f30a or /why\nWhy is that so?\n\n{STEP_BY_STEP}"
    assert sent == []
    composer.undo()
    assert composer.toPlainText().endswith("/")

    window.chat_pane.composer.set_text("")
    keys(composer, "/rewr")
    press(composer, Qt.Key.Key_Tab)
    person.find(ComboBox, "prompt_variable_0").setCurrentIndex(1)
    person.find(QPlainTextEdit, "prompt_variable_1").setPlainText("{{date}}\nit")
    QGuiApplication.clipboard().setText("copied")
    press(person.find(QPlainTextEdit, "prompt_variable_1"), Qt.Key.Key_Return)
    assert composer.toPlainText() == "friendly {{date}}\nit: copied"
    wait(lambda: is_gone(person, "prompt_fill_dialog"))

    window.chat_pane.composer.set_text("")
    keys(composer, "/rewr")
    press(composer, Qt.Key.Key_Return)
    person.click("prompt_fill_cancel")
    assert composer.toPlainText() == "/rewr"
    wait(lambda: is_gone(person, "prompt_fill_dialog"))
    window.chat_pane.composer.set_text("")
    keys(composer, "/")
    press(composer, Qt.Key.Key_Escape)
    keys(composer, "w")
    assert offers.isHidden()
    window.chat_pane.composer.set_text("/usr")  # given back, not typed
    assert offers.isHidden()
    keys(composer, "/bin")
    assert offers.isHidden()
    press(composer, Qt.Key.Key_Return)
    assert sent == ["/usr/bin"]
