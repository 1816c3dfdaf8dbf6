"""A conversation as a file that other programs read: Markdown of the shown branch, JSON of the whole tree."""

from __future__ import annotations

import json
import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chatbot_app.core.citations import citations_of
from chatbot_app.core.errors import ExportFailed
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.text import clean_text
from chatbot_app.storage.conversations import ConversationStore

JSON_FORMAT = "chatbot-app conversation"
JSON_VERSION = 1

# Filters of a file dialog; the file's ending decides.
EXPORT_FORMATS = ("Markdown (*.md)", "JSON (*.json)")

_PARTIAL_PREFIX, _PARTIAL_SUFFIX = ".chatbot-export-", ".partial"
_LEFT_SECONDS = 24 * 3600.0
_LONGEST_NAME_BYTES = 120  # file systems take 255, folders add to it
# Names that Windows keeps for devices, whatever the ending.
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{name}{n}" for name in ("COM", "LPT") for n in range(1, 10))}

_SAID = {
    MessageStatus.STREAMING: "still being written",
    MessageStatus.STOPPED: "stopped",
    MessageStatus.FAILED: "failed",
    MessageStatus.INTERRUPTED: "interrupted",
}


def markdown_lines(store: ConversationStore, conversation_id: str) -> Iterator[str]:
    """Yield the branch that is shown, as Markdown, each line with its end. Raises ConversationGone."""
    conversation = store.conversation(conversation_id)
    yield f"# {_literal(conversation.title) or 'Conversation'}\n"
    for message in store.path(conversation_id):
        yield f"\n## {_heading(message)}\n\n"
        yield message.text.rstrip() + "\n"
        if message.status in _SAID:
            notice = message.notices[-1].summary if message.notices else ""
            yield f"\n*({' '.join(f'{_SAID[message.status]}. {_literal(notice)}'.split())})*\n"
        yield from _source_lines(message)


def json_lines(store: ConversationStore, conversation_id: str) -> Iterator[str]:
    """Yield the whole tree with settings, usage and what was sent, as one JSON document, a message a line.

    Raises ConversationGone.
    """
    conversation = store.conversation(conversation_id)
    yield "{\n"
    yield f'"format": {_json(JSON_FORMAT)},\n"version": {JSON_VERSION},\n'
    yield f'"conversation": {_json(asdict(conversation))},\n"messages": ['
    separator = "\n"
    for message in store.tree(conversation_id):
        plan = store.plan(message.id) if message.role is Role.ASSISTANT else None
        sent = {"prompt_plan": plan.to_dict()} if plan is not None else {}
        yield f"{separator}{_json({**asdict(message), **sent})}"
        separator = ",\n"
    yield "\n]\n}\n"


def write_export(store: ConversationStore, conversation_id: str, path: Path) -> None:
    """Write a conversation to `path`: JSON where it ends in .json, else Markdown; all of it or nothing.

    Raises ConversationGone, StoreError, or ExportFailed where the file cannot be written.
    """
    lines: Callable[[ConversationStore, str], Iterator[str]] = (
        json_lines if path.suffix.lower() == ".json" else markdown_lines
    )
    # A name that no file of the person's has; their own “out.md.partial” is theirs.
    partial = path.with_name(f"{_PARTIAL_PREFIX}{secrets.token_hex(8)}{_PARTIAL_SUFFIX}")
    try:
        _remove_leftovers(path.parent)
        try:
            with partial.open("x", encoding="utf-8", newline="\n") as file:
                file.writelines(lines(store, conversation_id))
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as exc:
        raise ExportFailed(path=str(path), detail=f"{exc.strerror or exc}.") from exc


def suggested_name(title: str, folder: Path) -> str:
    """Return a file name for a title that every system takes and that no file of the folder has."""
    words = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in title)
    words = " ".join(re.sub(r'[\\/:*?"<>|]', " ", words).split())
    words = words.encode("utf-8", "ignore")[:_LONGEST_NAME_BYTES].decode("utf-8", "ignore").strip(". ")
    if not words or words.split(".")[0].strip().upper() in _DEVICES:
        words = f"Conversation {words}".strip()
    name, number = f"{words}.md", 2
    while (folder / name).exists():
        name, number = f"{words} {number}.md", number + 1
    return name


def _remove_leftovers(folder: Path) -> None:
    """Remove what a killed export left: files of our own naming that nobody has written to for a day."""
    for path in folder.glob(f"{_PARTIAL_PREFIX}*{_PARTIAL_SUFFIX}"):
        with suppress(OSError):
            if time.time() - path.lstat().st_mtime > _LEFT_SECONDS:
                path.unlink()


def write_answers(answers: Iterable[Message], path: Path) -> None:
    """Write answers that are in memory alone to `path`, as Markdown. Raises ExportFailed."""
    lines = [f"## {_heading(answer)}\n\n{answer.text.rstrip()}\n" for answer in answers]
    try:
        path.write_text(clean_text("\n".join(lines)), encoding="utf-8", newline="\n")
    except OSError as exc:
        raise ExportFailed(path=str(path), detail=f"{exc.strerror or exc}.") from exc


def _heading(message: Message) -> str:
    if message.role is Role.USER:
        return "Question"
    return f"Answer ({_literal(message.model)})" if message.model else "Answer"


def _source_lines(message: Message) -> Iterator[str]:
    """Yield what the markers of an answer name, each source once."""
    cited = {citation.number: citation for citation in citations_of(message.metadata)}
    if cited:
        yield "\nSources:\n\n"
    for number, citation in sorted(cited.items()):
        page = f", page {citation.page}" if citation.page is not None else ""
        place = f"characters {citation.start} to {citation.end} of {citation.path}"
        yield f"- \\[{number}\\] {_literal(' '.join(f'{citation.document}{page} ({place})'.split()))}\n"


def _literal(text: str) -> str:
    """Return `text` so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|!~$])", r"\\\1", text)


def _json(value: Any) -> str:
    return clean_text(json.dumps(value, ensure_ascii=False))
