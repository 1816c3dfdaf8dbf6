"""The lock of a folder: gone with its holder, said where it cannot be taken, and cheap before the window."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chatbot_app.storage.locks import FolderLock

HOLD = """
import sys
from pathlib import Path
from chatbot_app.storage.locks import FolderLock
lock = FolderLock(Path(sys.argv[1]))
assert lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_lock_goes_with_the_process_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "chatbot.lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        lock = FolderLock(path)
        assert not lock.acquire()
        assert not lock.acquire(timeout_seconds=0.05)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert lock.acquire()
    assert not FolderLock(path).acquire()  # nor is it shared within one process
    lock.release()
    assert not lock.held
    assert path.exists()  # to remove it would be a race with whoever opens it


def test_what_the_file_says_holds_nobody(tmp_path: Path) -> None:
    """A file that was copied here, or that another machine left behind, is no lock: nobody has it open."""
    path = tmp_path / "chatbot.lock"
    path.write_text("4711 elsewhere.example\n")
    lock = FolderLock(path)
    assert lock.acquire()
    lock.release()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_no_taken_lock(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError):
        FolderLock(tmp_path / "chatbot.lock").acquire()


def test_a_folder_that_is_not_there_is_no_taken_lock(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FolderLock(tmp_path / "nowhere" / "chatbot.lock").acquire()


def test_the_store_opens_without_an_event_loop(tmp_path: Path) -> None:
    """The owner's lock is taken before the window is seen: filelock 4 would import asyncio there, 40 ms of a launch."""
    opened = "from pathlib import Path; import sys; from chatbot_app.storage.database import Database;"
    opened += " from chatbot_app.core.paths import DataPaths; Database(DataPaths(Path(sys.argv[1]))).close();"
    opened += " print(sorted({'asyncio', 'filelock', 'concurrent'} & set(sys.modules)))"
    for _ in range(2):  # the first makes the store, with what migrations need
        found = subprocess.run(
            [sys.executable, "-c", opened, str(tmp_path)], capture_output=True, text=True, check=True
        )
    assert found.stdout == "[]\n"
