"""Plain text is drawn as it was written; its tables are drawn as tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.token import Token

from chatbot_app.core.markdown_parser import full_parser
from chatbot_app.knowledge.formats.plain_lines import has_whole_tables, plain_as_markdown
from chatbot_app.knowledge.formats.spaced_columns import with_spaced_tables

TABLE = "| | |\n|---|---|\n| Tickets | from £14 |\n| Doors | 7 pm |"
SIGNS = "ab1 \t\n#>*_`~$\\[](){}<>&;:!.^+-=/\"'"


def drawn(markdown: str) -> list[str]:
    """Return the lines of the paragraphs that Markdown draws; of all else, its kind."""
    lines: list[str] = []
    for token in full_parser().parse(markdown):
        if token.type == "inline":
            lines += "".join(map(_words, token.children or [])).split("\n")
        elif token.type not in ("paragraph_open", "paragraph_close"):
            lines.append(f"<{token.type}>")
    return lines


def _words(token: Token) -> str:
    if token.type in ("hardbreak", "softbreak"):
        return "\n"
    return token.content if token.type in ("text", "text_special") else f"<{token.type}>"


def spaces_kept(line: str) -> str:
    return line.replace("\t", "\N{EM SPACE}").replace(" ", "\N{NO-BREAK SPACE}").rstrip()


def as_drawn(text: str) -> list[str]:
    lines = drawn(plain_as_markdown(text, ())[0])
    return [spaces_kept(line.removeprefix("\N{WORD JOINER}")) for line in lines]


def written(text: str) -> list[str]:
    return [spaces_kept(line) for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize(
    "text",
    [
        "# no heading\n> no quotation\n- no list\n+ nor here\n* nor here\n1. first\n12) twelfth\n100. hundredth",
        "Heading\n=======\nOther\n---\n***\n___",
        "    indented\n\tby a tab\n  - within",
        "a  wide   gap\tand a tab",
        "*stars* _lines_ **bold** `code` ~~struck~~ ~~~\n```\nfence\n```",
        "[a](b) ![c](d) [e]: f\n[g][h] [^1] [^1]: note <b>x</b> <http://a.b> &amp; &#91;",
        "$x$ $$y$$ costs $4 or $5 \\(z\\) \\[w\\] \\\\ \\",
        "$$\nx\n$$\n\n\\[\nw\n\\]",
        "| a | b |",
        "a | b\n--- | ---\nc | d",
        "<details>\n<summary>x</summary>\n</details>\n<hr>",
        "at the end \\\nof a line  \nbreaks",
    ],
)
def test_every_sign_is_drawn_as_it_was_written(text: str) -> None:
    assert as_drawn(text) == written(text)


@given(st.text(SIGNS, max_size=60))
def test_signs_are_drawn_whatever_follows_them(text: str) -> None:
    assert as_drawn(text) == written(text)


@pytest.mark.parametrize("above", ["", "Concert\n\n", "Concert\n"])
@pytest.mark.parametrize("below", ["", "\n\nSee *you*", "\nSee *you*"])
def test_a_table_stays_a_table_apart_from_its_neighbours(above: str, below: str) -> None:
    text = f"{above}{TABLE}{below}"
    assert has_whole_tables(text)
    lines = drawn(plain_as_markdown(text, ())[0])
    assert lines.count("<table_open>") == 1
    assert lines[lines.index("Tickets") :].count("from £14") == 1
    assert lines[-1] == ("See *you*" if below else "<table_close>")
    assert lines[0] == ("Concert" if above else "<table_open>")


def test_signs_in_cells_are_signs() -> None:
    text = "| a | b |\n|---|---|\n| *x* \\| [y](z) | $4 and $x$ |\n| 2 | 3 |"
    assert [line for line in drawn(plain_as_markdown(text, ())[0]) if line[0] != "<"] == [
        *("a", "b", "*x* | [y](z)", "$4 and $x$", "2", "3")
    ]


def test_rows_that_go_on_from_what_was_cut_off_are_rows() -> None:
    markdown, _places = plain_as_markdown("| Doors | 7 pm |\n| Bar | 6 pm |\n\n*and*", ())
    assert markdown == "| Doors | 7 pm |\n| Bar | 6 pm |\n\n\\*and\\*"


@given(st.text("ab \n*_|\\[]#", max_size=60), st.integers(0, 200))
def test_places_are_those_of_the_same_characters(above: str, at: int) -> None:
    text = f"{above}\n\n{TABLE}\n\n{above}\nΩ"
    place = at % len(text)
    markdown, moved = plain_as_markdown(text, [place, len(text) - 1])
    assert [markdown[at].replace("\N{NO-BREAK SPACE}", " ") for at in moved] == [text[place], "Ω"]


def test_a_text_without_whole_tables_has_none() -> None:
    assert not has_whole_tables("so\n| or\n|---|\nso")
    assert not has_whole_tables("a | b")
    assert has_whole_tables(with_spaced_tables("Name:      Ada\nPlace:     London\nYear:      1843\n"))
