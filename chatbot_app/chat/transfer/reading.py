"""Reads conversations of this and other programs; what a file is, its content says, never its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatbot_app.chat.transfer import chatgpt, claude, lm_studio, message_lists, open_webui
from chatbot_app.chat.transfer.chatgpt_content import pictures_of
from chatbot_app.chat.transfer.json_stream import Broken, values_of
from chatbot_app.chat.transfer.message_lists import is_message
from chatbot_app.chat.transfer.own_json_reader import is_own, read_own
from chatbot_app.chat.transfer.reading_limits import MOST_CONVERSATIONS, MOST_MESSAGES, LeftOut, Reading
from chatbot_app.chat.transfer.sources import TextSource, texts_of
from chatbot_app.core.carried import CarriedConversation

_MOST_BROKEN = 10_000  # places of one file, after which the rest of it is not looked at


@dataclass(frozen=True, slots=True)
class Format:
    """A form of conversations in JSON: its name for people, how a value of it is known, and how it is read."""

    name: str
    is_one: Callable[[Any], bool]
    read: Callable[[Any, Reading], CarriedConversation | None]


# The first that knows a value reads it: those that ask for less come later.
FORMATS = (
    Format("Chatbot", is_own, lambda value, reading: read_own(value, reading.left_out)),
    Format("ChatGPT", chatgpt.is_one, chatgpt.read),
    Format("Claude", claude.is_one, claude.read),
    Format("Open WebUI", open_webui.is_one, open_webui.read),
    Format("LM Studio", lm_studio.is_one, lm_studio.read),
    Format("lists of messages", message_lists.is_one, message_lists.read),
)


@dataclass(slots=True)
class ConversationReader:
    """Reads files that a person chose. `formats` counts by name what was read, `left_out` says what was not."""

    paths: Sequence[Path]
    formats: dict[str, int] = field(default_factory=dict)
    _reading: Reading = field(default_factory=Reading)

    @property
    def left_out(self) -> LeftOut:
        """What was not read so far, and why."""
        return self._reading.left_out

    def conversations(self) -> Iterator[CarriedConversation]:
        """Yield all conversations, one after the other; may be called again. Raises ImportUnreadable."""
        self.formats, self._reading = {}, Reading()
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
        self._reading.beside = source.beside
        self._reading.pictures = pictures_of(source.beside.names)
        broken = 0
        gathered: list[Any] = []  # messages of an array at the top: one conversation
        array: int | None = None
        for found in values_of(source.read):
            if isinstance(found, Broken):
                self.left_out.add(found.reason)
                broken += 1
                if broken > _MOST_BROKEN:
                    return
                continue
            if gathered and found.array != array:
                yield from self._one(gathered)
                gathered = []
            if found.array is not None and is_message(found.value):
                array = found.array
                if len(gathered) <= MOST_MESSAGES:
                    gathered.append(found.value)
                continue
            yield from self._one(found.value)
        if gathered:
            yield from self._one(gathered)

    def _one(self, value: Any) -> Iterator[CarriedConversation]:
        for one in FORMATS:
            if one.is_one(value):
                carried = one.read(value, self._reading)
                if carried is not None:
                    self.formats[one.name] = self.formats.get(one.name, 0) + 1
                    yield carried
                return
        self.left_out.add("Parts of the files are no conversations of a known program.")
