"""Lists of terms of HTML ("<dl>"): a short term and what is said of it on one line, as a page shows them beside each other.

Who reads the page leaves each on a line of its own, so that "€ 95" stands between "Students" and "Excursion".
"""

from __future__ import annotations

import re

_LIST = re.compile(r"<(/?)dl\b[^<>]*>", re.IGNORECASE)
_PART = re.compile(r"<(/?)(d[td])\b[^<>]*>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</?(?:p|div)\b[^<>]*>", re.IGNORECASE)
# More than words on a line: what is said of the term is a text of its own.
_BLOCK = re.compile(r"<(?:p|div|ul|ol|dl|table|pre|blockquote|h[1-6]|section|figure|img|hr)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_LONGEST = 160  # characters of a term, or of what is said of it
_MOST = 400  # parts of a list
_ENDS = ".:?!;,。：？！"


def with_described_terms(page: str) -> str:
    """Return a page of HTML whose lists of short terms are lists of lines, "Students: € 95"."""
    if "<dl" not in page and "<DL" not in page:
        return page
    parts: list[str] = []
    place = 0
    begin: re.Match[str] | None = None  # of the innermost list
    for tag in _LIST.finditer(page):
        if not tag[1]:
            begin = tag
        elif begin is not None:
            lines = _lines_of(page[begin.end() : tag.start()])
            if lines:
                items = "".join(f"<li>{line}</li>" for line in lines)
                parts += [page[place : begin.start()], f"<ul>{items}</ul>"]
                place = tag.end()
            begin = None
    parts.append(page[place:])
    return "".join(parts)


def _lines_of(inside: str) -> list[str]:
    """Return a line for each term, none where a list has anything but terms with one short saying each."""
    tags = [tag for tag in _PART.finditer(inside) if not tag[1]]
    if not tags or len(tags) % 2 or len(tags) > _MOST or _TAG.sub("", inside[: tags[0].start()]).strip():
        return []
    lines: list[str] = []
    term = ""
    for number, tag in enumerate(tags):
        end = tags[number + 1].start() if number + 1 < len(tags) else len(inside)
        words = _words_of(inside[tag.end() : end])
        is_term = tag[2].lower() == "dt"
        if not words or is_term is bool(term):
            return []
        if is_term:
            term = words
            continue
        lines.append(f"{term}{'' if _plain(term)[-1:] in _ENDS else ':'} {words}")
        term = ""
    return lines


def _words_of(html: str) -> str:
    """Return the inside of a term or saying, "" where it is a text of its own or nothing."""
    html = _PART.sub("", html).strip()
    if len(_PARAGRAPH.findall(html)) == _PARAGRAPHS_OF_ONE:  # "<p>…</p>" around the whole
        html = re.sub(r"^<(?:p|div)\b[^<>]*>|</(?:p|div)\s*>$", "", html, flags=re.IGNORECASE).strip()
    plain = _plain(html)
    return "" if _BLOCK.search(html) or not plain or len(plain) > _LONGEST else " ".join(html.split())


def _plain(html: str) -> str:
    return _TAG.sub("", html).strip()


_PARAGRAPHS_OF_ONE = 2  # tags
