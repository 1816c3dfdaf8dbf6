"""What an answer cites, as it is kept with the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from chatbot_app.core.document_fields import NO_FIELDS, DocumentFields
from chatbot_app.core.kept_entries import read_entries, read_stretch


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker in an answer and the passage that it names.

    `number` is what the marker shows. `start` and `end` are character offsets into the document's extracted
    text, `text` is what stands there. The marker stands at characters `marker_start` to `marker_end` of the
    answer, behind the sentence at `answer_start` to `answer_end` (marker included). `added` says that the
    application set the marker, not the model. `quote_start` to `quote_end` is the sentence of the document
    that supports the answer's, in the same offsets as `start`; equal where none does or it was not looked for.
    `fields` are those of the document when it was cited.
    """

    number: int
    document_id: str
    document: str
    path: str
    page: int | None
    heading: str
    start: int
    end: int
    score: float
    text: str
    added: bool
    answer_start: int
    answer_end: int
    marker_start: int
    marker_end: int
    quote_start: int = 0
    quote_end: int = 0
    fields: DocumentFields = NO_FIELDS

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {**asdict(self), "fields": self.fields.to_dict()}

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> Citation:
        """Rebuild a stored citation. Raises KeyError, ValueError or TypeError where it is not one."""
        return cls(
            int(mapping["number"]),
            *read_stretch(mapping),
            bool(mapping["added"]),
            int(mapping["answer_start"]),
            int(mapping["answer_end"]),
            int(mapping["marker_start"]),
            int(mapping["marker_end"]),
            int(mapping.get("quote_start", 0)),
            int(mapping.get("quote_end", 0)),
            DocumentFields.from_dict(mapping.get("fields")),
        )


def citations_of(metadata: Mapping[str, Any]) -> list[Citation]:
    """Return the citations that an answer's metadata holds under "sources"; damaged ones are left out."""
    return read_entries(metadata.get("sources"), Citation.from_dict)
