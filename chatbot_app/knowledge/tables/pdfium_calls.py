"""Small questions to PDFium that are asked ten thousand times a document, without what ctypes adds to each.

The declared functions turn every argument into a pointer object and let go of the interpreter: that costs more than the
answer. Only for one thread at a time, as all of PDFium is.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, islice, repeat
from typing import Any

_TWO_FLOATS, _FOUR_FLOATS, _SIX_FLOATS = struct.Struct("2f"), struct.Struct("4f"), struct.Struct("6f")
_TWO_DOUBLES = struct.Struct("2d")
_UNTURNED = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_PATH, _CURVES, _MOVES = 2, 1, 2  # FPDF_PAGEOBJ_PATH, FPDF_SEGMENT_BEZIERTO, FPDF_SEGMENT_MOVETO
_LONGEST_NAME = 128  # bytes of the name of a font
_BOLD = 600  # CSS weight: semi-bold and above
_BOLD_NAMES = (b"bold", b"black", b"heavy", b"cmbx", b"sfbx")  # the last two are TeX's
_FONTS = 256  # whose names are remembered

Point = tuple[float, float]
Box = tuple[float, float, float, float]


class TextPage:
    """The characters of a page of PDFium's, by their index; valid while `text_page` is."""

    def __init__(self, text_page: Any) -> None:
        self._page = ctypes.cast(text_page.raw, ctypes.c_void_p).value
        self._origin, self._box, self._weight, self._font = _calls()
        self._four = (ctypes.c_float * 4)()
        self._at_four = ctypes.addressof(self._four)
        self._name, self._flags = ctypes.create_string_buffer(_LONGEST_NAME), ctypes.c_int()
        self._at_name, self._at_flags = ctypes.addressof(self._name), ctypes.addressof(self._flags)

    def origins(self, indices: Sequence[int]) -> list[Point | None]:
        """Return (x, y) of where characters are set, in points; None where PDFium does not say."""
        return _told(_TWO_DOUBLES, 2, None, self._origin, repeat(self._page), indices)

    def boxes(self, indices: Sequence[int]) -> list[Box | None]:
        """Return (left, top, right, bottom) of characters as their font has them, in points; None as above."""
        return _told(_FOUR_FLOATS, 1, None, self._box, repeat(self._page), indices)

    def box(self, index: int) -> Box | None:
        """Return the box of one character, as above."""
        return _FOUR_FLOATS.unpack(self._four) if self._box(self._page, index, self._at_four) else None

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

    def paths(self, most: int) -> list[int]:
        """Return the paths of a page; none where it has more than `most` objects."""
        count, object_at, kind_of = self._calls[:3]
        number = count(self._page)
        shapes = list(map(object_at, repeat(self._page), range(number if number <= most else 0)))
        return [shape for shape, kind in zip(shapes, map(kind_of, shapes), strict=True) if kind == _PATH]

    def bounds(self, paths: Sequence[int]) -> list[tuple[float, ...]]:
        """Return (left, bottom, right, top) of paths, in points; all 0 where PDFium does not say."""
        return _told(_FOUR_FLOATS, 4, (0.0,) * 4, self._calls[3], paths)

    def segments(self, paths: Sequence[int]) -> list[int]:
        """Return of how many segments each path is."""
        return [max(0, count) for count in map(self._calls[4], paths)]

    def outlines(self, paths: Sequence[int]) -> Iterator[list[Point]]:
        """Yield the corners of each part of paths without curves, in points; of closed ones the first comes last again."""
        at, point_of, kind_of, is_closed, matrix_of = self._calls[5:]
        counts = self.segments(paths)
        of_each = chain.from_iterable(map(repeat, paths, counts))
        segments = list(map(at, of_each, chain.from_iterable(map(range, counts))))
        points = _told(_TWO_FLOATS, 2, (0.0, 0.0), point_of, segments)
        told = zip(map(kind_of, segments), points, map(is_closed, segments), strict=True)
        for count, matrix in zip(counts, _told(_SIX_FLOATS, 1, _UNTURNED, matrix_of, paths), strict=True):
            yield from _straight_parts(islice(told, count), matrix)


def _straight_parts(
    segments: Iterable[tuple[int, tuple[float, ...], int]], matrix: Sequence[float]
) -> Iterator[list[Point]]:
    a, b, c, d, e, f = matrix
    points: list[Point] = []
    is_straight = True
    for kind, (x, y), is_closed in segments:
        if kind == _MOVES:
            if is_straight and len(points) > 1:
                yield points
            points, is_straight = [], True
        elif kind == _CURVES:
            is_straight = False
        points.append((a * x + c * y + e, b * x + d * y + f))
        if is_closed and points[-1] != points[0]:
            points.append(points[0])
    if is_straight and len(points) > 1:
        yield points


def _told(
    form: struct.Struct, places: int, unknown: tuple[float, ...] | None, call: Callable[..., int], *asked: Any
) -> list[Any]:
    """Return what a function of PDFium writes of each of many things: values of the `form`, `unknown` where it writes none.

    It is given the address of all values, or of each of them (`places`). No loop of Python's: that costs as much as the calls.
    """
    count = len(asked[-1])
    memory = ctypes.create_string_buffer(form.size * count)
    first, apart = ctypes.addressof(memory), form.size // places
    begins = range(first, first + form.size, apart)
    addresses = (range(begin, begin + form.size * count, form.size) for begin in begins)
    has_written = list(map(call, *asked, *addresses))
    values = form.iter_unpack(memory)
    return [value if is_known else unknown for value, is_known in zip(values, has_written, strict=True)]


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
