"""The names of models as people read them."""

from __future__ import annotations

import re

from chatbot_app.core.visible_text import visible_text

# A path of this computer, as llama.cpp's server names a model that was given no other name; "org/model" is none.
_PATH = re.compile(r"^(?:\.{0,2}|~|[A-Za-z]:|\\)[\\/](?:.*[\\/])?")


def shown_name(model: str) -> str:
    """Return a model's name on one line; of one that is the path of a file, the file's name."""
    return " ".join(visible_text(_PATH.sub("", model) or model).split())
