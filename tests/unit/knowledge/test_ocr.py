"""Scans: read where Tesseract has a language, refused with the reason where it is not installed."""

from __future__ import annotations

import os
import shutil
import sys
import zlib
from pathlib import Path

import pypdfium2
import pytest

from chatbot_app.knowledge.children.parser import ParserProcess
from chatbot_app.knowledge.formats import ocr
from chatbot_app.knowledge.formats.ocr import languages, page_as_png
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.refusals import DocumentNeedsOcr, ParserStopped
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


@pytest.mark.usefixtures("tesseract")
def test_a_scanned_page_is_read_and_keeps_its_number(scan: Path, parser: ParserProcess) -> None:
    parsed = parser.parse(scan)
    assert "zebra sleeps standing" in parsed.text
    assert parsed.pages == 2
    assert parsed.empty_pages == (1,)
    assert [block.page for block in parsed.blocks] == [2] * len(parsed.blocks)
    assert "OCR" in parsed.warnings[0]


@pytest.mark.usefixtures("tesseract")
def test_a_picture_is_read(tmp_path: Path, parser: ParserProcess) -> None:
    path = tmp_path / "picture.png"
    with pypdfium2.PdfDocument(pdf(one_page(stream(WORDS)))) as written:
        path.write_bytes(page_as_png(written[0]))
    assert parser.parse(path).text == "The zebra sleeps standing up"  # and no table of its words


def test_without_tesseract_the_report_says_what_is_needed(
    scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("tesseract") is None
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG")
    for path in (scan, picture):
        with pytest.raises(DocumentNeedsOcr, match="OCR needs Tesseract"):
            parse_file(path)


def test_a_scan_for_which_the_time_did_not_suffice_is_not_called_empty(
    scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = _program(tmp_path, tmp_path, "eng")
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    monkeypatch.setattr(ocr, "SECONDS_PER_10_MB", -1)
    with pytest.raises(ParserStopped, match="took too long"):
        parse_file(scan)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for Tesseract")
def test_language_data_in_a_place_of_their_own_are_found(
    tesseract: tuple[str, ...], scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    languages()
    data = tmp_path / "data here"
    data.mkdir()
    usual = Path(os.environ["TESSDATA_PREFIX"])
    # Under a name that the usual folders do not hold.
    shutil.copy(usual / f"{tesseract[0]}.traineddata", data / "own.traineddata")
    monkeypatch.delenv("TESSDATA_PREFIX")
    monkeypatch.setenv("PATH", str(_program(tmp_path, data, "own").parent), prepend=os.pathsep)
    with ParserProcess([sys.executable, "-m", "chatbot_app.knowledge.children.parser"]) as parser:
        assert "zebra sleeps standing" in parser.parse(scan).text


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for Tesseract")
@pytest.mark.parametrize(
    ("where", "installed", "expected"),
    [
        ("de_DE", "deu eng osd", ("deu", "eng")),
        ("en_US", "deu eng osd", ("deu", "eng")),
        ("sv_SE", "afr amh deu eng equ osd swe", ("swe", "afr", "eng")),
        ("C", "fra script/Latin", ("fra",)),
        (None, "eng", ("eng",)),
        ("de_DE", "osd", ()),
    ],
)
def test_the_persons_own_language_leads_and_english_comes_last(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str | None,
    installed: str,
    expected: tuple[str, ...],
) -> None:
    monkeypatch.setenv("PATH", str(_program(tmp_path, tmp_path, installed).parent), prepend=os.pathsep)
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    monkeypatch.setattr("locale.getlocale", lambda: (where, "UTF-8"))
    assert languages() == expected


def _program(folder: Path, data: Path, language: str) -> Path:
    """A program that lists languages as Tesseract does."""
    program = folder / "bin" / "tesseract"
    program.parent.mkdir()
    lines = [f'List of available languages in "{data}/" (1):', *language.split()]
    program.write_text("\n".join(["#!/bin/sh", *(f"echo '{line}'" for line in lines)]) + "\n")
    program.chmod(0o755)
    return program
