"""Temporary files of processes that were killed: they may hold the history, or a key, and nobody else removes them."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from chatbot_app.storage.draft_file import PARTIAL
from chatbot_app.storage.locks import FolderLock
from chatbot_app.storage.opening import IN_USE, SNAPSHOT_PREFIX
from chatbot_app.storage.ownership import TEMPORARY_PREFIX

logger = logging.getLogger(__name__)

_KEYS = ".keys-*"  # as llm/keys.py names the file that it replaces its own with
_DRAFTS = f"drafts.json{PARTIAL}"  # of somebody who was killed while writing
_YOUNG_SECONDS = 3600.0  # what is younger may be being written


def remove_leftovers(root: Path, temporary: Path | None = None) -> None:
    """Remove what killed processes left in a data folder and in the folder for temporary files.

    Only files and folders of our own naming that belong to this user, that are an hour old, and that no living
    process holds. What cannot be removed stays and is logged.
    """
    for path in _old(root, (_KEYS, _DRAFTS)):
        if path.is_file():
            _remove(path)
    shared = Path(tempfile.gettempdir()) if temporary is None else temporary
    for path in _old(shared, (f"{SNAPSHOT_PREFIX}*", f"{TEMPORARY_PREFIX}*")):
        if not path.is_dir():
            continue
        lock = FolderLock(path / IN_USE)
        try:
            if lock.acquire():
                _remove(path)
        except OSError as exc:
            logger.warning("a leftover cannot be removed: %s", exc)
        finally:
            lock.release()


def _old(folder: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        for path in list(folder.glob(pattern)):
            try:
                found = path.lstat()
            except OSError:
                continue  # gone meanwhile
            is_own = not hasattr(os, "getuid") or found.st_uid == os.getuid()
            if is_own and not path.is_symlink() and time.time() - found.st_mtime > _YOUNG_SECONDS:
                yield path


def _remove(path: Path) -> None:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError as exc:
        logger.warning("a leftover cannot be removed: %s", exc)
