"""Columns of plain texts that only stand below each other are tables; everything else stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.core.documents import BlockKind
from chatbot_app.knowledge.fields.reading import read_fields
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.spaced_columns import with_spaced_tables
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.tables.described import described_rows
from tests.unit.knowledge.conftest import word_starts


def rows(text: str) -> list[str]:
    return [row.text for row in described_rows(with_spaced_tables(text))]


def test_labels_beside_what_is_said_of_them_are_a_table_without_heads() -> None:
    text = "BOAT HIRE\n\nBoat         Wren, 6 m\nSkipper      Alva Reyes\nLength of hire   two days\nMooring      pier 4, behind\n             the chandler"
    assert rows(text) == [
        "Boat: Wren, 6 m",
        "Skipper: Alva Reyes",
        "Length of hire: two days",
        "Mooring: pier 4, behind the chandler",
    ]
    assert with_spaced_tables(text).startswith("BOAT HIRE\n\n|  |  |\n|---|---|\n| Boat | Wren, 6 m |")


def test_entries_by_date_have_the_heads_that_stand_above_them() -> None:
    text = "Day          Weight     Remarks\n04.02.2023    7.1 kg    vaccinated\n19.08.2023    8.4 kg    ear cleaned\n02.01.2024   11.0 kg"
    assert rows(text) == [
        "Day: 04.02.2023; Weight: 7.1 kg; Remarks: vaccinated",
        "Day: 19.08.2023; Weight: 8.4 kg; Remarks: ear cleaned",
        "Day: 02.01.2024; Weight: 11.0 kg",
    ]


def test_the_first_of_some_labels_is_no_head_and_a_line_below_words_makes_them_one() -> None:
    labels = "Wool      three balls, undyed\nNeedles   3.5 mm\nTension   22 stitches to 10 cm"
    assert rows(labels)[0] == "Wool: three balls, undyed"
    assert rows("Item      Price\n--------  -----\nRope      4.20\nAnchor    free") == [
        "Item: Rope; Price: 4.20",
        "Item: Anchor; Price: free",
    ]
    assert (
        rows("Item      Price\nRope      4.20\nAnchor   11.50\nOar      19.00")[0]
        == "Item: Rope; Price: 4.20"
    )


def test_tabs_part_columns_as_well() -> None:
    assert rows("Name\tRoom\tPhone\nVera Lund\t12\t4410\nOtto Brix\t7\t4412") == [
        "Name: Vera Lund; Room: 12; Phone: 4410",
        "Name: Otto Brix; Room: 7; Phone: 4412",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The mill  stands at   the river\nand turns   slowly when  the\nwater is  high enough   for its",
        "2024-01-02 03:04:05 INFO  pump: on\n2024-01-02 03:09:05 INFO  pump: off\n2024-01-02 03:14:05 WARN  pump: dry",
        "-   milk\n-   bread\n-   butter",
        "1.  Cut the board.\n2.  Sand the board.\n3.  Oil the board.",
        "int  a = 1;\nint  b = 2;\nint  c = 3;",
        "```\nkey     value\nother   value\n```",
        "Valid: 3 May          Saver fare\nName: Ida Holm        one adult\nSeat: 12              window",
        "the wheel turned for one day in     the mill was built by a miller\nthe year when the water was so high  who came from the other side of\nand ground the corn of the village   the river with all his children",
    ],
    ids=["justified", "log", "list", "steps", "program", "fence", "two lists", "two columns of prose"],
)
def test_what_is_no_table_stays_as_it_is(text: str) -> None:
    assert with_spaced_tables(text) == text


def test_a_short_list_of_labels_stays_in_one_passage_with_what_stands_around_it(tmp_path: Path) -> None:
    path = tmp_path / "hire.txt"
    path.write_text("BOAT HIRE\n\nBoat         Wren\nSkipper      Alva Reyes\n\nBring a coat.\n")
    parsed = parse_file(path)
    assert [block.kind for block in parsed.blocks].count(BlockKind.TABLE) == 1
    (passage,) = Splitter(word_starts).split(parsed)
    assert "| Skipper | Alva Reyes |" in passage.text
    assert "BOAT HIRE" in passage.text
    assert "a coat" in passage.text


def test_a_document_is_dated_by_a_label_beside_its_day() -> None:
    text = with_spaced_tables(
        "Inspection report\n\nBuilding     Quay 3\nReport date  14 March 2024\nInspector    P. Lind"
    )
    assert read_fields("quay.txt", "quay", text).date == "2024-03-14"


def test_a_value_may_go_on_for_some_lines_but_not_for_a_whole_text() -> None:
    label, rest = "Remarks     at first well,", "            then less so"
    some = "\n".join(["Day         4 May", label, *[rest] * 3])
    assert "| Remarks | at first well, then less so then less so then less so |" in with_spaced_tables(some)
    whole = "\n".join(["Day         4 May", label, *[rest] * 30])
    assert with_spaced_tables(whole) == whole


@pytest.mark.parametrize("second", ["            goes on", "Section"])
def test_a_paragraph_of_very_many_lines_is_read_line_by_line(second: str) -> None:
    # Where each line looks at all those above it, this takes minutes.
    lines = [
        f"{f'{n % 28 + 1:02}.01.2024':12}{n} kg      well" if n % 2 else second for n in range(1, 40_001)
    ]
    found = with_spaced_tables("\n".join(lines))
    assert found.count("\n") >= len(lines) // 2
