"""A table in the only cell of another is read as the table that it is."""

from __future__ import annotations

import zipfile
from pathlib import Path

from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.word_framed_tables import has_framed, without_frames
from tests.unit.knowledge.test_word_preparation import word_file


def cell(inside: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>{inside}</w:tc>'


def paragraph(words: str, *, bold: bool = False) -> str:
    weight = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f"<w:p><w:r>{weight}<w:t>{words}</w:t></w:r></w:p>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


INNER = table(
    "".join(cell(paragraph(words, bold=True)) for words in ("Port", "2023")),
    "".join(cell(paragraph(words)) for words in ("Husum", "1,098")),
)
FRAMED = table(cell(paragraph("Catch in tonnes") + INNER + "<w:p/>"))


def read(folder: Path, body: str) -> str:
    path = word_file(folder)
    with zipfile.ZipFile(path) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        b"</w:body>", body.encode() + b"</w:body>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        for entry, part in parts.items():
            archive.writestr(entry, part)
    return parse_file(path).text


def test_a_framed_table_keeps_its_rows_and_its_bold_heads_no_signs(tmp_path: Path) -> None:
    for body in (FRAMED, table(cell(FRAMED))):
        text = read(tmp_path, body)
        assert "Catch in tonnes\n\n| Port | 2023 |\n| --- | --- |\n| Husum | 1,098 |" in text


def test_tables_that_are_no_frames_stay_as_they_are() -> None:
    beside = table(cell(INNER) + cell(paragraph("beside")))
    for body in (INNER, beside, table(cell(paragraph("alone"))), FRAMED.replace("</w:tbl>", "", 1)):
        assert not has_framed(body.encode())
        assert without_frames(body.encode()) == body.encode()
