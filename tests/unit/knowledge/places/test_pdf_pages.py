"""A passage is found on its page whatever the page does to its white space, hyphens and ligatures."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.places.pdf_pages import PageNotDrawn, draw_page, find_passage


def found(page: str, passage: str) -> str:
    return "".join(page[index] for index in find_passage(page, passage))


@pytest.mark.parametrize(
    ("page", "passage", "marked"),
    [
        ("It was\nbuilt in  1987.", "was built in 1987", "wasbuiltin1987"),
        ("The tur-\nbine of 1987", "The turbine of 1987", "Theturbineof1987"),
        ("An e\ufb03cient \ufb01lter", "An efficient filter", "Ane\ufb03cient\ufb01lter"),
        ("Net sales 5,791 7,224", "| Net sales | 5,791 | 7,224 |", "Netsales57917224"),
        ("風力タービンは1987年に建てられた。", "タービンは1987年", "タービンは1987年"),
        ("soft\u00adware", "software", "software"),
        ("Other words.", "The turbine was built in 1987", ""),
        ("Anything", "", ""),
    ],
)
def test_letters_and_digits_decide(page: str, passage: str, marked: str) -> None:
    assert found(page, passage) == marked


def test_the_part_on_this_page_is_found_of_a_passage_that_goes_on_overleaf() -> None:
    page = "Header 7. The turbine was built by Anna Korhonen in the year 1987 and"
    passage = (
        "The turbine was built by Anna Korhonen in the year 1987 and turned for thirty years until it fell."
    )
    marked = find_passage(page, passage)
    assert page[marked[0] : marked[-1] + 1] == "The turbine was built by Anna Korhonen in the year 1987 and"


def test_a_few_common_words_are_no_passage() -> None:
    page = "The company was in the market and it was of the kind that is in the world."
    assert (
        find_passage(page, "It was in the year 1987 that Anna Korhonen, of Tampere, built the first turbine.")
        == []
    )


def test_passages_of_real_reports_are_found_on_their_pages(evaluation_data: Path) -> None:
    path = evaluation_data / "documents" / "reports" / "2022 Q3 AAPL.pdf"
    parsed = parse_file(path)
    blocks = [block for block in parsed.blocks if block.end - block.start > 40]
    assert len({block.page for block in blocks}) > 20
    missed = []
    for block in blocks:
        assert block.page is not None
        drawn = draw_page(path, block.page, 300, parsed.text[block.start : block.end])
        assert (drawn.number, drawn.count, drawn.width) == (block.page, parsed.pages, 300)
        assert len(drawn.pixels) == drawn.width * drawn.height * 4
        if not drawn.boxes:
            missed.append(block.page)
        assert all(0 <= box.left < box.right <= 1 and 0 <= box.top < box.bottom <= 1 for box in drawn.boxes)
    assert missed == []


def test_what_cannot_be_drawn_is_said(tmp_path: Path, evaluation_data: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 and then nothing")
    with pytest.raises(PageNotDrawn, match=r"broken\.pdf"):
        draw_page(broken, 1, 300, "text")
    with pytest.raises(PageNotDrawn, match="pages"):
        draw_page(evaluation_data / "documents" / "pdf" / "normal_4pages.pdf", 5, 300, "text")
    with pytest.raises(PageNotDrawn):
        draw_page(tmp_path / "absent.pdf", 1, 300, "text")
