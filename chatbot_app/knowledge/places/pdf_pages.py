"""A page of a PDF as a picture, and where on it a passage stands."""

from __future__ import annotations

import contextlib
import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from chatbot_app.core.errors import AppError
from chatbot_app.knowledge.formats.pdf_text import mend_ligatures
from chatbot_app.knowledge.words.letters import FIRST_IDEOGRAPH, letters_of, plain_letters

MAX_PIXELS = (
    8_400_000  # of one picture, 34 MB: a screen of 3840 × 2160; a poster is drawn smaller, or in parts
)
_LONG_RUN = 8  # words in a row that are hardly on a page by chance
_SHARE = 0.5  # of the passage's words, where no run is as long
_FEWEST = 3
_MOST_WORDS = 6_000  # of a page; more is a data dump, searched by its whole text alone


class PageNotDrawn(AppError):
    """The page of a PDF cannot be drawn."""

    summary_template = "Page {page} of “{name}” cannot be drawn: {detail}"
    next_step_template = "The stored text is shown instead."


@dataclass(frozen=True, slots=True)
class PageBox:
    """A rectangle on a page; its edges as shares of the page's width and height, from the top left."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as pixels: rows of `width` times 4 bytes (blue, green, red, unused), `height` of them.

    `number` counts from 1 of `count`; `boxes` is where the passage stands, empty where it was not found.
    `across` and `down` are the size of the page in points (1/72 inch). With `has_sentence` the boxes are those
    of a sentence, and `around` those of its passage.
    """

    pixels: bytes
    width: int
    height: int
    number: int
    count: int
    boxes: tuple[PageBox, ...]
    across: float = 0.0
    down: float = 0.0
    around: tuple[PageBox, ...] = ()
    has_sentence: bool = False


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """A part of a page as pixels, as in DrawnPage; `place` is where on the page it lies."""

    pixels: bytes
    width: int
    height: int
    place: PageBox


def draw_page(path: Path, number: int, width: int, passage: str, sentence: str = "") -> DrawnPage:
    """Return page `number` (from 1), `width` pixels wide, and where `passage` stands on it.

    With a `sentence` of the passage, where that stands, as far as it is found.
    PDFium is not made for several threads: call this from one thread at a time. Raises PageNotDrawn.
    """
    with _opened_page(path, number) as (document, page):
        across, down = page.get_size()
        scale = min(width / across, (MAX_PIXELS / (across * down)) ** 0.5)
        pixels, wide, high = _render(page, scale, (0.0, 0.0, 0.0, 0.0))
        boxes = _boxes_of(page, passage)
        exact = _boxes_of(page, sentence) if sentence else ()
        around = boxes if exact else ()
        drawn = DrawnPage(pixels, wide, high, number, len(document), exact or boxes, across, down)
        return replace(drawn, around=around, has_sentence=bool(exact))


def draw_part(path: Path, number: int, pixels_across: float, place: PageBox) -> DrawnPart:
    """Return a part of page `number` (from 1), as it is where the whole page is `pixels_across` wide.

    It is coarser where it would have more than MAX_PIXELS. From one thread at a time; raises PageNotDrawn.
    """
    with _opened_page(path, number) as (_, page):
        across, down = page.get_size()
        area = (place.right - place.left) * across * (place.bottom - place.top) * down
        scale = min(pixels_across / across, (MAX_PIXELS / area) ** 0.5)
        cut = (
            place.left * across,
            (1 - place.bottom) * down,
            (1 - place.right) * across,
            place.top * down,
        )
        pixels, width, height = _render(page, scale, cut)
        # PDFium works in whole pixels: where the part really begins and ends.
        whole = math.ceil(across * scale), math.ceil(down * scale)
        left, top = math.ceil(cut[0] * scale), math.ceil(cut[3] * scale)
        drawn = PageBox(left / whole[0], top / whole[1], (left + width) / whole[0], (top + height) / whole[1])
        return DrawnPart(pixels, width, height, drawn)


@contextlib.contextmanager
def _opened_page(path: Path, number: int) -> Iterator[tuple[Any, Any]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, OSError, ValueError) as exc:
        raise PageNotDrawn(page=number, name=path.name, detail=str(exc)) from exc
    try:
        count = len(document)
        if not 1 <= number <= count:
            raise PageNotDrawn(page=number, name=path.name, detail=f"the file has {count} pages")
        yield document, document[number - 1]
    except (pypdfium2.PdfiumError, ZeroDivisionError, MemoryError) as exc:
        raise PageNotDrawn(page=number, name=path.name, detail=str(exc)) from exc
    finally:
        document.close()


def _render(page: Any, scale: float, cut: tuple[float, float, float, float]) -> tuple[bytes, int, int]:
    """Return (pixels, width, height); `cut` is left out at the left, bottom, right and top, in points."""
    from pypdfium2 import raw

    bitmap = page.render(scale=scale, crop=cut, rev_byteorder=False, force_bitmap_format=raw.FPDFBitmap_BGRx)
    pixels = bytes(bitmap.buffer)
    if bitmap.stride != bitmap.width * 4:
        rows = (
            pixels[row * bitmap.stride : row * bitmap.stride + bitmap.width * 4]
            for row in range(bitmap.height)
        )
        pixels = b"".join(rows)
    return pixels, bitmap.width, bitmap.height


def find_passage(page: Sequence[str], passage: str) -> list[int]:
    """Return the indices of those characters of a page that belong to a passage, [] where it is not there.

    Only letters and digits are compared, so that white space, hyphens at line ends, ligatures and the
    marks of a table do not matter. Where the whole passage is not there, runs of its words are.
    """
    letters, places = letters_of("".join(page))
    wanted, _ = letters_of(passage)
    if not wanted:
        return []
    start = letters.find(wanted)
    if start >= 0:
        return _without_repeats(places[start : start + len(wanted)].tolist())
    words, spans = _words(page)
    wanted_words, _ = _words(passage)
    if len(words) > _MOST_WORDS:
        return []
    matcher = SequenceMatcher(None, words, wanted_words, autojunk=False)
    runs = [run for run in matcher.get_matching_blocks() if run.size >= _FEWEST]
    matched = sum(run.size for run in runs)
    longest = max((run.size for run in runs), default=0)
    if longest < _LONG_RUN and matched < _SHARE * len(wanted_words):
        return []
    return [
        index for run in runs for start, end in spans[run.a : run.a + run.size] for index in range(start, end)
    ]


def _words(characters: Iterable[str]) -> tuple[list[str], list[tuple[int, int]]]:
    """Return words in one form, and for each the range of characters it came from."""
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    word: list[str] = []
    begin = index = 0
    for index, character in enumerate(characters):
        letters = plain_letters(character)
        if word and unicodedata.combining(character):
            continue  # an accent of the letter before
        alone = ord(character) >= FIRST_IDEOGRAPH
        if word and (alone or not letters):
            words.append("".join(word))
            spans.append((begin, index))
            word = []
        if letters and alone:
            words.append("".join(letters))
            spans.append((index, index + 1))
        elif letters:
            begin = begin if word else index
            word += letters
    if word:
        words.append("".join(word))
        spans.append((begin, index + 1))
    return words, spans


def _without_repeats(places: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(places))


def _boxes_of(page: Any, passage: str) -> tuple[PageBox, ...]:
    from pypdfium2 import raw

    text = page.get_textpage()
    try:
        count = text.count_chars()
        # In the same form as the stored text; one character stays one.
        characters = list(
            mend_ligatures("".join(chr(raw.FPDFText_GetUnicode(text, index)) for index in range(count)))
        )
        boxes = []
        for start, length in _runs(find_passage(characters, passage), characters):
            for number in range(text.count_rects(start, length)):
                boxes.append(_box(page, text.get_rect(number)))
        return tuple(box for box in boxes if box.right > box.left and box.bottom > box.top)
    finally:
        text.close()


def _runs(indices: Sequence[int], characters: Sequence[str]) -> list[tuple[int, int]]:
    """Return (start, length) of the runs of characters that differ by what is no letter at most."""
    runs: list[tuple[int, int]] = []
    for index in indices:
        if runs:
            start, length = runs[-1]
            between = characters[start + length : index]
            if not any(character.isalnum() for character in between):
                runs[-1] = (start, index + 1 - start)
                continue
        runs.append((index, 1))
    return runs


_GRID = 100_000  # PDFium answers in whole device pixels; this many make its answer exact enough


def _box(page: Any, rectangle: tuple[float, float, float, float]) -> PageBox:
    from ctypes import byref, c_int

    from pypdfium2 import raw

    left, bottom, right, top = rectangle
    shares = []
    for x, y in ((left, top), (right, bottom)):
        across, down = c_int(), c_int()
        raw.FPDF_PageToDevice(page, 0, 0, _GRID, _GRID, 0, x, y, byref(across), byref(down))
        shares.append((across.value / _GRID, down.value / _GRID))
    (x0, y0), (x1, y1) = shares
    return PageBox(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
