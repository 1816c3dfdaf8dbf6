"""Prompts that the person keeps, by name."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace

from chatbot_app.core.errors import UsageError
from chatbot_app.core.ids import new_id
from chatbot_app.core.prompt_exchange import examples_list, pairs_of
from chatbot_app.core.saved_prompts import SavedPrompt
from chatbot_app.core.text import clean_text
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.json_columns import dump_json, load_json
from chatbot_app.storage.library_names import free_name, usable_name

_NAMELESS = "A prompt needs a name."


class PromptLibrary:
    """Methods raise UsageError where a prompt cannot be kept as it is, and StoreError where nothing could be saved."""

    def __init__(self, database: Database, *, new_id: Callable[[], str] = new_id) -> None:
        self._database = database
        self._new_id = new_id

    def list(self) -> list[SavedPrompt]:
        """Return all prompts, in the order of their names."""
        with self._database.read() as connection:
            return _all(connection)

    def save(self, prompt: SavedPrompt) -> SavedPrompt:
        """Keep a prompt, or change the one of its id; return it as it is kept.

        Raises UsageError where its name or text is empty, another one has the name, or it was deleted meanwhile.
        """
        name = usable_name(prompt.name, _NAMELESS)
        if not prompt.text.strip():
            raise UsageError(detail="The prompt has no text.")
        with self._database.write() as connection:
            if _known(connection, name, but=prompt.id) is not None:
                raise UsageError(detail=f"There is a prompt “{name}” already.")
            kept = replace(prompt, id=prompt.id or self._new_id(), name=name, text=clean_text(prompt.text))
            if not prompt.id:
                _insert(connection, kept)
            elif not _update(connection, kept):
                raise UsageError(detail="There is no such prompt any more.")
        return kept

    def duplicate(self, prompt_id: str) -> SavedPrompt:
        """Keep a copy under a name of its own; return it. Raises UsageError where there is none of that id."""
        here = self.list()
        original = next((prompt for prompt in here if prompt.id == prompt_id), None)
        if original is None:
            raise UsageError(detail="There is no such prompt any more.")
        name = free_name(original.name, {prompt.name.casefold() for prompt in here})
        return self.save(replace(original, id="", name=name))

    def remove(self, prompt_ids: Sequence[str]) -> None:
        """Forget prompts; does nothing where there are none."""
        with self._database.write() as connection:
            for prompt_id in prompt_ids:
                connection.execute("DELETE FROM prompts WHERE id = ?", [prompt_id])

    def take_in(self, prompts: Sequence[SavedPrompt]) -> int:
        """Add prompts from elsewhere and return how many are new.

        One that is here in all its parts is not added again; one whose name another prompt has gets a number.
        """
        added = 0
        with self._database.write() as connection:
            here = _all(connection)
            contents = {(prompt.text, prompt.examples, prompt.step_by_step) for prompt in here}
            names = {prompt.name.casefold() for prompt in here}
            for prompt in prompts:
                content = (prompt.text, prompt.examples, prompt.step_by_step)
                if content in contents:
                    continue
                name = free_name(usable_name(prompt.name, _NAMELESS), names)
                contents.add(content)
                names.add(name.casefold())
                _insert(connection, replace(prompt, id=self._new_id(), name=name))
                added += 1
        return added


def _all(connection: sqlite3.Connection) -> list[SavedPrompt]:
    rows = connection.execute("SELECT * FROM prompts")
    return sorted(map(_prompt_from, rows), key=lambda prompt: prompt.name.casefold())


def _known(connection: sqlite3.Connection, name: str, *, but: str) -> SavedPrompt | None:
    # SQLite folds the letters of ASCII only.
    here = (prompt for prompt in _all(connection) if prompt.id != but)
    return next((prompt for prompt in here if prompt.name.casefold() == name.casefold()), None)


def _insert(connection: sqlite3.Connection, prompt: SavedPrompt) -> None:
    connection.execute(
        "INSERT INTO prompts (name, text, examples, step_by_step, id) VALUES (?, ?, ?, ?, ?)", _cells(prompt)
    )


def _update(connection: sqlite3.Connection, prompt: SavedPrompt) -> bool:
    changed = connection.execute(
        "UPDATE prompts SET name = ?, text = ?, examples = ?, step_by_step = ? WHERE id = ?", _cells(prompt)
    )
    return bool(changed.rowcount)


def _cells(prompt: SavedPrompt) -> tuple[str, str, str, bool, str]:
    pairs = ((clean_text(given), clean_text(answer)) for given, answer in prompt.examples)
    return prompt.name, prompt.text, dump_json(examples_list(pairs)), prompt.step_by_step, prompt.id


def _prompt_from(row: sqlite3.Row) -> SavedPrompt:
    return SavedPrompt(
        name=as_text(row["name"]),
        text=as_text(row["text"]),
        examples=pairs_of(load_json(row["examples"])),
        step_by_step=bool(row["step_by_step"]),
        id=as_text(row["id"]),
    )
