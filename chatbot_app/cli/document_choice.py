"""Which documents the options of a call keep to."""

from __future__ import annotations

import argparse

from chatbot_app.core.document_filter import DocumentFilter
from chatbot_app.core.errors import UsageError
from chatbot_app.knowledge.fields.filtering import FieldFilter
from chatbot_app.knowledge.library import Library


def collection_ids(library: Library, name: str | None) -> tuple[str, ...]:
    """Return the id of a collection, nothing where none is named. Raises UsageError."""
    if name is None:
        return ()
    known = library.documents.collections()
    for collection in known:
        if collection.name.casefold() == " ".join(name.split()).casefold():
            return (collection.id,)
    names = ", ".join(collection.name for collection in known) or "none yet"
    raise UsageError(detail=f"There is no collection named “{name}”. There are: {names}.")


def document_filter(options: argparse.Namespace) -> DocumentFilter:
    """Return what the options keep to. Raises UsageError for a period that is none."""
    chosen = DocumentFilter(
        *(
            tuple(filter(None, map(str.strip, texts)))
            for texts in (options.company, options.kind, options.period)
        )
    )
    for text in FieldFilter.of(chosen).unread:
        raise UsageError(
            detail=f"“{text}” is no period. Write a year, a quarter or a day: 2022, Q3 2023, 2023-07-01."
        )
    return chosen


def field_filter(options: argparse.Namespace) -> FieldFilter | None:
    """Return what the options keep to, None where they name nothing. Raises UsageError for a period that is none."""
    chosen = document_filter(options)
    return FieldFilter.of(chosen) if chosen else None
