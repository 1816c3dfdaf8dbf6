"""Pictures of questions that are being written: files in a folder beside the store, and an index that names them.

They are there for a restart or a sudden end, and go when their question is stored, which holds them then.
"""

from __future__ import annotations

import json
import os
from collections.abc import Container, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from chatbot_app.core.pictures import HEAD_BYTES, MOST_BYTES, Picture, facts_of
from chatbot_app.core.temporary import is_temporary
from chatbot_app.core.text import clean_text

_INDEX, _PARTIAL = "index.json", ".partial"
_IDS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz-")


@dataclass(frozen=True, slots=True)
class DraftPicture:
    """A picture that was put to a draft (`draft_key` as texts have it); `question_id` is that of the question that is
    on its way into the store with it, "" where none is."""

    draft_key: str
    picture: Picture
    question_id: str = ""


class DraftPictureFolder:
    """Holds the pictures of all drafts. Its methods block."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, drafts: Sequence[DraftPicture]) -> None:
        """Keep these and no others; those of temporary conversations are nowhere but in the window. Raises OSError."""
        kept = [one for one in drafts if not is_temporary(one.draft_key)]
        if not kept and not self._folder.exists():
            return
        self._folder.mkdir(mode=0o700, exist_ok=True)
        for one in kept:
            path = self._folder / one.picture.id
            if not path.exists():
                _write(path, one.picture.data)
        entries = [
            {
                "id": one.picture.id,
                "draft": one.draft_key,
                "question": one.question_id,
                "name": clean_text(one.picture.name),
                "width": one.picture.width,
                "height": one.picture.height,
            }
            for one in kept
        ]
        _write(self._folder / _INDEX, json.dumps(entries).encode("ascii"))
        self._remove_others({one.picture.id for one in kept})

    def read(self) -> list[DraftPicture]:
        """Return what was kept; what is damaged is left out."""
        try:
            entries = json.loads((self._folder / _INDEX).read_bytes())
        except (OSError, ValueError):
            return []
        known = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
        return [one for one in map(self._read, known) if one is not None]

    def forget(self, conversation_ids: Container[str]) -> None:
        """Take the pictures of conversations out. Raises OSError."""
        kept = self.read()
        left = [one for one in kept if one.draft_key not in conversation_ids]
        if left != kept or not kept:
            self.write(left)

    def _read(self, entry: dict[str, object]) -> DraftPicture | None:
        values = [entry.get(name) for name in ("id", "draft", "question", "name")]
        picture_id, draft, question, name = (value if isinstance(value, str) else "" for value in values)
        width, height = entry.get("width"), entry.get("height")
        if (
            not picture_id
            or not _IDS.issuperset(picture_id)
            or type(width) is not int
            or type(height) is not int
        ):
            return None
        try:
            with (self._folder / picture_id).open("rb") as stream:
                data = stream.read(MOST_BYTES + 1)
        except OSError:
            return None
        facts = facts_of(data[:HEAD_BYTES])
        if facts is None or facts.is_too_large or len(data) > MOST_BYTES or min(width, height) < 1:
            return None
        return DraftPicture(draft, Picture(picture_id, name, facts.media_type, width, height, data), question)

    def _remove_others(self, ids: Container[str]) -> None:
        for path in list(self._folder.iterdir()):
            if path.name != _INDEX and path.name not in ids:
                with suppress(OSError):
                    path.unlink()
        with suppress(OSError):
            if not ids:
                (self._folder / _INDEX).unlink()
                self._folder.rmdir()


def _write(path: Path, data: bytes) -> None:
    partial = path.with_name(path.name + _PARTIAL)
    try:
        with open(partial, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
