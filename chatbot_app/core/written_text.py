"""An answer as its model wrote it: without the markers of sources that were added afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatbot_app.core.citations import citations_of


def text_as_written(text: str, metadata: Mapping[str, Any]) -> str:
    """Return the text of a message as it is sent to a model; `metadata` is the message's."""
    added = (citation for citation in citations_of(metadata) if citation.added)
    for citation in sorted(added, key=lambda citation: -citation.marker_start):
        start, end = citation.marker_start, citation.marker_end
        if text[start:end] == f"[{citation.number}]":
            text = text[:start].removesuffix(" ") + text[end:]
    return text
