"""What killed processes leave is removed; what is young, held, another's or the person's stays."""

from __future__ import annotations

import os
from pathlib import Path

from chatbot_app.storage.leftovers import remove_leftovers
from chatbot_app.storage.locks import FolderLock
from chatbot_app.storage.opening import IN_USE


def make_old(path: Path) -> Path:
    os.utime(path, (1_000_000, 1_000_000))
    return path


def folder_with(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    (folder / "chatbot.sqlite3").write_text("history")
    return make_old(folder)


def test_leftovers_of_the_dead_are_removed_and_nothing_else(tmp_path: Path) -> None:
    root, temporary, elsewhere = tmp_path / "root", tmp_path / "tmp", tmp_path / "elsewhere"
    for folder in (root, temporary, elsewhere):
        folder.mkdir()
    for name in (".keys-abc", ".keys-young", "keys.json", "notes", "drafts.json.partial"):
        (root / name).write_text("secret")
        if name != ".keys-young":
            make_old(root / name)
    folder_with(temporary, "chatbot-snapshot-dead")
    folder_with(temporary, "chatbot-look-dead")
    folder_with(temporary, "others")
    (temporary / "chatbot-snapshot-young").mkdir()
    held = folder_with(temporary, "chatbot-snapshot-alive")
    lock = FolderLock(held / IN_USE)
    assert lock.acquire()
    make_old(held)
    (elsewhere / "mine").write_text("mine")
    (temporary / "chatbot-snapshot-link").symlink_to(elsewhere)
    remove_leftovers(root, temporary)
    lock.release()
    assert {path.name for path in root.iterdir()} == {".keys-young", "keys.json", "notes"}
    assert {path.name for path in temporary.iterdir()} == {
        "others",
        "chatbot-snapshot-young",
        "chatbot-snapshot-alive",
        "chatbot-snapshot-link",
    }
    assert (elsewhere / "mine").exists()
