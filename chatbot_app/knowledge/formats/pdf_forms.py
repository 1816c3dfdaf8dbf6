"""What a person has filled in on a page of a PDF: fields of forms, boxes, and text that was typed on top of it.

PDFium keeps it apart from the text of the page. Here it stands where it is seen: behind its label or in its cell.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from chatbot_app.knowledge.formats.page_lines import Line, PageLines
from chatbot_app.knowledge.tables.pdfium_calls import Box, Point, TextPage

_MOST = 2000  # of a page
_LONGEST = 20_000  # characters of a value
_UNSEEN = 1 | 2 | 32  # flags of annotations: invisible, hidden, not to be viewed
_SECRET = 1 << 13  # flag of a field: a password
_TICKED, _EMPTY = "\u2612", "\u2610"
_SAME_LINE = 0.5  # of the lower of both: so much of the height is shared
_BELOW = 2.5  # times its height: a field that stands so far below its label
_TOUCHES = 2.0  # points


class Filled(NamedTuple):
    """What stands in a field, and where, in points; boxes are marks."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    is_mark: bool = False


class FilledPage(TextPage):
    """The characters of a page and of what was filled in, by their index in the text of both."""

    def __init__(self, text_page: Any, places: Sequence[int | Box]) -> None:
        super().__init__(text_page)
        self._places = places  # the index on the page, else the box of a character that was filled in

    def origins(self, indices: Sequence[int]) -> list[Point | None]:
        """Return where each character stands on its line, in points; of what was filled in the left top of its box."""
        of_page = iter(super().origins(self._of_page(indices)))
        places = map(self._places.__getitem__, indices)
        return [next(of_page) if isinstance(place, int) else (place[0], place[3]) for place in places]

    def boxes(self, indices: Sequence[int]) -> list[Box | None]:
        """Return the box of each character, in points."""
        of_page = iter(super().boxes(self._of_page(indices)))
        places = map(self._places.__getitem__, indices)
        return [next(of_page) if isinstance(place, int) else place for place in places]

    def box(self, index: int) -> Box | None:
        """Return the box of a character, in points."""
        place = self._places[index]
        return super().box(place) if isinstance(place, int) else place

    def _of_page(self, indices: Sequence[int]) -> list[int]:
        return [place for place in map(self._places.__getitem__, indices) if isinstance(place, int)]

    def font_weight(self, index: int) -> int:
        """Return the weight of the font of a character, 400 for regular; −1 where it is not known, as of what was filled in."""
        place = self._places[index]
        return super().font_weight(place) if isinstance(place, int) else -1

    def font_name(self, index: int) -> bytes:
        """Return the name of the font of a character; empty of what was filled in."""
        place = self._places[index]
        return super().font_name(place) if isinstance(place, int) else b""


def filled_in(page: Any) -> list[Filled]:
    """Return what was filled in on a page of PDFium's, from the top; nothing where all its boxes are empty."""
    from pypdfium2 import raw

    found: list[Filled] = []
    for number in range(min(_MOST, raw.FPDFPage_GetAnnotCount(page))):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        try:
            found += _of_annotation(page, annotation)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    if all(one.text == _EMPTY for one in found):
        return []
    return sorted(found, key=lambda one: (-one.top, one.left))


def with_filled(
    text_page: Any, text: str, filled: Sequence[Filled], rotation: int = 0
) -> tuple[TextPage, str]:
    """Return a page and its text with what was filled in, each at its place; on a page that lies on its side, at the end.

    `text` has a character for each of PDFium's.
    """
    page = TextPage(text_page)
    lines = PageLines(page, text) if not rotation else None
    at_end = len(text.rstrip()), None
    behind: dict[int, list[tuple[float, Filled, Line | None]]] = {}
    for one in filled:
        place, line = (_place(lines, one) if lines is not None else None) or at_end
        behind.setdefault(place, []).append((one.left, one, line))
    parts: list[str] = []
    places: list[int | Box] = []
    last = 0
    for place in sorted(behind):
        parts.append(text[last:place])
        places += range(last, place)
        last = place
        for _left, one, line in sorted(behind[place], key=lambda row: row[0] if row[2] else 0.0):
            written = (
                f"\n{one.text}"
                if line is None
                else _between(text[max(0, place - 1) : place], one.text, text[place : place + 1])
            )
            parts.append(written)
            places += _characters(written, one, line)
    return FilledPage(text_page, [*places, *range(last, len(text))]), "".join([*parts, text[last:]])


def _of_annotation(page: Any, annotation: Any) -> Iterator[Filled]:
    from pypdfium2 import raw

    kind = raw.FPDFAnnot_GetSubtype(annotation)
    box = raw.FS_RECTF()
    if raw.FPDFAnnot_GetFlags(annotation) & _UNSEEN or not raw.FPDFAnnot_GetRect(annotation, box):
        return
    if kind == raw.FPDF_ANNOT_FREETEXT:
        text, is_mark = _string(raw.FPDFAnnot_GetStringValue, annotation, b"Contents"), False
    elif kind == raw.FPDF_ANNOT_WIDGET and page.formenv is not None:
        text, is_mark = _of_field(page.formenv, annotation)
    else:
        return
    if text := " ".join(text.split())[:_LONGEST]:
        yield Filled(text, box.left, box.bottom, box.right, box.top, is_mark)


def _of_field(form: Any, annotation: Any) -> tuple[str, bool]:
    """Return (what stands in a field, whether it is a box)."""
    from pypdfium2 import raw

    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        return _TICKED if raw.FPDFAnnot_IsChecked(form, annotation) else _EMPTY, True
    if kind in (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        count = min(_MOST, raw.FPDFAnnot_GetOptionCount(form, annotation))
        chosen = [place for place in range(count) if raw.FPDFAnnot_IsOptionSelected(form, annotation, place)]
        if chosen:
            labels = (_string(raw.FPDFAnnot_GetOptionLabel, form, annotation, place) for place in chosen)
            return ", ".join(labels), False
    elif kind != raw.FPDF_FORMFIELD_TEXTFIELD or raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & _SECRET:
        return "", False
    return _string(raw.FPDFAnnot_GetFormFieldValue, form, annotation), False


def _string(call: Any, *arguments: Any) -> str:
    from pypdfium2 import raw

    size = call(*arguments, None, 0)  # bytes of UTF-16LE, the closing zero included
    buffer = ctypes.create_string_buffer(size)
    call(*arguments, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")


def _place(lines: PageLines, one: Filled) -> tuple[int, Line | None] | None:
    """Return (index before which it stands, the line that it goes on); None for what has no line."""
    beside = [line for line in lines.within(one.bottom, one.top) if _shared(line, one) >= _SAME_LINE]
    if beside:
        nearest = min(beside, key=lambda line: (_gap(line, one), -line.top))
        return lines.index(nearest, one.left - _TOUCHES, 0.0), nearest
    above = lines.above(one.top - _TOUCHES, _BELOW + 1)
    label = next((line for line in above if line.left < one.right and one.left < line.right), None)
    if label is not None and label.bottom - one.top <= _BELOW * (label.top - label.bottom):
        height = label.top - label.bottom
        return lines.index(label, one.left + height - _TOUCHES, height), label
    return None


def _between(before: str, words: str, behind: str) -> str:
    """Return words with the white space that keeps them apart from the characters beside them."""
    return (" " if before.strip() else "") + words + (" " if behind.strip() else "")


def _shared(line: Line, one: Filled) -> float:
    both = min(line.top, one.top) - max(line.bottom, one.bottom)
    return both / max(0.1, min(line.top - line.bottom, one.top - one.bottom))


def _gap(line: Line, one: Filled) -> float:
    """Return how far a line is from what was filled in: a text stands behind its label, a box before it."""
    if line.left < one.left and one.left < line.right:
        return 0.0
    before, behind = one.left - line.right, line.left - one.right
    if one.is_mark:
        return behind if behind > -_TOUCHES else 2 * abs(before)
    return before if before > -_TOUCHES else 2 * abs(behind)


def _characters(written: str, one: Filled, line: Line | None) -> Iterator[Box]:
    """Yield the box of each character: as high as those of the line that it stands in, and as wide as there is room for."""
    height = line.top - line.bottom if line is not None else min(12.0, one.top - one.bottom)
    base = line.bottom if line is not None else one.top - height
    width = min(0.5 * height, max(0.1, one.right - one.left) / len(written))
    for number in range(len(written)):
        left = one.left + number * width
        yield left, base + height, left + width, base
