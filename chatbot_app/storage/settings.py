"""Settings and presets, held against the declared table: what does not fit there is not used."""

from __future__ import annotations

from typing import Any

from chatbot_app.core.errors import UsageError
from chatbot_app.core.generation import SAMPLING_FIELDS
from chatbot_app.core.presets import PRESETS, Preset
from chatbot_app.core.setting import REFUSED, Setting
from chatbot_app.core.settings import SETTINGS
from chatbot_app.core.text import clean_text
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.json_columns import dump_json, load_json, load_mapping


class SettingsStore:
    """Values of the settings in `core.settings.SETTINGS`.

    A stored value of a wrong type or out of range reads as the default; keys that this version does not
    know stay in the file as they are. Methods raise StoreError where nothing could be saved.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> Any:
        """Return the value of a declared setting. Raises KeyError for another."""
        setting = SETTINGS[key]
        with self._database.read() as connection:
            row = connection.execute("SELECT value FROM settings WHERE key = ?", [key]).fetchone()
        return setting.default if row is None else _value_of(setting, row["value"])[0]

    def all(self) -> dict[str, Any]:
        """Return the value of every declared setting."""
        stored = self._stored()
        return {
            key: _value_of(setting, stored[key])[0] if key in stored else setting.default
            for key, setting in SETTINGS.items()
        }

    def problems(self) -> list[str]:
        """Return the keys of stored values that cannot be used and read as their default."""
        stored = self._stored()
        return [
            key
            for key, setting in SETTINGS.items()
            if key in stored and not _value_of(setting, stored[key])[1]
        ]

    def set(self, key: str, value: Any) -> None:
        """Keep a value. Raises KeyError for an undeclared key, ValueError for a value that does not fit."""
        if not SETTINGS[key].accepts(value):
            raise ValueError(f"{value!r} does not fit the setting {key}")
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO settings (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [key, dump_json(value)],
            )

    def reset(self, key: str) -> None:
        """Go back to the default of a declared setting. Raises KeyError for another."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM settings WHERE key = ?", [SETTINGS[key].key])

    def presets(self) -> list[Preset]:
        """Return the presets: those that ship, then the person's own in the order they were made."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT name, parameters FROM presets ORDER BY position").fetchall()
        return [*PRESETS, *(Preset(as_text(row["name"]), _parameters(row["parameters"])) for row in rows)]

    def save_preset(self, preset: Preset) -> Preset:
        """Keep a preset of the person's; one of the same name is replaced.

        Raises UsageError for an empty name and for the name of a preset that ships.
        """
        name = " ".join(clean_text(preset.name).split())
        if not name:
            raise UsageError(detail="A preset needs a name.")
        if name.casefold() in {shipped.name.casefold() for shipped in PRESETS}:
            raise UsageError(detail=f"“{name}” is a preset of the program. Choose another name.")
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO presets (name, parameters, position)"
                " VALUES (?, ?, (SELECT coalesce(max(position), 0) + 1 FROM presets))"
                " ON CONFLICT (name) DO UPDATE SET parameters = excluded.parameters",
                [name, dump_json(dict(preset.parameters))],
            )
        return Preset(name, preset.parameters)

    def remove_preset(self, name: str) -> None:
        """Forget a preset of the person's; does nothing where there is none."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM presets WHERE name = ?", [name])

    def _stored(self) -> dict[str, str]:
        with self._database.read() as connection:
            return {row["key"]: row["value"] for row in connection.execute("SELECT key, value FROM settings")}


def _value_of(setting: Setting, text: Any) -> tuple[Any, bool]:
    """Return the value that `text` stands for and True, or the default and False."""
    value = load_json(text) if isinstance(text, str) else None
    if value is None and text != "null":
        return setting.default, False
    read = setting.read(value)
    fits = read is not REFUSED and setting.accepts(read)
    return (read, True) if fits else (setting.default, False)


def _parameters(text: Any) -> tuple[tuple[str, float | int], ...]:
    return tuple(
        (name, number)
        for name, number in load_mapping(text).items()
        if name in SAMPLING_FIELDS and isinstance(number, int | float) and not isinstance(number, bool)
    )
