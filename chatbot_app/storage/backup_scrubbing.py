"""Purged conversations and documents are taken out of the backups, too; each stays a verified backup."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from chatbot_app.storage.backup_files import (
    STEPS_BETWEEN_LOOKS,
    backup_paths,
    partial_of,
    remove_partial_files,
    verify,
    writing_lock,
)
from chatbot_app.storage.connections import connect, database_uri
from chatbot_app.storage.purging import Purged, contains, delete_rows_of_copy, erase_words_of_copy
from chatbot_app.storage.sqlite_errors import means_damage, primary_code

logger = logging.getLogger(__name__)

_WAITING_SECONDS = 60.0


class ScrubbingStopped(Exception):
    """The program ends; the backups that were not reached are as they were."""


def scrub_backups(
    folder: Path, purged: Sequence[Purged], should_stop: Callable[[], bool] = lambda: False
) -> list[Path]:
    """Take purged things out of every backup of a folder; return the backups that are too damaged for it.

    A backup is rewritten beside itself, checked, and only then replaced, so that there is never one less; the
    time of the file stays what it was. Raises ScrubbingStopped, OSError or sqlite3.Error, with the rest as it
    was.
    """
    if not folder.is_dir():
        return []
    remove_partial_files(folder)
    lock = writing_lock(folder)
    if not lock.acquire(timeout_seconds=_WAITING_SECONDS):
        raise sqlite3.OperationalError("another process is writing a backup")
    try:
        return [path for path in backup_paths(folder) if not _scrub(path, purged, should_stop)]
    finally:
        lock.release()


def _scrub(path: Path, purged: Sequence[Purged], should_stop: Callable[[], bool]) -> bool:
    if should_stop():
        raise ScrubbingStopped
    try:
        with closing(connect(database_uri(path, "mode=ro&immutable=1"))) as connection:
            if not contains(connection, purged):
                return True
    except sqlite3.DatabaseError as exc:
        logger.warning("the backup %s cannot be read: %s", path.name, exc)
        return False
    partial = partial_of(path)
    try:
        shutil.copyfile(path, partial)
        partial.chmod(0o600)
        _rewrite(partial, purged, should_stop)
        problems = verify(partial, should_stop)
        if should_stop():
            raise ScrubbingStopped
        if problems:
            logger.warning("the backup %s is damaged: %s", path.name, problems[0])
            return False
        shutil.copystat(path, partial)
        partial.replace(path)
    except sqlite3.DatabaseError as exc:
        if primary_code(exc) == sqlite3.SQLITE_INTERRUPT:
            raise ScrubbingStopped from exc
        if not means_damage(exc):
            raise
        logger.warning("the backup %s is damaged: %s", path.name, exc)
        return False
    finally:
        for leftover in path.parent.glob(partial.name + "*"):
            leftover.unlink()
    return True


def _rewrite(path: Path, purged: Sequence[Purged], should_stop: Callable[[], bool]) -> None:
    with closing(connect(database_uri(path, "mode=rw"))) as connection:
        connection.set_progress_handler(lambda: int(should_stop()), STEPS_BETWEEN_LOOKS)
        connection.execute("BEGIN IMMEDIATE")
        delete_rows_of_copy(connection, purged)
        connection.execute("COMMIT")
        erase_words_of_copy(connection)
        connection.execute("VACUUM")
