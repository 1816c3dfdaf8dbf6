"""Scans from the drop to the answer of a search: the window, the import and the installed Tesseract."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPageSize, QPainter, QPdfWriter

from chatbot_app.core.documents import DocumentState
from tests.e2e.person import Launch
from tests.e2e.test_documents import drop, opened_passage, wait_for_import

pytestmark = pytest.mark.xdist_group("e2e")

ENGLISH = "The lighthouse keeper of Brunnel counted forty seals before breakfast."
GERMAN = "Der Bürgermeister von Grünwald überprüft täglich die Öfen der Bäckerei."


def picture_of(words: str) -> QImage:
    """A page as a scanner sees it: 150 dots an inch, grey paper, no text."""
    image = QImage(1240, 1754, QImage.Format.Format_Grayscale8)
    image.fill(QColor(240, 240, 236))
    painter = QPainter(image)
    font = QFont("DejaVu Serif")
    font.setPixelSize(40)
    painter.setFont(font)
    painter.setPen(QColor(30, 30, 34))
    painter.drawText(QRect(120, 200, 1000, 600), Qt.TextFlag.TextWordWrap, words)
    painter.end()
    return image


def scan(path: Path, *pages: str) -> Path:
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    painter = QPainter(writer)
    for number, words in enumerate(pages):
        if number:
            writer.newPage()
        painter.drawImage(QRect(0, 0, writer.width(), writer.height()), picture_of(words))
    painter.end()
    return path


def test_a_scan_in_the_window_is_read(launch: Launch, tesseract: tuple[str, ...], tmp_path: Path) -> None:
    assert {"eng", "deu"} <= set(tesseract)
    folder = tmp_path / "Scans"
    folder.mkdir()
    letter = scan(folder / "letter.pdf", ENGLISH, GERMAN)
    assert picture_of(ENGLISH).save(str(folder / "photo.png"))
    with pypdfium2.PdfDocument(letter) as written:
        assert not written[0].get_textpage().get_text_range().strip()
    person = launch()
    panel = person.application.window.knowledge_panel
    drop(person, folder)
    documents = wait_for_import(person, 2)
    assert {document.state for document in documents} == {DocumentState.READY}
    panel.show_search("What does the Bürgermeister of Grünwald überprüft?")
    panel.search_edit.returnPressed.emit()
    person.qtbot.waitUntil(lambda: bool(panel.inspector.rows()), timeout=20_000)
    found = next(row.evidence for row in panel.inspector.rows() if "Grünwald" in row.evidence.passage.text)
    assert "Der Bürgermeister von Grünwald überprüft täglich" in " ".join(found.passage.text.split())
    assert found.passage.page == 2
    panel.user_actions.passage_chosen.emit(found)
    opened = opened_passage(person)
    assert opened.page is not None
    assert opened.page.number == 2


def test_without_ocr_the_window_says_what_a_scan_needs(
    launch: Launch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no Tesseract on it
    person = launch()
    drop(person, scan(tmp_path / "letter.pdf", ENGLISH))
    [document] = wait_for_import(person, 1)
    assert document.state is DocumentState.FAILED
    assert document.report is not None
    assert "picture of text" in document.report.reason
    assert "Tesseract" in document.report.reason
