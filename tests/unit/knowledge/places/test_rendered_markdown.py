"""Which kept texts are drawn, and as what: nobody reads rows of pipes."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.knowledge.places.anchoring import Span
from chatbot_app.knowledge.places.rendered_markdown import is_rendered, rendered_markdown

TABLE = "| Year | Sales |\n|---|---:|\n| 2023 | 12 |\n| 2024 | 14 |"
ROWS = "| Year | Sales |\n| 2023 | 12 |"
CARD = "## Ada Brook\n\nPhone: 1*2\nEmail: ada_b@example.org"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.txt", f"so\n\n{TABLE}", True),
        ("a.rst", f"so\n\n{TABLE}", True),
        ("README", f"so\n\n{TABLE}", True),
        ("no ending", f"so\n\n{TABLE}", True),
        ("a.txt", "# so\n\n| a | b", False),
        ("a.pdf", f"so\n\n{TABLE}", True),  # its page cannot be drawn
        ("a.pdf", "# so", False),
        ("a.png", f"so\n\n{TABLE}", True),
        ("a.pptx", f"# so\n\n{ROWS}", True),
        ("a.odp", "so", False),
        ("a.vcf", CARD, True),
        ("a.ipynb", "so", True),
        ("a.md", "so", True),
        ("a.csv", ROWS, True),
        ("a.docx", "so", False),
        ("a.eml", "Subject: a\n\n# b", False),
        ("a.py", f'"""\n\n{TABLE}\n"""', False),
        ("a.srt", "so", False),
        ("a.ics", "Event: so", False),
    ],
)
def test_what_says_more_as_markdown_is_drawn(name: str, text: str, expected: bool) -> None:
    assert is_rendered(Path(name), text) is expected


def test_lines_and_signs_of_a_plain_text_are_kept_beside_its_tables() -> None:
    text = f"* one\n* two\n\n{TABLE}"
    start = text.index("two")
    markdown, marked = rendered_markdown(Path("a.txt"), text, Span(start, start + 3))
    assert markdown == f"\\* one\\\n\\* two\n\n{TABLE}"
    assert markdown[marked.start : marked.end] == "two"


def test_titles_and_rows_of_slides_are_drawn_and_their_lines_kept() -> None:
    markdown, _marked = rendered_markdown(Path("a.pptx"), f"# 1*2\n\n- so\nso\n\n{ROWS}", Span(0, 0))
    assert markdown == "# 1\\*2\n\n\\- so\\\nso\n\n| Year | Sales |\n|---|---|\n| 2023 | 12 |"


def test_entries_of_a_contact_are_lines() -> None:
    markdown, _marked = rendered_markdown(Path("a.vcf"), CARD, Span(0, 0))
    assert markdown == "## Ada Brook\n\nPhone: 1\\*2\\\nEmail: ada\\_b@example.org"


def test_rows_far_from_the_passage_are_left_out_of_any_table() -> None:
    text = "so\n\n| n | m |\n|---|---|\n" + "\n".join(f"| {n} | {n * n} |" for n in range(900))
    start = text.index("| 500 |")
    markdown, marked = rendered_markdown(Path("a.txt"), text, Span(start, start + 7))
    assert markdown.count("\n") < 80
    assert markdown[marked.start : marked.end] == "| 500 |"
