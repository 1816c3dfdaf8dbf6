"""Reads conversations of this and other programs; what a file is, its content says, never its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatbot_app.chat.transfer.json_stream import Broken, values_of
from chatbot_app.chat.transfer.own_json_reader import is_own, read_own
from chatbot_app.chat.transfer.reading_limits import MOST_CONVERSATIONS, LeftOut
from chatbot_app.chat.transfer.sources import TextSource, texts_of
from chatbot_app.core.carried import CarriedConversation

_MOST_BROKEN = 10_000  # places of one file, after which the rest of it is not looked at


@dataclass(frozen=True, slots=True)
class Format:
    """A form of conversations in JSON: its name for people, how a value of it is known, and how it is read."""

    name: str
    is_one: Callable[[Any], bool]
    read: Callable[[Mapping[str, Any], LeftOut], CarriedConversation | None]


FORMATS = (Format("Chatbot", is_own, read_own),)


@dataclass(slots=True)
class ConversationReader:
    """Reads files that a person chose. `formats` counts by name what was read, `left_out` says what was not."""

    paths: Sequence[Path]
    formats: dict[str, int] = field(default_factory=dict)
    left_out: LeftOut = field(default_factory=LeftOut)

    def conversations(self) -> Iterator[CarriedConversation]:
        """Yield all conversations, one after the other; may be called again. Raises ImportUnreadable."""
        self.formats, self.left_out = {}, LeftOut()
        count = 0
        for path in self.paths:
            for source in texts_of(path, self.left_out):
                for carried in self._of(source):
                    count += 1
                    if count > MOST_CONVERSATIONS:
                        self.left_out.add(f"Conversations stand behind the first {MOST_CONVERSATIONS:,}.")
                        return
                    yield carried

    def _of(self, source: TextSource) -> Iterator[CarriedConversation]:
        broken = 0
        for found in values_of(source.read):
            if isinstance(found, Broken):
                self.left_out.add(found.reason)
                broken += 1
                if broken > _MOST_BROKEN:
                    return
                continue
            carried = self._one(found.value)
            if carried is not None:
                yield carried

    def _one(self, value: Any) -> CarriedConversation | None:
        for one in FORMATS:
            if one.is_one(value):
                carried = one.read(value, self.left_out)
                if carried is not None:
                    self.formats[one.name] = self.formats.get(one.name, 0) + 1
                return carried
        self.left_out.add("Parts of the files are no conversations of a known program.")
        return None
