"""Scans: read where Tesseract has a language, refused with the reason where it is not installed."""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path

import pypdfium2
import pytest

from chatbot_app.knowledge.ocr import _page_as_png, languages
from chatbot_app.knowledge.parsing import DocumentEmpty, parse_file
from chatbot_app.knowledge.parsing_process import ParserProcess
from tests.unit.knowledge.test_hostile_files import one_page, pdf, stream

WORDS = b"BT /F 36 Tf 50 600 Td (The zebra sleeps standing up) Tj ET"


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A PDF whose second page is a picture of words; its first one is white."""
    with pypdfium2.PdfDocument(pdf(one_page(stream(WORDS)))) as written:
        pixels = written[0].render(scale=2, grayscale=True).to_numpy()
    height, width = pixels.shape[:2]
    picture = stream(
        zlib.compress(pixels.tobytes()),
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Filter/FlateDecode" % (width, height),
    )
    objects = one_page(stream(b"600 0 0 800 0 0 cm /X0 Do"), b"", [picture, b""])
    objects[1] = b"<</Type/Pages/Kids[7 0 R 3 0 R]/Count 2>>"
    objects[6] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>"
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf(objects))
    return path


@pytest.mark.skipif(not languages(), reason="Tesseract with language data is not installed")
def test_a_scanned_page_is_read_and_keeps_its_number(scan: Path, parser: ParserProcess) -> None:
    parsed = parser.parse(scan)
    assert "zebra sleeps standing" in parsed.text
    assert parsed.pages == 2
    assert parsed.empty_pages == (1,)
    assert [block.page for block in parsed.blocks] == [2] * len(parsed.blocks)
    assert "OCR" in parsed.warnings[0]


@pytest.mark.skipif(not languages(), reason="Tesseract with language data is not installed")
def test_a_picture_is_read(tmp_path: Path, parser: ParserProcess) -> None:
    path = tmp_path / "picture.png"
    with pypdfium2.PdfDocument(pdf(one_page(stream(WORDS)))) as written:
        path.write_bytes(_page_as_png(written[0]))
    assert "zebra sleeps standing" in parser.parse(path).text


def test_without_tesseract_the_report_says_what_is_needed(
    scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("tesseract") is None
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG")
    for path in (scan, picture):
        with pytest.raises(DocumentEmpty, match="OCR needs Tesseract"):
            parse_file(path)
