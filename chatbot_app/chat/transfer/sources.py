"""Files that a person chose, as texts: plain ones, and those in ZIP archives."""

from __future__ import annotations

import codecs
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO

from chatbot_app.chat.transfer.files_beside import BROKEN, FilesBeside, InArchive, InFolder, NoFiles
from chatbot_app.chat.transfer.reading_limits import MOST_BYTES, LeftOut
from chatbot_app.core.errors import ImportUnreadable
from chatbot_app.core.visible_text import visible_text

_MOST_MEMBERS = 100_000  # files of an archive
_MOST_TEXTS = 10_000  # of these that are looked into
_TEXT_ENDINGS = (".json", ".jsonl", ".ndjson", ".txt", "")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class TextSource:
    """A text of a file, with the files that lie beside it, in its archive or folder."""

    name: str
    read: Callable[[int], str]  # the next so many characters, "" at the end
    beside: FilesBeside = field(default_factory=NoFiles)


def texts_of(path: Path, left_out: LeftOut, beside: FilesBeside | None = None) -> Iterator[TextSource]:
    """Yield the texts of a file, or of what is in an archive or a folder, one after the other.

    `beside`: the files of the folder that was chosen; without, those that lie where the file does.
    Raises ImportUnreadable where the file cannot be read.
    """
    try:
        if path.is_dir():
            inside = sorted(path.rglob("*"))[:_MOST_MEMBERS]
            beside = beside or InFolder(path, inside)
            for inner in inside:
                if inner.is_file() and _may_be_text(inner.name):
                    yield from texts_of(inner, left_out, beside)
            return
        with path.open("rb") as file:
            if file.read(4) in (b"PK\x03\x04", b"PK\x05\x06"):
                yield from _members(path, left_out)
                return
            file.seek(0)
            near = beside or InFolder(path.parent, islice(path.parent.iterdir(), _MOST_MEMBERS))
            yield TextSource(path.name, _decoded(file, left_out), near)
    except OSError as exc:
        raise ImportUnreadable(path=visible_text(path.name), detail=f"{exc.strerror or exc}.") from exc


def _members(path: Path, left_out: LeftOut) -> Iterator[TextSource]:
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as exc:
        raise ImportUnreadable(path=visible_text(path.name), detail="the archive is damaged.") from exc
    with archive:
        members = [member for member in archive.infolist()[:_MOST_MEMBERS] if not member.is_dir()]
        beside = InArchive(path, [member.filename for member in members])
        texts = [member for member in members if _may_be_text(member.filename)]
        left_out.add(
            f"Files stand behind the first {_MOST_TEXTS:,} of the archive.", len(texts) - _MOST_TEXTS
        )
        for member in texts[:_MOST_TEXTS]:
            with _told(left_out):
                if member.flag_bits & 0x1:
                    left_out.add("Files of the archive are locked by a password.")
                    continue
                with archive.open(member) as file:
                    yield TextSource(visible_text(member.filename), _decoded(file, left_out), beside)


@contextmanager
def _told(left_out: LeftOut) -> Iterator[None]:
    try:
        yield
    except BROKEN:
        left_out.add("Files of the archive are damaged.")


def _may_be_text(name: str) -> bool:
    ending = Path(name).suffix.lower()
    return ending in _TEXT_ENDINGS and not Path(name).name.startswith("._")


def _decoded(file: IO[bytes], left_out: LeftOut) -> Callable[[int], str]:
    """Return a function that reads on in a file; bytes that are no text become U+FFFD."""
    start = file.read(4)
    mark, encoding = next(((mark, name) for mark, name in _MARKS if start.startswith(mark)), (b"", "utf-8"))
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    waiting = start[len(mark) :]
    taken = 0

    def read(characters: int) -> str:
        nonlocal waiting, taken
        while True:
            try:
                portion = waiting + file.read(max(1, characters - len(waiting)))
            except BROKEN:
                left_out.add("Files of the archive are damaged.")
                portion = waiting
            waiting = b""
            taken += len(portion)
            if taken > MOST_BYTES:
                left_out.add(f"Files are longer than {MOST_BYTES // 1024**3} GB.")
                return ""
            text = decoder.decode(portion, final=not portion)
            if text or not portion:
                return text

    return read
