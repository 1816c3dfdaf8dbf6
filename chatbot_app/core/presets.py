"""Named sets of sampling parameters."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of sampling parameters; what it does not name goes back to the server's default."""

    name: str
    parameters: tuple[tuple[str, float | int], ...]
    built_in: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {**asdict(self), "parameters": dict(self.parameters)}


PRESETS = (
    Preset("Precise", (("temperature", 0.2), ("top_p", 0.9)), built_in=True),
    Preset("Balanced", (("temperature", 0.7), ("top_p", 0.95)), built_in=True),
    Preset("Creative", (("temperature", 1.1), ("top_p", 0.98), ("presence_penalty", 0.3)), built_in=True),
    Preset("Greedy", (("temperature", 0.0), ("top_k", 1)), built_in=True),
)
