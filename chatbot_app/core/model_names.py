"""The names of models: as people read them, and made alike so that tables of families find them."""

from __future__ import annotations

import re

from chatbot_app.core.visible_text import visible_text

# A path of this computer, as llama.cpp's server names a model that was given no other name; "org/model" is none.
_PATH = re.compile(r"^(?:\.{0,2}|~|[A-Za-z]:|\\)[\\/](?:.*[\\/])?")


def shown_name(model: str) -> str:
    """Return a model's name on one line; of one that is the path of a file, the file's name."""
    return " ".join(visible_text(_PATH.sub("", model) or model).split())


def normalised(model: str) -> str:
    """Return `model` such that `Llama3.1:8b`, `meta-llama/Llama-3.1-8B` and `llama_3.1` start alike."""
    name = re.sub(r"[_: ]", "-", model.strip().lower().removeprefix("ft:").rsplit("/", 1)[-1])
    return re.sub(r"^([a-z]+)-?(\d)", r"\1-\2", name)


def continues(name: str, prefix: str) -> bool:
    """Whether a normalised name is of the family that a normalised prefix names."""
    rest = name[len(prefix) :]
    return name.startswith(prefix) and not (rest[:1].isdigit() and prefix[-1].isdigit())
