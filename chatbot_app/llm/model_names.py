"""Names of models as people and servers write them, made alike so that tables of families find them."""

from __future__ import annotations

import re


def normalised(model: str) -> str:
    """Return `model` such that `Llama3.1:8b`, `meta-llama/Llama-3.1-8B` and `llama_3.1` start alike."""
    name = re.sub(r"[_: ]", "-", model.strip().lower().removeprefix("ft:").rsplit("/", 1)[-1])
    return re.sub(r"^([a-z]+)-?(\d)", r"\1-\2", name)


def continues(name: str, prefix: str) -> bool:
    """Whether a normalised name is of the family that a normalised prefix names."""
    rest = name[len(prefix) :]
    return name.startswith(prefix) and not (rest[:1].isdigit() and prefix[-1].isdigit())
