"""The formats by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chatbot_app.chat.training_data import alpaca, openai_chat, openai_preferences, preferences, sharegpt
from chatbot_app.chat.training_data.examples import Example


@dataclass(frozen=True, slots=True)
class Format:
    """How rows are written. `row` returns a JSON-ready mapping.

    `has_weights`: it can say which answers are not to be learnt. `has_sources`: a row has room for its source; else
    the sources stand in a file of their own, a line a row. `is_of_pairs`: a row is a better and a worse answer.
    """

    name: str
    row: Callable[[Example], dict[str, Any]]
    has_weights: bool = False
    has_sources: bool = True
    is_of_pairs: bool = False


FORMATS = {
    one.name: one
    for one in (
        Format("openai", openai_chat.row, has_weights=True, has_sources=False),
        Format("alpaca", alpaca.row),
        Format("sharegpt", sharegpt.row),
        Format("preferences", preferences.row, has_weights=True, is_of_pairs=True),
        Format(
            "openai-preferences",
            openai_preferences.row,
            has_weights=True,
            has_sources=False,
            is_of_pairs=True,
        ),
    )
}
