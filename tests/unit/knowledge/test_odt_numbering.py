"""Clauses, lists and headings of OpenDocument texts have the numbers that are shown, and their comments."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.knowledge.formats import odt_comments
from chatbot_app.knowledge.formats.odt_numbering import with_numbers
from chatbot_app.knowledge.formats.reading import parse_file
from tests.unit.knowledge.test_odt_cells import SPACES, written

SIZE = 2_000_000  # bytes: what takes more than linear time takes longer than a test may


def level(number: int, form: str, more: str = "") -> str:
    return f'<text:list-level-style-number text:level="{number}" style:num-format="{form}" {more}/>'


CLAUSES = (
    level(1, "1", 'style:num-suffix="."')
    + level(2, "1", 'text:display-levels="2"')
    + level(3, "a", 'style:num-prefix="(" style:num-suffix=")"')
)
STYLES = (
    f'<text:list-style style:name="L1">{CLAUSES}</text:list-style>'
    '<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1"/></text:list-style>'
    f'<text:list-style style:name="L3">{level(1, "I", "text:start-value=" + chr(34) + "4" + chr(34))}'
    f"{level(2, 'i', 'loext:num-list-format=' + chr(34) + '§ %1%-%2%' + chr(34))}</text:list-style>"
    '<text:outline-style style:name="Outline"><text:outline-level-style text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>'
    '<text:outline-level-style text:level="3" style:num-format=""/></text:outline-style>'
)
SPACES_OF_STYLES = SPACES + "".join(
    f' xmlns:{name}="urn:{name}"' for name in ("style", "loext", "dc", "draw")
)


def item(*inside: str, more: str = "") -> str:
    return f"<text:list-item {more}>{''.join(inside)}</text:list-item>"


def para(words: str) -> str:
    return f"<text:p>{words}</text:p>"


def numbered(*items: str, more: str = 'text:style-name="L1"') -> str:
    return f"<text:list {more}>{''.join(items)}</text:list>"


def inner(*items: str) -> str:
    return numbered(*items, more="")


def read(folder: Path, body: str) -> list[str]:
    """Return the lines of a text; its styles stand where those of the document itself do."""
    content = f"<text:section {SPACES_OF_STYLES}>{STYLES}{body}</text:section>"
    return [line for line in parse_file(written(folder, content)).text.split("\n") if line]


def test_clauses_show_the_numbers_of_the_levels_above_and_lists_go_on(tmp_path: Path) -> None:
    duties = item(
        para("Duties"),
        inner(item(para("Heat")), item(para("Pay"), inner(item(para("water")), item(para("lift"))))),
    )
    body = (
        numbered(item(para("Term")), duties, more='xml:id="one" text:style-name="L1"')
        + para("Between.")
        + numbered(
            item(inner(item(para("Clean")))),
            item(para("Deposit"), para("More of it.")),
            more='text:continue-list="one" text:style-name="L1"',
        )
        + numbered(item(para("End")), more='text:continue-numbering="true" text:style-name="L1"')
        + numbered(item(para("New")), item(para("Twelfth"), more='text:start-value="12"'), item(para("Next")))
    )
    assert read(tmp_path, body) == [
        "1. Term",
        "2. Duties",
        "2.1 Heat",
        "2.2 Pay",
        "(a) water",
        "(b) lift",
        "Between.",
        "2.3 Clean",
        "3. Deposit",
        "More of it.",
        "4. End",
        "1. New",
        "12. Twelfth",
        "13. Next",
    ]


def test_bullets_stay_and_other_forms_and_headings_are_numbered(tmp_path: Path) -> None:
    headings = "".join(
        f'<text:h text:outline-level="{number}" {more}>{words}</text:h>'
        for number, words, more in (
            (1, "Scope", ""),
            (2, "Rooms", ""),
            (3, "Plain", ""),
            (1, "No number", 'text:is-list-header="true"'),
            (1, "Fees", ""),
        )
    )
    body = (
        numbered(item(para("point")), more='text:style-name="L2"')
        + numbered(item(para("law"), inner(item(para("part")))), more='text:style-name="L3"')
        + headings
    )
    assert read(tmp_path, body) == [
        "- point",
        "IV law",
        "§ IV-i part",
        "# 1. Scope",
        "## 1.1 Rooms",
        "### Plain",
        "# No number",
        "# 2. Fees",
    ]


def test_what_was_deleted_is_not_counted(tmp_path: Path) -> None:
    gone = f"<text:tracked-changes>{numbered(item(para('gone')))}</text:tracked-changes>"
    assert with_numbers((STYLES + gone + numbered(item(para("a")))).encode(), b"").endswith(
        b"<text:p>1. a</text:p>"
    )


def test_comments_stand_behind_their_paragraph(tmp_path: Path) -> None:
    def comment(author: str, words: str) -> str:
        return f"<office:annotation><dc:creator>{author}</dc:creator><dc:date>2024</dc:date>{words}</office:annotation>"

    note = "<text:note><text:note-body><text:p>Note.</text:p></text:note-body></text:note>"
    body = (
        f"<text:p>The fee{comment('Ana &amp; Co', para('Check') + para('this.'))} is 40{note} euro.<office:annotation-end/></text:p>"
        f"<text:p>Next.{comment('', para('No author'))}{comment('Li', '')}</text:p>"
    )
    lines = read(tmp_path, body)
    assert "[Comment, Ana & Co: Check this.]" in lines
    assert "[Comment: No author]" in lines
    assert next(line for line in lines if line.startswith("The fee")).startswith("The fee is 40")
    assert not any("Li" in line for line in lines)


@pytest.mark.parametrize(
    "part",
    [
        "<text:list>",
        '<text:list text:style-name="L1"><text:list-item>',
        '<text:list text:style-name="L1"><text:list-item><text:p>x</text:p></text:list-item></text:list>',
        "<text:p>",
        "<text:list ",
        "<draw:text-box>",
        '<draw:text-box><text:h text:outline-level="1">',
        '<text:list><text:h text:outline-level="1">',
        "<office:annotation>",
        "<text:p><office:annotation></office:annotation>",
        "</office:annotation>",
        "<text:outline-style>",
    ],
)
def test_documents_of_strangers_take_linear_time(part: str) -> None:
    content = (STYLES + part * (SIZE // len(part))).encode()
    prepared = with_numbers(odt_comments.with_comments(content), b"")
    assert prepared.startswith(STYLES.encode())
