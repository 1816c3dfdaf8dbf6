"""The pictures of a conversation in JSON of our own: each once, in base64, behind everything else."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from chatbot_app.chat.transfer.carried_pictures import NO_PICTURES, TOO_LARGE
from chatbot_app.chat.transfer.plain_values import as_dict, as_list, as_number, as_str
from chatbot_app.chat.transfer.reading_limits import LONGEST_NAME, MOST_CHARACTERS, LeftOut
from chatbot_app.core.carried import CarriedPicture
from chatbot_app.core.messages import Message
from chatbot_app.core.pictures import HEAD_BYTES, MOST_BYTES, MOST_OF_A_MESSAGE, facts_of
from chatbot_app.core.text import clean_text
from chatbot_app.storage.conversations import ConversationStore

# A conversation that is longer than MOST_CHARACTERS is not read again: words come before pictures.
_MOST_WRITTEN = MOST_CHARACTERS // 2
_NOT_WRITTEN = "Pictures had no room in the file: their names stand in the text."


def picture_lines(store: ConversationStore, messages: Sequence[Message]) -> Iterator[str]:
    """Yield the pictures of messages as the last entries of a conversation's object; nothing where there are none."""
    room = _MOST_WRITTEN
    missing = 0
    separator = ',\n"pictures": [\n'
    end = ""
    for message_id, pictures in store.pictures.carried(messages).items():
        for picture in pictures:
            data = picture.read()
            if data is None or len(data) * 4 // 3 > room:
                missing += 1
                continue
            room -= len(data) * 4 // 3
            entry = {"message_id": message_id, "name": picture.name, "base64": b64encode(data).decode()}
            yield separator + clean_text(json.dumps(entry, ensure_ascii=False))
            separator, end = ",\n", "\n]"
    yield end
    if missing:
        yield f',\n"pictures_left_out": {missing}'


def read_pictures(
    value: Mapping[str, Any],
    own_id: Callable[[str], str],
    known: Collection[str],
    left_out: LeftOut,
) -> dict[str, tuple[CarriedPicture, ...]]:
    """Return the pictures of messages by id; what is none is counted in `left_out`."""
    found: dict[str, list[CarriedPicture]] = {}
    left_out.add(_NOT_WRITTEN, int(as_number(value.get("pictures_left_out")) or 0))
    for item in map(as_dict, as_list(value.get("pictures"))):
        message_id, written = own_id(as_str(item.get("message_id"))), item.get("base64")
        if not isinstance(written, str):
            left_out.add(NO_PICTURES)
            continue
        head = _decoded(written[: HEAD_BYTES // 3 * 4])
        facts = facts_of(head) if head is not None else None
        if facts is None or message_id not in known or len(found.get(message_id, ())) >= MOST_OF_A_MESSAGE:
            left_out.add(NO_PICTURES)
        elif facts.is_too_large or len(written) > MOST_BYTES // 3 * 4 + 4:
            left_out.add(TOO_LARGE)
        else:
            name = as_str(item.get("name"), LONGEST_NAME)
            found.setdefault(message_id, []).append(CarriedPicture(name, _reader(written)))
    return {message_id: tuple(pictures) for message_id, pictures in found.items()}


def _reader(written: str) -> Callable[[], bytes | None]:
    return lambda: _decoded(written)


def _decoded(written: str) -> bytes | None:
    try:
        return b64decode(written, validate=True)
    except ValueError:
        return None
