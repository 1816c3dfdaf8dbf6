"""What a person thinks of an answer: a thumb, and a note where they wrote one; kept in the answer's metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chatbot_app.core.text import clean_text

FEEDBACK = "feedback"  # its name in the metadata of an answer
LONGEST_NOTE = 2_000  # characters


class Rating(StrEnum):
    """Which way the thumb points."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Feedback:
    """A rating with its note; "" for none."""

    rating: Rating
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready value, which `feedback_of` reads."""
        note = clean_text(self.note).strip()[:LONGEST_NOTE]
        return {"rating": self.rating.value, **({"note": note} if note else {})}


def feedback_of(metadata: Mapping[str, Any]) -> Feedback | None:
    """Return the feedback in the metadata of an answer; None where there is none, or it is damaged."""
    kept = metadata.get(FEEDBACK)
    if not isinstance(kept, Mapping) or kept.get("rating") not in list(Rating):
        return None
    note = kept.get("note", "")
    return Feedback(Rating(kept["rating"]), note if isinstance(note, str) else "")
