"""The page of tokens in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListView,
    QSlider,
    QTabWidget,
    QWidget,
)

from chatbot_app.core.model_prices import Price
from chatbot_app.ui.lab.box_flow import BoxFlow, BoxKind
from chatbot_app.ui.lab.long_text_edit import LongTextEdit
from chatbot_app.ui.lab.number_table import NumberTable
from chatbot_app.ui.lab.tokenizer_box import TokenizerBox
from chatbot_app.ui.lab.train_tokens_tab import TrainTokensTab
from chatbot_app.ui.theme import apply_text_size
from tests.e2e.person import Launch, Person
from tests.e2e.test_accessibility import nameless
from tests.e2e.test_laboratory import open_laboratory

pytestmark = [
    pytest.mark.xdist_group("e2e"),
    pytest.mark.qt_log_ignore("OpenType support missing"),  # a machine without fonts for every script
]


def texts(person: Person, name: str = "token_boxes") -> list[str]:
    return [box.text for box in person.find(BoxFlow, name).boxes]


def said(person: Person) -> str:
    return person.find(QLabel, "tokens_count").text()


def choose(person: Person, words: str) -> None:
    box = person.find(QComboBox, "tokenizer_box")
    box.setCurrentIndex(next(row for row in range(box.count()) if box.itemText(row).startswith(words)))


def look_at_tokens(person: Person, laboratory: QWidget) -> None:
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
    assert person.find(QLabel, "step_method_post_processing").text() == "2 tokens are added."

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
    wait(lambda: said(person).startswith("200,001 tokens"))
    assert len(texts(person)) < 1_000
    person.click("tokens_page_after")
    wait(lambda: person.find(QLabel, "tokens_page_said").text().startswith("601 to"))
    text.setPlainText("")
    wait(lambda: said(person).startswith("0 token"))
    assert texts(person) == []
    bad = tmp_path / "bad.json"
    bad.write_text("{}", encoding="utf-8")
    person.find(TokenizerBox, "tokenizer_choice").add_file(bad)
    choose(person, "gpt2")
    text.setPlainText("Hello")
    wait(lambda: texts(person, "step_ids") == ["15496"])
    choose(person, "bad.json")
    wait(lambda: "It is no tokenizer.json" in said(person))
    assert texts(person, "step_ids") == texts(person) == []  # what stood there was of another tokenizer
    text.setPlainText("x" * 1_000_000)
    laboratory.close()  # while it is counted
    apply_text_size(QApplication.instance(), 1.6)
    open_laboratory(person)
    choose(person, "gpt2")
    wait(lambda: said(person).startswith("125,000 "))
    apply_text_size(QApplication.instance(), 1.0)


def open_tab(person: Person, number: int) -> None:
    tabs = person.find(QTabWidget, "tokens_tabs")
    tabs.setCurrentIndex(number)


def look_side_by_side(person: Person, laboratory: QWidget) -> None:
    wait = person.qtbot.waitUntil
    person.find(LongTextEdit, "tokens_text").setPlainText("Hello world")
    person.find(QDoubleSpinBox, "token_price").setValue(2)
    open_tab(person, 1)
    table = person.find(NumberTable, "compare_table")
    wait(lambda: "…" not in [row[1] for row in table.rows()] and table.rowCount() == 7)
    rows = {row[0].split(" (")[0]: row[1:] for row in table.rows()}
    assert rows["gpt2"] == ["2", "5.50", "5.50", "1,024", "yes", "0.000004"]
    assert rows["Embedding model"][0] == "4"  # two of them added
    languages = person.find(NumberTable, "languages_table").rows()
    assert len(languages) == 22
    assert nameless(laboratory) == []


def learn_a_vocabulary(person: Person, laboratory: QWidget, tmp_path: Path) -> None:
    wait = person.qtbot.waitUntil
    open_tab(person, 2)
    person.find(LongTextEdit, "train_text").setPlainText("aaab aaab aaab")
    step, pieces = person.find(QSlider, "train_step"), person.find(QListView, "train_pieces")
    wait(lambda: pieces.model().rowCount() == 4)
    wait(lambda: texts(person, "train_boxes") == ["aaab", " aaab", " aaab"])
    assert pieces.model().index(0, 0).data().startswith("1.  a + a  →  aa")
    step.setValue(1)
    wait(lambda: texts(person, "train_boxes")[:3] == ["aa", "a", "b"])
    step.setValue(0)
    wait(lambda: len(texts(person, "train_boxes")) == 14)
    learner = person.find(QComboBox, "train_learner")
    for row in (1, 2, 0):
        learner.setCurrentIndex(row)
        wait(lambda: "tokens for the whole text" in person.find(QLabel, "train_said").text())
    assert nameless(laboratory) == []
    tab = person.find(QTabWidget, "tokens_tabs").currentWidget()
    assert isinstance(tab, TrainTokensTab)
    tab.save(tmp_path / "mine.json")
    wait(lambda: person.find(QLabel, "train_said").text().startswith("Saved"))
    open_tab(person, 0)
    person.find(TokenizerBox, "tokenizer_choice").add_file(tmp_path / "mine.json")
    person.find(LongTextEdit, "tokens_text").setPlainText("aaab aaab")
    wait(lambda: texts(person) == ["aaab", " aaab"])
    open_tab(person, 2)
    person.find(LongTextEdit, "train_text").setPlainText("")
    wait(lambda: person.find(QLabel, "train_said").text().startswith("Write a text"))


def compare_sentences(person: Person, laboratory: QWidget) -> None:
    open_tab(person, 3)
    near = person.find(NumberTable, "near_table")
    for number, text in enumerate(("red car", "car red", "blue"), start=1):
        person.find(QLineEdit, f"sentence_{number}").setText(text)
    person.qtbot.waitUntil(lambda: bool(near.rows()) and near.rows()[0][1:3] == ["1.00", "1.00"])
    assert near.rows()[1][1:3] == ["0.00", "0.00"]
    assert ["car", "1", "1", "0"] in [row[:4] for row in person.find(NumberTable, "terms_table").rows()]
    assert nameless(laboratory) == []
    for number in (1, 2, 3):
        person.find(QLineEdit, f"sentence_{number}").setText("")
    person.qtbot.waitUntil(
        lambda: near.rows()[0][1:] == ["0.00", "0.00", "0.00"]
    )  # nothing resembles nothing


def test_step_by_step_side_by_side_train_your_own_and_classic_vectors(launch: Launch, tmp_path: Path) -> None:
    person = launch()
    laboratory = open_laboratory(person)
    look_at_tokens(person, laboratory)
    look_side_by_side(person, laboratory)
    learn_a_vocabulary(person, laboratory, tmp_path)
    compare_sentences(person, laboratory)


def test_the_price_of_a_model_is_what_a_text_costs(launch: Launch) -> None:
    person = launch()
    person.application.services.prices.set("a", "model-x", Price(10.0, 30.0, "€"))
    open_laboratory(person)
    choose(person, "gpt2")
    person.find(LongTextEdit, "tokens_text").setPlainText("Hello world")
    models = person.find(QComboBox, "token_price_model")
    person.qtbot.waitUntil(models.isVisible)
    person.qtbot.waitUntil(lambda: said(person).startswith("2 token"))
    assert "costs" not in said(person)
    models.setCurrentIndex(1)
    person.qtbot.waitUntil(lambda: "costs 0.00002 €" in said(person))
    field = person.find(QDoubleSpinBox, "token_price")
    assert (field.value(), field.isEnabled()) == (10.0, False)
    models.setCurrentIndex(0)
    person.qtbot.waitUntil(lambda: "costs" not in said(person))
