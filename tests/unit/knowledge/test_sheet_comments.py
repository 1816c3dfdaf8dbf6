"""Comments of workbooks stand below the tables of their sheets; hidden sheets are left out."""

from __future__ import annotations

import zipfile
from pathlib import Path

from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.sheet_comments import SheetNotes, notes_of, with_notes
from tests.unit.knowledge.test_sheet_formats import KIND, LINKS, MAIN, R, book

SIZE = 2_000_000  # bytes: what takes more than linear time takes longer than a test may


THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
OF_THREADS = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"


def workbook(folder: Path, comments: str, threads: str = "", state: str = "visible") -> Path:
    """Write a workbook of a sheet "Plan" with comments, and a second one "Lists"."""
    path = book(folder, [("General", "7")])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>KX</t></is></c></row></sheetData></worksheet>'
    types = f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{KIND}.worksheet+xml"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", types)
    parts["xl/worksheets/sheet2.xml"] = sheet
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{R}"><sheets><sheet name="Plan" sheetId="1" r:id="s1"/>'
        f'<sheet name="Lists" sheetId="2" r:id="s2" state="{state}"/></sheets></workbook>'
    )
    sheets = "".join(
        f'<Relationship Id="s{n}" Type="{R}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in (1, 2)
    )
    styles = f'<Relationship Id="r2" Type="{R}/styles" Target="styles.xml"/>'
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{LINKS}">{sheets}{styles}</Relationships>'
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{LINKS}"><Relationship Id="c" Type="{R}/comments" Target="../comments1.xml"/>'
        f'<Relationship Id="t" Type="{OF_THREADS}" Target="/xl/threadedComments/t1.xml"/></Relationships>'
    )
    parts["xl/comments1.xml"] = f'<comments xmlns="{MAIN}">{comments}</comments>'
    if threads:
        parts["xl/threadedComments/t1.xml"] = (
            f'<ThreadedComments xmlns="{THREADS}">{threads}</ThreadedComments>'
        )
        parts["xl/persons/person.xml"] = (
            f'<personList xmlns="{THREADS}"><person displayName="Olaf Berg" id="p1"/></personList>'
        )
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return path


NOTE = (
    "<authors><author>Ana Silva</author><author>tc=1</author></authors><commentList>"
    '<comment ref="A2" authorId="0"><text><r><t>Ana Silva:</t></r><r><t>\nWithout R&amp;D.</t></r></text></comment>'
    '<comment ref="B9" authorId="1"><text><t>Your version of Excel</t></text></comment></commentList>'
)


def test_notes_and_threads_stand_below_the_table_of_their_sheet(tmp_path: Path) -> None:
    threads = '<threadedComment ref="B9" personId="p1"><text>Six days.</text></threadedComment>'
    parsed = parse_file(workbook(tmp_path, NOTE, threads))
    assert parsed.text == (
        "## Plan\n\n| Head 0 |\n| 7 |\n\n[Comment on A2, Ana Silva: Without R&D.]\n\n"
        "[Comment on B9, Olaf Berg: Six days.]\n\n## Lists\n\nKX"
    )
    assert parsed.warnings == ()


def test_hidden_sheets_are_left_out_and_named(tmp_path: Path) -> None:
    parsed = parse_file(workbook(tmp_path, NOTE, state="veryHidden"))
    assert "KX" not in parsed.text
    assert "Without R&D." in parsed.text
    assert "Lists" in parsed.warnings[0]
    assert with_notes("## A\n\n| 1 |", {"A": SheetNotes(True)}) == ("## A\n\n| 1 |", [])


def ods(folder: Path, content: str) -> Path:
    path = folder / "prices.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", content)
    return path


def test_notes_and_hidden_tables_of_opendocument(tmp_path: Path) -> None:
    note = "<office:annotation a='b'><dc:creator>Li</dc:creator><text:p>Only &lt; 14.</text:p></office:annotation>"
    content = (
        '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
        f'<table:table table:name="A &amp; B">{note}</table:table><table:table table:name="C" table:style-name="ta2">'
    )
    assert notes_of(ods(tmp_path, content)) == {
        "A & B": SheetNotes(False, ["[Comment, Li: Only < 14.]"]),
        "C": SheetNotes(True),
    }
    assert notes_of(workbook(tmp_path, "<broken")) == {}


def test_tables_of_strangers_take_linear_time(tmp_path: Path) -> None:
    for part in (
        "<office:annotation>",
        "<style:style ",
        "<style:style a='b'> ",
        "<table:table ",
        "</office:annotation>",
    ):
        assert notes_of(ods(tmp_path, part * (SIZE // len(part)))) == {}
