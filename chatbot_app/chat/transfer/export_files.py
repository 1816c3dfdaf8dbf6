"""Exports as files: all of a conversation or nothing, under names that every system takes."""

from __future__ import annotations

import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from chatbot_app.chat.transfer.html_export import HTML_END, html_lines, html_start
from chatbot_app.chat.transfer.markdown_export import heading, markdown_lines
from chatbot_app.chat.transfer.own_json import BesideConversations, drawn_nowhere, json_lines
from chatbot_app.core.errors import ConversationGone, ExportFailed, ExportStopped
from chatbot_app.core.messages import Message
from chatbot_app.core.text import clean_text
from chatbot_app.storage.conversations import ConversationStore

# Filters of a file dialog; the file's ending decides.
EXPORT_FORMATS = ("Markdown (*.md)", "HTML (*.html)", "PDF (*.pdf)", "JSON (*.json)")


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around conversations in one file, and between them; `always` also around a single one."""

    start: Callable[[Sequence[str]], str] = lambda _titles: ""
    between: str = ""
    end: str = ""
    always: bool = False


FRAMES = {
    ".md": Frame(between="\n\n---\n\n"),
    ".json": Frame(lambda _titles: "[\n", ",\n", "]\n"),
    ".html": Frame(html_start, "\n", HTML_END, always=True),
}
ENDINGS = tuple(FRAMES)

_PARTIAL_PREFIX, _PARTIAL_SUFFIX = ".chatbot-export-", ".partial"
_LEFT_SECONDS = 24 * 3600.0
_LONGEST_NAME_BYTES = 120  # file systems take 255, folders add to it
# Names that Windows keeps for devices, whatever the ending.
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{name}{n}" for name in ("COM", "LPT") for n in range(1, 10))}


@dataclass(slots=True)
class Exported:
    """How an export goes: conversations that are written, of how many, and those that were deleted meanwhile."""

    total: int
    written: int = 0
    gone: int = 0


def write_export(store: ConversationStore, conversation_id: str, path: Path) -> None:
    """Write a conversation to `path`: JSON where it ends in .json, else Markdown; all of it or nothing.

    Raises ConversationGone, StoreError, or ExportFailed where the file cannot be written.
    """
    title = store.conversation(conversation_id).title
    frame = FRAMES.get(path.suffix.lower(), Frame())
    with new_file(path) as file:
        file.write(frame.start([title]) if frame.always else "")
        file.writelines(lines_of(store, None, conversation_id, path.suffix))
        file.write(frame.end if frame.always else "")


def write_conversations(
    store: ConversationStore,
    beside: BesideConversations,
    conversation_ids: Sequence[str],
    path: Path,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Exported]:
    """Write conversations into one file, whose ending says its format, and yield after each how far it is.

    All of it or nothing: `should_stop`, and an error, leave what was there. One that was deleted meanwhile is left out.
    Raises StoreError, or ExportFailed where the file cannot be written.
    """
    exported = Exported(len(conversation_ids))
    ending = path.suffix.lower() if path.suffix.lower() in FRAMES else ".md"
    frame = FRAMES[ending]
    is_framed = frame.always or len(conversation_ids) != 1
    with new_file(path) as file:
        if is_framed:
            file.write(frame.start(_titles(store, conversation_ids)))
        for number, conversation_id in enumerate(conversation_ids, 1):
            if should_stop():
                raise ExportStopped(path=str(path))
            place = file.tell()
            try:
                lines = lines_of(store, beside, conversation_id, ending, number)
                first = next(lines)  # where it is gone, this says so
                file.write(frame.between if exported.written and is_framed else "")
                file.write(first)
                file.writelines(lines)
                exported.written += 1
            except ConversationGone:
                file.seek(place)
                file.truncate()
                exported.gone += 1
            yield exported
        if is_framed:
            file.write(frame.end)


def _titles(store: ConversationStore, conversation_ids: Sequence[str]) -> list[str]:
    titles = []
    for conversation_id in conversation_ids:
        with suppress(ConversationGone):
            titles.append(store.conversation(conversation_id).title)
    return titles


def lines_of(
    store: ConversationStore,
    beside: BesideConversations | None,
    conversation_id: str,
    ending: str,
    number: int = 1,
) -> Iterator[str]:
    """Yield a conversation in the format that the ending of a file's name says; Markdown where it says none."""
    match ending.lower():
        case ".json":
            return json_lines(store, conversation_id, beside)
        case ".html":
            draw = beside.draw if beside is not None else drawn_nowhere
            return html_lines(store, conversation_id, number, draw)
        case _:
            return markdown_lines(store, conversation_id)


@contextmanager
def taking_place_of(path: Path) -> Iterator[Path]:
    """Lend the name of a file to be made, which takes the place of `path` at the end. Raises ExportFailed.

    It is a name that no file of the person's has; their own “out.md.partial” is theirs. What killed exports left there
    is removed.
    """
    try:
        _remove_leftovers(path.parent)
        partial = path.with_name(f"{_PARTIAL_PREFIX}{secrets.token_hex(8)}{_PARTIAL_SUFFIX}")
        try:
            yield partial
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as exc:
        raise ExportFailed(path=str(path), detail=f"{exc.strerror or exc}.") from exc


@contextmanager
def new_file(path: Path) -> Iterator[TextIO]:
    """Open a file that takes the place of `path` when all is written. Raises ExportFailed."""
    with taking_place_of(path) as partial, partial.open("x", encoding="utf-8", newline="\n") as file:
        yield file


def suggested_name(title: str, folder: Path, ending: str = ".md") -> str:
    """Return a file name for a title that every system takes and that no file of the folder has."""
    words = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in title)
    words = " ".join(re.sub(r'[\\/:*?"<>|]', " ", words).split())
    words = words.encode("utf-8", "ignore")[:_LONGEST_NAME_BYTES].decode("utf-8", "ignore").strip(". ")
    if not words or words.split(".")[0].strip().upper() in _DEVICES:
        words = f"Conversation {words}".strip()
    name, number = f"{words}{ending}", 2
    while (folder / name).exists():
        name, number = f"{words} {number}{ending}", number + 1
    return name


def _remove_leftovers(folder: Path) -> None:
    """Remove what a killed export left: files of our own naming that nobody has written to for a day."""
    for path in folder.glob(f"{_PARTIAL_PREFIX}*{_PARTIAL_SUFFIX}"):
        with suppress(OSError):
            if time.time() - path.lstat().st_mtime > _LEFT_SECONDS:
                path.unlink()


def write_answers(answers: Iterable[Message], path: Path) -> None:
    """Write answers that are in memory alone to `path`, as Markdown. Raises ExportFailed."""
    lines = [f"## {heading(answer)}\n\n{answer.text.rstrip()}\n" for answer in answers]
    try:
        path.write_text(clean_text("\n".join(lines)), encoding="utf-8", newline="\n")
    except OSError as exc:
        raise ExportFailed(path=str(path), detail=f"{exc.strerror or exc}.") from exc
