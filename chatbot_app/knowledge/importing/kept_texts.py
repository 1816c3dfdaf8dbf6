"""Pasted texts and fetched pages, kept as files: what is imported has a file that can be opened."""

from __future__ import annotations

import re
from pathlib import Path

from chatbot_app.core.errors import AppError
from chatbot_app.core.text import clean_text, first_words
from chatbot_app.knowledge.formats.charsets import decode_labelled
from chatbot_app.llm.web_pages import PageFetcher, WebPage

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


class TextNotKept(AppError):
    """A pasted text or a web page could not be written."""

    summary_template = "The text could not be kept as {path}: {detail}"
    next_step_template = "Make room or the folder writable, then add it again."


class TextKeeper:
    """Keeps texts in a folder. Use from one thread, but `interrupt` from any."""

    def __init__(self, folder: Path, fetcher: PageFetcher) -> None:
        self._folder = folder
        self._fetcher = fetcher

    def keep_text(self, title: str, text: str) -> Path:
        """Keep a pasted text, which may have no title; return its file. Raises TextNotKept."""
        return _keep(self._folder, title or first_words(text), ".txt", clean_text(text).encode("utf-8"))

    def keep_page(self, address: str, allowed_hosts: frozenset[str]) -> Path:
        """Fetch a web page and keep it; return its file.

        Raises TextNotKept, PageNotFetched, and PrivateAddress where the host has to be allowed first.
        """
        page = self._fetcher.fetch(address, allowed_hosts)
        name = page.address.split("://", 1)[-1].partition("?")[0].strip("/")
        return _keep(self._folder, name, page.extension, _with_charset(page))

    def interrupt(self) -> None:
        """End a request that is under way, for the program ends."""
        self._fetcher.interrupt()


def _with_charset(page: WebPage) -> bytes:
    """Return a page that says itself what its server has said of its charset: a file has no headers."""
    is_plain = page.body.isascii() and b"\x1b" not in page.body
    if not page.charset or is_plain or page.body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return page.body
    if page.extension == ".html":
        return f'<meta charset="{page.charset}">\n'.encode("ascii", "replace") + page.body
    if page.extension in (".txt", ".md"):
        return decode_labelled(page.body, page.charset).encode("utf-8", "replace")
    return page.body


def _keep(folder: Path, title: str, extension: str, content: bytes) -> Path:
    """Write a text into a file of its own, named after its title; return the file. Raises TextNotKept."""
    path = _free_name(folder, title, extension)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(content)
    except OSError as exc:
        raise TextNotKept(path=path, detail=exc.strerror or str(exc)) from exc
    return path


def _free_name(folder: Path, title: str, extension: str) -> Path:
    """Return a path in the folder that no file has, named after a title."""
    stem = " ".join(_NOT_IN_NAMES.sub(" ", clean_text(title)).split())[:80].strip(". ") or "Text"
    path = folder / f"{stem}{extension}"
    number = 2
    while path.exists():
        path = folder / f"{stem} {number}{extension}"
        number += 1
    return path
