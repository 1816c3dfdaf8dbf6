"""The page of embeddings in the real window: the library as a map, a question on it, texts and sums of words."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QListWidget, QPlainTextEdit, QTabWidget, QWidget

from chatbot_app.core.documents import DocumentState
from chatbot_app.knowledge.children.built_in_stamps import (
    BUILT_IN_DIMENSION,
    JOINED_DIMENSION,
    built_in_name,
    is_multilingual_here,
)
from chatbot_app.ui.knowledge.passage_viewer import PassageViewer
from chatbot_app.ui.lab import word_sums_tab
from chatbot_app.ui.lab.number_table import NumberTable
from chatbot_app.ui.lab.point_cloud import PointCloud
from chatbot_app.ui.lab.similarity_grid import SimilarityGrid
from tests.e2e.person import Launch
from tests.e2e.test_accessibility import nameless
from tests.e2e.test_laboratory import open_laboratory

pytestmark = pytest.mark.xdist_group("e2e")

PATIENCE = 60_000  # ms
TOWER = "The Eiffel Tower in Paris is 330 metres tall."
FOX = "The quick brown fox jumps over the lazy dog, and the dog does not even open one eye. " * 6


def test_the_library_is_a_map_that_can_be_asked(
    launch: Launch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_sums_tab, "MOST_WORDS", 40)
    person = launch()
    wait, window = person.qtbot.waitUntil, person.application.window
    laboratory = open_laboratory(person)
    laboratory.open_at("embeddings")
    said = person.find(QLabel, "map_said")
    wait(lambda: "No passage has a vector yet" in said.text(), timeout=PATIENCE)

    paths = []
    for name, text in (("tower", TOWER), ("fox", FOX), ("copy", f"{FOX} ")):
        paths.append(tmp_path / f"{name}.txt")
        paths[-1].write_text(text, "utf-8")
    person.application.open_files(paths)
    documents = person.application.services.library.documents.documents
    wait(lambda: [one.state for one in documents()] == [DocumentState.READY] * 3, timeout=PATIENCE)
    person.click("map_again")
    wait(lambda: "Trustworthiness" in said.text(), timeout=PATIENCE)
    assert "3 passage" in said.text()
    assert nameless(laboratory) == []
    cloud = person.find(PointCloud, "passage_map")
    listed = person.find(QListWidget, "map_list")
    assert "copy" in listed.item(0).text()
    assert "fox" in listed.item(0).text()
    person.find(QComboBox, "map_list_kind").setCurrentIndex(1)
    wait(lambda: listed.count() == 3)
    person.find(QComboBox, "map_color").setCurrentIndex(1)
    person.find(QComboBox, "map_layout").setCurrentIndex(1)

    question = person.find(QLineEdit, "map_question")
    question.setText("How tall is the tower? 🗼")
    person.qtbot.keyClick(question, Qt.Key.Key_Return)
    pointed = person.find(QLabel, "map_pointed")
    wait(lambda: "cosine" in pointed.text(), timeout=PATIENCE)
    assert len(cloud.rays) == 3
    cloud.look_at(cloud.rays[0])
    wait(lambda: TOWER in pointed.text(), timeout=PATIENCE)
    person.qtbot.keyClick(cloud, Qt.Key.Key_Return)
    wait(lambda: window.findChild(PassageViewer) is not None, timeout=PATIENCE)
    viewer = window.findChild(PassageViewer)
    assert viewer is not None
    wait(lambda: viewer.opened is not None and viewer.opened.document.title == "tower", timeout=PATIENCE)

    tabs = person.find(QTabWidget, "embeddings_tabs")
    tabs.setCurrentIndex(1)
    grid = person.find(SimilarityGrid, "similarity_grid")
    wait(lambda: "Nearest" in grid.accessibleDescription(), timeout=PATIENCE)
    texts = person.find(QPlainTextEdit, "similarity_texts")
    texts.setPlainText("")
    similarity_said = person.find(QLabel, "similarity_said")
    wait(lambda: similarity_said.text() == "Write a text.", timeout=PATIENCE)
    texts.setPlainText("a cat 🐈\n" * 32 + "x" * 1_000_000)
    wait(lambda: "left out" in similarity_said.text(), timeout=PATIENCE)
    assert grid.grab().width() > 0

    tabs.setCurrentIndex(2)
    sums = person.find(QLineEdit, "word_sum")
    table = person.find(NumberTable, "word_sum_table")
    person.click("word_sum_button")
    wait(lambda: table.rowCount() > 0, timeout=PATIENCE)
    sums.setText("king −")
    person.qtbot.keyClick(sums, Qt.Key.Key_Return)
    wait(lambda: "Write words" in person.find(QLabel, "word_sum_said").text(), timeout=PATIENCE)
    assert table.rowCount() == 0  # the words that stood there were nearest to another sum
    assert nameless(laboratory) == []
    tabs.setCurrentIndex(0)
    person.click("map_again")
    laboratory.close()  # while the map is being drawn
    assert not person.find(QWidget, "laboratory_window").isVisible()


def test_texts_become_vectors_without_a_window(capsys: pytest.CaptureFixture[str], data_dir: Path) -> None:
    import json

    from chatbot_app.__main__ import main

    assert main(["--data-dir", str(data_dir), "embed", "a cat", "a kitten", "import duties", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    dimension = JOINED_DIMENSION if is_multilingual_here() else BUILT_IN_DIMENSION
    assert (found["model"], found["dimension"]) == (built_in_name(), dimension)
    assert [len(vector) for vector in found["vectors"]] == [dimension] * 3
    assert found["cosines"][0][1] > found["cosines"][0][2]
    assert found["cosines"][0][0] == 1.0
