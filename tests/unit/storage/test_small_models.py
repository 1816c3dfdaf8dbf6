"""What the person says of models outlives their server's address and key."""

from __future__ import annotations

from chatbot_app.core.servers import Server
from chatbot_app.storage.database import Database
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.storage.small_models import SmallModelStore


def test_a_mark_is_kept_and_taken_back(database: Database) -> None:
    store = SmallModelStore(SettingsStore(database))
    server = Server("s", "S", "http://localhost:1/v1")
    assert not store.is_small(server, "tiny")
    store.mark("s", "tiny", small=True)
    store.mark("s", "tiny", small=True)
    assert SmallModelStore(SettingsStore(database)).is_small(server, "tiny")
    assert store.marked() == {("s", "tiny")}
    store.mark("s", "tiny", small=False)
    assert not store.is_small(server, "tiny")


def test_a_damaged_setting_marks_none(database: Database) -> None:
    settings = SettingsStore(database)
    for damaged in ("", "{}", '[["s"], 5, ["s", 1]]'):
        settings.set("servers.small_models", damaged)
        assert SmallModelStore(settings).marked() == frozenset()
