"""What a Word document hides is not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.word_hidden import hiding_styles, without_hidden
from tests.unit.knowledge.test_word_numbering import SPACE, read

STYLES = (
    f"<w:styles {SPACE}>"
    '<w:style w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:styleId="Based"><w:basedOn w:val="Secret"/></w:style>'
    '<w:style w:styleId="Shown"><w:basedOn w:val="Secret"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style></w:styles>'
)
HIDING = frozenset({b"Secret", b"Based"})


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def test_styles_hide_by_themselves_or_by_what_they_are_based_on() -> None:
    assert hiding_styles(STYLES.encode()) == HIDING
    assert hiding_styles(b"<w:vanish") == frozenset()


@pytest.mark.parametrize(
    ("properties", "style", "is_read"),
    [
        ("", "", True),
        ("<w:vanish/>", "", False),
        ('<w:vanish w:val="true"/>', "", False),
        ('<w:vanish w:val="0"/>', "Secret", True),
        ("<w:webHidden/>", "", True),
        ('<w:rStyle w:val="Secret"/>', "", False),
        ('<w:rStyle w:val="Shown"/>', "", True),
        ('<w:rPrChange w:id="1"><w:rPr><w:vanish/></w:rPr></w:rPrChange>', "", True),
        ("", "Based", False),
        ('<w:rStyle w:val="Secret"/>', "Secret", True),  # each turns it over
    ],
)
def test_a_run_is_read_if_it_is_seen(tmp_path: Path, properties: str, style: str, is_read: bool) -> None:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    lines = read(
        tmp_path,
        paragraph(run("Before.", '<w:vanish w:val="0"/>'), run(" Asked.", properties), properties=named),
        styles=STYLES,
    )
    assert lines == ["Before. Asked." if is_read else "Before."]


def test_a_paragraph_that_is_hidden_with_its_mark_is_not_counted(tmp_path: Path) -> None:
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    lines = read(
        tmp_path,
        paragraph(run("Rent"), properties=numbered),
        paragraph(run("Bargain", "<w:vanish/>"), properties=f"{numbered}<w:rPr><w:vanish/></w:rPr>"),
        paragraph(run("Term"), properties=f"{numbered}<w:rPr><w:vanish/></w:rPr>"),
    )
    assert lines == ["1. Rent", "2. Term"]


def test_fields_that_a_hidden_run_begins_still_begin() -> None:
    mark = '<w:fldChar w:fldCharType="begin"/>'
    hidden = f"<w:r><w:rPr><w:vanish/></w:rPr>{mark}<w:t>x</w:t></w:r>"
    written = without_hidden(f"<w:p>{hidden}{run('seen')}</w:p>".encode(), HIDING)
    assert written == f"<w:p><w:r>{mark}</w:r>{run('seen')}</w:p>".encode()


@pytest.mark.parametrize(
    "part",
    ["<w:p>", "<w:r>", "</w:r>", "<w:p><w:r><w:vanish/>", "<w:r><w:vanish/></w:r>", "<w:rPrChange>", "<w:r "],
)
def test_damaged_parts_stay(part: str) -> None:
    written = without_hidden((part * 1000 + "<w:t>words</w:t>").encode(), HIDING)
    assert written.endswith(b"<w:t>words</w:t>")
