"""What a workbook says beside its cells: comments and notes, and which of its sheets are hidden. kreuzberg 4.10 tells neither.

A comment stands below the tables of its sheet, so that the figures of the cell stay figures; sheets that nobody sees are left out.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

from chatbot_app.knowledge.formats.comments import bracketed
from chatbot_app.knowledge.formats.odt_comments import comment_of
from chatbot_app.knowledge.formats.zip_parts import DAMAGED, read_part

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_THREAD = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}"
_ODS_TOKEN = re.compile(rb"<table:table(?= )([^<>]*)>|<(/?)office:annotation(?=[ >])[^<>]*>")
_ODS_STYLE = re.compile(rb"<style:style(?= )([^<>]*)>\s*<style:table-properties(?= )([^<>]*)>")
_STYLE_NAME = re.compile(rb'\sstyle:name="([^"]*)"')
_NAME, _STYLED = re.compile(rb'\stable:name="([^"]*)"'), re.compile(rb'\stable:style-name="([^"]*)"')
_MOST_BYTES = 30_000_000  # of a part


@dataclass(slots=True)
class SheetNotes:
    """What is known of a sheet."""

    is_hidden: bool = False
    comments: list[str] = field(default_factory=list)


def notes_of(path: Path) -> dict[str, SheetNotes]:
    """Return what the sheets of a workbook say beside their cells, by name; nothing for other files. Raises OSError."""
    try:
        with zipfile.ZipFile(path) as archive:
            if path.suffix.lower() == ".ods":
                return _of_ods(_part(archive, "content.xml"))
            return dict(_of_xlsx(archive))
    except (*DAMAGED, KeyError, ElementTree.ParseError, RecursionError):
        return {}  # who reads the file says what is wrong


def with_notes(text: str, notes: Mapping[str, SheetNotes]) -> tuple[str, list[str]]:
    """Return a workbook's Markdown with the comments of each sheet below it, and the names of hidden sheets that were left out."""
    hidden = [name for name, one in notes.items() if one.is_hidden]
    written: list[str] = []
    current = SheetNotes()
    for line in (*text.split("\n"), "## "):
        name = line[3:].strip() if line.startswith("## ") else None
        if name is not None and (name in notes or not name):
            if not current.is_hidden and current.comments:
                while written and not written[-1]:
                    written.pop()
                written += [part for comment in current.comments for part in ("", comment)]
                written.append("")
            current = notes.get(name, SheetNotes())
        if not current.is_hidden and line != "## ":
            written.append(line)
    seen = "\n".join(written).strip()
    return (seen, hidden) if seen else (text, [])


def _of_xlsx(archive: zipfile.ZipFile) -> Iterator[tuple[str, SheetNotes]]:
    book = ElementTree.fromstring(_part(archive, "xl/workbook.xml"))
    parts = {link: target for link, _kind, target in _links(archive, "xl/workbook.xml")}
    people: dict[str, str] = {}
    for name in archive.namelist():
        if name.startswith("xl/persons/"):
            for person in ElementTree.fromstring(_part(archive, name)).iter(f"{_THREAD}person"):
                people[person.get("id", "")] = person.get("displayName", "")
    read: set[str] = set()
    for sheet in book.iter(f"{_MAIN}sheet"):
        notes = SheetNotes(sheet.get("state", "visible") != "visible")
        part = parts.get(sheet.get(_LINK, ""), "")
        for _link, kind, target in () if part in read else _links(archive, part):
            if target in archive.NameToInfo and target not in read:
                if kind.endswith("/threadedComment"):
                    notes.comments += _threaded(ElementTree.fromstring(_part(archive, target)), people)
                elif kind.endswith("/comments"):
                    notes.comments += _noted(ElementTree.fromstring(_part(archive, target)))
                read.add(target)
        read.add(part)
        yield sheet.get("name", "").strip(), notes


def _noted(root: ElementTree.Element) -> Iterator[str]:
    authors = [author.text or "" for author in root.iter(f"{_MAIN}author")]
    for comment in root.iter(f"{_MAIN}comment"):
        number = comment.get("authorId", "")
        author = authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
        if not author.startswith("tc="):  # said for older programs; who said it is told in another part
            words = "".join(text.text or "" for text in comment.iterfind(f"{_MAIN}text//{_MAIN}t"))
            yield from _said(comment.get("ref", ""), author, words.strip().removeprefix(f"{author}:"))


def _threaded(root: ElementTree.Element, people: Mapping[str, str]) -> Iterator[str]:
    for comment in root.iter(f"{_THREAD}threadedComment"):
        words = comment.findtext(f"{_THREAD}text") or ""
        yield from _said(comment.get("ref", ""), people.get(comment.get("personId", ""), ""), words)


def _said(cell: str, author: str, words: str) -> Iterator[str]:
    if words := " ".join(words.split()):
        about, name = f" on {cell}" if cell else "", " ".join(author.split())
        yield bracketed(words.encode(), name.encode(), about.encode()).decode()


def _links(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str, str]]:
    """Yield (id, kind, name of the part) of what a part refers to."""
    folder, name = posixpath.split(part)
    rels = f"{folder}/_rels/{name}.rels"
    if rels in archive.NameToInfo:
        for link in ElementTree.fromstring(_part(archive, rels)):
            target = link.get("Target", "")
            yield (
                link.get("Id", ""),
                link.get("Type", ""),
                posixpath.normpath(posixpath.join(folder, target)).lstrip("/"),
            )


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    entry = archive.getinfo(name)
    return read_part(archive, entry) if entry.file_size <= _MOST_BYTES else b""


def _of_ods(content: bytes) -> dict[str, SheetNotes]:
    hidden = {
        name[1]
        for style in _ODS_STYLE.finditer(content)
        if b'table:display="false"' in style[2] and (name := _STYLE_NAME.search(style[1])) is not None
    }
    notes: dict[str, SheetNotes] = {}
    current = SheetNotes()
    begin = -1
    for token in _ODS_TOKEN.finditer(content):
        if token[1] is not None:
            name, style = _NAME.search(token[1]), _STYLED.search(token[1])
            current = SheetNotes(style is not None and style[1] in hidden)
            if name is not None:
                notes[unescape(name[1].decode("utf-8", "replace")).strip()] = current
        elif not token[2]:
            begin = token.end()
        elif begin >= 0:
            if words := comment_of(content[begin : token.start()]):
                current.comments.append(unescape(words.decode("utf-8", "replace")))
            begin = -1
    return notes
