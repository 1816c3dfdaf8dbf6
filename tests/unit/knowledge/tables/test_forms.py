"""Forms with several labels in a row become a row for each label, with lines on the page and without."""

from __future__ import annotations

from pathlib import Path

from chatbot_app.knowledge.tables.forms import pairs_of, titled_rows
from tests.unit.knowledge.tables.test_pdf_tables import at, described, read, tables
from tests.unit.knowledge.tables.test_ruled_tables import grid

XS = (30, 150, 290, 430, 560)
LABELS = (
    ("Pilot Information", "", "", ""),
    ("Certificate:", "Private", "Age:", "58, Male"),
    ("Rating(s):", "Airplane", "Seat Occupied:", "Left"),
    ("Second Pilot:", "", "Restraint Used:", "Seatbelt,\nshoulder harness"),
    ("Flight Time:", "2319 hours (all aircraft), 17 hours (last 90 days)", "", ""),
)
ABOVE = "What the pilot has said of it stands in the form below this line."


def test_a_ruled_form_is_a_row_for_each_label(tmp_path: Path) -> None:
    drawn = at(30, 760, ABOVE) + grid(740, LABELS[:-1], XS, spans=(0,))
    parsed = read(tmp_path, drawn + at(30, 400, ABOVE))
    assert tables(parsed) == [
        "|  |  |\n|---|---|\n| Certificate: | Private |\n| Age: | 58, Male |\n| Rating(s): | Airplane |\n"
        "| Seat Occupied: | Left |\n| Restraint Used: | Seatbelt, shoulder harness |"
    ]
    assert "Pilot Information\n\n|" in parsed.text
    assert described(parsed)[1] == "Age: 58, Male"


def test_a_value_may_go_over_all_other_columns() -> None:
    rows = [list(dict.fromkeys(row)) if row[0] != "Second Pilot:" else list(row) for row in LABELS]
    title, found = titled_rows(pairs_of([[cell for cell in row if cell] for row in rows[:1]] + rows[1:4]))
    assert title == "Pilot Information"
    assert [(row.label, *row.cells) for row in found][-1][0] == "Restraint Used:"
    pairs = pairs_of([*rows[1:4], ["Flight Time:", "2319 hours"]])
    assert pairs[-1] == ("Flight Time:", "2319 hours")


def test_what_stands_across_a_form_opens_a_part_of_it() -> None:
    student = [["Student Information"], ["Certificate:", "Student", "Age:", "23, Male"]]
    rows = [["Certificate:", "Private", "Age:", "58, Male"], ["Seat:", "Left", "Wind:", "/"], *student]
    title, found = titled_rows(pairs_of(rows))
    assert title == ""
    assert [(row.label, *row.cells) for row in found] == [
        ("Certificate:", "Private"),
        ("Age:", "58, Male"),
        ("Seat:", "Left"),
        ("Student Information", ""),
        ("Certificate:", "Student"),
        ("Age:", "23, Male"),
    ]


def test_heads_and_other_tables_are_no_forms() -> None:
    heads = ["Name:", "Age:", "Town:", "Trade:"]
    assert pairs_of([heads, ["Ada", "36", "Leeds", "mason"], ["Ben", "41", "York", "smith"]]) == []
    assert pairs_of([["Note:", "one"], ["Hint:", "two"], ["Care:", "three"], ["More:", "four"]]) == []
    assert pairs_of([["Mon", "10", "Tue", "12"], ["Wed", "9", "Thu", "14"]]) == []


def test_a_form_without_lines_is_read_as_well(tmp_path: Path) -> None:
    rows = (
        (760, ("Location:", "Tallahassee, FL", "Accident Number:", "NYC08CA055")),
        (745, ("Date & Time:", "12/08/2007, 1730 EST", "Registration:", "N5921D")),
        (730, ("Defining Event:", "", "Injuries:", "1 Minor")),
        (715, ("Conducted Under:", "Part 91: General Aviation", "", "")),
    )
    drawn = b"".join(at(x, y, words) for y, row in rows for x, words in zip(XS, row, strict=False) if words)
    parsed = read(tmp_path, drawn + at(30, 660, ABOVE) + at(30, 645, ABOVE))
    assert described(parsed) == [
        "Location: Tallahassee, FL",
        "Accident Number: NYC08CA055",
        "Date & Time: 12/08/2007, 1730 EST",
        "Registration: N5921D",
        "Injuries: 1 Minor",
        "Conducted Under: Part 91: General Aviation",
    ]
    assert parsed.text.endswith(f"{ABOVE}\n{ABOVE}")
