"""Small questions to PDFium that are asked ten thousand times a document, without what ctypes adds to each.

The declared functions turn every argument into a pointer object and let go of the interpreter: that costs more than the
answer. Only for one thread at a time, as all of PDFium is.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

_FLOATS, _DOUBLES = struct.Struct("4f").unpack, struct.Struct("2d").unpack
_SIX = struct.Struct("6f").unpack
_PATH, _CURVES, _MOVES = 2, 1, 2  # FPDF_PAGEOBJ_PATH, FPDF_SEGMENT_BEZIERTO, FPDF_SEGMENT_MOVETO
_LONGEST_NAME = 128  # bytes of the name of a font
_BOLD = 600  # CSS weight: semi-bold and above
_BOLD_NAMES = (b"bold", b"black", b"heavy", b"cmbx", b"sfbx")  # the last two are TeX's
_FONTS = 256  # whose names are remembered


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

    def is_bold(self, index: int) -> bool:
        """Whether a character's font is bold, as it says itself or its name says."""
        return self.font_weight(index) >= _BOLD or _names_bold(self.font_name(index))


@lru_cache(_FONTS)
def _names_bold(font: bytes) -> bool:
    name = font.lower()
    return any(sign in name for sign in _BOLD_NAMES)


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


class DrawnPaths:
    """The paths that are drawn on a page of PDFium's; valid while `page` is."""

    def __init__(self, page: Any) -> None:
        self._page = ctypes.cast(page.raw, ctypes.c_void_p).value
        self._calls = _calls_of_paths()
        self._four, self._matrix = (ctypes.c_float * 4)(), (ctypes.c_float * 6)()
        self._at_four, self._at_matrix = ctypes.addressof(self._four), ctypes.addressof(self._matrix)

    def paths(self, most: int) -> list[int]:
        """Return the paths of a page; none where it has more than `most` objects."""
        count, object_at, kind_of = self._calls[:3]
        number = count(self._page)
        shapes = (object_at(self._page, place) for place in range(number if number <= most else 0))
        return [shape for shape in shapes if shape and kind_of(shape) == _PATH]

    def bounds(self, path: int) -> tuple[float, ...]:
        """Return (left, bottom, right, top) of a path, in points; all 0 where PDFium does not say."""
        at = self._at_four
        return _FLOATS(self._four) if self._calls[3](path, at, at + 4, at + 8, at + 12) else (0.0,) * 4

    def segments(self, path: int) -> int:
        """Return of how many segments a path is."""
        return int(self._calls[4](path))

    def outlines(self, path: int) -> Iterator[list[tuple[float, ...]]]:
        """Yield the corners of each part of a path without curves, in points; of closed ones the first comes last again."""
        count, at, point_of, kind_of, is_closed, matrix_of = self._calls[4:]
        a, b, c, d, e, f = _SIX(self._matrix) if matrix_of(path, self._at_matrix) else (1, 0, 0, 1, 0, 0)
        points: list[tuple[float, ...]] = []
        is_straight = True
        for number in range(count(path)):
            segment = at(path, number)
            kind = kind_of(segment)
            if kind == _MOVES:
                if is_straight and len(points) > 1:
                    yield points
                points, is_straight = [], True
            is_straight = is_straight and kind != _CURVES
            point_of(segment, self._at_four, self._at_four + 4)
            x, y = self._four[0], self._four[1]
            points.append((a * x + c * y + e, b * x + d * y + f))
            if is_closed(segment) and points[-1] != points[0]:
                points.append(points[0])
        if is_straight and len(points) > 1:
            yield points


@cache
def _calls_of_paths() -> tuple[Callable[..., int], ...]:
    from pypdfium2 import raw

    pointer, whole = ctypes.c_void_p, ctypes.c_int
    return (
        _direct(raw.FPDFPage_CountObjects, pointer),
        _direct(raw.FPDFPage_GetObject, pointer, whole, gives=pointer),
        _direct(raw.FPDFPageObj_GetType, pointer),
        _direct(raw.FPDFPageObj_GetBounds, pointer, pointer, pointer, pointer, pointer),
        _direct(raw.FPDFPath_CountSegments, pointer),
        _direct(raw.FPDFPath_GetPathSegment, pointer, whole, gives=pointer),
        _direct(raw.FPDFPathSegment_GetPoint, pointer, pointer, pointer),
        _direct(raw.FPDFPathSegment_GetType, pointer),
        _direct(raw.FPDFPathSegment_GetClose, pointer),
        _direct(raw.FPDFPageObj_GetMatrix, pointer, pointer),
    )


def _direct(declared: Any, *kinds: Any, gives: Any = ctypes.c_int) -> Callable[..., int]:
    address = ctypes.cast(declared, ctypes.c_void_p).value
    assert address is not None
    return ctypes.PYFUNCTYPE(gives, *kinds)(address)
