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
    written: list[bytes] = []
    place = 0
    opened: list[_Open] = []
    by_id: dict[str, _Counted] = {}
    last: dict[str, _Counted] = {}  # by style
    headings = _Counted()
    boxes = 0  # that are open
    is_deleted = False
    for token in _TOKEN.finditer(content):
        closes, name, is_empty = bool(token[1]), token[2], bool(token[4])
        if name == b"text:tracked-changes":
            is_deleted = not closes and not is_empty
        if is_deleted or name == b"text:tracked-changes":
            continue
        parent = opened[-1] if opened else None
        if name in (b"text:p", b"text:h"):
            if closes:
                continue
            label = ""
            named = _attributes(token[3])
            if parent is not None and parent.name == b"text:list-item":
                if parent.is_waiting:
                    parent.is_waiting = False
                    of_style = levels.get(parent.style, {})
                    parent.counted.next_of(parent.level, of_style, parent.start)
                    if parent.level in of_style:
                        label = parent.counted.label(parent.level, of_style)
            elif name == b"text:h" and not boxes:
                level, of_style = _whole(named.get("text:outline-level", "1")), levels.get(_OUTLINE, {})
                if of_style.get(level, _Level("")).form and named.get("text:is-list-header") != "true":
                    start = _whole(named["text:start-value"]) if "text:start-value" in named else None
                    restarts = named.get("text:restart-numbering") == "true"
                    headings.next_of(
                        level, of_style, of_style[level].start if restarts and start is None else start
                    )
                    label = headings.label(level, of_style)
            if label and not is_empty and not content.startswith(b"</text:", token.end()):
                written += [content[place : token.end()], escape(label, quote=False).encode() + b" "]
                place = token.end()
            continue
        if closes:
            if parent is None or parent.name != name:
                continue
            opened.pop()
            boxes -= name in _BOXES
            is_kept = parent.is_kept
        elif is_empty:
            continue
        else:
            one = _opened(name, _attributes(token[3]), opened, levels, by_id, last)
            opened.append(one)
            boxes += name in _BOXES
            is_kept = one.is_kept
        if not is_kept:
            written.append(content[place : token.start()])
            place = token.end()
    return b"".join([*written, content[place:]])


def _opened(
    name: bytes,
    named: dict[str, str],
    opened: list[_Open],
    levels: dict[str, dict[int, _Level]],
    by_id: dict[str, _Counted],
    last: dict[str, _Counted],
) -> _Open:
    parent = opened[-1] if opened and opened[-1].name not in _BOXES else None
    if name in _BOXES:
        return _Open(name)
    if name == b"text:list":
        style = named.get("text:style-name") or (parent.style if parent is not None else "")
        level = (parent.level if parent is not None else 0) + 1
        if parent is not None:
            counted = parent.counted
        elif (before := named.get("text:continue-list")) in by_id:
            counted = by_id[before or ""]
        elif named.get("text:continue-numbering") == "true" and style in last:
            counted = last[style]
        else:
            counted = _Counted()
        by_id.setdefault(named.get("xml:id", ""), counted)
        if parent is None:
            last[style] = counted
        is_numbered = level in levels.get(style, {})
        is_kept = not is_numbered or (parent is not None and parent.is_kept)
        return _Open(name, style, counted, level, is_kept)
    if parent is None:
        return _Open(name)
    start = _whole(named["text:start-value"]) if "text:start-value" in named else None
    style = named.get("text:style-override") or parent.style
    return _Open(name, style, parent.counted, parent.level, parent.is_kept, name == b"text:list-item", start)


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
