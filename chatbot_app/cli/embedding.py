"""The command that chooses the embedding model: the built-in one, or a server's."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from chatbot_app.chat.services import Services, create_services
from chatbot_app.cli.named_servers import named_server
from chatbot_app.cli.printing import one_line
from chatbot_app.core.documents import Document
from chatbot_app.core.errors import UsageError
from chatbot_app.knowledge.embedder import EmbeddingModel
from chatbot_app.knowledge.importing.events import FileProgress, ImportFailed
from chatbot_app.knowledge.library import EMBEDDING_SETTING, Library, try_embedding_model
from chatbot_app.storage.database import Access


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Print the embedding model, or choose another and make its vectors beside the old ones, then swap.

    Keyword search works meanwhile; what is interrupted is carried on by the same command or by the window.
    """
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        if options.server is None:
            before = services.library.embedder
            print(before.model.name if before is not None else "none: passages are found by words only")
            return 0
        _choose(options, services)
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        made_by = _make_vectors(services.library)
        services.library.passages.drop_other_vectors(made_by.stamp)
    print(f"Vectors are made by {made_by.name}.")
    return 0


def _choose(options: argparse.Namespace, services: Services) -> None:
    if options.server == "built-in":
        services.settings.reset(EMBEDDING_SETTING)
    else:
        if options.model is None:
            raise UsageError(detail="Name the server and its embedding model.")
        server = named_server(services.servers.list(), options.server)
        if not server.base_url:
            raise UsageError(detail=f"{server.name} makes no vectors; “built-in” is the model that ships.")
        choice = try_embedding_model(server, services.keys.get(server.id), options.model)
        services.settings.set(EMBEDDING_SETTING, choice.to_json())


def _make_vectors(library: Library) -> EmbeddingModel:
    embedder = library.embedder
    if embedder is None:
        raise UsageError(detail="The built-in embedding model is not installed.")
    library.documents.require_vectors(embedder.model.stamp)
    shown = ""
    for told in library.create_vector_making().run(until_done=True):
        match told:
            case ImportFailed(error):
                raise error
            case FileProgress(document=Document() as document) if document.id != shown:
                shown = document.id
                print(f"{one_line(document.title)}: vectors", file=sys.stderr)
    return embedder.model
