"""The built-in model without its weights: it counts tokens and fills templates as the whole one does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatbot_app.llm.local.server import LocalEndpoint, LocalServer
from chatbot_app.llm.model_files import BUILT_IN_MODEL, find_model_file
from tests.tiny_gguf import write_without_weights
from tests.unit.llm.local.test_server import COMMAND


@contextmanager
def light_endpoint(folder: Path) -> Iterator[LocalEndpoint]:
    """Serve the built-in model's vocabulary and template: to read thousands of tokens with its weights would say no more."""
    built_in = find_model_file(BUILT_IN_MODEL.name)
    assert built_in is not None
    server = LocalServer(write_without_weights(built_in, folder / built_in.name), command=COMMAND)
    yield server.ensure_running()
    server.stop()
