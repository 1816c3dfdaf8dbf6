"""What a document says, on one line: without the frames of tables, in whatever format they came."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.places.snippet_text import snippet_of

ROWS = "Sales:\n\n|  | 2023 |\n|---|---:|\n|   Total net sales | 81,797 |"


@pytest.mark.parametrize("path", ["/a/report.pdf", "/a/report.md", "/a/report.docx"])
def test_rows_of_a_table_lose_their_pipes(path: str) -> None:
    assert snippet_of(ROWS, path) == "Sales: 2023 Total net sales 81,797"


def test_a_pipe_in_a_sentence_stays() -> None:
    assert snippet_of("Run a | b.", "/a/notes.txt") == "Run a | b."


@pytest.mark.parametrize("path", ["/a/letter.docx", "/a/mail.eml", "/a/old.rtf"])
def test_what_office_files_are_read_with_is_not_shown(path: str) -> None:
    text = "## 6\\. Law\n\n**Fees** of R\\&D, 2\\*3"
    assert snippet_of(text, path) == "6. Law Fees of R&D, 2*3"


def test_stars_of_a_plain_text_stay() -> None:
    assert snippet_of("**Fees** 6\\. Law", "/a/notes.txt") == "**Fees** 6\\. Law"


@pytest.mark.parametrize("path", ["/a/report.docx", "/a/notes.md"])
def test_signs_of_notes_are_not_shown(path: str) -> None:
    text = "It costs 69 euros[^2]. Nobody knows why.\n\n[^2]: In May 2023."
    assert snippet_of(text, path) == "It costs 69 euros. Nobody knows why. In May 2023."


def test_a_pattern_is_no_sign_of_a_note() -> None:
    text = "Use [^a-z]+ or a[^b], not [^0-9]; see the page[^guide]."
    assert snippet_of(text, "/a/notes.md") == "Use [^a-z]+ or a[^b], not [^0-9]; see the page."


def test_a_heading_that_the_page_breaks_is_not_repeated() -> None:
    headings = ("2023 Q2 AAPL", "FORM 10-Q", "Note 7 – Shareholders’ Equity Share Repurchase Program")
    lines = "Note 7 – Shareholders’ Equity\nShare Repurchase Program\n"
    assert snippet_of(f"{lines}The Company repurchased shares.", "/a/10-q.pdf", headings) == (
        "The Company repurchased shares."
    )
    assert snippet_of(f"FORM 10-Q\n{lines}", "/a/10-q.pdf", headings) == (
        "Note 7 – Shareholders’ Equity Share Repurchase Program"
    )
    assert snippet_of("Note 7 – Shareholders’ Equity\nThe Company.", "/a/10-q.pdf", headings) == (
        "Note 7 – Shareholders’ Equity The Company."
    )
