"""What PDFium is asked directly is what its declared functions say."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from chatbot_app.knowledge.tables.pdfium_calls import TextPage
from tests.unit.knowledge.test_pdf_text import made, show


def test_places_and_fonts_of_characters_are_those_of_the_declared_functions(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(made([show(b"F", 12, 700, "Total net sales 81,797") + show(b"B", 18, 650, "Bold (1)")]))
    document = pypdfium2.PdfDocument(path)
    page = document[0].get_textpage()
    asked = TextPage(page)
    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    for index in range(page.count_chars()):
        assert raw.FPDFText_GetCharOrigin(page, index, x, y)
        assert asked.origin(index) == (x.value, y.value)
        assert raw.FPDFText_GetLooseCharBox(page, index, box)
        assert asked.box(index) == (box.left, box.top, box.right, box.bottom)
        assert asked.font_weight(index) == raw.FPDFText_GetFontWeight(page, index)
        length = raw.FPDFText_GetFontInfo(page, index, name, len(name), flags)
        assert asked.font_name(index) == (name.value if length else b"")  # a line break has no font
    beyond = page.count_chars() + 5
    assert asked.origin(beyond) is None
    assert asked.box(beyond) is None
    assert asked.font_weight(beyond) == -1
    assert asked.font_name(beyond) == b"", "not the one that was asked for before"
    page.close()
    document.close()
