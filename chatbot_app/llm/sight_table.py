"""The dated table of families of models that see pictures, for where nobody says it."""

from __future__ import annotations

import functools
import json
from typing import Any

from chatbot_app.core.model_names import continues, normalised
from chatbot_app.core.paths import resources_dir
from chatbot_app.core.sight import Sight


def sight_from_table(model: str) -> Sight:
    """Return whether a well-known family of models sees pictures: the longest matching beginning decides."""
    name = normalised(model)
    matching = [prefix for prefix in _table() if continues(name, prefix)]
    return _table()[max(matching, key=len)] if matching else Sight.UNKNOWN


@functools.cache
def _table() -> dict[str, Sight]:
    content: dict[str, Any] = json.loads((resources_dir() / "picture_models.json").read_text("utf-8"))
    return {
        normalised(prefix): sight
        for name, sight in (("see", Sight.SEES), ("blind", Sight.BLIND))
        for prefix in content[name]
    }
