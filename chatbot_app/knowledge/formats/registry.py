"""The formats that are read, and who reads each."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

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
    Reader.CODE: "py pyi js mjs ts tsx jsx java c h cc cpp hpp cs go rs rb php swift kt kts scala sh bash zsh ps1 sql"
    " r jl lua pl pm hs ml ex exs erl clj dart m mm vue svelte css scss less toml ini cfg conf yaml yml json xml"
    " gradle cmake make dockerfile proto graphql tf bat svg",
    Reader.CSV: "csv tsv tab",
    Reader.NOTEBOOK: "ipynb",
}
_LONGEST_TITLE = 200  # characters
READERS = {extension: reader for reader, names in _EXTENSIONS.items() for extension in names.split()}
_NAMES = {
    "mbox": Reader.KREUZBERG,
    "makefile": Reader.CODE,
    "dockerfile": Reader.CODE,
    "readme": Reader.PLAIN,
    "license": Reader.PLAIN,
}


def reader_for(path: Path) -> Reader | None:
    """Return who reads a file of this name, None where nobody does."""
    extension = path.suffix.lower().removeprefix(".")
    return READERS.get(extension) or _NAMES.get(path.name.lower())


def title_of(path: Path, named: str = "") -> str:
    """Return the title of a file: the one that it names itself (the subject of a mail), else its name."""
    if words := " ".join(clean_text(named).split())[:_LONGEST_TITLE].strip():
        return words
    return " ".join(composed_text(path.stem).replace("_", " ").split()) or composed_text(path.name)
