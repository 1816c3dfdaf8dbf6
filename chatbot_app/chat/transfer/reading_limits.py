"""How much of a stranger's file is read, and what is said of the rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from chatbot_app.chat.transfer.files_beside import FilesBeside, NoFiles

MOST_CHARACTERS = 64 * 1024 * 1024  # of one conversation as it stands in a file
MOST_PARTS = (
    4_000_000  # lists, objects and values of one conversation: each takes a hundred bytes when it is read
)
MOST_MESSAGES = 100_000  # of one conversation
MOST_CONVERSATIONS = 200_000  # of all files that are read together
MOST_BYTES = 8 * 1024**3  # of one file, unpacked
DEEPEST = 60  # levels of what is kept as it came
LONGEST_TITLE = 400
LONGEST_NAME = 200  # of a model, a tool, a picture


@dataclass(slots=True)
class LeftOut:
    """What of the files does not come along: sentences with how often each holds, in the order in which they were met."""

    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, reason: str, count: int = 1) -> None:
        """Count something that is left out; `reason` names it and says why, as a whole sentence in the plural."""
        if count > 0:
            self.reasons[reason] += count


@dataclass(slots=True)
class Reading:
    """What a reader is told besides the value, and tells."""

    left_out: LeftOut = field(default_factory=LeftOut)
    beside: FilesBeside = field(default_factory=NoFiles)
    pictures: dict[str, str] = field(default_factory=dict)  # names of files beside it, by the ids in them
    seen: Counter[str] = field(default_factory=Counter)  # conversations without ids, by what they begin with
