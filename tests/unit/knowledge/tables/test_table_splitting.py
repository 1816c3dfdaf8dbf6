"""Passages of tables: every row knows its heads, wherever it is cut."""

from __future__ import annotations

import numpy as np

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.knowledge.formats.blocks import markdown_blocks, values_blocks
from chatbot_app.knowledge.splitting.packing import MAX_CHARACTERS, PASSAGE_TOKENS
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.tables.described import described_rows
from chatbot_app.knowledge.tables.embedded import embedded_text
from tests.unit.knowledge.conftest import word_starts


def split(text: str, blocks=markdown_blocks):
    return list(Splitter(word_starts).split(ParsedDocument("Title", text, blocks(text), "text/plain")))


def described(drafts) -> list[str]:
    return [row.text for draft in drafts for row in described_rows(draft.text, draft.context)]


def test_a_row_of_ten_thousand_carries_its_heads() -> None:
    rows = "\n".join(f"| Plant {n} | {n},500 | {n}.5 % |" for n in range(1, 10_001))
    drafts = split(f"| Plant | Output | Share |\n{rows}", values_blocks)
    found = described(drafts)
    assert len(found) == 10_000
    assert found[8_765] == "Plant: Plant 8766; Output: 8766,500; Share: 8766.5 %"
    assert all(len(word_starts(embedded_text(d.context, d.text))) <= PASSAGE_TOKENS for d in drafts)


def test_a_row_of_forty_columns_is_cut_between_cells_and_each_part_knows_its_heads() -> None:
    heads = " | ".join(f"Turnover of the region with number {n}" for n in range(1, 41))
    rows = "\n".join(
        f"| Plant {p} | " + " | ".join(f"{p}{n:02},000" for n in range(1, 41)) + " |" for p in range(1, 6)
    )
    drafts = split(f"| Plant | {heads} |\n| {'--- | ' * 41}\n{rows}")
    found = described(drafts)
    for plant in range(1, 6):
        mine = [line for line in found if f"Plant {plant};" in line]
        for n in range(1, 41):
            assert sum(f"number {n}: {plant}{n:02},000" in line for line in mine) == 1, (plant, n)
    assert all(len(draft.text) <= MAX_CHARACTERS for draft in drafts)


def test_four_thousand_columns_make_no_context_of_that_size() -> None:
    heads = " | ".join(f"column {n}" for n in range(4000))
    row = " | ".join(str(n) for n in range(4000))
    drafts = split(f"| {heads} |\n| {row} |\n| {row} |", values_blocks)
    assert max(len(draft.context) for draft in drafts) < 2000


def test_caption_and_currency_are_in_the_context_of_every_passage() -> None:
    rows = "\n".join(f"| Item number {n} | {n},500 | {n},600 |" for n in range(1, 80))
    text = f"# Notes\n\nSales were as follows (in millions):\n\n|  | 2023 | 2022 |\n|---|---|---|\n| First | $5 | $6 |\n{rows}\n"
    drafts = split(text)
    assert len(drafts) > 2
    assert all("Sales were as follows (in millions): Amounts in $." in draft.context for draft in drafts)
    assert described(drafts)[60] == "Item number 60, 2023: $60,500 million; 2022: $60,600 million"


def test_a_short_lead_and_a_note_stand_with_their_table() -> None:
    text = "# Ducks\n\n(In thousands)\n\n| Year | Ducks |\n|---|---|\n| 2019 | 120 |\n\nSource: the lake."
    assert [draft.text for draft in split(text)] == [text]


def test_an_open_section_goes_on_in_the_next_passage() -> None:
    rows = "\n".join(f"|   Part {n} of the works in the valley | {n},500 |" for n in range(1, 60))
    drafts = split(f"|  | 2023 |\n|---|---|\n| Costs of repair: |  |\n{rows}")
    assert len(drafts) > 2
    assert all(line.startswith("Costs of repair: Part ") for line in described(drafts))


def test_every_character_of_a_table_is_in_one_passage() -> None:
    heads = " | ".join(f"head {n} with words" for n in range(30))
    text = f"| {heads} |\n|{'---|' * 30}\n" + "\n".join(
        "| " + " | ".join("word " * (n % 7) for n in range(row, row + 30)) + " |" for row in range(20)
    )
    covered = np.zeros(len(text), int)
    for draft in split(text):
        assert draft.text == text[draft.start : draft.end]
        covered[draft.start : draft.end] += 1
    assert covered.max() == 1
    assert all(covered[place] == 1 for place in range(len(text)) if not text[place].isspace())
