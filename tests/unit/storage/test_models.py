"""Models of this computer: the one that ships is always there, and what a person said of a model stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.core.errors import UsageError
from chatbot_app.core.local_models import BUILT_IN_LOCAL_MODEL, EngineSettings, ModelFacts, ModelKind, Origin
from chatbot_app.storage.database import Database
from chatbot_app.storage.migrations import MIGRATIONS
from chatbot_app.storage.models import LocalModelStore, file_title
from chatbot_app.storage.servers import ServerStore
from chatbot_app.storage.settings import SettingsStore
from tests.unit.storage.support import Clock, numbered_ids, open_database

FACTS = ModelFacts("qwen2", "Qwen", 500_000_000, "Q4_K_M", 32768, "apache-2.0", has_template=True, bytes=398)
SETTINGS = EngineSettings(
    4096, 0, 2, True, "q8_0", "{{ messages }}", ("/a.gguf", "/b.gguf"), "/eyes.gguf", False
)


def open_models(database: Database) -> LocalModelStore:
    return LocalModelStore(database, SettingsStore(database), now=Clock(), new_id=numbered_ids("model"))


@pytest.fixture
def models(database: Database) -> LocalModelStore:
    return open_models(database)


def test_the_model_that_ships_is_always_first(models: LocalModelStore) -> None:
    assert models.list() == [BUILT_IN_LOCAL_MODEL]
    assert models.default() == BUILT_IN_LOCAL_MODEL
    own = models.add(Path("/models/qwen.gguf"), FACTS)
    changed = models.set_settings("built-in", SETTINGS)
    assert models.list() == [changed, own]
    assert changed.path is None
    for refused in (lambda: models.remove("built-in"), lambda: models.rename("built-in", "Mine")):
        with pytest.raises(UsageError):
            refused()


def test_models_survive_a_restart(data_dir: Path) -> None:
    origin = Origin("Qwen/Qwen2.5-0.5B-Instruct-GGUF", "q4.gguf", "abc", "00")
    with open_database(data_dir) as database:
        models = open_models(database)
        model = models.add(Path("/models/qwen.gguf"), FACTS, origin=origin)
        models.set_settings(model.id, SETTINGS)
        models.note_speed(model.id, 12.5)
        models.set_default(model.id)
    with open_database(data_dir) as database:
        found = open_models(database).default()
    assert (found.facts, found.settings, found.origin) == (FACTS, SETTINGS, origin)
    assert (found.name, found.tokens_per_second) == ("qwen", 12.5)
    assert found.last_used is not None


def test_two_files_of_one_name_are_told_apart_and_one_file_is_one_model(models: LocalModelStore) -> None:
    first = models.add(Path("/a/model.gguf"), FACTS)
    second = models.add(Path("/b/Model.gguf"), FACTS)
    assert (first.name, second.name) == ("model", "Model (2)")
    again = models.add(Path("/a/model.gguf"), ModelFacts("llama"), name="Another")
    assert (again.id, again.name, again.facts.architecture) == (first.id, "model", "llama")
    with pytest.raises(UsageError, match="already"):
        models.rename(second.id, "MODEL")


def test_a_conversation_finds_a_model_by_the_name_that_it_had(models: LocalModelStore) -> None:
    model = models.add(Path("/a/model.gguf"), FACTS)
    renamed = models.rename(model.id, "  Mine  ")
    assert renamed.name == "Mine"
    assert models.find("mine") == models.find("model") == models.find(model.id) == renamed
    other = models.add(Path("/b/model.gguf"), FACTS)
    assert models.find("model") == other  # a name in use counts more
    assert models.find("nobody") is None
    with pytest.raises(UsageError, match="needs a name"):
        models.rename(model.id, " ")


def test_removing_the_default_goes_back_to_the_model_that_ships(models: LocalModelStore) -> None:
    model = models.add(Path("/a/model.gguf"), FACTS)
    models.set_default(model.id)
    models.remove(model.id)
    assert models.default() == BUILT_IN_LOCAL_MODEL
    for gone in (models.remove, models.set_default, lambda name: models.note_speed(name, 1.0)):
        with pytest.raises(UsageError, match="no such model"):
            gone(model.id)


def test_a_path_need_not_be_text(models: LocalModelStore) -> None:
    path = Path("/models/caf\udce9.gguf")
    assert models.add(path, FACTS).name
    assert [model.path for model in models.list()] == [None, path]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Qwen2.5-7B-Q4_K_M-00001-of-00003.gguf", "Qwen2.5-7B-Q4_K_M"),
        ("state-of-art.gguf", "state-of-art"),
        ("0-of-1.gguf", "0-of-1"),
        (".gguf", "Model"),
    ],
)
def test_a_model_is_called_as_its_file(name: str, title: str) -> None:
    assert file_title(Path(name)) == title


def test_the_file_of_the_built_in_server_becomes_a_model_and_the_default(data_dir: Path) -> None:
    with open_database(data_dir, migrations=MIGRATIONS[:9]) as database, database.write() as connection:
        connection.execute(
            "INSERT INTO servers (id, name, base_url, kind, model_path, position)"
            " VALUES ('built-in', 'Built-in', '', 'built-in', 'C:\\Models\\My model.gguf', 0)"
        )
    with open_database(data_dir) as database:
        model = open_models(database).default()
        assert (model.name, str(model.path)) == ("My model", "C:\\Models\\My model.gguf")
        assert ServerStore(database, SettingsStore(database)).list()[0].model_path == ""


@pytest.mark.parametrize(
    "stored", [None, 3, [], {"context": -1, "loras": {}, "cache_type": "q1"}, {"context": True}]
)
def test_damaged_settings_are_automatic(stored: object) -> None:
    assert EngineSettings.from_json(stored) == EngineSettings()
    assert Origin.from_json(stored) is None
    assert ModelFacts.from_json(stored) == ModelFacts()


def test_what_is_automatic_is_not_stored() -> None:
    assert EngineSettings().to_json() == {}
    assert EngineSettings.from_json(SETTINGS.to_json()) == SETTINGS
    embedding = ModelFacts("bert", kind=ModelKind.EMBEDDING, pooling="mean", context_length=None)
    assert ModelFacts.from_json(embedding.to_json()) == embedding
