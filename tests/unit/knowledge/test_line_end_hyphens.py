"""A word that a page breaks at the end of a line is read whole, and with its hyphen where that is its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.line_end_hyphens import BrokenWords
from chatbot_app.knowledge.formats.reading import parse_file
from tests.unit.knowledge.test_pdf_text import made, show

MARK = "\ufffe"


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        (f"the only perma{MARK}nent habitat", "the only permanent habitat"),
        (f"a stock{MARK}based plan", "a stock-based plan"),
        (f"Stock{MARK}based plans", "Stock-based plans"),
        (f"the EU{MARK}Kommission", "the EU-Kommission"),
        (f"of Covid{MARK}19, an X{MARK}ray", "of Covid-19, an X-ray"),
        (f"DEVEL{MARK}OPMENT", "DEVELOPMENT"),
        (f"die Miet{MARK}und Nebenkosten", "die Miet- und Nebenkosten"),
        (f"der Hof{MARK}hund bellt", "der Hofhund bellt"),
        ("a soft\xadened word", "a softened word"),
        (f"at the end{MARK}", "at the end"),
        (
            f"in a nar{MARK}row col{MARK}u{MARK}mn of inter{MARK}na{MARK}tional law",
            "in a narrow column of international law",
        ),
    ],
)
def test_a_broken_word_is_put_together(broken: str, whole: str) -> None:
    words = BrokenWords()
    words.learn("Shares are stock-based, and a plan is based on stock. Der Hund und der Hofhund sind im Hof.")
    assert words.joined(broken) == whole


def test_words_that_nobody_says_whole_follow_the_others_of_the_document() -> None:
    reports, papers = BrokenWords(), BrokenWords()
    for words in (reports, papers):
        words.learn("In the long term each zone is third-party land.")
    reports.joined(f"third{MARK}party")
    papers.joined(f"habi{MARK}tat, spe{MARK}cies")
    assert reports.joined(f"long{MARK}zone") == "long-zone"
    assert papers.joined(f"long{MARK}zone") == "longzone"


def test_pages_have_no_torn_words(tmp_path: Path) -> None:
    lines = (
        "Hedges are often the only perma-",
        "nent habitat of a stock-",
        "based farm, as stock-based farms say.",
    )
    page = b"".join(show(b"F", 11, 700 - 13 * row, line) for row, line in enumerate(lines))
    path = tmp_path / "paper.pdf"
    path.write_bytes(made([page]))
    text = " ".join(parse_file(path).text.split())
    assert "the only permanent habitat of a stock-based farm" in text
