"""What kreuzberg 4.10 loses of the runs of a Word document, written so that it reads it.

A tab joins the words beside it ("Total" and "5.00" become "Total5.00"), a paragraph to which a text box is anchored is read
without its own words, what was moved elsewhere is read at its old place too, and "H₂O" and "10⁶" as "H~2~O" and "10^6^".
"""

from __future__ import annotations

import re

from chatbot_app.knowledge.formats.raised_figures import raised
from chatbot_app.knowledge.formats.word_symbols import symbols_as_text

_END_OF_PARAGRAPH = b"</w:p>"
_LOST = re.compile(
    rb"<w:tab/>|<w:ptab |<w:noBreakHyphen/>|<w:txbxContent[ >]|<w:moveFrom[ >]"
    rb'|<w:vertAlign w:val="(?:super|sub)script"|<w:sym |<w:checkBox>'
)
_TAB = b'<w:t xml:space="preserve"> </w:t>'
_PLACED_TAB = re.compile(rb"<w:ptab [^<>]*/>")  # to the middle or the other edge of the line
_HYPHEN = b"<w:t>-</w:t>"
_MOVED = re.compile(rb"<(/?)(w:moveFrom)(?=>| [^<>]*(?<!/)>)")  # not the mark of a paragraph that was moved
_BOXED = re.compile(rb"<(/?)(mc:AlternateContent|w:pict)(?=[ >])")
_FALLBACK = b"<mc:Fallback"
_BOX = re.compile(rb"<(/?)(w:txbxContent)(?=[ >])")
_DEEPEST = 3  # boxes in boxes
_SUBSCRIPT = re.compile(rb'<w:vertAlign w:val="subscript"\s*/>')
_SUPERSCRIPT = re.compile(
    rb'<w:vertAlign w:val="superscript"\s*/>((?:(?!</w:r>|<w:t[ >]).){0,2000}?<w:t(?: [^<>]*)?>)([^<>]{0,40})',
    re.DOTALL,
)
# The sign of a note stands in brackets; kreuzberg would add "^" on both sides.
_RAISED_NOTE = re.compile(
    rb'<w:vertAlign w:val="superscript"\s*/>(?=(?:(?!</w:r>).){0,300}?<w:(?:foot|end)note(?:Reference|Ref)\b)',
    re.DOTALL,
)
# A box of an older form: what is ticked stands in the description of the field, and nothing in the text.
_CHECK_BOX = re.compile(
    rb"<w:fldChar\b(?:(?!</?w:fldChar\b).){0,500}?<w:checkBox>((?:(?!</w:checkBox>).){0,500}?)</w:checkBox>"
    rb"(?:(?!<w:fldChar\b).){0,500}?</w:fldChar>",
    re.DOTALL,
)
_TICKED = re.compile(rb'<w:(checked|default)(?: w:val="(\w+)")?\s*/>')
_TEXT_BEFORE = re.compile(rb">([^<>]*)</w:t>")
_BACK = 2000  # bytes


def has_lost(document: bytes) -> bool:
    """Whether a part of a document has anything of this."""
    return _LOST.search(document) is not None


def with_lost(document: bytes) -> bytes:
    """Return a part of a document in which all of it is plain text of paragraphs."""
    document = _without_boxes(_without_moved(document), 0)
    document = _CHECK_BOX.sub(_box_of, symbols_as_text(document))
    document = (
        _PLACED_TAB.sub(_TAB, document).replace(b"<w:tab/>", _TAB).replace(b"<w:noBreakHyphen/>", _HYPHEN)
    )
    return _SUPERSCRIPT.sub(_raised, _RAISED_NOTE.sub(b"", _SUBSCRIPT.sub(b"", document)))


def _without_moved(document: bytes) -> bytes:
    """Return a part without what has been moved elsewhere."""
    written: list[bytes] = []
    place = 0
    for start, end in _outermost(_MOVED, document):
        written.append(document[place:start])
        place = end
    return b"".join([*written, document[place:]])


def _without_boxes(document: bytes, depth: int) -> bytes:
    """Return a part whose text boxes stand behind the paragraphs to which they are anchored."""
    written: list[bytes] = []
    waiting: list[bytes] = []
    place = 0
    for start, end in _outermost(_BOXED, document):
        block = document[start:end]
        if depth >= _DEEPEST or b"<w:txbxContent" not in block:
            continue
        place = _write(document, place, start, written, waiting)
        fallback = block.rfind(_FALLBACK)
        newest = block[:fallback] if fallback > 0 and b"<w:txbxContent" in block[:fallback] else block
        for begin, stop in _outermost(_BOX, newest):
            inner = newest[newest.find(b">", begin) + 1 : newest.rfind(b"<", begin, stop)]
            waiting.append(_without_boxes(inner, depth + 1))
        place = end
    _write(document, place, len(document), written, waiting)
    return b"".join(written)


def _write(document: bytes, place: int, stop: int, written: list[bytes], waiting: list[bytes]) -> int:
    """Write what stands before `stop`, with the boxes that wait behind the paragraph that ends first; return `stop`."""
    end = document.find(_END_OF_PARAGRAPH, place, stop) if waiting else -1
    if end >= 0:
        end += len(_END_OF_PARAGRAPH)
        written += [document[place:end], *waiting]
        waiting.clear()
        place = end
    written.append(document[place:stop])
    return stop


def _outermost(element: re.Pattern[bytes], document: bytes) -> list[tuple[int, int]]:
    """Return (start, end) of elements that stand in no other; `element` finds where they begin and end."""
    found: list[tuple[int, int]] = []
    opened: list[tuple[bytes, int]] = []
    for tag in element.finditer(document):
        name = tag[2]
        if not tag[1]:
            opened.append((name, tag.start()))
        elif opened and opened[-1][0] == name:
            start = opened.pop()[1]
            if not opened:
                found.append((start, document.find(b">", tag.end()) + 1))
    return found


def _box_of(field: re.Match[bytes]) -> bytes:
    """Return a box instead of where its field begins: what stands in a field would be left out."""
    said = {found[1]: found[2] not in (b"0", b"false", b"off") for found in _TICKED.finditer(field[1])}
    box = "\u2612 " if said.get(b"checked", said.get(b"default", False)) else "\u2610 "
    return b'<w:t xml:space="preserve">' + box.encode() + b"</w:t>"


def _raised(run: re.Match[bytes]) -> bytes:
    before = _TEXT_BEFORE.findall(run.string[max(0, run.start() - _BACK) : run.start()])
    words = raised(run[2].decode("utf-8", "replace"), before[-1].decode("utf-8", "replace") if before else "")
    return run[1] + words.encode()
