"""What lines part on a page are cells, of words as well as of figures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from chatbot_app.knowledge.places.pdf_pages import draw_page
from tests.unit.knowledge.tables.test_pdf_tables import at, described, read, tables

XS = (30, 130, 340, 520)
PROSE = "Who does what on the site is said in the list that stands below this line of text."
LINE = 12  # points
Rows = Sequence[Sequence[str]]


def line(x: float, y: float, to_x: float, to_y: float) -> bytes:
    return b"%.1f %.1f m %.1f %.1f l S\n" % (x, y, to_x, to_y)


def field(x: float, y: float, width: float, height: float) -> bytes:
    return b".9 g %.1f %.1f %.1f %.1f re f 0 g\n" % (x, y, width, height)


def grid(top: float, rows: Rows, xs: Sequence[float] = XS, spans: Sequence[int] = ()) -> bytes:
    """Draw a table whose cells may have several lines; rows `spans` go over all columns."""
    drawn, y = b"", top
    for number, row in enumerate(rows):
        height = LINE * max(cell.count("\n") + 1 for cell in row) + 6
        for x, cell in zip(xs, row, strict=False):
            for place, words in enumerate(cell.split("\n")):
                drawn += at(x + 4, y - LINE * (place + 1), words) if words else b""
        inner = (xs[0], xs[-1]) if number in spans else xs
        drawn += b"".join(line(x, y, x, y - height) for x in inner) + line(xs[0], y, xs[-1], y)
        y -= height
    return drawn + line(xs[0], y, xs[-1], y)


ROLES = (
    ("Role", "Task", "Contact"),
    ("Project manager", "Plans the work and keeps\nthe budget of it all.", "Lisa Moreau,\nextension 214"),
    ("Architect", "Draws the plans.", "Studio Kern"),
    ("Safety officer", "Checks the scaf-\nfolds every day.", "Ben Adeyemi"),
)


def test_words_that_a_cell_breaks_keep_a_hyphen_of_their_own(tmp_path: Path) -> None:
    rows = (
        ("Plan", "Said by"),
        ("a stock-\nbased plan for-\never", "the EU-\nCommission"),
        ("of Covid-\n19", "nobody"),
    )
    above = f"Plans are stock-based. {PROSE}"
    parsed = read(tmp_path, at(30, 760, above) + grid(740, rows, XS[:3]) + at(30, 500, PROSE))
    assert tables(parsed)[0].split("\n")[-2:] == [
        "| a stock-based plan forever | the EU-Commission |",
        "| of Covid-19 | nobody |",
    ]


def test_cells_of_words_and_of_several_lines_are_read_row_by_row(tmp_path: Path) -> None:
    parsed = read(tmp_path, at(30, 760, PROSE) + grid(740, ROLES) + at(30, 500, PROSE))
    assert tables(parsed) == [
        "| Role | Task | Contact |\n|---|---|---|\n"
        "| Project manager | Plans the work and keeps the budget of it all. | Lisa Moreau, extension 214 |\n"
        "| Architect | Draws the plans. | Studio Kern |\n"
        "| Safety officer | Checks the scaffolds every day. | Ben Adeyemi |"
    ]
    assert parsed.text.startswith(f"{PROSE}\n\n|")
    assert parsed.text.endswith(f"|\n\n{PROSE}")
    assert "Role: Architect; Task: Draws the plans.; Contact: Studio Kern" in described(parsed)


def test_a_row_of_words_is_found_on_the_page(tmp_path: Path) -> None:
    parsed = read(tmp_path, at(30, 760, PROSE) + grid(740, ROLES))
    row = next(line for line in parsed.text.split("\n") if "Studio Kern" in line)
    assert draw_page(tmp_path / "report.pdf", 1, 600, parsed.text, row).has_sentence


def test_a_title_over_all_columns_is_said_once_and_a_label_beside_several_rows_in_each(
    tmp_path: Path,
) -> None:
    rows = (ROLES[0], ("Management", "", ""), *ROLES[1:3])
    page = at(30, 760, PROSE) + grid(740, rows, spans=(1,))
    wide = grid(
        560, (("Hall", "Machine", "Key"), ("North", "Saw", "red one\non the wall"), ("", "Drill", "blue"))
    )
    # No line parts "North" from the cell below it.
    wide = wide.replace(line(XS[0], 560 - 48, XS[-1], 560 - 48), line(XS[1], 560 - 48, XS[-1], 560 - 48))
    first, second = tables(read(tmp_path, page + at(30, 580, "And of the halls:") + wide))
    assert first.split("\n")[2] == "| Management |  |  |"
    assert second.split("\n")[2:] == [
        "| North | Saw | red one on the wall |",
        "| North | Drill | blue |",
    ]


def test_figures_below_each_other_are_rows_though_nothing_rules_them(tmp_path: Path) -> None:
    rows = (("Model", "Layers", "Score"), ("OTSL\nHTML", "6\n4", "0.95\n0.88"), ("Plain", "2", "0.91"))
    (table,) = tables(read(tmp_path, at(30, 760, PROSE) + grid(740, rows)))
    assert table.split("\n")[2:] == ["| OTSL | 6 | 0.95 |", "| HTML | 4 | 0.88 |", "| Plain | 2 | 0.91 |"]


def test_a_table_goes_on_with_its_heads_on_the_next_page(tmp_path: Path) -> None:
    faults = [(f"E{n:02d}", f"Pump {n} in the\nhall is loud", "Wait for a\nminute") for n in range(1, 30)]
    pages = [grid(780, (("Code", "Fault", "Remedy"), *faults[:20])), grid(780, faults[20:])]
    found = described(read(tmp_path, *pages))
    assert found[-1] == "Code: E29; Fault: Pump 29 in the hall is loud; Remedy: Wait for a minute"
    assert len(found) == 29


def test_names_and_what_they_stand_for_have_no_heads(tmp_path: Path) -> None:
    rows = (
        ("Name", "Aurelia Brandt"),
        ("Address", "Kastanienallee 12,\nBerlin"),
        ("Occupation", "bookbinder"),
    )
    (table,) = tables(read(tmp_path, at(30, 760, PROSE) + grid(740, rows, XS[:3])))
    assert table.startswith(
        "|  |  |\n|---|---|\n| Name | Aurelia Brandt |\n| Address | Kastanienallee 12, Berlin |"
    )


def test_fields_of_colour_are_cells_too(tmp_path: Path) -> None:
    fields = b""
    for row, y in enumerate((720, 690, 660)):
        fields += b"".join(field(x, y - 10, to - x, 30) for x, to in pairwise(XS))
        for x, words in zip(XS, ROLES[row], strict=False):
            for place, one in enumerate(words.split("\n")):
                fields += at(x + 4, y + 8 - 11 * place, one)
    (table,) = tables(read(tmp_path, at(30, 770, PROSE) + fields))
    assert table.endswith("| Architect | Draws the plans. | Studio Kern |")


def test_a_table_of_figures_without_wrapped_cells_is_read_by_its_figures(tmp_path: Path) -> None:
    rows = (("Fare", "Single", "Return"), ("Adult", "58", "104"), ("Child", "29", "52"))
    (table,) = tables(read(tmp_path, at(30, 760, PROSE) + grid(740, rows)))
    assert table.split("\n")[1] == "|---|---:|---:|"


def test_boxes_around_text_contents_and_tables_in_tables_are_none(tmp_path: Path) -> None:
    column = "\n".join("A column of a newsletter that goes on" for _ in range(24))
    boxes = grid(780, ((column, column), ("More of it\nstands here", "and of this\nas well")), (30, 280, 560))
    contents = grid(780, (("Item 1.", "Statements\nof income", "3"), ("Item 2.", "Risks", "9")))
    inner = grid(700, (("A", "B"), ("C\nc", "D")), (140, 240, 335))
    nested = grid(
        780, (("Left", "Middle", "Right"), ("one", "\n" * 6, "two"), ("three", "four\nfive", "six"))
    )
    for page in (boxes, contents, nested + inner):
        assert not tables(read(tmp_path, page))


def test_a_drawing_of_many_lines_is_no_table(tmp_path: Path) -> None:
    lines = b"".join(line(30 + n % 500, 100 + n, 60 + n % 500, 100 + n) for n in range(650))
    lines += b"".join(line(30 + n, 100, 30 + n, 700) for n in range(0, 500, 3))
    assert not tables(read(tmp_path, lines + grid(780, ROLES)))
