"""The command that finds passages."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from chatbot_app.chat.services import create_services
from chatbot_app.cli.document_choice import collection_ids, field_filter
from chatbot_app.cli.file_states import FileStates
from chatbot_app.cli.json_forms import fields_as_json
from chatbot_app.cli.printing import json_text, one_line
from chatbot_app.cli.records import read_queries
from chatbot_app.cli.shown_answers import LINE
from chatbot_app.core.documents import Retrieval
from chatbot_app.core.errors import UsageError
from chatbot_app.core.text import first_words
from chatbot_app.knowledge.library import Library
from chatbot_app.knowledge.places.snippet_text import snippet_of
from chatbot_app.storage.database import Access


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Run the command and return the exit status. Raises AppError."""
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        return search(options, services.library)


def search(options: argparse.Namespace, library: Library) -> int:
    """Print the best passages for one query, or for every query of a file. Raises UsageError."""
    if (options.query is None) == (options.queries is None):
        raise UsageError(detail="Give either a query or --queries FILE.")
    collections = collection_ids(library, options.collection)
    only = field_filter(options)
    files = FileStates(library.documents)
    if options.queries is None:
        found = library.retriever.search(
            options.query, options.k, collections=collections, only=only, reads=True
        )
        if options.json:
            print(json_text({"query": options.query, "results": _results(found, files)}))
        else:
            _print_passages(found)
        return 0
    queries = read_queries(options.queries)
    results = library.retriever.search_many(
        [query for _, query in queries], options.k, collections=collections, only=only, reads=True
    )
    for (query_id, query), found in zip(queries, results, strict=True):
        if options.json:
            print(json_text({"id": query_id, "results": _results(found, files)}))
        else:
            print(f"== {one_line(query)}")
            _print_passages(found)
    return 0


def _results(found: Retrieval, files: FileStates) -> list[dict[str, Any]]:
    return [
        {
            "document": evidence.title,
            "path": evidence.path,
            "page": evidence.passage.page,
            "start": evidence.passage.start,
            "end": evidence.passage.end,
            "score": round(evidence.scores.fused, 6),
            "text": evidence.passage.text,
            **files.of(evidence.passage.document_id),
            "fields": fields_as_json(evidence.fields),
            "match": evidence.match.value or None,
            "also_in": list(evidence.also_in),
        }
        for evidence in found.best_first()
    ]


def _print_passages(found: Retrieval) -> None:
    for evidence in found.best_first():
        passage = evidence.passage
        place = f", page {passage.page}" if passage.page is not None else ""
        weak = "" if evidence in found.evidence else "  (too far from the question for an answer)"
        print(f"{evidence.scores.fused:.3f}  {one_line(evidence.title)}{place}{weak}")
        if evidence.fields:
            print(f"       {one_line(evidence.fields.summary)}")
        print(
            f"       {one_line(first_words(snippet_of(passage.text, evidence.path, (evidence.title,)), LINE))}"
        )
    if not found.evidence and not found.below_floor:
        print("Nothing was found.", file=sys.stderr)
    for note in found.notes:
        print(note, file=sys.stderr)
