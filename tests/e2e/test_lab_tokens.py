"""The page of tokens in the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLabel

from chatbot_app.ui.lab.box_flow import BoxFlow, BoxKind
from chatbot_app.ui.lab.long_text_edit import LongTextEdit
from chatbot_app.ui.lab.tokenizer_box import TokenizerBox
from chatbot_app.ui.theme import apply_text_size
from tests.e2e.person import Launch, Person
from tests.e2e.test_accessibility import nameless
from tests.e2e.test_laboratory import open_laboratory

pytestmark = pytest.mark.xdist_group("e2e")


def texts(person: Person, name: str = "token_boxes") -> list[str]:
    return [box.text for box in person.find(BoxFlow, name).boxes]


def said(person: Person) -> str:
    return person.find(QLabel, "tokens_count").text()


def choose(person: Person, words: str) -> None:
    box = person.find(QComboBox, "tokenizer_box")
    box.setCurrentIndex(next(row for row in range(box.count()) if box.itemText(row).startswith(words)))


def test_a_text_is_seen_token_by_token_and_step_by_step(launch: Launch) -> None:
    person = launch()
    laboratory = open_laboratory(person)
    wait = person.qtbot.waitUntil
    text = person.find(LongTextEdit, "tokens_text")
    choose(person, "gpt2")
    text.setPlainText("Hello world<|endoftext|>😀")
    wait(lambda: texts(person) == ["Hello", " world", "<|endoftext|>", "F0 9F 98", "80"])
    boxes = person.find(BoxFlow, "token_boxes")
    assert [box.kind for box in boxes.boxes][2:] == [BoxKind.SPECIAL, BoxKind.BYTES, BoxKind.BYTES]
    assert "Id 15496" in boxes.boxes[0].tip
    assert "Merge rank: 15496" in boxes.boxes[0].tip
    assert "Bytes: 48 65 6C 6C 6F" in boxes.boxes[0].tip
    assert texts(person, "step_ids") == ["15496", "995", "50256", "47249", "222"]
    boxes.setFocus()
    person.qtbot.keyClick(boxes, Qt.Key.Key_End)
    assert "A part of a character" in person.find(QLabel, "token_facts").text()

    person.find(QCheckBox, "read_specials").setChecked(False)
    wait(lambda: len(boxes.boxes) > 8)
    choose(person, "Embedding model")
    wait(lambda: texts(person)[:2] == ["[CLS]", "Hello"])
    assert texts(person, "step_normalisation")[0].startswith("hello")
    assert "tokens added" in person.find(QLabel, "step_method_post_processing").text().replace("(s)", "s")

    person.find(QDoubleSpinBox, "token_price").setValue(10)
    wait(lambda: "costs 0.000" in said(person))
    assert nameless(laboratory) == []


def test_a_megabyte_nothing_and_what_is_no_tokenizer_get_an_answer(launch: Launch, tmp_path) -> None:
    person = launch()
    laboratory = open_laboratory(person)
    wait = person.qtbot.waitUntil
    text = person.find(LongTextEdit, "tokens_text")
    choose(person, "gpt2")
    text.setPlainText("word " * 200_000)
    wait(lambda: said(person).startswith("200001 token"))
    assert len(texts(person)) < 1_000
    person.click("tokens_page_after")
    wait(lambda: person.find(QLabel, "tokens_page_said").text().startswith("601 to"))
    text.setPlainText("")
    wait(lambda: said(person).startswith("0 token"))
    assert texts(person) == []
    bad = tmp_path / "bad.json"
    bad.write_text("{}", encoding="utf-8")
    person.find(TokenizerBox, "tokenizer_choice").add_file(bad)
    wait(lambda: "It is no tokenizer.json" in said(person))
    text.setPlainText("x" * 2_000_000)
    laboratory.close()  # while it is counted
    apply_text_size(person.application._qt_application, 1.6)
    open_laboratory(person)
    choose(person, "gpt2")
    wait(lambda: said(person).startswith("250"))
    apply_text_size(person.application._qt_application, 1.0)
