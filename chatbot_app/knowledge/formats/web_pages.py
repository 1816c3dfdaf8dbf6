"""Web pages as files: their charset as browsers tell it, and of their head what people read.

kreuzberg takes each page for UTF-8, and puts all that the head says to machines above the text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

from chatbot_app.knowledge.formats.charsets import decode_labelled, label_of_page
from chatbot_app.knowledge.formats.decoding import decode, normal_lines
from chatbot_app.knowledge.formats.described_terms import with_described_terms
from chatbot_app.knowledge.formats.raised_figures import with_raised_figures
from chatbot_app.knowledge.formats.spanned_cells import with_spanned_cells

ENDINGS = frozenset({".html", ".htm", ".xhtml"})
_MOST_BYTES = 64 * 1024**2
_HEAD_WITHIN = 200_000  # characters
_TITLE = re.compile(r"<title\b[^<>]*>([^<]*)</title\s*>", re.IGNORECASE)
_META = re.compile(r"<meta\b([^<>]*)>", re.IGNORECASE)
_FOR_MACHINES = re.compile(
    r"<title\b[^<>]*>[^<]*</title\s*>|<(?:meta|base|link)\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"(?<![\w:.\-])([\w:.\-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))")
# Pictures that are within the page or the mail: their bytes, or a name that nobody else knows.
# What begins one ends the look at the one before it: else a line of beginnings would be looked through for each of them.
_PICTURE = re.compile(
    r"!\[((?:(?!!\[|\]\()[^\n])*)\]\(\s*(?:cid|data|mid):(?:(?!!\[)[^)\n])*\)", re.IGNORECASE
)
_NO_NAME = "SVG Image"  # of the reader
_HEADING = re.compile(r"^# ([^\n]+)$", re.MULTILINE)
_TOLD = (
    ("Author", ("author", "article:author", "dc.creator", "citation_author")),
    ("Date", ("article:published_time", "date", "dc.date", "citation_publication_date", "datepublished")),
)
_LONGEST = 500  # characters of what a head says


def read_page_file(path: Path) -> str | None:
    """Return a page of HTML as text, None where a file is no page or too large. Raises OSError."""
    if path.suffix.lower() not in ENDINGS or path.stat().st_size > _MOST_BYTES:
        return None
    return decode_page(path.read_bytes())


def decode_page(data: bytes) -> str:
    """Return a page as text: a byte order mark counts most, then UTF-8 where it is that, then what the page says of itself."""
    if not data.isascii() or b"\x1b" in data or b"\x00" in data:
        label = label_of_page(data)
        is_marked = data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
        if label and not is_marked and not label.lower().startswith("utf-16") and not _is_utf8(data):
            return normal_lines(decode_labelled(data, label))
    return decode(data)[0]


def without_head(page: str) -> str:
    """Return a page without what its head says to machines."""
    return _FOR_MACHINES.sub("", page)


def without_pictures(text: str) -> str:
    """Return Markdown without pictures that are within its page; their descriptions stay."""
    return _PICTURE.sub(lambda found: "" if found[1] == _NO_NAME else found[1], text)


def as_markdown(page: str, read_page: Callable[[str], str]) -> str:
    """Return a page as Markdown, its title as the first heading, author, date and description below it.

    `read_page` returns the text of a page whose head says nothing.
    """
    head = page[:_HEAD_WITHIN]
    body = with_spanned_cells(with_described_terms(with_raised_figures(without_head(page))))
    text = without_pictures(read_page(body)).strip()
    title = _TITLE.search(head)
    said = _said_by(head)
    lines = [f"{name}: {words}" for name, names in _TOLD if (words := _first(said, names))]
    above = ["\n".join(lines)] if lines else []
    description = _first(said, ("description", "og:description"))
    if description and description not in " ".join(text.split()):
        above.append(description)
    named = _one_line(title[1]) if title is not None else ""
    heading = _HEADING.search(text)
    if heading is not None and _one_line(heading[1]).casefold() == named.casefold():
        if heading.start() == 0:
            return "\n\n".join([heading[0], *above, text[heading.end() :].strip()]).strip()
    elif named:
        above.insert(0, f"# {named}")
    return "\n\n".join([*above, text]).strip()


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8: those of another charset hardly ever are."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x1b" not in data


def _said_by(head: str) -> dict[str, str]:
    said: dict[str, str] = {}
    for meta in _META.finditer(head):
        values = {name.lower(): one or two or three for name, one, two, three in _ATTRIBUTE.findall(meta[1])}
        name = values.get("name") or values.get("property") or values.get("itemprop") or ""
        said.setdefault(name.lower(), _one_line(values.get("content", "")))
    return said


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if said.get(name)), "")[:_LONGEST]


def _one_line(text: str) -> str:
    return " ".join(html.unescape(text).split())[:_LONGEST]
