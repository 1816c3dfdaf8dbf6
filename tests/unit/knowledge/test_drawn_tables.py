"""Tables that are drawn with signs in plain text are tables, whoever drew them."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.core.documents import BlockKind
from chatbot_app.knowledge.formats.drawn_tables import with_outer_pipes, with_plain_tables
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.tables.described import described_rows
from tests.unit.knowledge.conftest import word_starts

CODES = """3.  Status codes

     +------+---------+----------------+
     | Code | Name    | What to do     |
     +------+---------+----------------+
     | 301  | Moved   | Connect to the |
     |      |         | new host       |
     | 451  | Banned  | Stay away      |
     +------+---------+----------------+

   Presence tells when people sleep.
"""
GRID = """+-------+--------+
| Mill  | Output |
+=======+========+
| Old   | 500    |
| mill  |        |
+-------+--------+
| Ulm   | 1,200  |
+-------+--------+"""
BOXES = "┌──────┬───────┐\n│ Mill │ Count │\n├──────┼───────┤\n│ Ulm  │ 7     │\n└──────┴───────┘"
ORG = "| Mill | Output |\n|------+--------|\n| Ulm  | 1,200  |"


@pytest.mark.parametrize(
    ("drawn", "rows"),
    [
        (GRID, ["| Mill | Output |", "|---|---|", "| Old mill | 500 |", "| Ulm | 1,200 |"]),
        (BOXES, ["| Mill | Count |", "|---|---|", "| Ulm | 7 |"]),
        (ORG, ["| Mill | Output |", "|---|---|", "| Ulm | 1,200 |"]),
    ],
)
def test_a_drawn_table_becomes_rows(drawn: str, rows: list[str]) -> None:
    assert with_plain_tables(drawn).split("\n") == rows


@pytest.mark.parametrize(
    "text",
    [
        "Ann | Bob\n---------\nnothing",
        "+----+\n| no |\n+----+",
        "| what is | said |\n| here | is no table |",
        "+---+\n| a | b |\n| c |\n+---+",
        "--- a/mill.py\n+++ b/mill.py\n+-----\n+|x|",
    ],
)
def test_other_signs_stay(text: str) -> None:
    assert with_plain_tables(text) == text


def test_a_row_of_a_plain_text_is_quoted_with_its_heads(tmp_path: Path) -> None:
    path = tmp_path / "rfc.txt"
    path.write_text(CODES, "utf-8")
    parsed = parse_file(path)
    assert [block.kind for block in parsed.blocks] == [
        BlockKind.PARAGRAPH,
        BlockKind.TABLE,
        BlockKind.PARAGRAPH,
    ]
    drafts = list(Splitter(word_starts).split(parsed))
    assert all(parsed.text[draft.start : draft.end] == draft.text for draft in drafts)
    rows = [row.text for draft in drafts for row in described_rows(draft.text, draft.context)]
    assert rows == [
        "Code: 301; Name: Moved; What to do: Connect to the new host",
        "Code: 451; Name: Banned; What to do: Stay away",
    ]


OPEN = "Kurs | Kind | Jugend\n--- | --: | --:\n**Klavier** | |\nEinzeln | 80,00 | 95,50\n\nEnd | of it"


def test_tables_of_markdown_need_no_pipes_at_their_edges(tmp_path: Path) -> None:
    path = tmp_path / "prices.md"
    path.write_text(f"# Prices\n\n{OPEN}\n", encoding="utf-8")
    parsed = parse_file(path)
    (table,) = [block for block in parsed.blocks if block.kind is BlockKind.TABLE]
    assert parsed.text[table.start : table.end].strip() == (
        "| Kurs | Kind | Jugend |\n| --- | --: | --: |\n| **Klavier** | |\n| Einzeln | 80,00 | 95,50 |"
    )
    (draft,) = Splitter(word_starts).split(parsed)
    assert described_rows(draft.text, draft.context)[0].text == "Klavier: Einzeln, Kind: 80,00; Jugend: 95,50"


@pytest.mark.parametrize(
    "text", [f"```\n{OPEN}\n```", "a | b\nno rule | here", "one | two | three\n--- | ---\nx", "a\n---|---\nb"]
)
def test_other_pipes_in_markdown_stay_as_they_are(text: str) -> None:
    assert with_outer_pipes(text) == text
