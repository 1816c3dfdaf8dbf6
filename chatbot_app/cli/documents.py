"""The command that lists the library."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from chatbot_app.chat.services import create_services
from chatbot_app.cli.document_choice import collection_ids, field_filter
from chatbot_app.cli.json_forms import fields_as_json
from chatbot_app.cli.printing import json_text, one_line, passages
from chatbot_app.knowledge.library import Library
from chatbot_app.storage.database import Access


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Run the command and return the exit status. Raises AppError."""
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        return list_documents(options, services.library)


def list_documents(options: argparse.Namespace, library: Library) -> int:
    """Print the documents of the library, or of a collection, newest first."""
    from chatbot_app.knowledge.fields.known_documents import KnownDocument

    chosen = collection_ids(library, options.collection)
    documents = library.documents.documents(*chosen)  # of one collection, or of all
    only = field_filter(options)
    if only is not None:
        meant = set(only.chosen(KnownDocument(document.id, document.fields) for document in documents))
        documents = [document for document in documents if document.id in meant]
    if options.json:
        listed = (
            {
                "id": document.id,
                "document": document.title,
                "path": document.path,
                "type": document.media_type,
                "size": document.size,
                "pages": document.pages,
                "characters": document.characters,
                "passages": document.passages,
                "state": document.state.value,
                "imported_at": document.imported_at.isoformat(),
                "fields": fields_as_json(document.fields),
            }
            for document in documents
        )
        print(json_text(list(listed)))
        return 0
    for document in documents:
        pages = f"{document.pages} p." if document.pages else ""
        print(
            f"{document.state.value:<10} {passages(document.passages):>14} {pages:>8}  "
            f"{one_line(document.title)}  ({one_line(document.path)})"
            + (f"  {one_line(document.fields.summary)}" if document.fields else "")
        )
    if not documents:
        print("The library is empty. Add documents with: chatbot-app import PATH…", file=sys.stderr)
    return 0
