"""Merged cells of OpenDocument texts are said in each row and column, and signs for spaces part words."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.odt_cells import odt_bytes, with_covered_cells
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.refusals import DocumentDamaged

MIME = "application/vnd.oasis.opendocument.text"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table")
)


def cell(words: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{words}</text:p></table:table-cell>"


def spanned(how: str, number: int) -> str:
    return f'table:number-{how}-spanned="{number}"'


def covered(attributes: str = "") -> str:
    return f"<table:covered-table-cell {attributes}/>"


def table(*rows: str) -> str:
    return (
        "<table:table>"
        + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        + "</table:table>"
    )


def written(folder: Path, body: str) -> Path:
    path = folder / "statutes.odt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", MIME)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry'
            f' manifest:full-path="/" manifest:media-type="{MIME}"/></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {SPACES}><office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
        archive.writestr("Pictures/1.png", b"no picture")
    return path


def rows_of(folder: Path, *rows: str) -> list[str]:
    lines = parse_file(written(folder, table(*rows))).text.split("\n")
    return [line for line in lines if line.startswith("|") and "---" not in line]


def test_a_cell_over_several_rows_is_said_in_each(tmp_path: Path) -> None:
    head = cell("Who") + cell("Months") + cell("Fee")
    adults = cell("Adults", spanned("rows", 2)) + cell("May") + cell("20")
    assert rows_of(
        tmp_path, head, adults, covered() + cell("June") + cell("25"), cell("Young") + cell("May") + cell("9")
    ) == [
        "| Who | Months | Fee |",
        "| Adults | May | 20 |",
        "| Adults | June | 25 |",
        "| Young | May | 9 |",
    ]


def test_a_cell_over_several_columns_leaves_the_others_in_theirs(tmp_path: Path) -> None:
    repeated = covered('table:number-columns-repeated="2"')
    both = cell("all", f"{spanned('columns', 2)} {spanned('rows', 2)}")
    assert rows_of(
        tmp_path,
        cell("A") + cell("B") + cell("C") + cell("D"),
        cell("wide", spanned("columns", 3)) + repeated + cell("4"),
        cell("1") + both + covered() + cell("5"),
        cell("2") + repeated + cell("6"),
    ) == ["| A | B | C | D |", "| wide | wide | wide | 4 |", "| 1 | all | all | 5 |", "| 2 | all | all | 6 |"]


def test_signs_for_spaces_part_words(tmp_path: Path) -> None:
    body = '<text:p>5<text:s/>kg and<text:s text:c="3"/>more</text:p>'
    assert parse_file(written(tmp_path, body)).text == "5 kg and more"


def test_what_has_nothing_of_it_is_read_as_it_is(tmp_path: Path) -> None:
    assert odt_bytes(written(tmp_path, "<text:p>Plain</text:p>" + table(cell("a")))) is None
    (broken := tmp_path / "broken.odt").write_bytes(b"no archive")
    assert odt_bytes(broken) is None
    with pytest.raises(DocumentDamaged):
        parse_file(broken)


@pytest.mark.parametrize(
    "content",
    [
        table("<table:table-cell>" + covered()),
        f"<table:table>{covered()}",
        table(cell("a") + table(cell("in", spanned("rows", 2)))),
    ],
)
def test_damaged_and_nested_tables_keep_their_words(content: str) -> None:
    assert with_covered_cells(content.encode()) == content.encode()


def test_many_covered_cells_do_not_grow_without_end() -> None:
    wide = cell("w" * 200, spanned("columns", 9999)) + covered('table:number-columns-repeated="9999"')
    huge = table(*[wide] * 20).encode()
    assert len(with_covered_cells(huge)) < 1_500_000
