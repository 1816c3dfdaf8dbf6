"""A report of a fault tells of the program and of nobody."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatbot_app.core.licences import read_licences
from chatbot_app.core.paths import DataPaths
from chatbot_app.storage.database import Database
from chatbot_app.storage.facts import store_facts
from chatbot_app.workers.diagnostics import hide_home, write_diagnostics

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/mary/notes", "~/notes"),
        ("in /home/mary", "in ~"),
        ("/home/mary-ann/notes", "/home/mary-ann/notes"),
        ("/home/mary.old", "/home/mary.old"),
        ('File "/home/mary/a.py", line 3', 'File "~/a.py", line 3'),
    ],
)
def test_the_home_folder_is_not_named(text: str, shown: str) -> None:
    assert hide_home(text, Path("/home/mary")) == shown


def test_a_home_at_the_root_changes_nothing() -> None:
    assert hide_home("/usr/lib", Path("/")) == "/usr/lib"


def test_the_report_counts_the_store_and_keeps_the_crash(data_dir: Path) -> None:
    with Database(DataPaths(data_dir)) as database:
        facts = store_facts(database)
        text = write_diagnostics(
            database,
            [("screen", "800 x 600")],
            now=NOW,
            mask=lambda t: t.replace("hidden", "***"),
            crash="hidden trace",
        )
    assert (facts.conversations, facts.documents) == (0, 0)
    assert facts.schema.startswith("m0")
    assert "2026-11-24 12:30 UTC" in text
    assert "800 x 600" in text
    assert "*** trace" in text


def test_a_store_that_cannot_be_read_is_said(data_dir: Path) -> None:
    database = Database(DataPaths(data_dir))
    with database.write() as connection:
        connection.execute("ALTER TABLE passages RENAME TO lost")
    try:
        assert "cannot be read" in write_diagnostics(database, [], now=NOW)
    finally:
        database.close()


def test_licences_beside_the_program_are_shown_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("MIT of ours")
    (tmp_path / "THIRD-PARTY-LICENSES").write_text("Qt: LGPL-3.0-only")
    found = read_licences([tmp_path / "nowhere", tmp_path])
    assert (found.own, found.third_party) == ("MIT of ours", "Qt: LGPL-3.0-only")


def test_from_source_the_installed_distributions_are_named(tmp_path: Path) -> None:
    found = read_licences([tmp_path])
    assert found.own == "MIT licence"
    assert any(line.startswith("openai ") and "Apache" in line for line in found.third_party.splitlines())
    assert not any(line.startswith("chatbot-app ") for line in found.third_party.splitlines())
