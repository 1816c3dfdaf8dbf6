"""Office files are read as they were written: without the escapes of Markdown."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.formats.markdown_escapes import without_escapes


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
