"""What PDFium is asked directly is what its declared functions say."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from chatbot_app.knowledge.tables.pdfium_calls import DrawnPaths, TextPage
from tests.unit.knowledge.test_pdf_text import made, show


def test_places_and_fonts_of_characters_are_those_of_the_declared_functions(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(made([show(b"F", 12, 700, "Total net sales 81,797") + show(b"B", 18, 650, "Bold (1)")]))
    document = pypdfium2.PdfDocument(path)
    page = document[0].get_textpage()
    asked = TextPage(page)
    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    every = range(page.count_chars())
    for index, origin, rectangle in zip(every, asked.origins(every), asked.boxes(every), strict=True):
        assert raw.FPDFText_GetCharOrigin(page, index, x, y)
        assert origin == (x.value, y.value)
        assert raw.FPDFText_GetLooseCharBox(page, index, box)
        assert rectangle == asked.box(index) == (box.left, box.top, box.right, box.bottom)
        assert asked.font_weight(index) == raw.FPDFText_GetFontWeight(page, index)
        length = raw.FPDFText_GetFontInfo(page, index, name, len(name), flags)
        assert asked.font_name(index) == (name.value if length else b"")  # a line break has no font
    beyond = page.count_chars() + 5
    assert asked.origins([0, beyond])[1] is None
    assert asked.boxes([beyond, 0])[0] is None
    assert asked.box(beyond) is None
    assert not asked.origins([])
    assert not asked.boxes([])
    assert asked.font_weight(beyond) == -1
    assert asked.font_name(beyond) == b"", "not the one that was asked for before"
    page.close()
    document.close()


def test_paths_are_told_with_their_bounds_and_the_corners_of_what_has_no_curves(tmp_path: Path) -> None:
    drawn = (
        b"q 2 0 0 2 10 20 cm 50 100 30 20 re f Q\n"  # a field, twice as large and moved
        b"300 300 m 350 300 350 350 300 350 c S\n"
        b"100 500 m 200 500 l 200 600 l S\n"
    )
    path = tmp_path / "page.pdf"
    path.write_bytes(made([show(b"F", 12, 700, "Text between") + drawn, b""]))
    document = pypdfium2.PdfDocument(path)
    page, empty = document[0], document[1]
    asked = DrawnPaths(page)
    paths = asked.paths(100)
    assert len(paths) == 3
    assert asked.bounds(paths)[0] == (110, 220, 170, 260)
    assert asked.segments(paths) == [5, 4, 3]  # a curve is told by three points
    field, corner = asked.outlines(paths)
    assert field == [(110, 220), (170, 220), (170, 260), (110, 260), (110, 220)]
    assert corner == [(100, 500), (200, 500), (200, 600)]
    assert asked.paths(3) == [], "more objects than are looked at"
    nothing = DrawnPaths(empty)
    assert not nothing.paths(100)
    assert not nothing.bounds([])
    assert not list(nothing.outlines([]))
    page.close()
    empty.close()
    document.close()
