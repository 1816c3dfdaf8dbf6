"""Prompts written to a file and read from one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from chatbot_app.chat.transfer.export_files import new_file
from chatbot_app.chat.transfer.library_files import whole_file
from chatbot_app.core.errors import ImportUnreadable
from chatbot_app.core.prompt_exchange import ReadPrompts, prompts_json, read_prompts
from chatbot_app.core.saved_prompts import SavedPrompt


def write_prompts(prompts: Iterable[SavedPrompt], path: Path) -> None:
    """Write prompts as JSON, all of them or none. Raises ExportFailed."""
    with new_file(path) as file:
        file.write(prompts_json(prompts))


def read_prompt_file(path: Path) -> ReadPrompts:
    """Return the prompts of a file. Raises ImportUnreadable where there is none, or it holds something else."""
    data = whole_file(path)
    try:
        return read_prompts(data)
    except ValueError as exc:
        raise ImportUnreadable(path=path.name, detail="It is no JSON file of prompts.") from exc
