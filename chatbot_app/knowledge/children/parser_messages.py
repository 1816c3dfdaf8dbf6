"""What the window's process and the parser's child say to each other (`framing`).

A document comes in parts, so that neither side ever holds its text a second time: `Text` and `Passages` in any
number, then one `Read`; or a refusal at any point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chatbot_app.core.document_fields import NO_FIELDS, DocumentFields
from chatbot_app.core.documents import PassageDraft

# In the order of the values of a passage on a line.
_FIELDS = ("ordinal", "start", "end", "text", "page", "heading_path", "context", "familiarity", "pairs")


@dataclass(frozen=True, slots=True)
class Text:
    """A part of the text that begins at character `start`, packed by `core.packed_text`."""

    start: int
    packed: bytes


@dataclass(frozen=True, slots=True)
class Passages:
    """The next passages of the document."""

    drafts: tuple[PassageDraft, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """The document is whole: what is known of it besides text and passages. `characters` counts the text."""

    title: str
    media_type: str
    characters: int
    pages: int = 0
    empty_pages: tuple[int, ...] = ()
    encoding: str = ""
    warnings: tuple[str, ...] = ()
    fields: DocumentFields = NO_FIELDS


DocumentPart = Text | Passages | Read


def passages_message(drafts: Sequence[PassageDraft]) -> dict[str, Any]:
    """Return the message of some passages."""
    return {"passages": [[getattr(draft, name) for name in _FIELDS] for draft in drafts]}


def part_of(message: dict[str, Any], payload: bytes) -> DocumentPart:
    """Return the part that a message holds. Raises KeyError, TypeError or ValueError where it holds none."""
    if "text" in message:
        return Text(int(message["text"]), payload)
    if "passages" in message:
        drafts = []
        for values in message["passages"]:
            fields = dict(zip(_FIELDS, values, strict=True))
            fields["heading_path"] = tuple(fields["heading_path"])
            drafts.append(PassageDraft(**fields))
        return Passages(tuple(drafts))
    values = message["read"]
    return Read(
        **{
            **values,
            "empty_pages": tuple(values["empty_pages"]),
            "warnings": tuple(values["warnings"]),
            "fields": DocumentFields.from_dict(values.get("fields")),
        }
    )
