"""Heads on a page that are not as many lines as their neighbours, that part the columns unevenly, or are days; and
tables that white space alone parts."""

from __future__ import annotations

from pathlib import Path

from tests.unit.knowledge.tables.test_pdf_tables import at, centred, described, read, right, rows, tables

COLUMNS = (300, 390, 480, 570)
STEELS = [
    (0, "Steel", ("1,204", "1,377", "5,108", "5,240")),
    (0, "Copper", ("312", "(298)", "1,266", "1,190")),
]


def test_heads_of_one_line_stand_in_the_middle_beside_heads_of_two(tmp_path: Path) -> None:
    page = b""
    for x, words in zip(COLUMNS, ("Q2 2021", "Q2 2020|(adjusted)", "2021", "2020|(adjusted)"), strict=True):
        upper, _, lower = words.partition("|")
        page += (
            centred(x - 22, 740, upper) + centred(x - 22, 730, lower)
            if lower
            else centred(x - 22, 735, upper)
        )
    found = described(read(tmp_path, page + rows(710, STEELS)))
    assert found == [
        "Steel, Q2 2021: 1,204; Q2 2020 (adjusted): 1,377; 2021: 5,108; 2020 (adjusted): 5,240",
        "Copper, Q2 2021: 312; Q2 2020 (adjusted): (298); 2021: 1,266; 2020 (adjusted): 1,190",
    ]


def test_years_part_the_columns_below_them_though_one_has_more(tmp_path: Path) -> None:
    page = centred(COLUMNS[0] - 22, 740, "FY2020") + centred(COLUMNS[2] - 22, 740, "FY2021")
    for x, part in zip(COLUMNS, ("4Q", "1Q", "2Q", "3Q"), strict=True):
        page += centred(x - 22, 728, part)
    assert described(read(tmp_path, page + rows(710, STEELS)))[0] == (
        "Steel, FY2020 4Q: 1,204; FY2021 1Q: 1,377; FY2021 2Q: 5,108; FY2021 3Q: 5,240"
    )


def test_days_head_the_columns_of_a_balance_sheet(tmp_path: Path) -> None:
    page = at(30, 740, "TEUR") + right(300, 740, "30.09.2021") + right(390, 740, "31.12.2020")
    page += rows(726, [(0, "Vorräte", ("4.310", "3.977")), (0, "Forderungen", ("8.122", "8.640"))])
    assert described(read(tmp_path, page)) == [
        "Vorräte, 30.09.2021: 4.310 TEUR; 31.12.2020: 3.977 TEUR",
        "Forderungen, 30.09.2021: 8.122 TEUR; 31.12.2020: 8.640 TEUR",
    ]


def test_rows_of_days_are_rows_where_nothing_else_stands_below(tmp_path: Path) -> None:
    page = centred(280, 740, "Beginn") + centred(370, 740, "Ende")
    page += rows(
        726, [(0, "Los 1", ("01.03.2022", "15.04.2022")), (0, "Los 2", ("16.04.2022", "30.06.2022"))]
    )
    assert described(read(tmp_path, page))[0] == "Los 1, Beginn: 01.03.2022; Ende: 15.04.2022"


def test_another_table_begins_behind_white_space_with_its_own_heads(tmp_path: Path) -> None:
    page = centred(280, 740, "2021") + centred(370, 740, "2020")
    page += rows(
        726, [(0, "Sales", ("4,310", "3,977")), (0, "Profit", ("812", "864")), (0, "Staff", ("91", "88"))]
    )
    page += at(30, 676, "By region") + centred(280, 664, "North") + centred(370, 664, "South")
    page += rows(650, [(0, "Sales", ("3,001", "1,309")), (0, "Profit", ("(40)", "852"))])
    parsed = read(tmp_path, page)
    assert len(tables(parsed)) == 2
    assert described(parsed)[2:] == ["Staff, 2021: 91; 2020: 88", "Sales, North: 3,001; South: 1,309", "Profit, North: (40); South: 852"]  # fmt: skip


def test_a_section_behind_white_space_stays_in_its_table(tmp_path: Path) -> None:
    page = centred(280, 740, "2021") + centred(370, 740, "2020")
    page += rows(726, [(0, "Sales", ("4,310", "3,977")), (0, "Profit", ("812", "864"))])
    page += at(30, 690, "Per share:") + rows(
        678, [(0, "Earnings", ("1.20", "1.31")), (0, "Dividend", ("0.40", "0.40"))]
    )
    parsed = read(tmp_path, page)
    assert len(tables(parsed)) == 1
    assert described(parsed)[2] == "Per share: Earnings, 2021: 1.20; 2020: 1.31"


def test_a_row_of_dashes_above_the_figures_is_no_head(tmp_path: Path) -> None:
    page = centred(280, 740, "2021") + centred(370, 740, "2020")
    page += rows(
        726, [(0, "Notes due", ("-", "-")), (0, "Bonds due", ("812", "864")), (0, "Loans", ("91", "-"))]
    )
    assert described(read(tmp_path, page))[0] == "Notes due, 2021: -; 2020: -"


def test_a_section_may_stand_between_days_and_the_first_figures(tmp_path: Path) -> None:
    page = at(30, 740, "TEUR") + right(300, 740, "31.03.2022") + right(390, 740, "31.03.2021")
    page += rows(
        726, [(0, "Umlaufvermögen", ()), (0, "Vorräte", ("4.310", "3.977")), (0, "Kasse", ("812", "864"))]
    )
    assert (
        described(read(tmp_path, page))[0]
        == "Umlaufvermögen: Vorräte, 31.03.2022: 4.310 TEUR; 31.03.2021: 3.977 TEUR"
    )


def test_months_stand_above_the_columns_around_them_as_years_do(tmp_path: Path) -> None:
    page = centred(COLUMNS[1] - 22, 740, "Jan-Sep") + centred(COLUMNS[3] - 22, 740, "Full year")
    for x, head in zip(COLUMNS, ("2022", "2021", "Change", "2021"), strict=True):
        page += centred(x - 22, 728, head)
    assert described(read(tmp_path, page + rows(710, STEELS)))[0] == (
        "Steel, Jan-Sep 2022: 1,204; Jan-Sep 2021: 1,377; Jan-Sep Change: 5,108; Full year 2021: 5,240"
    )
