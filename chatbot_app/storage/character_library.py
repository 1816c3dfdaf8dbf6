"""Characters that the person keeps, by name."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace

from chatbot_app.core.characters import Character
from chatbot_app.core.errors import UsageError
from chatbot_app.core.ids import new_id
from chatbot_app.core.prompt_exchange import examples_list, pairs_of
from chatbot_app.core.text import clean_text
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.json_columns import dump_json, load_json
from chatbot_app.storage.library_names import free_name, is_numbered, usable_name
from chatbot_app.storage.rows import dump_settings, settings_from

LONGEST_DESCRIPTION = 300  # characters


class CharacterLibrary:
    """Methods raise UsageError where a character cannot be kept as it is, and StoreError where nothing could be saved.

    No conversation is touched: what it took over from a character stays with it.
    """

    def __init__(self, database: Database, *, new_id: Callable[[], str] = new_id) -> None:
        self._database = database
        self._new_id = new_id

    def list(self) -> list[Character]:
        """Return all characters, in the order of their names."""
        with self._database.read() as connection:
            return _all(connection)

    def save(self, character: Character) -> Character:
        """Keep a character, or change the one of its id; return it as it is kept.

        Raises UsageError where its name is empty, another one has it, or it was deleted meanwhile.
        """
        kept = _usable(character, character.id or self._new_id())
        cells = _cells(kept)
        with self._database.write() as connection:
            if _is_taken(connection, kept):
                raise UsageError(detail=f"There is a character “{kept.name}” already.")
            if not character.id:
                _insert(connection, cells)
            elif not _update(connection, cells):
                raise UsageError(detail="There is no such character any more.")
        return kept

    def duplicate(self, character_id: str) -> Character:
        """Keep a copy under a name of its own; return it. Raises UsageError where there is none of that id."""
        here = self.list()
        original = next((one for one in here if one.id == character_id), None)
        if original is None:
            raise UsageError(detail="There is no such character any more.")
        name = free_name(original.name, {one.name.casefold() for one in here})
        return self.save(replace(original, id="", name=name))

    def remove(self, character_ids: Sequence[str]) -> None:
        """Forget characters; does nothing where there are none."""
        with self._database.write() as connection:
            for character_id in character_ids:
                connection.execute("DELETE FROM characters WHERE id = ?", [character_id])

    def take_in(self, characters: Sequence[Character]) -> int:
        """Add characters from elsewhere and return how many are new.

        One that is here in all its parts is not added again; one whose name another one has gets a number.
        """
        here = self.list()
        kept: dict[Character, set[str]] = {}  # names by what they stand for
        for one in here:
            kept.setdefault(_content(one), set()).add(one.name)
        names = {one.name.casefold() for one in here}
        new = []
        for character in characters:
            usable = _usable(character, self._new_id())
            content = _content(usable)
            if any(is_numbered(usable.name, name) for name in kept.get(content, ())):
                continue
            named = replace(usable, name=free_name(usable.name, names))
            kept.setdefault(content, set()).add(named.name)
            names.add(named.name.casefold())
            new.append(_cells(named))
        with self._database.write() as connection:
            for cells in new:
                _insert(connection, cells)
        return len(new)


def _usable(character: Character, character_id: str) -> Character:
    settings = character.settings
    return replace(
        character,
        id=character_id,
        name=usable_name(character.name, "A character needs a name."),
        description=" ".join(clean_text(character.description).split())[:LONGEST_DESCRIPTION].strip(),
        settings=replace(settings, system_prompt=clean_text(settings.system_prompt), character_id=None),
        examples=tuple((clean_text(given), clean_text(answer)) for given, answer in character.examples),
    )


def _content(character: Character) -> Character:
    return replace(character, id="", name="")


def _all(connection: sqlite3.Connection) -> list[Character]:
    rows = connection.execute("SELECT * FROM characters")
    return sorted(map(_character_from, rows), key=lambda character: character.name.casefold())


def _is_taken(connection: sqlite3.Connection, character: Character) -> bool:
    # SQLite folds the letters of ASCII only.
    others = (one for one in _all(connection) if one.id != character.id)
    return any(one.name.casefold() == character.name.casefold() for one in others)


def _insert(connection: sqlite3.Connection, cells: tuple[str | None, ...]) -> None:
    connection.execute(
        "INSERT INTO characters (name, description, settings, examples, id) VALUES (?, ?, ?, ?, ?)", cells
    )


def _update(connection: sqlite3.Connection, cells: tuple[str | None, ...]) -> bool:
    changed = connection.execute(
        "UPDATE characters SET name = ?, description = ?, settings = ?, examples = ? WHERE id = ?", cells
    )
    return bool(changed.rowcount)


def _cells(character: Character) -> tuple[str | None, ...]:
    return (
        character.name,
        character.description,
        dump_settings(character.settings),
        dump_json(examples_list(character.examples)),
        character.id,
    )


def _character_from(row: sqlite3.Row) -> Character:
    return Character(
        name=as_text(row["name"]),
        description=as_text(row["description"]),
        settings=settings_from(row["settings"]),
        examples=pairs_of(load_json(row["examples"])),
        id=as_text(row["id"]),
    )
