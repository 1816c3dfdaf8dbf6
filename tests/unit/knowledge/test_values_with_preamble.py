"""Files of values whose first lines say what they are about, as banks write them."""

from __future__ import annotations

from pathlib import Path

from chatbot_app.core.documents import BlockKind, ParsedDocument
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.tables.described import described_rows
from tests.unit.knowledge.conftest import word_starts

ACCOUNT = (
    '"Card";"4111 XXXX"\n"Balance on 29.02.2024:";"-218,37 EUR"\n\n'
    '"Day";"What for";"Amount (EUR)"\n"04.02.2024";"Train";"-96,00"\n"11.02.2024";"Hotel";"-140,00"\n'
)


def read(folder: Path, text: str) -> ParsedDocument:
    path = folder / "values.csv"
    path.write_text(text, encoding="utf-8")
    return parse_file(path)


def rows(parsed: ParsedDocument) -> list[str]:
    drafts = Splitter(word_starts).split(parsed)
    return [row.text for draft in drafts for row in described_rows(draft.text, draft.context)]


def test_what_stands_above_the_table_is_text_and_its_heads_are_its_own(tmp_path: Path) -> None:
    parsed = read(tmp_path, ACCOUNT)
    assert parsed.text.startswith("Card 4111 XXXX\nBalance on 29.02.2024: -218,37 EUR\n\n| Day | What for |")
    assert [block.kind for block in parsed.blocks] == [
        BlockKind.PARAGRAPH,
        BlockKind.PARAGRAPH,
        BlockKind.TABLE,
    ]
    assert rows(parsed) == [
        "Day: 04.02.2024; What for: Train; Amount (EUR): -96,00",
        "Day: 11.02.2024; What for: Hotel; Amount (EUR): -140,00",
    ]


def test_empty_lines_between_rows_part_nothing(tmp_path: Path) -> None:
    text = "name;age\n\nAnn;34\n\nBob;36\n"
    assert read(tmp_path, text).text == "| name | age |\n| Ann | 34 |\n| Bob | 36 |"
