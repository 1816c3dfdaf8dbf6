"""Paragraphs of Word documents have the numbers that Word shows: clauses, headings, lists."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.word_numbering import with_numbers
from tests.unit.knowledge.test_word_preparation import MAIN, word_file

SPACE = f'xmlns:w="{MAIN}"'


def level(number: int, kind: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


CLAUSES = (
    level(0, "decimal", "%1.", '<w:pStyle w:val="Heading1"/>')
    + level(1, "decimal", "%1.%2")
    + level(2, "lowerLetter", "(%3)")
)
LISTS = (
    f'<w:abstractNum w:abstractNumId="7">{CLAUSES}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="8">{level(0, "bullet", "•")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="9">{level(0, "upperRoman", "§ %1 &amp;")}{level(1, "decimal", "%1-%2", "<w:isLgl/>")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="9"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
)
NUMBERING = f"<w:numbering {SPACE}>{LISTS}</w:numbering>"
STYLES = (
    f'<w:styles {SPACE}><w:style w:styleId="Heading1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="Own"><w:basedOn w:val="Heading1"/></w:style></w:styles>'
)


def paragraph(words: str, number: int | None = None, at: int = 0, style: str = "", more: str = "") -> str:
    own = (
        f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr>' if number is not None else ""
    )
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    run = f"<w:r><w:t>{words}</w:t></w:r>" if words else ""
    return f'<w:p w:rsidR="00A1"><w:pPr>{named}{own}{more}</w:pPr>{run}</w:p>'


def read(folder: Path, *paragraphs: str, numbering: str = NUMBERING, styles: str = STYLES) -> list[str]:
    path = word_file(folder, "Begin")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    main = parts["word/document.xml"].replace(b"</w:body>", "".join(paragraphs).encode() + b"</w:body>")
    parts |= {
        "word/document.xml": main,
        "word/numbering.xml": numbering.encode(),
        "word/styles.xml": styles.encode(),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return [line.lstrip("# ") for line in parse_file(path).text.split("\n") if line][1:]


def test_clauses_have_the_numbers_of_all_their_levels(tmp_path: Path) -> None:
    assert read(
        tmp_path,
        paragraph("Term", 1),
        paragraph("One year.", 1, 1),
        paragraph("As agreed.", 1, 1),
        paragraph("Deposit", 1),
        paragraph("Deducted are:", 1, 1),
        paragraph("rent", 1, 2),
        paragraph("keys", 1, 2),
        paragraph("Nothing more.", 1, 1),
    ) == [
        "1. Term",
        "1.1 One year.",
        "1.2 As agreed.",
        "2. Deposit",
        "2.1 Deducted are:",
        "(a) rent",
        "(b) keys",
        "2.2 Nothing more.",
    ]


def test_styles_number_and_lists_go_on_or_begin_anew(tmp_path: Path) -> None:
    assert read(
        tmp_path,
        paragraph("Scope", style="Heading1"),
        paragraph("Plain words."),
        paragraph("Terms", style="Own"),
        paragraph("Without", 0, style="Heading1"),
        paragraph("Clause", 1, 1),
        paragraph("Fifth", 4),
        paragraph("Sixth", 4),
    ) == ["1. Scope", "Plain words.", "2. Terms", "Without", "2.1 Clause", "5. Fifth", "6. Sixth"]


def test_bullets_stay_and_other_signs_are_written(tmp_path: Path) -> None:
    lines = read(
        tmp_path,
        paragraph("a point", 2),
        paragraph("A law", 3),
        paragraph("", 3),
        paragraph("Another", 3),
        paragraph("Part", 3, 1),
    )
    assert lines == ["- a point", "§ I & A law", "§ III & Another", "3-1 Part"]


def test_what_was_changed_in_a_paragraph_does_not_number_it(tmp_path: Path) -> None:
    before = '<w:pPrChange w:id="1"><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange>'
    assert read(tmp_path, paragraph("Now plain", more=before), paragraph("First", 1, more=before)) == [
        "Now plain",
        "1. First",
    ]


@pytest.mark.parametrize(
    "numbering",
    [
        "",
        "<w:numbering",
        f"<w:numbering {SPACE}/>",
        f'<w:numbering {SPACE}><w:num w:numId="1"><w:abstractNumId w:val="99"/></w:num></w:numbering>',
        f'<w:numbering {SPACE}><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="x"/></w:abstractNum></w:numbering>',
    ],
)
def test_damaged_numbering_leaves_the_words(tmp_path: Path, numbering: str) -> None:
    assert "Clause" in read(tmp_path, paragraph("Clause", 1, 2), numbering=numbering)[0]


def test_styles_that_are_based_on_each_other_end() -> None:
    styles = f'<w:styles {SPACE}><w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>'
    document = paragraph("Words", style="A").encode()
    assert with_numbers(document, NUMBERING.encode(), styles.encode()) == document


def test_many_paragraphs_are_counted_and_letters_go_on_after_z() -> None:
    document = "".join(paragraph("w", 1, 2) for _n in range(800)).encode()
    written = with_numbers(document, NUMBERING.encode(), b"")
    assert b">(zz) <" in written
    assert b">(781) <" in written
