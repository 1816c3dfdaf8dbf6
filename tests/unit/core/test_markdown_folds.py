"""`<details>` as folds: where they begin and end, whole and while they arrive."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.markdown_block import MarkdownBlock, MarkdownKind
from chatbot_app.core.markdown_blocks import BlockSplitter
from tests.unit.core.test_markdown_blocks import split

PIECES = [
    *("<details>", "</details>", "<details open>\n", "<summary>", "</summary>", "x", "\n", "\n\n"),
    *("- ", "> ", "```\n", "`", "|a|b|\n", "|-|-|\n", "  ", "# "),
]


def outline(text: str) -> list[tuple[int, str, str]]:
    """Return depth, name and source of each block."""
    return [(block.depth, block.name, block.source) for block in split(text)]


def test_a_fold_holds_blocks_of_every_kind() -> None:
    text = (
        "Before.\n\n<details>\n<summary>How <b>it</b>\nworks</summary>\n\nSome *text*.\n\n"
        "```html\n</details>\n```\n\n|a|b|\n|-|-|\n|c|d|\n</details>\nAfter."
    )
    assert outline(text) == [
        (0, "paragraph", "Before."),
        (0, "details", "How <b>it</b> works"),
        (1, "paragraph", "Some *text*."),
        (1, "fence", "</details>"),
        (1, "table", "|a|b|\n|-|-|\n|c|d|\n"),
        (0, "paragraph", "After."),
    ]


def test_a_fold_on_one_line_open_at_first() -> None:
    blocks = split("<details open><summary>Short</summary>In a line `</details>` of it</details>\n\nEnd")
    assert [(block.depth, block.source, block.expanded) for block in blocks] == [
        (0, "Short", True),
        (1, "In a line `</details>` of it", False),
        (0, "End", False),
    ]


def test_folds_in_folds_and_one_without_end() -> None:
    text = "<details><summary>A</summary>\n\n<DETAILS>\n<summary>B</summary>\n- x\n- y</details>\n\nz\n\n<details>\nw"
    assert outline(text) == [
        (0, "details", "A"),
        (1, "details", "B"),
        (2, "list", "- x\n- y"),
        (1, "paragraph", "z"),
        (1, "details", ""),
        (2, "paragraph", "w"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Use the <details> element.",
        "`<details>` folds",
        "    <details>\n    code\n",
        "```\n<details>\n```",
        "<detailsx>\n\nx",
        "a </details> b",
    ],
)
def test_what_is_no_fold(text: str) -> None:
    assert [block.kind for block in split(text) if block.kind is MarkdownKind.FOLD] == []


def test_a_title_grows_and_is_never_taken_for_text() -> None:
    splitter, seen, blocks = BlockSplitter(), [], []
    for character in "<details>\n<summary>One <b>two</b></summary>\n\nText":
        change = splitter.append(character)
        blocks[change.start :] = change.blocks
        seen.append([(block.kind, block.source) for block in blocks])
    titles = [shown[0][1] for shown in seen if shown and shown[0][0] is MarkdownKind.FOLD]
    assert titles == sorted(titles, key=len) or "One <b>two</b>" in titles
    assert not any(
        "summary" in source for shown in seen for kind, source in shown if kind is not MarkdownKind.TEXT
    )
    assert [block.source for block in blocks] == ["One <b>two</b>", "Text"]


def test_ten_thousand_folds_in_each_other_are_read_in_bounded_steps() -> None:
    splitter = BlockSplitter(read_most=6_000)
    change = splitter.append("<details>\n" * 10_000)
    assert splitter.is_behind
    assert len(change.blocks) < 300


@given(
    st.lists(
        st.sampled_from(PIECES),
        max_size=30,
    ),
    st.integers(1, 9),
)
def test_any_text_with_folds_grows_to_the_same_blocks(pieces: list[str], step: int) -> None:
    text = "".join(pieces)
    whole: list[MarkdownBlock] = split(text)
    assert split(text, step) == whole
    depth = 0
    for block in whole:
        assert block.depth <= depth
        depth = block.depth + (block.kind is MarkdownKind.FOLD)
