"""Running titles and page numbers are read once; what only looks like them stays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from chatbot_app.core.documents import BlockKind
from chatbot_app.knowledge.formats.page_furniture import kept_ranges
from chatbot_app.knowledge.formats.pdf_headings import Line
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.places.pdf_pages import draw_page
from chatbot_app.knowledge.splitting.splitter import Splitter
from tests.unit.knowledge.conftest import word_starts
from tests.unit.knowledge.test_pdf_text import made, show

BODIES = (
    "The mill stands at the river.",
    "It turns slowly in summer.",
    "Its wheel is of oak.",
    "Nobody mills there.",
)

NAMES = ("The River", "Of Summer", "Of Wheels", "The End")


def kept(pages: Sequence[str]) -> list[str]:
    lines = []
    for page in pages:
        places, start = [], 0
        for line in page.split("\n"):
            places.append(Line(start, start + len(line), 10.0, False))
            start += len(line) + 1
        lines.append(places)
    return [page[begin:end] for page, (begin, end) in zip(pages, kept_ranges(pages, lines), strict=True)]


def test_what_all_pages_say_at_their_edges_is_kept_on_the_first() -> None:
    pages = [f"Old Mills\n{body}\nRev. C, page {n} of 4" for n, body in enumerate(BODIES, 1)]
    assert kept(pages) == [pages[0], *BODIES[1:]]


def test_numbers_that_count_no_pages_stay() -> None:
    bills = [f"Bill no. {number}\n{body}" for number, body in zip((187, 203, 188, 190), BODIES, strict=True)]
    assert kept(bills) == bills
    for first in ("Invoice no. 1001", "No. 2024-001"):
        one_after_the_other = [f"{first[:-1]}{n}\n{body}" for n, body in enumerate(BODIES, 1)]
        assert kept(one_after_the_other) == one_after_the_other


def test_what_few_pages_share_or_stands_in_the_middle_stays() -> None:
    chapters = [f"Wheels\n{BODIES[0]}", f"Wheels\n{BODIES[1]}", BODIES[2], BODIES[3], "More.", "The end."]
    assert kept(chapters) == chapters
    middle = ["\n".join([*body.split()[:3], "Wheels", *body.split()[-3:]]) for body in BODIES]
    assert kept(middle) == middle


def test_titles_that_are_printed_as_headings_stay(tmp_path: Path) -> None:
    path = tmp_path / "mills.pdf"
    pages = [
        show(b"F", 16, 780, f"Chapter {n}") + show(b"F", 11, 700, body) for n, body in enumerate(BODIES, 1)
    ]
    path.write_bytes(made(pages))
    assert "Chapter 4" in parse_file(path).text


def test_a_page_of_nothing_else_keeps_it() -> None:
    pages = [f"Old Mills\n{body}" for body in BODIES[:3]] + ["Old Mills"]
    assert kept(pages) == [pages[0], *BODIES[1:3], "Old Mills"]


def test_numbers_of_pages_are_nowhere_kept() -> None:
    pages = [f"Page {n} of 3\n{body}" for n, body in enumerate(BODIES[:3], 1)]
    assert kept(pages) == list(BODIES[:3])
    assert kept([f"Seite 1\n{BODIES[0]}"]) == [BODIES[0]]
    told = [f"{body} More of it is said on\npage {n}." for n, body in enumerate((BODIES[0], BODIES[2]), 7)]
    assert kept(told) == told


def test_what_counts_pages_is_no_heading_however_it_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    pages = [
        show(b"B", 16, 780, f"Page {n} of 2 NYC08CA055") + show(b"F", 11, 700, body)
        for n, body in enumerate(BODIES[:2], 1)
    ]
    path.write_bytes(made(pages))
    assert parse_file(path).text.count("NYC08CA055") == 1
    pages = [show(b"B", 11, 780, "Version: 1.0 Date: 3 May 2023") + show(b"F", 11, 700, b) for b in BODIES]
    path.write_bytes(made(pages))
    assert parse_file(path).text.count("Version: 1.0") == 1


def test_passages_stand_on_their_page_without_it(tmp_path: Path) -> None:
    path = tmp_path / "mills.pdf"
    pages = [
        show(b"F", 9, 780, "Old Mills of the Harrow Vale")
        + show(b"B", 14, 740, name)
        + show(b"F", 11, 700, body)
        + show(b"F", 9, 30, str(n))
        for n, (name, body) in enumerate(zip(NAMES, BODIES, strict=True), 1)
    ]
    path.write_bytes(made(pages))
    parsed = parse_file(path)
    assert parsed.text.count("Old Mills of the Harrow Vale") == 1
    headings = [parsed.text[b.start : b.end] for b in parsed.blocks if b.kind is BlockKind.HEADING]
    assert headings == list(NAMES)
    drafts = list(Splitter(word_starts).split(parsed))
    assert all(parsed.text[draft.start : draft.end] == draft.text for draft in drafts)
    last = next(draft for draft in drafts if BODIES[3] in draft.text)
    assert last.page == 4
    assert draw_page(path, 4, 600, parsed.text, BODIES[3]).has_sentence
