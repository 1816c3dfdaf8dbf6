"""The formats that are read, and who reads each."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

from chatbot_app.core.source_files import SOURCE_ENDINGS, is_source_file
from chatbot_app.core.text import clean_text, composed_text


class Reader(StrEnum):
    """Who reads a format."""

    KREUZBERG = "kreuzberg"
    PDF = "pdf"
    MARKDOWN = "markdown"
    PLAIN = "plain"
    CODE = "code"
    CSV = "csv"
    NOTEBOOK = "notebook"
    MANUAL = "manual"
    SLIDES = "slides"
    SUBTITLES = "subtitles"
    CALENDAR = "calendar"
    CONTACTS = "contacts"
    PICTURE = "picture"


_EXTENSIONS = {
    Reader.KREUZBERG: "docx xlsx xls ods odt rtf epub html htm xhtml eml msg mbox",
    Reader.PDF: "pdf",
    Reader.SLIDES: "pptx odp",
    Reader.PICTURE: "png jpg jpeg tif tiff bmp webp",
    Reader.MARKDOWN: "md markdown mdown",
    Reader.PLAIN: "txt text log rst org tex asc adoc",
    Reader.SUBTITLES: "srt vtt",
    Reader.CALENDAR: "ics",
    Reader.CONTACTS: "vcf",
    Reader.CODE: " ".join(sorted(SOURCE_ENDINGS)),
    Reader.CSV: "csv tsv tab",
    Reader.NOTEBOOK: "ipynb",
}
_LONGEST_TITLE = 200  # characters
READERS = {extension: reader for reader, names in _EXTENSIONS.items() for extension in names.split()}
# Files without an ending, as projects have them.
_PLAIN_NAMES = frozenset(
    "readme license licence copying notice changelog changes news history todo roadmap authors contributors maintainers credits"
    " thanks install".split()
)
# Pages of the manual end with the number of their section; "libc.so.6" and "release-1.2" are none.
_MANUAL = re.compile(r"(?!.*\.so\.)[a-z_].*[^\d.]\.(?:[1-9][a-z]{0,3}|man|mdoc)")


def reader_for(path: Path) -> Reader | None:
    """Return who reads a file of this name, None where nobody does."""
    name = path.name.lower()
    if reader := READERS.get(path.suffix.lower().removeprefix(".")):
        return reader
    if name == "mbox":
        return Reader.KREUZBERG
    if is_source_file(name):
        return Reader.CODE
    if _MANUAL.fullmatch(name):
        return Reader.MANUAL
    return Reader.PLAIN if name in _PLAIN_NAMES else None


def title_of(path: Path, named: str = "") -> str:
    """Return the title of a file: the one that it names itself (the subject of a mail), else its name."""
    if words := " ".join(clean_text(named).split())[:_LONGEST_TITLE].strip():
        return words
    return " ".join(composed_text(path.stem).replace("_", " ").split()) or composed_text(path.name)
