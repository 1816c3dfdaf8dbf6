"""Mathematics in Markdown: what is found, and that looking for it grows with the text and no faster."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chatbot_app.core.markdown_parser import full_parser
from tests.counted_calls import calls_of


def found(text: str) -> list[tuple[str, str]]:
    tokens = [child for token in full_parser().parse(text, {}) for child in [token, *(token.children or [])]]
    return [
        ("display" if t.type == "math_block" or t.meta.get("display") else "inline", t.content)
        for t in tokens
        if t.type.startswith("math_")
    ]


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("a $x$ b", [("inline", "x")]),
        ("a \\(x\\) b", [("inline", "x")]),
        ("a $$x$$ b", [("display", "x")]),
        ("a \\[x\\] b", [("display", "x")]),
        ("$$\nx\n$$", [("display", "x")]),
        ("\\[\nx\n\\]", [("display", "x")]),
        ("$5 and $6", []),
        ("\\\\(x\\\\)", []),
        ("`$x$`", []),
        ("$$ open $y$", [("inline", "y")]),
        ("$$\n\n$$", []),
        ("$$$$", []),
        ("\\[ a\n\nb \\]", []),
        ("\\[\n\\[\nx\n\\]", [("display", "\\[\nx")]),
        ("a $" + "x" * 1_990 + "$", [("inline", "x" * 1_990)]),
        ("a \\(" + "x" * 1_990 + "\\)", [("inline", "x" * 1_990)]),
        ("a \\(" + "x" * 3_000 + "\\)", []),
        ("- $$\n  x\n  $$", [("display", "x")]),
        ("> \\[ x \\]", [("display", "x")]),
    ],
)
def test_what_is_mathematics(text: str, formulas: list[tuple[str, str]]) -> None:
    assert found(text) == formulas


def test_half_of_a_formula_is_none() -> None:
    """While `$$x$` streams it is not a dollar and a formula `$x$`."""
    assert found("Let $$x$") == []


OPENINGS = [
    "$",
    "$$",
    "$$ ",
    "\\(",
    "\\( ",
    "\\[",
    "\\[\n",
    "\\[a\n",
    "$$\n",
    "$$a\n",
    "$a ",
    "{",
    "\\",
    "\\left(",
]


@pytest.mark.parametrize("opening", [*OPENINGS, "> \\[\n", "- \\[\n", "| \\( ", "\\[ $$\n"])
def test_looking_for_ends_grows_with_the_text(opening: str) -> None:
    def parse(characters: int) -> Callable[[], object]:
        text = (opening * characters)[:characters]
        return lambda: full_parser().parse(text, {})

    parse(100)()
    assert calls_of(parse(8_000)) < 4 * calls_of(parse(4_000))  # twice as many; four times where it is square
