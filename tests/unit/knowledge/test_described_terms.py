"""Lists of terms of web pages: a short term has what is said of it on its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.described_terms import with_described_terms
from chatbot_app.knowledge.formats.reading import parse_file

FEES = "<dl><dt>Regular</dt><dd>€ 340</dd><dt>Students</dt><dd>€ 95</dd><dt>Trip</dt><dd>€ 28, includes lunch</dd></dl>"


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (
            FEES,
            "<ul><li>Regular: € 340</li><li>Students: € 95</li><li>Trip: € 28, includes lunch</li></ul>",
        ),
        ("<DL class=x><DT><b>Fee</b>\n<DD><p>€ 12</p>\n</DL>", "<ul><li><b>Fee</b>: € 12</li></ul>"),
        ("<dl><dt>Who?</dt><dd>Ada</dd></dl>", "<ul><li>Who? Ada</li></ul>"),
        ("<dl><dt>Fee:</dt><dd>€ 12</dd></dl>", "<ul><li>Fee: € 12</li></ul>"),
    ],
)
def test_a_short_term_is_a_line(page: str, told: str) -> None:
    assert with_described_terms(f"<h2>Fees</h2>{page}<p>End</p>") == f"<h2>Fees</h2>{told}<p>End</p>"


@pytest.mark.parametrize(
    "page",
    [
        "<dl><dt>a</dt><dd>b</dd><dd>c</dd></dl>",
        "<dl><dt>a</dt><dt>b</dt><dd>c</dd><dd>d</dd></dl>",
        "<dl><dd>b</dd><dt>a</dt></dl>",
        "<dl><dt>a</dt><dd>b<ul><li>c</li></ul></dd></dl>",
        "<dl><dt>a</dt><dd><p>b</p><p>c</p></dd></dl>",
        "<dl><dt>a</dt><dd></dd></dl>",
        f"<dl><dt>a</dt><dd>{'long ' * 40}</dd></dl>",
        "<dl>words<dt>a</dt><dd>b</dd></dl>",
        "<dl></dl>",
        "<dl><dt>a</dt><dd>b</dd>",
        "<p>the tag &lt;dl&gt;</p>",
    ],
)
def test_other_lists_stay(page: str) -> None:
    assert with_described_terms(page) == page


def test_of_lists_within_each_other_the_inner_one_is_told() -> None:
    page = f"<dl><dt>a</dt><dd>{FEES}</dd></dl>"
    assert with_described_terms(page).startswith("<dl><dt>a</dt><dd><ul><li>Regular: € 340</li>")


def test_a_page_is_read_with_its_terms(tmp_path: Path) -> None:
    path = tmp_path / "fees.html"
    path.write_text(f"<html><head><title>Days</title></head><body><h2>Fees</h2>{FEES}</body></html>", "utf-8")
    assert "- Students: € 95\n" in parse_file(path).text
