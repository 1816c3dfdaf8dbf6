"""Office files and mails are read as they were written: no escapes, no bold names of headers."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.mail_headers import plain_headers
from chatbot_app.knowledge.formats.markdown_escapes import without_escapes
from chatbot_app.knowledge.formats.reading import parse_file


@pytest.mark.parametrize(
    ("escaped", "plain"),
    [
        (r"## 6\. Governing Law", "## 6. Governing Law"),
        (r"R\&D at AT\&T \<fast\>", "R&D at AT&T <fast>"),
        (r"| \# | snake\_case | note \[1\] |", "| # | snake_case | note [1] |"),
        (r"a \| b", r"a \| b"),  # parts no cells
        (r"2\*3 and \*not slanted\*", r"2\*3 and \*not slanted\*"),
        ("\\# no heading\n\\> no quotation", "\\# no heading\n\\> no quotation"),
        (r"\[see\](here)", r"\[see\](here)"),
        ("```\na\\.b\n```\nc\\.d", "```\na\\.b\n```\nc.d"),
        (r"C:\new\table", r"C:\new\table"),
    ],
)
def test_escapes_go_where_nothing_needs_them(escaped: str, plain: str) -> None:
    assert without_escapes(escaped) == plain


def test_the_headers_of_a_mail_are_lines(tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_text(
        "From: Ada <ada@engine.example>\nTo: Charles <charles@engine.example>\nSubject: R&D\n"
        "Date: Wed, 18 Sep 2024 16:42:10 +0200\nContent-Type: text/plain\n\nDear Charles,\n\nit runs.\n"
    )

    header, _, body = parse_file(path).text.partition("\n\n")

    assert set(header.split("\n")) >= {"Subject: R&D", 'From: "Ada" <ada@engine.example>'}
    assert body == "Dear Charles,\n\nit runs."


def test_a_text_that_only_begins_in_bold_stays() -> None:
    assert plain_headers("**Note**: this is a page") == "**Note**: this is a page"
