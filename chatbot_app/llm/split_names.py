"""How the parts of a split model are called: llama.cpp's own scheme (gguf-split), by which the engine finds them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPLIT = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})(?P<ending>\.gguf)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SplitName:
    """The name of part `number`, from 1, of `count`."""

    stem: str
    number: int
    count: int
    ending: str

    def all_parts(self) -> tuple[str, ...]:
        """Return the names of all parts, in their order."""
        return split_names(self.stem, self.count, self.ending)


def read_split_name(name: str) -> SplitName | None:
    """Return what the name or path of a part says, None for that of a whole model."""
    match = _SPLIT.fullmatch(name)
    if match is None:
        return None
    return SplitName(match["stem"], int(match["number"]), int(match["count"]), match["ending"])


def split_names(stem: str, count: int, ending: str = ".gguf") -> tuple[str, ...]:
    """Return the names of the parts of a model, in their order."""
    return tuple(f"{stem}-{number:05}-of-{count:05}{ending}" for number in range(1, count + 1))
