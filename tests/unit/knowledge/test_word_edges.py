"""Headers and footers of Word documents are read once, symbols and the boxes of forms as what they show."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.word_edges import with_edges
from chatbot_app.knowledge.formats.word_symbols import symbols_as_text
from tests.unit.knowledge.test_word_preparation import MAIN, word_file
from tests.unit.knowledge.test_word_runs import part, read

PAGE = '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'


def edge(kind: str, *paragraphs: str) -> bytes:
    lines = "".join(f"<w:p>{paragraph}</w:p>" for paragraph in paragraphs)
    return f'<w:{kind} xmlns:w="{MAIN}">{lines}</w:{kind}>'.encode()


def run(words: str) -> str:
    return f"<w:r><w:t>{words}</w:t></w:r>"


def test_letterheads_stand_around_the_text_and_are_said_once(tmp_path: Path) -> None:
    path = word_file(tmp_path, "Dear Ida")
    with zipfile.ZipFile(path, "a") as archive:
        letterhead = run("Bluebell Clinic &amp; Sons") + "<w:r><w:tab/></w:r>" + run("Ref 2024/77")
        archive.writestr("word/header1.xml", edge("hdr", letterhead))
        archive.writestr("word/header2.xml", edge("hdr", letterhead, ""))
        archive.writestr(
            "word/footer1.xml", edge("ftr", run("Phone 01632 960 555"), run("Page ") + PAGE + run("3 of 12"))
        )
        archive.writestr(
            "word/footer2.xml",
            edge("ftr", run("7"), run("Confidential, for Ida alone, page ") + PAGE + run("1")),
        )
    assert parse_file(path).text.split("\n\n") == [
        "Bluebell Clinic & Sons Ref 2024/77",
        "Dear Ida",
        "Phone 01632 960 555",
        "Confidential, for Ida alone, page 1",
    ]


def test_footers_stand_before_the_section_of_the_document_and_long_ones_are_cut() -> None:
    main = b"<w:body><w:p><w:pPr><w:sectPr/></w:pPr></w:p><w:p>x</w:p><w:sectPr><w:a/></w:sectPr></w:body>"
    footers = {"word/footer1.xml": edge("ftr", run("Bank"), run("long " * 500))}
    written = with_edges(main, footers)
    assert written.index(b"Bank") < written.rindex(b"<w:sectPr>")
    assert b"long" not in written
    for damaged in (b"", b"<w:body>", b"</w:body>"):
        assert with_edges(damaged, footers) == damaged
    assert with_edges(main, {"word/header1.xml": b"<w:p><w:t>no end"}) == main


def test_a_header_of_beginnings_alone_is_read_in_one_pass() -> None:
    main = b"<w:body><w:p>x</w:p></w:body>"
    beginnings = {"word/header1.xml": b"<w:p>" * 400_000}  # hours, where each of them is followed to the end
    assert with_edges(main, beginnings) == main


@pytest.mark.parametrize(
    ("symbol", "shown"),
    [
        ('<w:sym w:font="Symbol" w:char="F06D"/>', "5 μl"),
        ('<w:sym w:char="00B3" w:font="Symbol"/>', "5 ≥l"),
        ('<w:sym w:font="Wingdings" w:char="F0FE"/>', "5 ☒l"),
        ('<w:sym w:font="Wingdings" w:char="F0A8"/>', "5 ☐l"),
        ('<w:sym w:font="Arial" w:char="00BD"/>', "5 ½l"),
        ('<w:sym w:font="Wingdings" w:char="F04A"/>', "5 l"),
        ('<w:sym w:font="Arial" w:char="003C"/>', "5 l"),
        ('<w:sym w:font="Arial"/>', "5 l"),
    ],
)
def test_symbols_are_read(tmp_path: Path, symbol: str, shown: str) -> None:
    assert read(tmp_path, f"5 {part(f'<w:r>{symbol}</w:r>')}l") == shown


def test_other_fonts_keep_their_own_places() -> None:
    assert symbols_as_text(b"<w:sym/><w:t>a</w:t>") == b"<w:sym/><w:t>a</w:t>"


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("<w:checked/>", "☒"),
        ('<w:default w:val="1"/>', "☒"),
        ('<w:default w:val="1"/><w:checked w:val="0"/>', "☐"),
        ('<w:default w:val="0"/>', "☐"),
        ("", "☐"),
    ],
)
def test_boxes_of_older_forms_are_ticked_or_not(tmp_path: Path, state: str, shown: str) -> None:
    box = f"<w:checkBox><w:sizeAuto/>{state}</w:checkBox>"
    field = (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="c"/>{box}</w:ffData></w:fldChar></w:r>'
        '<w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert read(tmp_path, f"Smoker: {part(field)}yes") == f"Smoker: {shown} yes"
