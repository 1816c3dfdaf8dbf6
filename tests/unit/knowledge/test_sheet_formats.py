"""Cells of a workbook are read as they are shown: percents, money, times and durations."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.sheet_formats import shown_bytes

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def book(folder: Path, cells: Sequence[tuple[str, str]]) -> Path:
    """Write a workbook with a row of names and a row of values, each with the format of its own."""
    formats = "".join(
        f'<numFmt numFmtId="{170 + n}" formatCode={quoteattr(code)}/>' for n, (code, _v) in enumerate(cells)
    )
    styles = "".join(f'<xf numFmtId="{170 + n}"/>' for n in range(len(cells)))
    heads = "".join(f'<c t="inlineStr"><is><t>Head {n}</t></is></c>' for n in range(len(cells)))
    values = "".join(f'<c s="{n}"><f>1+1</f><v>{value}</v></c>' for n, (_c, value) in enumerate(cells))
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="r1" Type="{R}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{R}"><sheets><sheet name="Plan" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="r1" Type="{R}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{R}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{heads}</row><row r="2">{values}</row></sheetData></worksheet>',
    }
    path = folder / "plan.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("0.0%", "0.188", "18.8%"),
        ("0%", "1.2", "120%"),
        ('#,##0.00 "€"', "1234.5", "1,234.50 €"),
        ("[$$-409]#,##0;[Red]-[$$-409]#,##0", "-2410000", "-$2,410,000"),
        ('"CHF "#,##0', "48200", "CHF 48,200"),
        ("[h]:mm", "1.0868055555555556", "26:05"),
        ("hh:mm", "45000.3125", "07:30"),
        ("DD.MM.YYYY", "45565", "30.09.2024"),
        ("d.m.yy", "45565", "30.9.2024"),
        ("mmmm d, yyyy", "45565", "September 30, 2024"),
        ("dddd, mmmm d, yyyy", "45565", "September 30, 2024"),
        ("[$-409]d\\-mmm\\-yy;@", "45565", "30-Sep-2024"),
        ("[$-407]d. MMMM yyyy", "45354", "3. März 2024"),
        ("[$-40C]d mmmm yyyy", "45505", "1 août 2024"),
        ('d" de "mmmm" de "yyyy', "45565", "30 de September de 2024"),
        ("[$-C0A]d mmmm yyyy", "45565", "30 septiembre 2024"),
        ("mmm yyyy", "45352", "Mar 2024"),
        ("d. mmmm yyyy", "45354", "2024-03-03"),  # in whose language, only the office knows
        ("[$-411]d mmmm yyyy", "45354", "2024-03-03"),
        ("mm/dd/yyyy", "45354", "2024-03-03"),
        ("dd-mm-yyyy", "45354", "2024-03-03"),
        ("yyyy-mm-dd", "45354", "2024-03-03"),
        ("dd.mm.", "45354", "2024-03-03"),
        ("dd.mm.yyyy", "12", "1900-01-12"),
        ("0.00", "0.188", "0.188"),
        ('0.0 "kg"', "12.5", "12.5"),
        ("General", "7", "7"),
        (f"0.{'0' * 100}%", "0.5", f"50.{'0' * 30}%"),
    ],
)
def test_a_number_is_read_as_its_cell_shows_it(tmp_path: Path, code: str, value: str, shown: str) -> None:
    text = parse_file(book(tmp_path, [("General", "1"), (code, value)])).text
    assert text.split("\n")[-1] == f"| 1 | {shown} |"


def test_days_that_are_counted_from_1904_are_those_days(tmp_path: Path) -> None:
    path = book(tmp_path, [("General", "1"), ("dd.mm.yyyy", "43891")])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b"<sheets>", b'<workbookPr date1904="1"/><sheets>'))
    assert parse_file(path).text.split("\n")[-1] == "| 1 | 02.03.2024 |"


def test_a_workbook_of_plain_numbers_is_read_as_it_is(tmp_path: Path) -> None:
    assert shown_bytes(book(tmp_path, [("General", "1"), ("0.00", "2"), ("yyyy", "3")])) is None


def test_a_damaged_workbook_is_left_to_who_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"PK\x03\x04 and nothing else")
    assert shown_bytes(path) is None


OASIS = "urn:oasis:names:tc:opendocument:xmlns"


def opendocument(folder: Path, *rows: Sequence[str]) -> Path:
    path = folder / "plan.ods"
    written = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{OASIS}:office:1.0" xmlns:text="{OASIS}:text:1.0"'
            f' xmlns:table="{OASIS}:table:1.0"><office:body><office:spreadsheet><table:table table:name="Plan">'
            f"{written}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0"/>'
        )
    return path


def cell(attributes: str, content: str) -> str:
    return f"<table:table-cell office:value-type={attributes}>{content}</table:table-cell>"


def test_an_opendocument_table_is_read_as_it_is_shown(tmp_path: Path) -> None:
    cells = (
        ("float", 'office:value="0.188"', "0,19"),
        ("percentage", 'office:value="0.125"', "12,5 %"),
        ("currency", 'office:currency="EUR" office:value="1234.5"', "1.234,50 €"),
        ("time", 'office:time-value="PT26H05M00S"', "26:05"),
        ("date", 'office:date-value="2024-05-01"', "01.05.24"),
    )
    row = [cell(f'"{kind}" {value}', f"<text:p>{shown}</text:p>") for kind, value, shown in cells]
    head = [cell('"string"', f"<text:p>{kind}</text:p>") for kind, _value, _shown in cells]
    text = parse_file(opendocument(tmp_path, head, row)).text
    assert text.split("\n")[-1] == "| 0.188 | 12,5 % | 1.234,50 € | 26:05 | 2024-05-01 |"


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("01.05.2024", "01.05.2024"),
        ("May 1, 2024", "May 1, 2024"),
        ("1. Mai 2024", "1. Mai 2024"),
        ("05/01/2024", "2024-05-01"),
        ("01-05-2024", "2024-05-01"),
        ("1 May", "2024-05-01"),
    ],
)
def test_a_day_of_an_opendocument_table_is_read_as_it_is_shown(tmp_path: Path, shown: str, read: str) -> None:
    day = cell('"date" office:date-value="2024-05-01"', f"<text:p>{shown}</text:p>")
    name = cell('"string"', "<text:p>Plan</text:p>")
    text = parse_file(opendocument(tmp_path, [name, name], [name, day])).text
    assert text.split("\n")[-1] == f"| Plan | {read} |"


def test_a_number_of_an_opendocument_table_has_the_notation_of_its_office_and_all_of_its_digits(
    tmp_path: Path,
) -> None:
    shown = {
        "1204.5": "1.204,5",
        "655": "655,0",
        "1200": "1.200",
        "41.26": "41,3",
        "12": "12 kg",
        "-3.5": "-3,50",
    }
    row = [cell(f'"float" office:value="{kept}"', f"<text:p>{text}</text:p>") for kept, text in shown.items()]
    head = [cell('"string"', f"<text:p>Head {n}</text:p>") for n in range(len(shown))]
    text = parse_file(opendocument(tmp_path, head, row)).text
    assert text.split("\n")[-1] == "| 1.204,5 | 655,0 | 1.200 | 41.26 | 12 kg | -3,50 |"


def test_a_cell_of_an_opendocument_table_that_does_not_say_what_it_shows_keeps_its_value(
    tmp_path: Path,
) -> None:
    share = '"percentage" office:value="0.125"'
    note = "<office:annotation><text:p>by hand</text:p></office:annotation>"
    contents = ("", "<text:p></text:p>", "<text:p/>", f"{note}<text:p>12.5%</text:p>", note)
    head = [cell('"string"', f"<text:p>Head {n}</text:p>") for n in range(len(contents))]
    row = [cell(share, content) for content in contents]
    rows, *notes = parse_file(opendocument(tmp_path, head, row)).text.split("\n\n")[1:]
    assert rows.split("\n")[-1] == "| 0.125 | 0.125 | 0.125 | 12.5% | 0.125 |"
    assert notes == ["[Comment: by hand]"] * 2
