"""The trash of conversations and documents: what is in it and for how long, emptied, and scrubbed from the bytes."""

from __future__ import annotations

import math
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chatbot_app.core.text import first_words
from chatbot_app.storage.backup_scrubbing import ScrubbingStopped, scrub_backups
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.database import Database, StoreMode
from chatbot_app.storage.document_rows import IN_TRASH as DOCUMENT_IN_TRASH
from chatbot_app.storage.draft_file import DraftFile
from chatbot_app.storage.draft_pictures import DraftPictureFolder
from chatbot_app.storage.lookups import utc_text
from chatbot_app.storage.purging import Kind, Purged, drop_drafts, erase_words, purge_rows, remove_own_file
from chatbot_app.storage.settling import Settling
from chatbot_app.storage.sqlite_errors import translate, translate_os_error
from chatbot_app.storage.trash_clock import KEPT, TrustedClock

_DAY = timedelta(days=1)
_LONGEST_SECONDS = 1e10  # three hundred years
_SECONDS = ("trusted", "doubted", "doubted_from")
_IN_TRASH = {Kind.CONVERSATION: "deleted_at IS NOT NULL", Kind.DOCUMENT: DOCUMENT_IN_TRASH}
_FIRST_CHARACTERS = 400  # of a question: what first words are taken from


@dataclass(frozen=True, slots=True)
class TrashedConversation:
    """A conversation in the trash. `deleted_at` is ISO 8601 in UTC; `days_left` of a new one is 30."""

    id: str
    title: str
    first_words: str
    deleted_at: str
    messages: int
    days_left: int


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """What a scrub came to: whether it is `done`, and the files that were too damaged to be scrubbed."""

    done: bool
    unreadable: tuple[str, ...] = ()


class Trash:
    """What was deleted and can still be brought back. Methods raise StoreError (DiskFull, …)."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._ending = threading.Event()

    def interrupt(self) -> None:
        """End a scrub that is under way, for the program ends; the next run goes on with it."""
        self._ending.set()

    def conversations(self) -> list[TrashedConversation]:
        """Return the conversations in the trash, the one deleted last first."""
        days = self.days_left(Kind.CONVERSATION)
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT id, title, deleted_at,"
                " (SELECT count(*) FROM messages WHERE conversation_id = conversations.id) AS messages,"
                " (SELECT substr(text, 1, ?) FROM messages WHERE conversation_id = conversations.id"
                "  AND role = 'user' ORDER BY sequence LIMIT 1) AS question"
                " FROM conversations WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, number DESC",
                [_FIRST_CHARACTERS],
            )
            return [
                TrashedConversation(
                    as_text(row["id"]),
                    as_text(row["title"]),
                    first_words(as_text(row["question"]), 120),
                    as_text(row["deleted_at"]),
                    row["messages"],
                    days.get(row["id"], KEPT.days),
                )
                for row in rows
            ]

    def days_left(self, kind: Kind) -> dict[str, int]:
        """Return for everything of a kind in the trash how many days it stays, begun ones counted whole."""
        clock = self.look()
        if clock is None:
            return {}
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT item_id, entered FROM trash_entries WHERE kind = ? AND typeof(entered) = 'real'",
                [kind.value],
            )
            return {row["item_id"]: math.ceil(clock.left(row["entered"]) / _DAY) for row in rows}

    def look(self) -> TrustedClock | None:
        """Look at the clock and note what came into the trash and left it; None where nothing can be written."""
        if self._database.mode is StoreMode.READ_ONLY:
            return None
        with self._database.write() as connection:
            now = self._now()
            before = _clock_of(connection)
            clock = TrustedClock(now) if before is None else before.at(now)
            connection.execute("DELETE FROM trash_clock")
            connection.execute(
                "INSERT INTO trash_clock VALUES (?, ?, ?, ?)",
                [utc_text(now), clock.trusted, clock.doubted, clock.doubted_from],
            )
            for kind in Kind:
                _note_entries(connection, kind, clock, before)
            return clock

    def purge_expired(self) -> list[Purged]:
        """Delete for good what has been in the trash for 30 days, and return it. `scrub` does the rest."""
        clock = self.look()
        if clock is None:
            return []
        with self._database.read() as connection:
            entries = connection.execute(
                "SELECT kind, item_id, entered FROM trash_entries WHERE kind IN (?, ?)"
                " AND typeof(entered) = 'real'",
                [kind.value for kind in Kind],
            ).fetchall()
        expired = [
            Purged(Kind(row["kind"]), row["item_id"]) for row in entries if not clock.left(row["entered"])
        ]
        return self._purge(expired)

    def empty(self, kind: Kind) -> list[Purged]:
        """Delete everything of a kind in the trash for good, and return it. `scrub` does the rest."""
        with self._database.read() as connection:
            rows = connection.execute(f"SELECT id FROM {kind}s WHERE {_IN_TRASH[kind]}").fetchall()
        return self._purge([Purged(kind, row["id"]) for row in rows])

    def purge(self, kind: Kind, ids: Sequence[str]) -> list[Purged]:
        """Delete things of the trash for good, and return those that were there. `scrub` does the rest."""
        return self._purge([Purged(kind, item_id) for item_id in ids])

    def count(self, kind: Kind) -> int:
        """Return how many things of a kind are in the trash."""
        with self._database.read() as connection:
            statement = f"SELECT count(*) FROM {kind}s WHERE deleted_at IS NOT NULL"
            return int(connection.execute(statement).fetchone()[0])

    def scrub(self) -> Scrubbed:
        """Take what was purged from the bytes of the file, its log and the backups.

        Takes seconds a GB; where somebody wants to write meanwhile it ends and must be tried again, as after
        a crash: what is left to do is kept in the store.
        """
        if self._database.mode is StoreMode.READ_ONLY:
            return Scrubbed(done=True)
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT kind, item_id FROM purges WHERE kind IN (?, ?)", [kind.value for kind in Kind]
            ).fetchall()
        purged = [Purged(Kind(row["kind"]), row["item_id"]) for row in rows]
        if not purged:
            return Scrubbed(done=True)
        if not Settling(self._database).finish(self._ending.is_set):
            return Scrubbed(done=False)
        with self._database.write() as connection:
            drop_drafts(connection, purged)  # the window may have kept one once more
        erase_words(self._database)
        if not self._database.compact(self._ending.is_set):
            return Scrubbed(done=False)
        try:
            gone = {item.item_id for item in purged}
            DraftFile(self._database.paths.drafts).forget(gone)
            DraftPictureFolder(self._database.paths.draft_pictures).forget(gone)
            unreadable = scrub_backups(self._database.paths.backups, purged, self._ending.is_set)
        except ScrubbingStopped:
            return Scrubbed(done=False)
        except sqlite3.Error as exc:
            raise translate(exc, self._database.paths.database) from exc
        except OSError as exc:
            raise translate_os_error(exc, self._database.paths.backups) from exc
        with self._database.write() as connection:
            connection.executemany(
                "DELETE FROM purges WHERE kind = ? AND item_id = ?",
                [[item.kind.value, item.item_id] for item in purged],
            )
        self._database.truncate_log()
        set_aside = sorted(self._database.paths.root.glob("*.damaged-*.sqlite3"))
        return Scrubbed(done=True, unreadable=tuple(path.name for path in [*unreadable, *set_aside]))

    def _purge(self, items: Sequence[Purged]) -> list[Purged]:
        # A transaction each: a thousand conversations are not one long lock.
        return [item for item in items if not self._ending.is_set() and self._purge_one(item)]

    def _purge_one(self, item: Purged) -> bool:
        with self._database.write() as connection:
            found = connection.execute(
                f"SELECT * FROM {item.kind}s WHERE id = ? AND {_IN_TRASH[item.kind]}", [item.item_id]
            ).fetchone()
            if found is None:
                return False  # brought back meanwhile
            purge_rows(connection, [item])
            if item.kind is Kind.DOCUMENT:
                remove_own_file(connection, self._database.paths.texts, found["path"])
            return True


def _clock_of(connection: sqlite3.Connection) -> TrustedClock | None:
    row = connection.execute("SELECT * FROM trash_clock").fetchone()
    looked_at = None if row is None else _moment_of(row["looked_at"])
    if looked_at is None:
        return None
    seconds = [row[name] for name in _SECONDS]
    if not all(isinstance(number, int | float) and 0 <= number < _LONGEST_SECONDS for number in seconds):
        return None  # damaged: what is in the trash stays rather longer
    return TrustedClock(looked_at, *seconds)


def _note_entries(
    connection: sqlite3.Connection, kind: Kind, clock: TrustedClock, before: TrustedClock | None
) -> None:
    connection.execute(
        "DELETE FROM trash_entries WHERE kind = ?1 AND NOT EXISTS (SELECT 1 FROM"
        f" {kind}s WHERE id = item_id AND {kind}s.deleted_at = trash_entries.deleted_at)",
        [kind.value],
    )
    connection.execute(  # damaged, or of a clock that was: the time begins anew
        "UPDATE trash_entries SET entered = ?1 WHERE typeof(entered) <> 'real' OR entered NOT BETWEEN 0 AND ?1",
        [clock.trusted],
    )
    new = connection.execute(
        f"SELECT id, deleted_at FROM {kind}s WHERE {_IN_TRASH[kind]}"
        " AND id NOT IN (SELECT item_id FROM trash_entries WHERE kind = ?)",
        [kind.value],
    ).fetchall()
    connection.executemany(
        "INSERT INTO trash_entries VALUES (?, ?, ?, ?)",
        [
            [kind.value, row["id"], row["deleted_at"], clock.entered(_moment_of(row["deleted_at"]), before)]
            for row in new
        ],
    )


def _moment_of(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
