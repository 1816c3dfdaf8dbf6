"""Numbers of the paragraphs of an OpenDocument text, as words before them: clauses ("5.2", "(b)") and headings.

The file keeps how it counts and not the numbers; kreuzberg 4.10 reads every list as one of bullets. Counted as in OpenDocument
1.3, part 3, 5.3 and 16.30 to 16.32; bullets stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape, unescape

_STYLE = re.compile(
    rb"<(/?)text:(list-style|outline-style)\b([^<>]*)>"
    rb"|<text:(?:list-level-style-(number|bullet|image)|outline-(level)-style)\b([^<>]*)>"
)
_TOKEN = re.compile(
    rb"<(/?)(text:list-item|text:list-header|text:list|text:p|text:h|draw:text-box|text:note-body|text:tracked-changes)"
    rb"(?=[ />])([^<>]*?)(/?)>"
)
_ATTRIBUTE = re.compile(rb'([\w:\-]+)="([^"<>]*)"')
_PLACE = re.compile(r"%(\d\d?)%")
_MOST_LEVELS = 10
_BOXES = (b"draw:text-box", b"text:note-body")
_OUTLINE = "outline"
_MOST_LETTERS = 780
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    before: str = ""
    after: str = ""
    shown: int = 1  # how many levels
    start: int = 1
    pattern: str = ""  # "%1%.%2%" of newer LibreOffice
    doubles: bool = False  # "aa", "bb" after "z"


@dataclass(slots=True)
class _Counted:
    """A list, and those that go on with its numbers."""

    counts: dict[int, int] = field(default_factory=dict)

    def next_of(self, level: int, levels: dict[int, _Level], start: int | None) -> None:
        known = levels.get(level)
        first = start if start is not None else known.start if known is not None else 1
        self.counts[level] = first if start is not None else self.counts.get(level, first - 1) + 1
        for lower in [lower for lower in self.counts if lower > level]:
            del self.counts[lower]

    def label(self, level: int, levels: dict[int, _Level]) -> str:
        this = levels[level]

        def number(of: int) -> str:
            one = levels.get(of)
            return _written(self.counts.get(of, one.start), one) if one is not None else ""

        if this.pattern:
            return _PLACE.sub(lambda place: number(int(place[1])), this.pattern).strip()
        numbers = [number(of) for of in range(max(1, level - this.shown + 1), level + 1)]
        return f"{this.before}{'.'.join(filter(None, numbers))}{this.after}".strip()


@dataclass(slots=True)
class _Open:
    """An element that is open: a list, an item or a box."""

    name: bytes
    style: str = ""
    counted: _Counted = field(default_factory=_Counted)
    level: int = 0
    is_kept: bool = True  # its tags
    is_waiting: bool = False  # an item whose first paragraph comes
    start: int | None = None


def with_numbers(content: bytes, styles: bytes) -> bytes:
    """Return the content of a document with the number of each paragraph as its first words; numbered lists are none any more."""
    levels = _levels(styles) | _levels(content)
    if not any(one.form for name in levels for one in levels[name].values()):
        return content
    numbering = _Numbering(levels)
    written: list[bytes] = []
    place = 0
    is_deleted = False
    for token in _TOKEN.finditer(content):
        closes, name, is_empty = bool(token[1]), token[2], bool(token[4])
        if name == b"text:tracked-changes":
            is_deleted = not closes and not is_empty
        if is_deleted or name == b"text:tracked-changes":
            continue
        if name in (b"text:p", b"text:h"):
            label = "" if closes else numbering.label(name, _attributes(token[3]))
            if label and not is_empty and not content.startswith(b"</text:", token.end()):
                written += [content[place : token.end()], escape(label, quote=False).encode() + b" "]
                place = token.end()
            continue
        if closes:
            is_kept = numbering.close(name)
        else:
            is_kept = is_empty or numbering.open(name, _attributes(token[3]))
        if not is_kept:
            written.append(content[place : token.start()])
            place = token.end()
    return b"".join([*written, content[place:]])


class _Numbering:
    """Where a text stands: the lists, items and boxes that are open, and how far each list and the headings are counted."""

    def __init__(self, levels: dict[str, dict[int, _Level]]) -> None:
        self._levels = levels
        self._opened: list[_Open] = []
        self._by_id: dict[str, _Counted] = {}
        self._last: dict[str, _Counted] = {}  # by style
        self._headings = _Counted()
        self._boxes = 0  # that are open

    def label(self, name: bytes, named: dict[str, str]) -> str:
        """Return the number of a paragraph or a heading that begins, "" where it has none."""
        parent = self._opened[-1] if self._opened else None
        if parent is not None and parent.name == b"text:list-item":
            return self._label_of_item(parent)
        return self._label_of_heading(named) if name == b"text:h" and not self._boxes else ""

    def _label_of_item(self, item: _Open) -> str:
        if not item.is_waiting:
            return ""
        item.is_waiting = False
        levels = self._levels.get(item.style, {})
        item.counted.next_of(item.level, levels, item.start)
        return item.counted.label(item.level, levels) if item.level in levels else ""

    def _label_of_heading(self, named: dict[str, str]) -> str:
        level, levels = _whole(named.get("text:outline-level", "1")), self._levels.get(_OUTLINE, {})
        if not levels.get(level, _Level("")).form or named.get("text:is-list-header") == "true":
            return ""
        start = _whole(named["text:start-value"]) if "text:start-value" in named else None
        if start is None and named.get("text:restart-numbering") == "true":
            start = levels[level].start
        self._headings.next_of(level, levels, start)
        return self._headings.label(level, levels)

    def open(self, name: bytes, named: dict[str, str]) -> bool:
        """Begin a list, an item or a box; return whether its tag is kept."""
        one = self._begun(name, named)
        self._opened.append(one)
        self._boxes += name in _BOXES
        return one.is_kept

    def close(self, name: bytes) -> bool:
        """End what is open, if it is called so; return whether its tag is kept."""
        if not self._opened or self._opened[-1].name != name:
            return True
        self._boxes -= name in _BOXES
        return self._opened.pop().is_kept

    def _begun(self, name: bytes, named: dict[str, str]) -> _Open:
        parent = self._opened[-1] if self._opened and self._opened[-1].name not in _BOXES else None
        if name in _BOXES:
            return _Open(name)
        if name == b"text:list":
            return self._list_begun(named, parent)
        if parent is None:
            return _Open(name)
        start = _whole(named["text:start-value"]) if "text:start-value" in named else None
        style = named.get("text:style-override") or parent.style
        is_item = name == b"text:list-item"
        return _Open(name, style, parent.counted, parent.level, parent.is_kept, is_item, start)

    def _list_begun(self, named: dict[str, str], parent: _Open | None) -> _Open:
        style = named.get("text:style-name") or (parent.style if parent is not None else "")
        level = (parent.level if parent is not None else 0) + 1
        if parent is not None:
            counted = parent.counted
        elif (before := named.get("text:continue-list")) in self._by_id:
            counted = self._by_id[before or ""]
        elif named.get("text:continue-numbering") == "true" and style in self._last:
            counted = self._last[style]
        else:
            counted = _Counted()
        self._by_id.setdefault(named.get("xml:id", ""), counted)
        if parent is None:
            self._last[style] = counted
        is_numbered = level in self._levels.get(style, {})
        is_kept = not is_numbered or (parent is not None and parent.is_kept)
        return _Open(b"text:list", style, counted, level, is_kept)


def _levels(part: bytes) -> dict[str, dict[int, _Level]]:
    """Return the levels of each style of lists that are numbered; those of bullets are missing."""
    found: dict[str, dict[int, _Level]] = {}
    levels: dict[int, _Level] = {}
    for token in _STYLE.finditer(part):
        if token[2] is not None:
            levels = {}
            if not token[1]:
                name = (
                    _OUTLINE if token[2] == b"outline-style" else _attributes(token[3]).get("style:name", "")
                )
                found[name] = levels
        elif token[4] == b"number" or token[5] is not None:
            named = _attributes(token[6])
            level = _whole(named.get("text:level", "0"))
            if 1 <= level <= _MOST_LEVELS:
                form = named.get("style:num-format", "")
                pattern = named.get("loext:num-list-format", "") if form else ""
                levels[level] = _Level(
                    form,
                    named.get("style:num-prefix", ""),
                    named.get("style:num-suffix", ""),
                    min(_MOST_LEVELS, _whole(named.get("text:display-levels", "1"))),
                    _whole(named.get("text:start-value", "1")),
                    pattern,
                    named.get("style:num-letter-sync") == "true",
                )
    return found


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode("ascii", "replace"): unescape(value.decode("utf-8", "replace"))
        for name, value in _ATTRIBUTE.findall(tag)
    }


def _written(number: int, level: _Level) -> str:
    form = level.form
    if form in ("a", "A") and 0 < number <= _MOST_LETTERS:
        rest, last = divmod(number - 1, 26)
        letter = chr(ord("a") + last)
        letters = (
            letter * (rest + 1)
            if level.doubles
            else ((chr(ord("a") + (rest - 1) % 26) if rest else "") + letter)
        )
    elif form in ("i", "I") and 0 < number < 4000:
        letters = ""
        for value, sign in _ROMAN:
            letters += sign * (number // value)
            number %= value
    else:
        return str(number) if form else ""
    return letters.upper() if form.isupper() else letters


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 6 else 0
