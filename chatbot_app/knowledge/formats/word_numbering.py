"""Numbers of the paragraphs of a Word document, as words before them: clauses ("5.2", "(b)"), headings, lists by a style.

Word keeps how it counts and not the numbers; kreuzberg 4.10 counts all levels as one list ("12." for "3.", "13." for "3.1") and leaves
out the numbers of styles, so that no clause is what another one calls it. Counted as in ECMA-376, 17.9; bullets stay as they are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VALUE, _ID, _LEVEL = f"{_W}val", f"{_W}numId", f"{_W}ilvl"
_PARAGRAPH = re.compile(rb"<w:p(?: [^<>]*)?(?<!/)>\s*<w:pPr>")
_END_OF_PROPERTIES, _CHANGE, _CHANGED = b"</w:pPr>", b"<w:pPrChange", b"</w:pPrChange>"
_STYLE = re.compile(rb'<w:pStyle [^<>]*?w:val="([^"<>]*)"')
_OWN = re.compile(rb"<w:numPr>(.*?)</w:numPr>", re.DOTALL)
_OWN_LEVEL, _OWN_ID = (re.compile(rb'<w:%b [^<>]*?w:val="(\d{1,9})"' % name) for name in (b"ilvl", b"numId"))
_WORDS = re.compile(rb"<w:t[ >]")
_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9
_DEEPEST = 20  # styles that are based on others
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"))
_SMALL_ROMAN = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MOST_ROMAN, _MOST_LETTERS = 3999, 780  # Word writes "aa", "bb" … after "z"


@dataclass(frozen=True, slots=True)
class _Level:
    kind: str = "decimal"
    text: str = ""
    start: int = 1
    style: str = ""
    restarts: bool = True
    is_legal: bool = False  # all numbers as figures


@dataclass(slots=True)
class _List:
    """What paragraphs of one number (w:num) are counted with; lists of the same kind count on."""

    levels: dict[int, _Level]
    counts: dict[int, int]
    begins: dict[int, int] = field(default_factory=dict)  # what it begins with anew, by level


def with_numbers(document: bytes, numbering: bytes, styles: bytes) -> bytes:
    """Return the main part with the number of each paragraph as its first words; as it is where nothing can be counted."""
    try:
        lists = _lists(ElementTree.fromstring(numbering), of_styles := _styles(styles))
    except (ElementTree.ParseError, RecursionError):
        return document
    written: list[bytes] = []
    place = 0
    for paragraph in _PARAGRAPH.finditer(document):
        end = _end_of_properties(document, paragraph.end())
        if paragraph.start() < place or end < 0:
            continue
        properties, changed, _before = document[paragraph.end() : end].partition(_CHANGE)
        known = _known(properties, lists, of_styles)
        label = _counted(*known) if known is not None else None
        if label is None and not changed:  # kreuzberg would count what a paragraph was before it was changed
            continue
        stop = document.find(b"</w:p>", end)
        own = _OWN.sub(b"", properties) if label is not None else properties
        written += [document[place : paragraph.end()], own, _END_OF_PROPERTIES]
        if label and _WORDS.search(document, end, stop if stop >= 0 else len(document)):
            words = html.escape(label, quote=False).encode()
            written.append(b'<w:r><w:t xml:space="preserve">' + words + b" </w:t></w:r>")
        place = end + len(_END_OF_PROPERTIES)
    return b"".join([*written, document[place:]])


def _end_of_properties(document: bytes, start: int) -> int:
    """Return where the properties of a paragraph end, those that it had before they were changed included; -1 if nowhere."""
    end = document.find(_END_OF_PROPERTIES, start)
    if end >= 0 and _CHANGE in document[start:end]:
        changed = document.find(_CHANGED, end)
        return document.find(_END_OF_PROPERTIES, changed) if changed >= 0 else -1
    return end


def _known(
    properties: bytes, lists: dict[int, _List], of_styles: dict[str, tuple[int, int]]
) -> tuple[_List, int] | None:
    """Return the list and level of a paragraph."""
    style = _STYLE.search(properties)
    name = style[1].decode("utf-8", "replace") if style is not None else ""
    number, level = of_styles.get(name, (0, 0))
    if (own := _OWN.search(properties)) is not None:
        own_id, own_level = _OWN_ID.search(own[1]), _OWN_LEVEL.search(own[1])
        number = int(own_id[1]) if own_id is not None else number
        level = int(own_level[1]) if own_level is not None else level if own_id is None else 0
        found = lists.get(number)
    elif (found := lists.get(number)) is not None:
        level = next((place for place, one in found.levels.items() if one.style == name), level)
    return (found, level) if found is not None and level in found.levels else None


def _counted(counted: _List, level: int) -> str | None:
    """Count a paragraph and return its number; None for bullets."""
    this = counted.levels[level]
    if this.kind == "bullet":
        return None
    counts = counted.counts
    begin = counted.begins.pop(level, None)
    counts[level] = begin if begin is not None else counts.get(level, this.start - 1) + 1
    for lower in [lower for lower in counts if lower > level]:
        if lower in counted.levels and counted.levels[lower].restarts:
            del counts[lower]

    def written(place: re.Match[str]) -> str:
        which = int(place[1]) - 1
        one = counted.levels.get(which, _Level())
        number = counts.setdefault(which, one.start) if which < level else counts.get(which, one.start)
        return _written(number, "decimal" if this.is_legal and which < level else one.kind)

    return "" if this.kind == "none" else _PLACE.sub(written, this.text).strip()


def _written(number: int, kind: str) -> str:
    match kind:
        case "lowerLetter" | "upperLetter" if 0 < number <= _MOST_LETTERS:
            letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        case "lowerRoman" | "upperRoman" if 0 < number <= _MOST_ROMAN:
            letters = ""
            for value, sign in (*_ROMAN, *_SMALL_ROMAN):
                letters += sign * (number // value)
                number %= value
        case "decimalZero":
            return f"{number:02}"
        case "none" | "bullet":
            return ""
        case _:
            return str(number)
    return letters.upper() if kind.startswith("upper") else letters


def _lists(numbering: ElementTree.Element, of_styles: dict[str, tuple[int, int]]) -> dict[int, _List]:
    kinds: dict[str, dict[int, _Level]] = {}
    links: dict[str, str] = {}
    for kind in numbering.iter(f"{_W}abstractNum"):
        name = kind.get(f"{_W}abstractNumId", "")
        kinds[name] = dict(_levels(kind))
        if (link := kind.find(f"{_W}numStyleLink")) is not None:
            links[name] = link.get(_VALUE, "")
    of_number = {_whole(one.get(_ID)): _value(one, "abstractNumId", "") for one in numbering.iter(f"{_W}num")}
    counts: dict[str, dict[int, int]] = {}
    lists: dict[int, _List] = {}
    for one in numbering.iter(f"{_W}num"):
        name = _value(one, "abstractNumId", "")
        if name in links:  # of a style of lists: that of its own number
            name = of_number.get(of_styles.get(links[name], (0, 0))[0], name)
        made = _List(dict(kinds.get(name, {})), counts.setdefault(name, {}))
        for override in one.iter(f"{_W}lvlOverride"):
            level = _whole(override.get(_LEVEL))
            made.levels.update(_levels(override))
            if (start := override.find(f"{_W}startOverride")) is not None and level in made.levels:
                made.begins[level] = _whole(start.get(_VALUE))
                made.levels[level] = replace(made.levels[level], start=made.begins[level])
        lists[_whole(one.get(_ID))] = made
    lists.pop(0, None)  # means none
    return lists


def _levels(parent: ElementTree.Element) -> Iterator[tuple[int, _Level]]:
    for level in parent.iter(f"{_W}lvl"):
        number = _whole(level.get(_LEVEL))
        if number < _LEVELS:
            legal = level.find(f"{_W}isLgl")
            yield (
                number,
                _Level(
                    _value(level, "numFmt", "decimal"),
                    _value(level, "lvlText", ""),
                    _whole(_value(level, "start", "0")),
                    _value(level, "pStyle", ""),
                    _value(level, "lvlRestart", "") != "0",
                    legal is not None and legal.get(_VALUE, "1") not in ("0", "false"),
                ),
            )


def _styles(styles: bytes) -> dict[str, tuple[int, int]]:
    """Return (number, level) of the styles that number their paragraphs, those that are based on them included."""
    found: dict[str, tuple[int, int]] = {}
    bases: dict[str, str] = {}
    if not styles:
        return found
    for style in ElementTree.fromstring(styles).iter(f"{_W}style"):
        name = style.get(f"{_W}styleId", "")
        bases[name] = _value(style, "basedOn", "")
        own = style.find(f"{_W}pPr/{_W}numPr")
        if own is not None and own.find(f"{_W}numId") is not None:
            found[name] = _whole(_value(own, "numId", "0")), _whole(_value(own, "ilvl", "0"))
    for name in bases:
        base = name
        for _step in range(_DEEPEST):
            if base in found:
                found.setdefault(name, found[base])
                break
            base = bases.get(base, "")
    return found


def _value(parent: ElementTree.Element, name: str, default: str) -> str:
    child = parent.find(f"{_W}{name}")
    return child.get(_VALUE, default) if child is not None else default


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) <= 9 else 0
