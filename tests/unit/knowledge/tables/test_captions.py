"""What stands above and below a table is said with each of its rows: title, unit, whatever part of it."""

from __future__ import annotations

import pytest

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.knowledge.formats.blocks import markdown_blocks
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.tables.described import described_rows
from chatbot_app.knowledge.tables.frames import caption_in
from tests.unit.knowledge.conftest import word_starts

TABLE = "|  | 2023 | 2022 |\n| Receivables | 8,442 | 9,077 |\n| Ships (number) | 31 | 30 |"


def passages(text: str) -> list[tuple[str, list[str]]]:
    parsed = ParsedDocument("Report", text, markdown_blocks(text), "text/markdown")
    return [
        (draft.context, [row.text for row in described_rows(draft.text, draft.context)])
        for draft in Splitter(word_starts).split(parsed)
        if "|" in draft.text
    ]


@pytest.mark.parametrize(
    ("above", "caption"),
    [
        ("Sales by region", "Sales by region"),
        (
            "Brewery: plan and result\n\n(amounts in thousand EUR)",
            "Brewery: plan and result (amounts in thousand EUR)",
        ),
        ("Harvest\n\nin Tonnen", "Harvest in Tonnen"),
        ("*Ducks of the pond*", "Ducks of the pond"),
        ("It rained for long. Students by faculty", "Students by faculty"),
        ("Emissions in tonnes of CO2e.", "Emissions in tonnes of CO2e."),
        ("Gross margin of Pear in 2023, as a paper put it.", ""),
        ("Sales of another chapter\n\n# Data", ""),
        ("The board met and agreed with all of it.", ""),
        ("• The last item of a list", ""),
        ("<mrow> <mo stretchy=false>", ""),
        ("and the rest of a line that was broken", ""),
    ],
)
def test_the_words_above_a_table_are_its_title(above: str, caption: str) -> None:
    ((context, _rows),) = passages(f"{above}\n\n{TABLE}")
    said = [line for line in context.split("\n")[1:] if not line.startswith("|")]
    assert " ".join(said) == caption


def test_a_note_below_says_the_unit_of_all_figures() -> None:
    note = "All amounts in thousands of euros unless otherwise stated."
    wanted = [
        "Receivables, 2023: €8,442 thousand; 2022: €9,077 thousand",
        "Ships (number), 2023: 31; 2022: 30",
    ]
    ((context, rows),) = passages(f"{TABLE}\n\n{note}")
    assert rows == wanted
    assert note in context
    # Also where a long text goes on behind it.
    assert (
        passages(f"{TABLE}\n\n{note} {'The rest is said in the notes to the statements. ' * 9}")[0][1]
        == wanted
    )


@pytest.mark.parametrize(
    "note", ["The plant cost 3 million euros.", "Of this, rents are counted in millions of euros."]
)
def test_a_note_on_something_else_says_nothing_of_all(note: str) -> None:
    assert passages(f"{TABLE}\n\n{note}")[0][1][0] == "Receivables, 2023: 8,442; 2022: 9,077"


def test_the_next_table_has_its_own_title() -> None:
    first, second = passages(f"Income\n\n{TABLE}\n\nBalance sheet\n\n{TABLE}")
    assert "Income" in first[0]
    assert "Income" not in second[0]
    assert "Balance sheet" in second[0]


@pytest.mark.parametrize("mark", ["*", "**", "* *", "***"])
def test_marks_alone_introduce_no_table(mark: str) -> None:
    assert caption_in(mark, 0, len(mark), titles=True) == ""
