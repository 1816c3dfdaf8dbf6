"""Blocks of Markdown, whole and growing."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chatbot_app.core.markdown_block import MarkdownBlock, MarkdownKind
from chatbot_app.core.markdown_blocks import BlockSplitter
from chatbot_app.core.markdown_leaves import CUT_AT
from chatbot_app.core.markdown_nesting import NESTING_NOTE
from chatbot_app.core.markdown_parser import block_parser, full_parser
from chatbot_app.core.markdown_parts import REFERENCES_MOST, Part, PartReader

DOCUMENT = """# Title
A paragraph with *words*
on two lines

- a
- b
  ```py
  x
  ```

1. one
2. two

> quote
> more

| a | b |
|---|:-:|
| 1 | 2 |
after the table

```python
def f(): pass

x = 1
```
After
***
$$
E=mc^2
$$

\\[ x \\]

<div>raw</div>

- [ ] open
- [x] done

Setext
===
~~~
tilde
~~~
end #"""


def split(text: str, step: int | None = None, *, literal: bool = False) -> list[MarkdownBlock]:
    splitter = BlockSplitter(literal=literal)
    blocks: list[MarkdownBlock] = []
    step = step or max(len(text), 1)
    for start in range(0, len(text), step):
        change = splitter.append(text[start : start + step])
        blocks[change.start :] = change.blocks
    change = splitter.finish()
    blocks[change.start :] = change.blocks
    return blocks


def test_names_every_kind_of_block() -> None:
    found = [(block.kind.value, block.name) for block in split(DOCUMENT)]
    assert found == [
        ("text", "heading"),
        ("text", "paragraph"),
        ("text", "list"),
        ("text", "list"),
        ("text", "quote"),
        ("table", "table"),
        ("code", "fence"),
        ("text", "paragraph"),
        ("text", "rule"),
        ("math", "math"),
        ("math", "math"),
        ("text", "paragraph"),
        ("text", "list"),
        ("text", "heading"),
        ("code", "fence"),
        ("text", "paragraph"),
    ]


@pytest.mark.parametrize("step", [1, 2, 3, 7, 50])
def test_growing_text_ends_as_the_whole_text(step: int) -> None:
    assert split(DOCUMENT, step) == split(DOCUMENT)


def test_mathematics_with_lines_that_look_like_others_grows_to_mathematics() -> None:
    text = "$$\n- x\n# y\n1. z\n$$\n"
    assert [block.kind.value for block in split(text)] == ["math"]
    assert split(text, 1) == split(text)


def test_dollars_around_nothing_are_dollars() -> None:
    assert [(block.kind.value, block.source) for block in split("$$$$\n\n")] == [("text", "$$$$")]


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            [
                "# ",
                "- ",
                "1. ",
                "> ",
                "```",
                "~~~",
                "|a|b|",
                "|-|-|",
                "\n",
                "\n\n",
                "    ",
                "word",
                "$$",
                "x^2",
                "\\[",
                "\\]",
                "---",
                "===",
                "[a]: http://b.c",
                "<div>",
                "#",
                "*",
                "`",
                " ",
                "é",
                "\t",
                "\r\n",
            ]
        ),
        max_size=40,
    ),
    st.integers(1, 9),
)
def test_any_text_grows_to_the_same_blocks(pieces: list[str], step: int) -> None:
    text = "".join(pieces)
    assert split(text, step) == split(text)


def test_stable_blocks_are_never_given_again() -> None:
    splitter = BlockSplitter()
    splitter.append("First.\n\nSecond.\n\nThird")
    change = splitter.append(" goes on")
    assert change.start == 2
    assert [block.source for block in change.blocks] == ["Third goes on"]


def test_an_open_fence_is_one_block_that_grows() -> None:
    splitter = BlockSplitter()
    change = splitter.append("```python\nx = 1\n\ny = 2")
    assert change.blocks == (
        MarkdownBlock(MarkdownKind.CODE, "x = 1\n\ny = 2", "fence", "python", closed=False),
    )
    change = splitter.append("\n```\nafter")
    assert change.blocks[0] == MarkdownBlock(MarkdownKind.CODE, "x = 1\n\ny = 2", "fence", "python")
    assert change.blocks[1].source == "after"


def test_code_is_exact() -> None:
    code = "\tif x:\n\t\treturn  1   \n\n\n# ``` inside"
    assert split(f"````\n{code}\n````")[0].source == code


def test_an_open_formula_is_a_paragraph_until_it_closes() -> None:
    splitter = BlockSplitter()
    assert splitter.append("$$\nx = 1\n").blocks[0].kind is MarkdownKind.TEXT
    assert splitter.append("$$\n").blocks[0] == MarkdownBlock(MarkdownKind.MATH, "x = 1", "math")


def test_money_is_not_mathematics() -> None:
    assert [block.kind for block in split("$$ is money\n\nand more")] == [
        MarkdownKind.TEXT,
        MarkdownKind.TEXT,
    ]


def test_link_definitions_are_collected() -> None:
    splitter = BlockSplitter()
    splitter.append("See [this][a].\n\n[a]: https://example.org\n")
    splitter.finish()
    assert splitter.references["A"]["href"] == "https://example.org"


def test_literal_text_knows_only_fences() -> None:
    blocks = split("# no heading\n* no list\n```js\nx\n```\n<b>", literal=True)
    assert [(block.kind, block.source) for block in blocks] == [
        (MarkdownKind.PLAIN, "# no heading\n* no list"),
        (MarkdownKind.CODE, "x"),
        (MarkdownKind.PLAIN, "<b>"),
    ]


def test_a_long_paragraph_is_cut_and_nothing_is_lost() -> None:
    text = "Words follow words. " * 2_000
    blocks = split(text)
    assert "".join(block.source for block in blocks) == text
    assert all(len(block.source) <= CUT_AT + 100 for block in blocks)
    assert [block.continued for block in blocks] == [False] + [True] * (len(blocks) - 1)


def test_a_long_numbered_list_keeps_its_numbers() -> None:
    blocks = split("".join(f"{n}. item of a long list\n" for n in range(1, 600)))
    assert len(blocks) > 2
    assert blocks[0].source.startswith("1. ")
    for before, after in pairwise(blocks):
        last = int(before.source.splitlines()[-1].split(".")[0])
        assert after.source.startswith(f"{last + 1}. ")


def test_a_table_with_too_many_columns_is_plain() -> None:
    wide = "|a" * 100 + "|\n" + "|-" * 100 + "|\n" + "|1" * 100 + "|\n"
    assert [block.kind for block in split(wide)] == [MarkdownKind.PLAIN]


HOSTILE = {
    "no space": "x" * 400_000,
    "divs": "<div>" * 50_000,
    "columns": "|a" * 20_000 + "|\n" + "|-" * 20_000 + "|\n" + "|1" * 20_000 + "|\n",
    "code": "```\n" + "line of code\n" * 200_000,
    "marks": "a" + "\u0301" * 500_000,
    "quotes": ">" * 50_000,
    "stars": "*" * 50_000,
    "brackets": "[" * 50_000,
    "nested list": "".join("  " * (n % 9) + "- deep\n" for n in range(9_000)),
    "nested quotes": "".join("> " * (n % 30) + "q\n" for n in range(3_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_split_into_bounded_blocks(name: str) -> None:
    blocks = split(HOSTILE[name])
    assert all(len(block.source) < 30_000 for block in blocks if block.kind is MarkdownKind.TEXT)


def test_work_grows_with_the_length_only(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = 0
    read = PartReader.read

    def counting(self: PartReader, piece: str, **options: Any) -> list[Part]:
        nonlocal seen
        seen += len(piece)
        return read(self, piece, **options)

    monkeypatch.setattr(PartReader, "read", counting)

    def parsed_characters(size: int) -> int:
        nonlocal seen
        splitter = BlockSplitter()
        seen = 0
        text = ("- an item of a list\n" * (size // 20))[:size]
        for start in range(0, size, 160):
            splitter.append(text[start : start + 160])
        return seen

    assert parsed_characters(80_000) < 2.5 * parsed_characters(40_000)


def test_reading_in_bounded_steps_finds_the_same_blocks() -> None:
    for text in (DOCUMENT, DOCUMENT * 12, "- item\n" * 2_000, "```\n```\n" * 500, "# x\n\ny\n" * 900):
        splitter = BlockSplitter(read_most=2_000)
        blocks: list[MarkdownBlock] = []
        steps = 0
        for call in (lambda: splitter.append(text), splitter.finish):  # noqa: B023
            change = call()
            blocks[change.start :] = change.blocks
            while splitter.is_behind:
                steps += 1
                more = splitter.go_on()
                blocks[more.start :] = more.blocks
        assert blocks == split(text)
        assert steps > 0 or len(text) < 2_000


def test_fences_without_end_are_read_once() -> None:
    splitter = BlockSplitter(read_most=6_000)
    change = splitter.append("```\n" * 20_000)
    assert splitter.is_behind
    assert len(change.blocks) < 300


def test_link_definitions_are_bounded() -> None:
    text = "".join(f"[r{n}]: https://e.org/{n}\n" for n in range(3_000))
    splitter = BlockSplitter()
    splitter.append(text)
    splitter.finish()
    assert 0 < len(splitter.references) <= REFERENCES_MOST


@pytest.mark.parametrize("step", [1, 7, 4_000])
@pytest.mark.parametrize("frame", ["{}", "> {}", "<details>\n{}\n</details>", "- {}"])
def test_a_definition_never_leads_to_half_an_address(step: int, frame: str) -> None:
    definition = frame.format("[a]: https://e.org/path?q=1")
    text = f"See [a].\n\n{definition}\n\nSee [a] and [b].\n\n[b]: https://e.org/" + "x" * 1_100 + "\n\nEnd"
    splitter, seen = BlockSplitter(), set()
    for start in range(0, len(text), step):
        splitter.append(text[start : start + step])
        seen |= {(label, one["href"]) for label, one in splitter.references.items()}
    splitter.finish()
    seen |= {(label, one["href"]) for label, one in splitter.references.items()}
    assert seen == {("A", "https://e.org/path?q=1"), ("B", "https://e.org/" + "x" * 1_100)}


def test_an_address_longer_than_anything_read_at_once_is_text() -> None:
    splitter = BlockSplitter()
    change = splitter.append("[a]: https://e.org/" + "x" * 9_000 + "\n\nEnd")
    end = splitter.finish()
    assert not splitter.references
    shown = "".join(block.source for block in (*change.blocks[: end.start], *end.blocks))
    assert shown.count("x") == 9_000


@pytest.mark.parametrize("step", [37, 4_000])
@pytest.mark.parametrize(
    "text",
    [
        "1. x\n" * 2_000,
        "7. xx yy zz\n\n" * 800,
        "- a\n" + "  1. b\n" * 1_500,
        "3) " + "long words " * 1_500 + "\n1) b\n",
    ],
)
def test_a_cut_list_goes_on_with_its_numbers(text: str, step: int) -> None:
    splitter, blocks = BlockSplitter(), []
    for start in range(0, len(text), step):
        change = splitter.append(text[start : start + step])
        blocks[change.start :] = change.blocks
    change = splitter.finish()
    blocks[change.start :] = change.blocks
    assert len(blocks) > 3
    parser = block_parser()
    number = 0
    for block in blocks:
        for token in parser.parse(block.source):
            if token.type == "ordered_list_open":
                first = block.number or int(token.attrs.get("start", 1))
                assert number in (0, first)
                number = first
            elif token.type == "list_item_open" and token.markup in ".)":
                number += 1
    assert number >= 4


@pytest.mark.parametrize("mark", ["- ", "> ", "1. ", "* > "])
@pytest.mark.parametrize("parser", [block_parser(), full_parser()])
def test_what_is_nested_too_deeply_stays_as_text(mark: str, parser: MarkdownIt) -> None:
    lines = "".join("  " * depth + f"- level{depth}\n" for depth in range(40))
    for text, words in (
        (mark * 60 + "deep words", ["deep words"]),
        (lines, [f"level{n}" for n in range(40)]),
    ):
        tokens = parser.parse(text)
        shown = "\n".join(token.content for token in tokens)
        assert all(word in shown for word in words)
        assert [token.type for token in tokens].count(NESTING_NOTE) == 1


@pytest.mark.parametrize("row", ["|b" * 70 + "|\n", "|b" * 40_000 + "|\n", "|b" * 40_000])
@pytest.mark.parametrize("step", [None, 4_000, 700])
def test_a_table_that_is_shown_as_written_is_cut_as_well(row: str, step: int | None) -> None:
    text = "|a" * 70 + "|\n" + "|-" * 70 + "|\n" + row * max(1, 20_000 // len(row))
    blocks = split(text + "\n\nEnd.\n", step)
    assert all(len(block.source) <= CUT_AT + 200 for block in blocks)
    assert "".join(block.source for block in blocks[:-1]).replace("\n", "") == text.replace("\n", "")
    assert [block.continued for block in blocks] == [False, *[True] * (len(blocks) - 2), False]
    assert blocks[-1].source == "End."


@pytest.mark.parametrize(
    "block",
    [
        "\n".join(["gamma delta epsilon zeta eta theta iota kappa"] * 9),
        "\n".join(f"{n}. item with some words in it" for n in range(1, 12)),
        "\n".join(["- one\n  goes on"] * 8),
        "\n".join(["> a line that is quoted here"] * 10),
        "| a | b |\n|---|---|\n" + "\n".join(["| some words | more words |"] * 10),
        "$$\n" + "\n".join(["x + y + z + x + y + z + x"] * 9) + "\n$$",
    ],
    ids=["paragraph", "numbers", "list", "quote", "table", "formula"],
)
def test_where_reading_stops_divides_no_block(block: str) -> None:
    alone = split(block)
    for length in range(700, 1_250, 23):
        before = split("First line\nand second.\n\n" + ("alpha beta " * 120)[:length] + "\n\n")
        whole = split(
            "First line\nand second.\n\n" + ("alpha beta " * 120)[:length] + "\n\n" + block + "\n\nLast."
        )
        assert whole[len(before) : -1] == alone, length
