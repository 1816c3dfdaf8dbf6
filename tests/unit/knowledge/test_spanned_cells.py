"""A cell of a web page that stands over several rows is said in each of them."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.spanned_cells import with_spanned_cells
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.tables.described import described_rows
from tests.unit.knowledge.conftest import word_starts

TABLE = """<table><thead><tr><th rowspan=2>Size</th><th colspan="2">Price</th></tr><tr><th>retail</th><th>trade</th></tr></thead>
<tbody><tr><td>S</td><td>10</td><td>8</td></tr><tr><td ROWSPAN='2'>M</td><td>12</td><td>9</td></tr><tr><td>13</td><td>9.5</td></tr>
<tr><td>L</td><td rowspan="2">20</td><td>15</td></tr><tr><td>XL</td><td>16</td></tr></tbody></table>"""


def test_rows_say_what_stands_over_them(tmp_path: Path) -> None:
    path = tmp_path / "shirts.html"
    path.write_text(f"<html><body><h1>Shirts</h1>{TABLE}</body></html>", "utf-8")
    drafts = list(Splitter(word_starts).split(parse_file(path)))
    rows = [row.text for draft in drafts for row in described_rows(draft.text, draft.context)]
    assert rows == [
        "Size: S; Price retail: 10; Price trade: 8",
        "Size: M; Price retail: 12; Price trade: 9",
        "Size: M; Price retail: 13; Price trade: 9.5",
        "Size: L; Price retail: 20; Price trade: 15",
        "Size: XL; Price retail: 20; Price trade: 16",
    ]


def test_pages_without_such_cells_and_layouts_stay_as_they_are() -> None:
    plain = "<table><tr><td>A</td><td colspan=2>B</td></tr></table>"
    layout = f"<table><tr><td rowspan=2>menu</td><td>{plain}</td></tr><tr><td>more</td></tr></table>"
    for page in (plain, layout, "<table><tr rowspan><td", "no table"):
        assert with_spanned_cells(page) == page


def test_a_span_without_end_is_bounded() -> None:
    rows = "".join(f"<tr><td>{n}</td></tr>" for n in range(300))
    filled = with_spanned_cells(f"<table><tr><td rowspan=9999>group</td><td>0</td></tr>{rows}</table>")
    assert filled.count("group") == 200


def test_a_table_that_would_grow_without_end_stays() -> None:
    page = "<table>" + "<tr><td rowspan=200 colspan=100>words" * 2000 + "</table>"
    assert with_spanned_cells(page) == page


def test_a_large_table_takes_little_more_memory_than_its_text() -> None:
    page = f"<table>{'<tr><td>words</td></tr>' * 50_000}</table>"
    tracemalloc.start()
    assert with_spanned_cells(page) == page
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10 * len(page)
