"""Prompts written to a file and read from one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from chatbot_app.chat.transfer.export_files import new_file
from chatbot_app.core.errors import ImportUnreadable
from chatbot_app.core.prompt_exchange import ReadPrompts, prompts_json, read_prompts
from chatbot_app.core.saved_prompts import SavedPrompt

LARGEST_FILE = 50_000_000  # bytes; a thousand long prompts are 5 MB


def write_prompts(prompts: Iterable[SavedPrompt], path: Path) -> None:
    """Write prompts as JSON, all of them or none. Raises ExportFailed."""
    with new_file(path) as file:
        file.write(prompts_json(prompts))


def read_prompt_file(path: Path) -> ReadPrompts:
    """Return the prompts of a file. Raises ImportUnreadable where there is none, or it holds something else."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as exc:
        raise ImportUnreadable(path=path.name, detail=f"{exc.strerror or exc}.") from exc
    if len(data) > LARGEST_FILE:
        raise ImportUnreadable(path=path.name, detail="It is larger than 50 MB.")
    try:
        return read_prompts(data)
    except ValueError as exc:
        raise ImportUnreadable(path=path.name, detail="It is no JSON file of prompts.") from exc
