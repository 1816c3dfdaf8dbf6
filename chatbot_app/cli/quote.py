"""The command that quotes the sentences which answer a question."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import Any

from chatbot_app.chat.services import create_services
from chatbot_app.cli.document_choice import collection_ids, field_filter
from chatbot_app.cli.file_states import FileStates
from chatbot_app.cli.json_forms import quotes_as_json
from chatbot_app.cli.printing import json_text, one_line
from chatbot_app.cli.records import read_queries
from chatbot_app.cli.shown_answers import print_quotes
from chatbot_app.core.errors import UsageError
from chatbot_app.knowledge.library import Library
from chatbot_app.storage.database import Access


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Run the command and return the exit status. Raises AppError."""
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        return quote(options, services.library)


def quote(options: argparse.Namespace, library: Library) -> int:
    """Print the sentences that answer one question, or every question of a file; no model is asked. Raises UsageError."""
    from chatbot_app.knowledge.trust.quotes.quotes import PASSAGES, find_quotes

    if (options.query is None) == (options.queries is None):
        raise UsageError(detail="Give either a question or --queries FILE.")
    collections = collection_ids(library, options.collection)
    asked = [(None, options.query)] if options.queries is None else read_queries(options.queries)
    results = library.retriever.search_many(
        [query for _, query in asked],
        PASSAGES,
        collections=collections,
        only=field_filter(options),
        reads=True,
    )
    files = FileStates(library.documents)
    for (query_id, query), found in zip(asked, results, strict=True):
        quotes = find_quotes(found, library.sentence_embedder)
        if options.json:
            name: dict[str, Any] = {"query": query} if options.queries is None else {"id": query_id}
            print(json_text({**name, **quotes_as_json(quotes, files)}))
        else:
            if options.queries is not None:
                print(f"== {one_line(query)}")
            print_quotes(quotes.quotes, refused=quotes.refused, certain=quotes.certain)
    return 0
