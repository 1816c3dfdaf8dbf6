"""Characters written to a file and read from one: of ours, or a card as JSON or within a PNG picture."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from pathlib import Path

from chatbot_app.chat.transfer.export_files import new_file
from chatbot_app.chat.transfer.library_files import whole_file
from chatbot_app.chat.transfer.png_texts import SIGNATURE, png_texts
from chatbot_app.core.character_exchange import ReadCharacters, characters_json, read_characters
from chatbot_app.core.characters import Character, Surroundings
from chatbot_app.core.errors import ImportUnreadable

_LARGEST_JSON = 20_000_000  # bytes
_KEYWORDS = ("ccv3", "chara")  # the newer form first


def write_characters(characters: Iterable[Character], here: Surroundings, path: Path) -> None:
    """Write characters as JSON, all of them or none. Raises ExportFailed."""
    with new_file(path) as file:
        file.write(characters_json(characters, here))


def read_character_file(path: Path) -> ReadCharacters:
    """Return the characters of a file, found by its content. Raises ImportUnreadable where there is none."""
    data = whole_file(path)
    if data.startswith(SIGNATURE):
        data = _card_within(data, path)
    if len(data) > _LARGEST_JSON:
        raise ImportUnreadable(path=path.name, detail="Its text is larger than 20 MB.")
    try:
        return read_characters(data)
    except ValueError as exc:
        raise ImportUnreadable(
            path=path.name, detail="It holds no characters, neither of this program nor as a character card."
        ) from exc


def _card_within(data: bytes, path: Path) -> bytes:
    try:
        texts = {keyword.casefold(): text for keyword, text in png_texts(data)}
    except ValueError as exc:
        raise ImportUnreadable(path=path.name, detail="The picture is cut or damaged.") from exc
    encoded = next((texts[keyword] for keyword in _KEYWORDS if keyword in texts), None)
    if encoded is None:
        raise ImportUnreadable(path=path.name, detail="The picture carries no character.")
    try:
        return base64.b64decode(b"".join(encoded.split()), validate=True)
    except binascii.Error as exc:
        raise ImportUnreadable(path=path.name, detail="The character in the picture is damaged.") from exc
