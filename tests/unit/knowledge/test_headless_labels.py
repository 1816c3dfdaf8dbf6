"""A table of labels and what is said of them has no head, whatever its reader makes of the first row."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.headless_labels import without_false_heads
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.tables.described import described_rows

LEASE = [
    ("Landlord", "Mrs Geraldine Achterberg"),
    ("Agent", "Vale Lettings"),
    ("Rent", "£1,385 a month"),
    ("Deposit", "£1,598, protected"),
]


def table(*rows: tuple[str, ...]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])


@pytest.mark.parametrize(
    "rows",
    [
        LEASE,
        [("Patient:", "Ada"), ("Ward:", "seven"), ("Bed:", "by the window")],
        [("Flug", "08.06.2024, 06:35"), ("Hotel", "Quinta"), ("Preis", "1.480 €"), ("Zimmer", "zwei"), ("Tage", "14")],
        [("Issuer", "Bank of Free Ireland"), ("Coupon", "4 %"), ("Type", "senior"), ("Due", "2031"), ("Law", "Irish")],
    ],
)  # fmt: skip
def test_the_first_row_is_no_head(rows: list[tuple[str, str]]) -> None:
    text = f"# Lease\n\n{table(*rows)}\n\nEnd."
    found = without_false_heads(text)
    assert found == text.replace(
        table(*rows), "\n".join(["| | |", "| --- | --- |", *(f"| {a} | {b} |" for a, b in rows)])
    )
    first = described_rows(found)[0].text
    assert first == f"{rows[0][0].rstrip(':')}: {rows[0][1]}"
    assert without_false_heads(found) == found


@pytest.mark.parametrize(
    "rows",
    [
        [("Item", "Limit"), ("Own skis", "£600"), ("Ski pass", "£250"), ("Hire", "none")],
        [
            ("Setting", "Default Value"),
            ("Port", "8080"),
            ("Host", "localhost"),
            ("Depth", "3"),
            ("Name", "web"),
        ],
        [("Meter", "Reading on 1 May"), ("Water", "1,143"), ("Gas", "7,902"), ("Heat", "88")],
        [("Name", "Role"), ("Anna Koch", "Chair"), ("Ivan Petrenko", "Treasurer"), ("Li Na", "Clerk")],
        [("Year", "Mrs Brook"), ("2021", "chair"), ("2022", "7 votes"), ("2023", "left")],
        [("Landlord", "Mrs Brook"), ("Rent", "£12")],
        [("A", "Mrs B", "c"), ("D", "1", "e"), ("F", "g", "h"), ("I", "j", "2")],
    ],
)
def test_other_tables_keep_their_heads(rows: list[tuple[str, ...]]) -> None:
    for text in (table(*rows), f"```\n{table(*LEASE)}\n```"):
        assert without_false_heads(text) == text


def test_a_page_is_read_with_its_labels(tmp_path: Path) -> None:
    path = tmp_path / "lease.html"
    rows = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in LEASE)
    path.write_text(f"<html><body><h1>Lease</h1><table>{rows}</table></body></html>", "utf-8")
    read = [row.text for row in described_rows(parse_file(path).text)]
    assert read[-1] == "Deposit: £1,598, protected"
