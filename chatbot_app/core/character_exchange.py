"""Characters as JSON: {"format": "chatbot-app-characters", "version": 1, "characters": [{"name", "settings", …}]}."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chatbot_app.core.character_cards import character_of_card, is_card
from chatbot_app.core.characters import Character, Surroundings, named_here
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.prompt_exchange import examples_list, pairs_of
from chatbot_app.core.text import clean_text

FORMAT = "chatbot-app-characters"
VERSION = 1
MOST_CHARACTERS = 10_000  # of one file
LONGEST_PROMPT = 1_000_000  # characters; no model's window holds more of a system prompt


@dataclass(frozen=True, slots=True)
class ReadCharacter:
    """A character of a file, with what its server and collections were called where it was written."""

    character: Character
    server_name: str = ""
    collection_names: tuple[str, ...] = ()

    def as_here(self, here: Surroundings) -> Character:
        """Return the character with the server and collections of these names that are here."""
        return named_here(self.character, self.server_name, self.collection_names, here)


@dataclass(frozen=True, slots=True)
class ReadCharacters:
    """What a file holds. `left_out` counts the entries that are no characters."""

    characters: tuple[ReadCharacter, ...]
    left_out: int = 0


def characters_json(characters: Iterable[Character], here: Surroundings) -> str:
    """Return characters as a JSON document for people and programs; keys and addresses of servers are not in it."""
    entries = []
    for character in characters:
        settings = character.settings
        entry: dict[str, Any] = {
            "name": character.name,
            "description": character.description,
            "settings": {**settings.to_dict(), "system_prompt": settings.system_prompt},
            "examples": examples_list(character.examples),
        }
        if settings.server_id is not None:
            entry["server"] = here.servers.get(settings.server_id, "")
        if settings.collections:
            entry["collections"] = [here.collections.get(one, "") for one in settings.collections]
        entries.append(entry)
    document = {"format": FORMAT, "version": VERSION, "characters": entries}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def read_characters(data: bytes) -> ReadCharacters:
    """Return the characters of a JSON document: of ours, a character card, or a list of cards.

    Raises ValueError where it is none of these.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except RecursionError as exc:
        raise ValueError("nested too deep") from exc
    if isinstance(document, dict) and document.get("format") == FORMAT:
        entries, read_one = document.get("characters"), _own
    elif isinstance(document, dict) and is_card(document):
        entries, read_one = [document], _card
    else:
        entries, read_one = document, _card
    if not isinstance(entries, list):
        raise ValueError("no characters")
    read = [one for one in map(read_one, entries[:MOST_CHARACTERS]) if one is not None]
    if entries and not read:
        raise ValueError("no entry is a character")
    return ReadCharacters(tuple(read), len(entries) - len(read))


def _own(entry: Any) -> ReadCharacter | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        return None
    settings = entry.get("settings")
    description = entry.get("description")
    server, names = entry.get("server"), entry.get("collections")
    character = Character(
        clean_text(entry["name"]),
        GenerationSettings.from_dict(settings) if isinstance(settings, dict) else GenerationSettings(),
        clean_text(description) if isinstance(description, str) else "",
        pairs_of(entry.get("examples")),
    )
    if not _is_usable(character):
        return None
    return ReadCharacter(
        character,
        server if isinstance(server, str) else "",
        tuple(name if isinstance(name, str) else "" for name in names) if isinstance(names, list) else (),
    )


def _card(entry: Any) -> ReadCharacter | None:
    character = character_of_card(entry) if isinstance(entry, dict) and is_card(entry) else None
    return ReadCharacter(character) if character is not None and _is_usable(character) else None


def _is_usable(character: Character) -> bool:
    said = sum(len(given) + len(answer) for given, answer in character.examples)
    is_named = bool(character.name.strip("/ \t\r\n"))
    return is_named and len(character.settings.system_prompt) + said <= LONGEST_PROMPT
