"""Tables on pages: lines of figures become rows with their heads, and everything else stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from chatbot_app.core.documents import BlockKind, ParsedDocument
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.places.pdf_pages import draw_page
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.tables.described import described_rows
from tests.unit.knowledge.conftest import word_starts
from tests.unit.knowledge.test_pdf_text import made

SIZE = 10
_WIDTHS = {
    ",": 278,
    ".": 278,
    "(": 333,
    ")": 333,
    " ": 278,
    "%": 889,
}  # of Helvetica; digits and most letters 556


def width(words: str) -> float:
    return sum(_WIDTHS.get(c, 556) for c in words) * SIZE / 1000


def at(x: float, y: float, words: str) -> bytes:
    plain = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return b"BT /F %d Tf %d %d Td (%s) Tj ET\n" % (SIZE, x, y, plain.encode("cp1252"))


def right(x: float, y: float, words: str) -> bytes:
    return at(x - width(words), y, words)


def centred(x: float, y: float, words: str) -> bytes:
    return at(x - width(words) / 2, y, words)


COLUMNS = (300, 390, 480, 570)  # right edges
ROWS = (
    (0, "Net sales:", ()),
    (1, "Products", ("$60,584", "$63,355", "$230,901", "$245,241")),
    (1, "Services", ("21,213", "19,604", "62,886", "58,941")),
    (2, "Total net sales", ("81,797", "82,959", "293,787", "304,182")),
    (0, "Other income", ("(265)", "(10)", "(594)", "-")),
)
PROSE = "The mill stands at the river and turns slowly when the water is high enough for its wheel."


def heads(y: int) -> bytes:
    drawn = centred(322, y, "Three Months Ended") + centred(502, y, "Nine Months Ended")
    for x, day, year in zip(COLUMNS, ("July 1,", "June 25,") * 2, ("2023", "2022") * 2, strict=True):
        drawn += centred(x - 22, y - 11, day) + centred(x - 22, y - 20, year)
    return drawn


def rows(y: int, chosen: Sequence[tuple[int, str, Sequence[str]]] = ROWS) -> bytes:
    drawn = b""
    for number, (depth, label, cells) in enumerate(chosen):
        drawn += at(30 + 10 * depth, y - 12 * number, label)
        for x, cell in zip(COLUMNS, cells, strict=False):
            sign, figure = ("$", cell[1:]) if cell.startswith("$") else ("", cell)
            # A page sets the sign at the left edge of its column.
            drawn += at(x - 60, y - 12 * number, sign) if sign else b""
            drawn += right(x, y - 12 * number, figure)
    return drawn


def read(tmp_path: Path, *pages: bytes) -> ParsedDocument:
    path = tmp_path / "report.pdf"
    path.write_bytes(made(list(pages)))
    return parse_file(path)


def tables(parsed: ParsedDocument) -> list[str]:
    return [
        parsed.text[block.start : block.end].strip()
        for block in parsed.blocks
        if block.kind is BlockKind.TABLE
    ]


def described(parsed: ParsedDocument) -> list[str]:
    drafts = Splitter(word_starts).split(parsed)
    return [row.text for draft in drafts for row in described_rows(draft.text, draft.context)]


def test_heads_over_two_columns_and_in_two_lines_stand_above_each_column(tmp_path: Path) -> None:
    page = at(30, 760, PROSE) + at(200, 720, "(In millions)") + heads(700) + rows(660) + at(30, 580, PROSE)
    parsed = read(tmp_path, page)
    assert tables(parsed) == [
        "| (In millions) | Three Months Ended July 1, 2023 | Three Months Ended June 25, 2022"
        " | Nine Months Ended July 1, 2023 | Nine Months Ended June 25, 2022 |\n"
        "|---|---:|---:|---:|---:|\n"
        "| Net sales: |  |  |  |  |\n"
        "|   Products | $60,584 | $63,355 | $230,901 | $245,241 |\n"
        "|   Services | 21,213 | 19,604 | 62,886 | 58,941 |\n"
        "|     Total net sales | 81,797 | 82,959 | 293,787 | 304,182 |\n"
        "| Other income | (265) | (10) | (594) | - |"
    ]
    assert parsed.text.startswith(f"{PROSE}\n\n|")
    assert parsed.text.endswith(f"|\n\n{PROSE}")
    assert described(parsed)[2].startswith(
        "Total net sales, Three Months Ended July 1, 2023: $81,797 million; Three Months Ended June 25, 2022: $82,959 million"
    )


def test_a_row_is_found_at_its_place_on_the_page(tmp_path: Path) -> None:
    parsed = read(tmp_path, heads(700) + rows(660))
    row = next(line for line in parsed.text.split("\n") if "Total net sales" in line)
    drawn = draw_page(tmp_path / "report.pdf", 1, 600, parsed.text, row)
    assert drawn.has_sentence
    top = 1 - (660 - 36 + SIZE) / 800
    assert all(top - 0.01 < box.top < box.bottom < top + 0.03 for box in drawn.boxes)


def test_a_table_goes_on_over_the_page_with_its_heads_and_its_unit(tmp_path: Path) -> None:
    many = [(0, f"Plant number {n}", (f"{n},101", f"{n},202", f"{n},303", f"{n},404")) for n in range(1, 50)]
    first = (
        at(200, 760, "Output in thousands, as follows:")
        + heads(740)
        + rows(700, many)
        + centred(300, 40, "1")
    )
    second = rows(760, [(0, f"Plant number {n}", (f"{n},101",) * 4) for n in range(50, 60)])
    third = heads(760) + rows(720, [(0, f"Plant number {n}", (f"{n},101",) * 4) for n in range(60, 66)])
    found = described(read(tmp_path, first, second, third))
    assert len(found) == 65
    for n in (3, 49, 55, 65):
        assert found[n - 1].startswith(
            f"Plant number {n}, Three Months Ended July 1, 2023: {n},101 thousand; Three Months Ended June 25, 2022: "
        )


def test_another_table_on_the_next_page_does_not_go_on_with_the_one_before(tmp_path: Path) -> None:
    first = at(200, 760, "Output in thousands, as follows:") + heads(740) + rows(700)
    second = at(30, 760, "Staff, as follows:") + centred(280, 740, "Women") + centred(370, 740, "Men")
    second += rows(720, [(0, "Mill", ("1,200", "1,300")), (0, "Office", ("1,400", "1,500"))])
    found = described(read(tmp_path, first, second))
    assert found[-2:] == ["Mill, Women: 1,200; Men: 1,300", "Office, Women: 1,400; Men: 1,500"]


def test_a_table_without_heads_is_one_and_the_next_has_its_own(tmp_path: Path) -> None:
    page = (
        rows(740, ROWS[1:4])
        + at(30, 690, "Then the staff:")
        + centred(280, 670, "2023")
        + centred(370, 670, "2022")
    )
    page += rows(650, [(0, "Mill", ("1,200", "1,300")), (0, "Office", ("1,400", "1,500"))])
    found = described(read(tmp_path, page))
    assert found == [
        "Products: $60,584; $63,355; $230,901; $245,241",
        "Services: 21,213; 19,604; 62,886; 58,941",
        "Total net sales: 81,797; 82,959; 293,787; 304,182",
        "Mill, 2023: 1,200; 2022: 1,300",
        "Office, 2023: 1,400; 2022: 1,500",
    ]


def test_a_label_of_two_lines_is_one_label(tmp_path: Path) -> None:
    page = (
        centred(280, 740, "2023") + centred(370, 740, "2022") + rows(720, [(0, "Cash", ("1,200", "1,300"))])
    )
    page += at(30, 708, "Depreciation of mills, and of their wheels and")
    page += rows(697, [(0, "other parts", ("1,400", "1,500")), (0, "Total", ("2,600", "2,800"))])
    assert described(read(tmp_path, page))[1] == (
        "Depreciation of mills, and of their wheels and other parts, 2023: 1,400; 2022: 1,500"
    )


def test_a_note_that_the_file_draws_elsewhere_stands_at_its_word(tmp_path: Path) -> None:
    page = heads(700) + rows(660) + at(30, 560, PROSE)
    raised = b"BT /F 6 Tf %d %d Td (\\(1\\)) Tj ET\n" % (50 + 65, 660 - 36 + 4)  # where the label ends
    parsed = read(tmp_path, page + raised)
    assert "Total net sales (1) | 81,797" in parsed.text


@pytest.mark.parametrize(
    "page",
    [
        # Prose with numbers, justified so that its spaces are wide.
        b"".join(
            at(30, 740 - 12 * n, "In the year 2022 the mill ground")
            + at(196, 740 - 12 * n, "1,200 tons, and 1,300 later")
            for n in range(6)
        ),
        # Two columns of prose.
        b"".join(at(30, 740 - 12 * n, f"Wheel number {n} turned for 1,{n}00 days in the") for n in range(20))
        + b"".join(
            at(320, 740 - 12 * n, f"Mill number {n} ground 2,{n}00 tons of corn then") for n in range(20)
        ),
        # A table of contents.
        b"".join(
            at(30, 740 - 12 * n, f"Chapter {n}") + right(500, 740 - 12 * n, f"{7 * n + 1}") for n in range(12)
        ),
        # A numbered list.
        b"".join(
            at(30, 740 - 12 * n, f"{n}.") + at(60, 740 - 12 * n, "The wheel turns slowly") for n in range(12)
        ),
    ],
    ids=["prose", "columns", "contents", "list"],
)
def test_what_is_no_table_stays_text(tmp_path: Path, page: bytes) -> None:
    assert not tables(read(tmp_path, page))


def test_a_table_on_its_side_is_read_as_it_is_seen(tmp_path: Path) -> None:
    page = b"q 0 1 -1 0 800 0 cm\n" + heads(700) + rows(660) + b"Q\n"
    data = made([page]).replace(b"/MediaBox[0 0 600 800]", b"/Rotate 90/MediaBox[0 0 800 800]")
    path = tmp_path / "side.pdf"
    path.write_bytes(data)
    assert "|     Total net sales | 81,797 | 82,959 | 293,787 | 304,182 |" in parse_file(path).text


def test_a_table_without_labels_has_its_first_column_for_them(tmp_path: Path) -> None:
    page = at(40, 700, "Pos.") + at(80, 700, "What") + right(400, 700, "Single") + right(500, 700, "Total")
    for number, (what, single, total) in enumerate(
        (("Brake pads", "11,50", "23,00"), ("New chain", "34,90", "34,90"), ("Work", "14,00", "42,00")), 1
    ):
        y = 700 - 14 * number
        page += at(40, y, str(number)) + at(80, y, what) + right(400, y, single) + right(500, y, total)
    assert tables(read(tmp_path, page)) == [
        "| Pos. | What | Single | Total |\n|---|---:|---:|---:|\n"
        "| 1 | Brake pads | 11,50 | 23,00 |\n| 2 | New chain | 34,90 | 34,90 |\n| 3 | Work | 14,00 | 42,00 |"
    ]


def test_figures_without_any_label_and_head_are_read(tmp_path: Path) -> None:
    page = b"".join(right(300, y, f"{y},50") + right(400, y, f"{y},75") for y in (700, 686, 672))
    assert "672,50" in read(tmp_path, page).text


def test_a_group_above_article_numbers_is_a_row_of_its_own(tmp_path: Path) -> None:
    page = at(40, 700, "No.") + at(95, 700, "Article") + right(400, 700, "Price")
    lines = (
        "Clay",
        ("20-010", "Coarse", "289.00"),
        ("20-011", "Fine", "11.90"),
        "Tools",
        ("40-001", "Trowel", "32.90"),
    )
    for number, line in enumerate(lines, 1):
        y = 700 - 14 * number
        if isinstance(line, str):
            page += at(40, y, line)
        else:
            page += at(40, y, line[0]) + at(95, y, line[1]) + right(400, y, line[2])
    (table,) = tables(read(tmp_path, page))
    assert [line.split("|")[1].strip() for line in table.split("\n")[2:]] == [
        "Clay",
        "20-010",
        "20-011",
        "Tools",
        "40-001",
    ]


def test_times_are_figures_of_a_timetable(tmp_path: Path) -> None:
    page = centred(322, 700, "Summer") + centred(412, 700, "Winter")
    for number, (label, summer, winter) in enumerate(
        (("First boat", "05:40", "6:20"), ("Last boat", "22:10", "20:05"), ("Sundays", "9:00 am", "-")), 1
    ):
        y = 700 - 14 * number
        page += at(30, y, label) + right(340, y, summer) + right(430, y, winter)
    assert tables(read(tmp_path, page)) == [
        "|  | Summer | Winter |\n|---|---:|---:|\n"
        "| First boat | 05:40 | 6:20 |\n| Last boat | 22:10 | 20:05 |\n| Sundays | 9:00 am | - |"
    ]


def test_a_head_wider_than_all_labels_stands_above_them(tmp_path: Path) -> None:
    page = at(30, 700, "Width in metres") + at(150, 700, "Hedges") + right(300, 700, "Beetles")
    for number, (width_of, hedges, beetles) in enumerate((("1-2", "13", "12.4"), ("2-4", "12", "16.0")), 1):
        page += at(30, 700 - 14 * number, width_of) + at(150, 700 - 14 * number, hedges)
        page += right(300, 700 - 14 * number, beetles)
    (table,) = tables(read(tmp_path, page))
    assert table.startswith("| Width in metres | Hedges | Beetles |")


def test_headings_above_and_below_a_table_are_two(tmp_path: Path) -> None:
    bold = b"BT /B 16 Tf 30 %d Td (%s) Tj ET\n"
    page = (
        bold % (740, b"5 Fares")
        + rows(700, ROWS[1:3])
        + bold % (640, b"6 Technical data")
        + at(30, 610, PROSE)
    )
    parsed = read(tmp_path, page)
    paths = {block.kind: block.heading_path for block in parsed.blocks if block.kind is not BlockKind.HEADING}
    assert paths == {BlockKind.TABLE: ("5 Fares",), BlockKind.PARAGRAPH: ("6 Technical data",)}


@pytest.mark.parametrize("is_drawn_apart", [False, True])
def test_a_raised_number_behind_a_label_is_the_sign_of_a_note(tmp_path: Path, is_drawn_apart: bool) -> None:
    mark = b"BT /F 6 Tf %d %d Td (2) Tj ET\n" % (31 + width("Onshore wind"), 700 + 3)
    label, figures = at(30, 700, "Onshore wind"), right(300, 700, "860") + right(390, 700, "2,190")
    above = (
        right(288, 720, "Power (MWh)") + b"BT /F 6 Tf 296 724 Td (1) Tj ET\n" + centred(370, 720, "Output")
    )
    below = rows(688, [(0, "Gas", ("720", "1,118")), (0, "Total", ("1,580", "3,308"))])
    page = (
        above
        + label
        + (figures + below + at(30, 560, PROSE) + mark if is_drawn_apart else mark + figures + below)
    )
    parsed = read(tmp_path, page)
    assert "| Onshore wind (2) | 860 | 2,190 |" in parsed.text
    assert described(parsed)[0] == "Onshore wind, Power (MWh) (1): 860; Output: 2,190"


FORM = (
    ("Vessel", "Grey Heron"),
    ("Owner", "Maud Tilling"),
    ("Berth", "C 14, north pier"),
    ("Next survey", "May 2026"),
)


def test_labels_beside_what_is_said_of_them_are_rows(tmp_path: Path) -> None:
    page = at(30, 760, "Register of moorings")
    for n, (label, value) in enumerate(FORM):
        page += at(30, 730 - 14 * n, label) + at(180, 730 - 14 * n, value)
    page += at(180, 730 - 14 * len(FORM), "or when sold") + at(30, 600, PROSE)
    parsed = read(tmp_path, page)
    assert described(parsed) == [
        "Vessel: Grey Heron",
        "Owner: Maud Tilling",
        "Berth: C 14, north pier",
        "Next survey: May 2026 or when sold",
    ]
    (draft,) = Splitter(word_starts).split(parsed)
    assert "| Owner | Maud Tilling |" in draft.text
    assert PROSE in draft.text


def test_a_head_in_bold_stands_above_labels(tmp_path: Path) -> None:
    page = at(30, 744, "Part").replace(b"/F", b"/B") + at(180, 744, "Maker").replace(b"/F", b"/B")
    for n, (label, value) in enumerate(FORM):
        page += at(30, 730 - 14 * n, label) + at(180, 730 - 14 * n, value)
    assert described(read(tmp_path, page))[1] == "Part: Owner; Maker: Maud Tilling"


def test_a_table_that_the_file_has_within_a_line_of_prose_is_one(tmp_path: Path) -> None:
    """The file breaks its lines elsewhere than the page does: prose is before the first head, a note behind the last row."""
    page = at(30, 708, "Obligations at the end of 2017:") + centred(440, 702, "Payments due by period")
    page += rows(680, ROWS[1:4]) + at(30, 650, "(1) Without the mill at the river.")
    parsed = read(tmp_path, page)
    before, table, behind = parsed.text.split("\n\n")
    assert before == "Obligations at the end of 2017:"
    assert table.startswith("|  |")
    assert "Payments due by period" in table.split("\n")[0]
    assert table.endswith("|   Total net sales | 81,797 | 82,959 | 293,787 | 304,182 |")
    assert behind == "(1) Without the mill at the river."


def test_heads_of_many_lines_that_the_file_has_in_another_order_belong_to_the_table(tmp_path: Path) -> None:
    """What is drawn among the heads of a table heads it, also where there are more lines of heads than most tables have."""
    loss = ("Loss", "which", "was", "recognised", "in", "the", "income", "before", "taxes")
    gain = ("Gain", "which", "was", "reclassified", "from", "the", "equity", "after", "taxes")
    drawn = (
        centred(x, 740 - 9 * n, word)
        for x, words in ((370, loss), (550, gain))
        for n, word in enumerate(words)
    )
    page = b"".join(drawn) + rows(
        648, [(0, "Mills", ("", "(51)", "", "72")), (0, "Weirs", ("", "(63)", "", "84"))]
    )
    assert tables(read(tmp_path, page)) == [
        "|  | Loss which was recognised in the income before taxes | Gain which was reclassified from the equity after taxes |\n"
        "|---|---:|---:|\n| Mills | (51) | 72 |\n| Weirs | (63) | 84 |"
    ]


def test_one_row_below_times_is_a_table_and_one_below_words_is_none(tmp_path: Path) -> None:
    years = right(300, 700, "2023") + right(390, 700, "2022")
    row = at(30, 686, "Interest expense") + right(300, 686, "$171") + right(390, 686, "$160")
    words = right(300, 640, "Mills") + right(390, 640, "Weirs")
    words += at(30, 626, "Interest expense") + right(300, 626, "$172") + right(390, 626, "$161")
    assert tables(read(tmp_path, years + row + words)) == [
        "|  | 2023 | 2022 |\n|---|---:|---:|\n| Interest expense | $171 | $160 |"
    ]


def test_a_currency_and_a_dash_are_a_cell_of_their_own(tmp_path: Path) -> None:
    page = right(300, 700, "2023") + right(390, 700, "2022") + right(480, 700, "2021")
    for y, label, cells in ((686, "Mills", ("171", "160", "-")), (674, "Weirs", ("-", "-", "-"))):
        page += at(30, y, label)
        for x, cell in zip((300, 390, 480), cells, strict=True):
            page += at(x - 40, y, "$") + right(x, y, cell)
    assert tables(read(tmp_path, page)) == [
        "|  | 2023 | 2022 | 2021 |\n|---|---:|---:|---:|\n| Mills | $171 | $160 | $- |\n| Weirs | $- | $- | $- |"
    ]


def test_the_sign_of_the_next_column_does_not_stand_behind_a_figure(tmp_path: Path) -> None:
    page = right(300, 700, "2023") + right(362, 700, "2022")
    for y, label in ((686, "Mills"), (674, "Weirs")):
        page += at(30, y, label)
        for x, figure in ((300, "2,487"), (362, "209")):
            page += at(x - 54, y, "CHF") + right(x, y, figure)
    assert "| Mills | CHF2,487 | CHF209 |" in read(tmp_path, page).text


def test_a_parenthesis_that_reaches_to_the_next_column_parts_no_table(tmp_path: Path) -> None:
    """The sign at the left edge of the second column is nearer to it than a cell is wide."""
    page = right(300, 700, "2023") + right(390, 700, "2022") + at(305, 686, "$")
    for y, label, first, second in (
        (686, "Operating activities", "4,788", "39,324"),
        (674, "Investing activities", "(15,806)", "(48,582)"),
        (662, "Financing activities", "6,354", "11,757"),
    ):
        page += at(30, y, label) + right(300 + 3 * first.endswith(")"), y, first) + right(390, y, second)
    (table,) = tables(read(tmp_path, page))
    assert table.endswith(
        "| Investing activities | (15,806) | (48,582) |\n| Financing activities | 6,354 | 11,757 |"
    )


def test_a_title_above_what_all_is_counted_in_is_no_head(tmp_path: Path) -> None:
    page = centred(400, 740, "STATEMENTS OF EQUITY") + centred(400, 727, "(in millions)")
    page += (
        centred(322, 708, "Common")
        + centred(502, 708, "Retained")
        + centred(322, 698, "Stock")
        + centred(502, 698, "Earnings")
    )
    page += rows(680, [(0, "Net income", ("", "51", "", "72")), (0, "Dividends", ("", "63", "", "84"))])
    parsed = read(tmp_path, page)
    (table,) = tables(parsed)
    assert table.startswith("| (in millions) | Common Stock | Retained Earnings |\n")
    assert parsed.text.startswith("STATEMENTS OF EQUITY\n")
