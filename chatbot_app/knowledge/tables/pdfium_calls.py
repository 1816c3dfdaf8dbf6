"""Small questions to PDFium that are asked ten thousand times a document, without what ctypes adds to each.

The declared functions turn every argument into a pointer object and let go of the interpreter: that costs more than the
answer. Only for one thread at a time, as all of PDFium is.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable
from functools import cache
from typing import Any

_FLOATS, _DOUBLES = struct.Struct("4f").unpack, struct.Struct("2d").unpack
_LONGEST_NAME = 128  # bytes of the name of a font


class TextPage:
    """The characters of a page of PDFium's, by their index; valid while `text_page` is."""

    def __init__(self, text_page: Any) -> None:
        self._page = ctypes.cast(text_page.raw, ctypes.c_void_p).value
        self._origin, self._box, self._weight, self._font = _calls()
        self._four, self._two = (ctypes.c_float * 4)(), (ctypes.c_double * 2)()
        self._at_four, self._at_x = ctypes.addressof(self._four), ctypes.addressof(self._two)
        self._at_y = self._at_x + ctypes.sizeof(ctypes.c_double)
        self._name, self._flags = ctypes.create_string_buffer(_LONGEST_NAME), ctypes.c_int()
        self._at_name, self._at_flags = ctypes.addressof(self._name), ctypes.addressof(self._flags)

    def origin(self, index: int) -> tuple[float, ...] | None:
        """Return (x, y) of where a character is set, in points; None where PDFium does not say."""
        return _DOUBLES(self._two) if self._origin(self._page, index, self._at_x, self._at_y) else None

    def box(self, index: int) -> tuple[float, ...] | None:
        """Return (left, top, right, bottom) of a character as its font has it, in points; None as above."""
        return _FLOATS(self._four) if self._box(self._page, index, self._at_four) else None

    def font_weight(self, index: int) -> int:
        """Return how bold a character's font is, as CSS counts; -1 where PDFium does not say."""
        return self._weight(self._page, index)

    def font_name(self, index: int) -> bytes:
        """Return the name of a character's font; empty where PDFium does not say, or it is longer than 127 bytes."""
        length = self._font(self._page, index, self._at_name, _LONGEST_NAME, self._at_flags)
        return self._name.value if 0 < length <= _LONGEST_NAME else b""


@cache
def _calls() -> tuple[Callable[..., int], ...]:
    from pypdfium2 import raw

    pointer, whole, size = ctypes.c_void_p, ctypes.c_int, ctypes.c_ulong
    return (
        _direct(raw.FPDFText_GetCharOrigin, pointer, whole, pointer, pointer),
        _direct(raw.FPDFText_GetLooseCharBox, pointer, whole, pointer),
        _direct(raw.FPDFText_GetFontWeight, pointer, whole),
        _direct(raw.FPDFText_GetFontInfo, pointer, whole, pointer, size, pointer),
    )


def _direct(declared: Any, *kinds: Any) -> Callable[..., int]:
    address = ctypes.cast(declared, ctypes.c_void_p).value
    assert address is not None
    return ctypes.PYFUNCTYPE(ctypes.c_int, *kinds)(address)
