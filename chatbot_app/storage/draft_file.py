"""What is written and not stored yet, beside the store: a store that is locked or full must not lose it."""

from __future__ import annotations

import json
import os
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatbot_app.core.temporary import is_temporary
from chatbot_app.core.text import clean_text

PARTIAL = ".partial"  # the ending of the file that is being written


@dataclass(frozen=True, slots=True)
class Sent:
    """A question on its way into the store: the key of the draft that holds it, and its text."""

    draft_key: str
    text: str


@dataclass(frozen=True, slots=True)
class KeptDrafts:
    """Drafts by conversation ("" for a new one), and by its future id each question that is being stored."""

    drafts: Mapping[str, str] = field(default_factory=dict)
    sent: Mapping[str, Sent] = field(default_factory=dict)

    def lasting(self) -> KeptDrafts:
        """Return them without those of temporary conversations: these are nowhere but in the window."""
        drafts = {key: text for key, text in self.drafts.items() if not is_temporary(key)}
        sent = {key: one for key, one in self.sent.items() if not is_temporary(one.draft_key)}
        return KeptDrafts(drafts, sent)


class DraftFile:
    """Written while the store cannot be trusted to have the drafts, and removed when it has them."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, kept: KeptDrafts) -> None:
        """Replace the file, wholly or not at all. Raises OSError."""
        content = {
            "drafts": dict(kept.drafts),
            "sent": {key: [sent.draft_key, sent.text] for key, sent in kept.sent.items()},
        }
        partial = self._path.with_name(self._path.name + PARTIAL)
        try:
            with open(partial, "w", encoding="utf-8", opener=_private) as file:
                file.write(clean_text(json.dumps(content, ensure_ascii=False)))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self._path)
        finally:
            partial.unlink(missing_ok=True)

    def read(self) -> KeptDrafts | None:
        """Return what was kept, None where there is nothing that can be read."""
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(content, dict):
            return None
        sent = {
            key: Sent(str(value[0]), str(value[1]))
            for key, value in _mapping(content.get("sent")).items()
            if isinstance(value, list) and len(value) == 2
        }
        return KeptDrafts({key: str(text) for key, text in _mapping(content.get("drafts")).items()}, sent)

    def forget(self, conversation_ids: Container[str]) -> None:
        """Take what was written in conversations out of the file. Raises OSError."""
        kept = self.read()
        if kept is None:
            return
        drafts = {key: text for key, text in kept.drafts.items() if key not in conversation_ids}
        sent = {key: one for key, one in kept.sent.items() if one.draft_key not in conversation_ids}
        left = KeptDrafts(drafts, sent)
        if not drafts and not sent:
            self._path.unlink(missing_ok=True)
        elif left != kept:
            self.write(left)

    def remove(self) -> None:
        """Remove the file, for the store has what it holds."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError:
            return  # it says what the store says


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
