"""A PDF's text, headings and pages; pages that are pictures among pages that are text."""

from __future__ import annotations

import zlib
from pathlib import Path

import pypdfium2
import pytest

from chatbot_app.core.documents import BlockKind, ParsedDocument
from chatbot_app.knowledge.formats.pdf_headings import may_be_heading
from chatbot_app.knowledge.formats.pdf_text import mend_ligatures
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.places.pdf_pages import draw_page
from chatbot_app.knowledge.splitting.splitter import Splitter
from tests.unit.knowledge.conftest import word_starts
from tests.unit.knowledge.test_hostile_files import pdf, stream


def made(pages: list[bytes], *, outline: bytes = b"", picture: bytes = b"") -> bytes:
    """Return a PDF of pages drawn by these commands: /F is Helvetica, /B its bold cut, /P the picture."""
    kids = b" ".join(b"%d 0 R" % (7 + 2 * number) for number in range(len(pages)))
    catalog = b"/Outlines %d 0 R" % (7 + 2 * len(pages)) if outline else b""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>",
        b"<</Font<</F 3 0 R/B 4 0 R>>/XObject<</P 6 0 R>>>>",
        picture or b"<<>>",
    ]
    for number, commands in enumerate(pages):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources 5 0 R/Contents %d 0 R>>"
            % (8 + 2 * number)
        )
        objects.append(stream(commands))
    if outline:
        first = 7 + 2 * len(pages)
        objects.append(b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count 1>>" % (first + 1, first + 1))
        objects.append(b"<</Title(%s)/Parent %d 0 R/Dest[9 0 R/Fit]>>" % (outline, first))
    return pdf(objects)


def show(font: bytes, size: int, y: int, words: str) -> bytes:
    return b"BT /%s %d Tf 50 %d Td (%s) Tj ET\n" % (font, size, y, words.encode("ascii"))


BODY = "The mill stands at the river and turns when the water is high enough."
FIRST = show(b"F", 24, 750, "The Old Mill") + show(b"B", 11, 700, "Water") + show(b"F", 11, 680, BODY)
SECOND = show(b"F", 11, 700, "Chapter of Wheels") + b"".join(
    show(b"F", 11, 660 - 15 * row, f"Wheel number {row} turns slowly, but it turns.") for row in range(4)
)


def paths_of(parsed: ParsedDocument) -> dict[str, tuple[str, ...]]:
    return {
        parsed.text[block.start : block.end].rstrip(): block.heading_path
        for block in parsed.blocks
        if block.kind is not BlockKind.HEADING
    }


def test_larger_and_bolder_lines_are_headings_with_their_page_and_offsets(tmp_path: Path) -> None:
    path = tmp_path / "mill.pdf"
    path.write_bytes(made([FIRST, SECOND]))
    parsed = parse_file(path)
    headings = [
        (parsed.text[block.start : block.end], block.page, len(block.heading_path))
        for block in parsed.blocks
        if block.kind is BlockKind.HEADING
    ]
    assert headings == [("The Old Mill", 1, 1), ("Water", 1, 2)]
    assert paths_of(parsed)[BODY] == ("The Old Mill", "Water")
    drafts = list(Splitter(word_starts).split(parsed))
    assert all(parsed.text[draft.start : draft.end] == draft.text for draft in drafts)
    wheels = next(draft for draft in drafts if "Wheel number 3" in draft.text)
    assert wheels.page == 2
    assert wheels.heading_path == ("The Old Mill", "Water")
    assert wheels.context.endswith("The Old Mill › Water")


def test_what_the_outline_names_is_a_heading_whatever_its_print(tmp_path: Path) -> None:
    path = tmp_path / "mill.pdf"
    path.write_bytes(made([FIRST, SECOND], outline=b"Chapter of Wheels"))
    (wheels,) = (path for text, path in paths_of(parse_file(path)).items() if "Wheel number 3" in text)
    assert wheels == ("Chapter of Wheels",)


def test_a_heading_at_the_foot_of_a_page_does_not_take_the_next_page_with_it(tmp_path: Path) -> None:
    path = tmp_path / "mill.pdf"
    path.write_bytes(made([show(b"F", 11, 750, BODY) + show(b"F", 24, 100, "The Wheels"), SECOND]))
    drafts = list(Splitter(word_starts).split(parse_file(path)))
    assert [(draft.text.split("\n")[0], draft.page) for draft in drafts] == [
        (BODY, 1),
        ("The Wheels", 1),
        ("Chapter of Wheels", 2),
    ]
    assert drafts[-1].heading_path == ("The Wheels",)


@pytest.fixture
def partly_scanned(tmp_path: Path) -> Path:
    """Pages: text, a picture of words, nothing at all, text."""
    words = show(b"F", 36, 600, "The zebra sleeps standing up")
    with pypdfium2.PdfDocument(made([words])) as written:
        pixels = written[0].render(scale=2, grayscale=True).to_numpy()
    height, width = pixels.shape[:2]
    picture = stream(
        zlib.compress(pixels.tobytes()),
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Filter/FlateDecode" % (width, height),
    )
    path = tmp_path / "partly.pdf"
    path.write_bytes(made([FIRST, b"600 0 0 800 0 0 cm /P Do", b" ", SECOND], picture=picture))
    return path


@pytest.mark.usefixtures("tesseract")
def test_only_the_scanned_pages_are_recognised(partly_scanned: Path) -> None:
    parsed = parse_file(partly_scanned)
    zebra = parsed.text.index("zebra sleeps standing")
    assert next(block.page for block in parsed.blocks if block.start <= zebra < block.end) == 2
    assert BODY in parsed.text
    assert parsed.empty_pages == (3,)
    assert parsed.warnings == ("The text of page 2 was read from pictures (OCR); it may have mistakes.",)


def test_without_tesseract_the_scanned_pages_are_named(
    partly_scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    parsed = parse_file(partly_scanned)
    assert BODY in parsed.text
    assert parsed.empty_pages == (2, 3)
    assert parsed.warnings == ("Page 2: no text layer; OCR needs Tesseract with its language data.",)


def test_what_is_printed_too_small_to_be_read_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(
        made(
            [
                show(b"F", 11, 700, BODY)
                + show(b"F", 1, 690, "_ca107d4e-c375-11ec")
                + show(b"F", 5, 680, "note")
            ]
        )
    )
    assert parse_file(path).text == f"{BODY}\nnote"


def test_the_letters_of_a_ligature_are_put_in_order() -> None:
    assert mend_ligatures("\u0627\u0623\u0644\u0645\u0646") == "\u0627\u0644\u0623\u0645\u0646"
    assert mend_ligatures("plain") == "plain"


@pytest.mark.data
def test_right_to_left_passages_are_in_order_and_found_on_their_page(evaluation_data: Path) -> None:
    path = evaluation_data / "documents" / "pdf" / "right_to_left_02.pdf"
    parsed = parse_file(path)
    assert "وعليه، فإن الحكومة المصرية" in parsed.text
    drafts = list(Splitter(word_starts).split(parsed))
    assert drafts
    for draft in drafts:
        assert draw_page(path, 1, 300, draft.text).boxes


def test_a_line_of_a_form_with_its_box_is_no_heading() -> None:
    page = [
        "The Old Mill",
        "☐ TRANSITION REPORT PURSUANT TO SECTION 13",
        "☒ Annual report",
        "No. 7",
    ]
    assert [may_be_heading(line, 1) for line in page] == [True, False, False, True]
