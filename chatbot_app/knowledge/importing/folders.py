"""Which files of a folder are documents: the one rule for adding a folder and for watching it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from chatbot_app.knowledge.formats.registry import reader_for
from chatbot_app.storage.watched_folders import FileState

_SKIPPED_FOLDERS = frozenset({"__pycache__", "node_modules", "$RECYCLE.BIN", "System Volume Information"})


@dataclass(frozen=True, slots=True)
class ListedFolder:
    """One folder on the way down. `files` are its visible plain files in order, not followed links.

    `device` is the file system that it is on, `problem` why it could not be read ("" where it could).
    """

    path: str
    device: str
    files: tuple[os.DirEntry[str], ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class FolderScan:
    """What a look at a folder saw: the documents below it, by path.

    `problem` says why the folder itself could not be read, `unread` names the folders inside that could
    not. `devices` holds the file system of each folder that was read.
    """

    root: str
    files: dict[str, FileState]
    devices: dict[str, str]
    unread: tuple[str, ...] = ()
    problem: str = ""


def files_in(path: Path) -> Iterator[tuple[Path, bool]]:
    """Yield a file, or the files of a folder in order, each with whether its format is known.

    A file that was named itself is always yielded as one to read: why it is refused is said of it. Hidden files and
    links inside a folder are left out: a link may lead anywhere.
    """
    if not path.is_dir():
        yield path, True
        return
    for folder in walk_folder(os.fspath(path)):
        yield from ((Path(entry.path), _is_document(entry.name)) for entry in folder.files)


def scan_folder(root: str, is_stopped: Callable[[], bool] = lambda: False) -> FolderScan | None:
    """Look at every document below a folder (absolute path) without opening any; None when stopped."""
    files: dict[str, FileState] = {}
    devices: dict[str, str] = {}
    unread: list[str] = []
    for folder in walk_folder(root):
        if is_stopped():
            return None
        if folder.problem:
            if folder.path == root:
                return FolderScan(root, {}, {}, (), folder.problem)
            unread.append(folder.path)
            continue
        devices[folder.path] = folder.device
        for entry in folder.files:
            if not _is_document(entry.name):
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue  # it vanished a moment ago: the next look sees it, or sees it gone
            files[entry.path] = FileState(status.st_size, status.st_mtime_ns, folder.device)
    return FolderScan(root, files, devices, tuple(unread))


@lru_cache(maxsize=1 << 16)  # every look asks for the same names
def _is_document(name: str) -> bool:
    return reader_for(Path(name)) is not None


def walk_folder(root: str) -> Iterator[ListedFolder]:
    """Yield a folder and the visible folders inside, each before what it holds; none is read twice."""
    waiting = [root]
    seen: set[tuple[int, int]] = set()
    while waiting:
        path = waiting.pop()
        try:
            status = Path(path).stat()
            place = (status.st_dev, status.st_ino)
            if place in seen and status.st_ino:
                continue  # a mount or a junction that leads up again
            seen.add(place)
            with os.scandir(path) as entries:
                listed = sorted(
                    (entry for entry in entries if not entry.name.startswith(".")),
                    key=lambda entry: entry.name,
                )
            inside = [e for e in listed if e.is_dir(follow_symlinks=False) and e.name not in _SKIPPED_FOLDERS]
            plain = tuple(e for e in listed if not e.is_symlink() and not e.is_dir())
        except OSError as exc:
            yield ListedFolder(path, "", problem=exc.strerror or str(exc))
            continue
        yield ListedFolder(path, str(status.st_dev), plain)
        waiting += [entry.path for entry in reversed(inside)]
