"""A context window, and the dated table of well-known models for where nobody says it."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from typing import Any

from chatbot_app.core.model_names import continues, normalised
from chatbot_app.core.paths import resources_dir


@dataclass(frozen=True, slots=True)
class ModelWindow:
    """A context window in tokens, None where unknown; `source` is "server", "table" or "".

    Of a model that this program runs itself it is "trained", the whole window that the file was trained with, or
    "memory", the part of it that there is memory for.

    `is_settled` is False where the server could not be asked, so that it may say something else soon.
    """

    tokens: int | None
    source: str
    is_settled: bool = field(default=True, compare=False)

    @property
    def is_said(self) -> bool:
        """Whether the server itself says it."""
        return self.source in ("server", "trained", "memory")


def window_from_table(model: str) -> ModelWindow:
    """Return the window of a well-known family of models: the longest matching prefix decides."""
    name = normalised(model)
    matching = [prefix for prefix in _table() if continues(name, prefix)]
    if not matching:
        return ModelWindow(None, "")
    return ModelWindow(_table()[max(matching, key=len)], "table")


def table_date() -> str:
    """Return the day on which the table of windows was made, ISO 8601."""
    return str(_content()["date"])


@functools.cache
def _content() -> dict[str, Any]:
    return dict(json.loads((resources_dir() / "model_windows.json").read_text("utf-8")))


@functools.cache
def _table() -> dict[str, int]:
    return {
        normalised(prefix): family["tokens"]
        for family in _content()["families"]
        for prefix in family["prefixes"]
    }
