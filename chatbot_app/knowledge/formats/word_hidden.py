"""Text that a Word document hides (w:vanish, its own or that of its style). kreuzberg 4.10 reads it, though nobody sees it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TOKEN = re.compile(rb"<(/?)w:(pPrChange|rPrChange|p|r|t|vanish|pStyle|rStyle)(?=[ />])([^<>]*?)(/?)>")
_VALUE = re.compile(rb'\bw:val="([^"<>]*)"')
_FIELD = re.compile(rb"<w:fldChar\b[^<>]*/>")  # whoever reads the document needs to see where fields end
_OFF = (b"0", b"false", b"off")
_DEEPEST = 20  # styles that are based on others


@dataclass(slots=True)
class _Paragraph:
    start: int = -1
    style_hides: bool = False
    mark: bool | None = None  # whether its own properties hide its mark
    is_seen: bool = False  # any of its words
    hidden: list[tuple[int, int]] = field(default_factory=list)  # its runs


@dataclass(slots=True)
class _Run:
    start: int
    style_hides: bool = False
    own: bool | None = None
    has_words: bool = False


def hiding_styles(styles: bytes) -> frozenset[bytes]:
    """Return the ids of the styles that hide their text, those that are based on them included."""
    if b"<w:vanish" not in styles:
        return frozenset()
    try:
        root = ElementTree.fromstring(styles)
    except (ElementTree.ParseError, RecursionError):
        return frozenset()
    own: dict[str, bool] = {}
    bases: dict[str, str] = {}
    for style in root.iter(f"{_W}style"):
        name = style.get(f"{_W}styleId", "")
        base, vanish = style.find(f"{_W}basedOn"), style.find(f"{_W}rPr/{_W}vanish")
        bases[name] = base.get(f"{_W}val", "") if base is not None else ""
        if vanish is not None:
            own[name] = vanish.get(f"{_W}val", "1").encode() not in _OFF
    return frozenset(name.encode() for name in bases if _hides(name, own, bases))


def _hides(name: str, own: dict[str, bool], bases: dict[str, str]) -> bool:
    for _step in range(_DEEPEST):
        if name in own:
            return own[name]
        name = bases.get(name, "")
    return False


def has_hidden(parts: Iterable[bytes], hiding: Collection[bytes]) -> bool:
    """Whether parts of a document hide anything."""
    return any(
        b"<w:vanish" in part or any(b'Style w:val="%b"' % name in part for name in hiding) for part in parts
    )


def without_hidden(part: bytes, hiding: Collection[bytes]) -> bytes:
    """Return a part of a document without its hidden runs; paragraphs that are hidden as a whole are empty and have no number.

    `hiding` are the styles that hide. What a run says itself counts most; a style of characters within one of paragraphs
    that also hides shows again (ECMA-376, 17.7.3).
    """
    written: list[bytes] = []
    place = 0
    for start, end, instead in _cuts(part, hiding):
        written += [part[place:start], instead]
        place = end
    return b"".join([*written, part[place:]])


def _cuts(part: bytes, hiding: Collection[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Yield (start, end, what stands there instead) of what is hidden, in order."""
    reader = _ParagraphReader(hiding)
    was = False  # within what properties were before a change
    for token in _TOKEN.finditer(part):
        if token[2].endswith(b"PrChange"):
            was = not token[1] and not token[4]
        elif not was and (ended := reader.take(token)) is not None:
            yield from _of_paragraph(part, ended, token.end())


class _ParagraphReader:
    """Reads a part of a document tag by tag: which paragraph it is in, and what of its runs is hidden.

    Runs within runs (of drawings) count as the outermost, and paragraphs within them as none.
    """

    def __init__(self, hiding: Collection[bytes]) -> None:
        self._hiding = hiding
        self._paragraph = _Paragraph()
        self._runs: list[_Run] = []  # that are open

    def take(self, token: re.Match[bytes]) -> _Paragraph | None:
        """Read the next tag, a match of `_TOKEN`; return the paragraph that it ends."""
        name, closes, is_empty = token[2], bool(token[1]), bool(token[4])
        if name == b"p" and not is_empty:
            return self._take_paragraph(token.start(), closes=closes)
        if name == b"r" and not is_empty:
            if closes:
                self._end_run(token.end())
            else:
                self._runs.append(_Run(token.start()))
        elif self._runs:
            self._take_in_run(name, token[3])
        elif name == b"pStyle":
            self._paragraph.style_hides = _value(token[3]) in self._hiding
        elif name == b"vanish":
            self._paragraph.mark = _value(token[3]) not in _OFF
        return None

    def _take_paragraph(self, start: int, *, closes: bool) -> _Paragraph | None:
        if self._runs:
            return None
        before, self._paragraph = self._paragraph, _Paragraph() if closes else _Paragraph(start)
        return before if closes else None

    def _end_run(self, end: int) -> None:
        run = self._runs.pop() if self._runs else None
        if run is None or self._runs:
            return
        paragraph = self._paragraph
        if run.own if run.own is not None else run.style_hides != paragraph.style_hides:
            paragraph.hidden.append((run.start, end))
        else:
            paragraph.is_seen = paragraph.is_seen or run.has_words

    def _take_in_run(self, name: bytes, attributes: bytes) -> None:
        if name == b"t":
            self._runs[0].has_words = True
        elif name == b"rStyle" and len(self._runs) == 1:
            self._runs[0].style_hides = _value(attributes) in self._hiding
        elif name == b"vanish" and len(self._runs) == 1:
            self._runs[0].own = _value(attributes) not in _OFF


def _of_paragraph(part: bytes, paragraph: _Paragraph, end: int) -> Iterator[tuple[int, int, bytes]]:
    mark = paragraph.mark if paragraph.mark is not None else paragraph.style_hides
    if mark and paragraph.hidden and not paragraph.is_seen and paragraph.start >= 0:
        yield paragraph.start, end, b"<w:p></w:p>"
        return
    for start, stop in paragraph.hidden:
        yield start, stop, b"<w:r>%b</w:r>" % b"".join(_FIELD.findall(part, start, stop))


def _value(attributes: bytes) -> bytes:
    found = _VALUE.search(attributes)
    return found[1] if found is not None else b""
