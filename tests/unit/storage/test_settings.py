"""Settings: declared ones only, and a bad value in the file is never used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chatbot_app.core.errors import UsageError
from chatbot_app.core.presets import PRESETS, Preset
from chatbot_app.core.settings import SETTINGS
from chatbot_app.storage.database import Database
from chatbot_app.storage.settings import SettingsStore
from tests.unit.storage.support import open_database


@pytest.fixture
def settings(database: Database) -> SettingsStore:
    return SettingsStore(database)


def test_without_a_value_the_default_counts(settings: SettingsStore) -> None:
    assert settings.all() == {key: setting.default for key, setting in SETTINGS.items()}
    assert settings.get("ui.theme") == "system"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ui.font_scale", 1.25),
        ("chat.automatic_titles", False),
        ("generation.stop", ("a", "\ud800")),
        ("generation.temperature", None),
        ("generation.temperature", 1),
        ("ui.geometry", "AAAA" * 1000),
    ],
)
def test_a_value_survives_a_restart(data_dir: Path, key: str, value: Any) -> None:
    with open_database(data_dir) as database:
        SettingsStore(database).set(key, value)
    with open_database(data_dir) as database:
        settings = SettingsStore(database)
        assert settings.get(key) == value == settings.all()[key]
        assert settings.problems() == []
        settings.reset(key)
        assert settings.get(key) == SETTINGS[key].default


@pytest.mark.parametrize(
    "text", ["", "\x00\x00", '{"cut', '"text"', "true", "null", "7.5", "[1]", "1e999", "NaN"]
)
def test_a_bad_value_reads_as_the_default_and_is_named(
    settings: SettingsStore, database: Database, text: str
) -> None:
    with database.write() as connection:
        connection.execute("INSERT INTO settings VALUES ('ui.font_scale', ?)", [text])
        connection.execute("INSERT INTO settings VALUES ('of.the.future', ?)", [text])
    assert settings.get("ui.font_scale") == 1.0
    assert settings.all()["ui.font_scale"] == 1.0
    assert settings.problems() == ["ui.font_scale"]
    settings.set("ui.font_scale", 1.5)
    assert settings.problems() == []
    with database.read() as connection:
        kept = connection.execute("SELECT value FROM settings WHERE key = 'of.the.future'").fetchone()
    assert kept["value"] == text


def test_undeclared_keys_and_values_that_do_not_fit_are_refused(settings: SettingsStore) -> None:
    for refused in (lambda: settings.get("no"), lambda: settings.set("no", 1), lambda: settings.reset("no")):
        with pytest.raises(KeyError):
            refused()
    with pytest.raises(ValueError, match=r"ui\.font_scale"):
        settings.set("ui.font_scale", 9.0)


def test_presets(settings: SettingsStore) -> None:
    assert settings.presets() == list(PRESETS)
    settings.save_preset(Preset("  Zany ", (("temperature", 1.5),)))
    settings.save_preset(Preset("Calm", (("top_k", 2),)))
    replaced = settings.save_preset(Preset("Zany", (("temperature", 2.0), ("top_p", 0.5))))
    assert settings.presets() == [*PRESETS, replaced, Preset("Calm", (("top_k", 2),))]
    for name in ("precise", " ", ""):
        with pytest.raises(UsageError):
            settings.save_preset(Preset(name, ()))
    settings.remove_preset("Zany")
    settings.remove_preset("Zany")
    assert [preset.name for preset in settings.presets()][len(PRESETS) :] == ["Calm"]
