"""A store in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from tests.unit.storage.support import open_database, open_store


@pytest.fixture
def database(data_dir: Path) -> Iterator[Database]:
    with open_database(data_dir) as opened:
        yield opened


@pytest.fixture
def store(database: Database) -> ConversationStore:
    return open_store(database)
