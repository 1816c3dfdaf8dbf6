"""What changed in a folder between two looks: a comparison of values that touches no disk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from chatbot_app.knowledge.importing.folders import FolderScan
from chatbot_app.storage.watched_folders import FileState, is_below

QUIET_SECONDS = 10.0  # a file that was written before that is not being written any more


@dataclass(frozen=True, slots=True)
class FolderChanges:
    """What to do after a look.

    `new` and `changed` are to be imported, `moved` maps paths that vanished to the new ones of the same size
    and time, `vanished` are gone for certain. `waiting` are still being written or have only just vanished:
    the next look decides. `out_of_reach` are files on a drive or in a folder that cannot be read now;
    nothing may be concluded about them.
    """

    new: dict[str, FileState] = field(default_factory=dict)
    changed: dict[str, FileState] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    vanished: tuple[str, ...] = ()
    waiting: frozenset[str] = frozenset()
    out_of_reach: tuple[str, ...] = ()
    missing: frozenset[str] = frozenset()  # give it to the next comparison


@dataclass(frozen=True, slots=True)
class LastLook:
    """What the look before saw; empty for the first one after a start."""

    files: Mapping[str, FileState] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()


def compare_folder(
    scan: FolderScan, known: Mapping[str, FileState], last: LastLook, now_seconds: float
) -> FolderChanges:
    """Return what changed since files were taken in (`known`).

    Something counts when two looks agree on it, or when it was written long before `now_seconds` (of the
    same clock as the files' times). A folder that cannot be read changes nothing.
    """
    if scan.problem:
        return FolderChanges(out_of_reach=tuple(known), missing=last.missing)
    out_of_reach: list[str] = []
    missing: list[str] = []
    returned = _devices_that_returned(scan, known)
    for path, state in known.items():
        if path in scan.files:
            continue
        away = _is_away(path, state, scan, returned)
        (out_of_reach if away else missing).append(path)
    confirmed = [path for path in missing if path in last.missing]
    new: dict[str, FileState] = {}
    changed: dict[str, FileState] = {}
    waiting = set(missing) - set(confirmed)
    for path, state in scan.files.items():
        before = known.get(path)
        if before is not None and before.signature == state.signature:
            continue
        if not _is_settled(path, state, last, now_seconds):
            waiting.add(path)
        elif before is None:
            new[path] = state
        else:
            changed[path] = state
    moved = _match_moved(missing, known, new)
    for old, path in moved.items():
        if old in waiting:
            waiting.add(path)  # perhaps renamed: known when the old name has been gone for two looks
        del new[path]
    gone = set(confirmed)
    return FolderChanges(
        new,
        changed,
        {old: path for old, path in moved.items() if old in gone},
        tuple(path for path in confirmed if path not in moved),
        frozenset(waiting),
        tuple(out_of_reach),
        frozenset(missing),
    )


def _is_settled(path: str, state: FileState, last: LastLook, now_seconds: float) -> bool:
    before = last.files.get(path)
    if before is not None:
        return before.signature == state.signature
    return 0 <= state.modified_ns / 1e9 < now_seconds - QUIET_SECONDS


def _devices_that_returned(scan: FolderScan, known: Mapping[str, FileState]) -> set[tuple[str, str]]:
    """Return (number then, number now) of file systems on which known files are still found."""
    return {
        (state.device, found.device)
        for path, state in known.items()
        if (found := scan.files.get(path)) is not None
    }


def _is_away(path: str, state: FileState, scan: FolderScan, returned: set[tuple[str, str]]) -> bool:
    """Whether a file that is not seen is out of reach, not gone: its folder or its drive cannot be read."""
    if any(is_below(path, folder) for folder in scan.unread):
        return True
    above = (os.fspath(folder) for folder in PurePath(path).parents)
    # An empty mount point is a folder of another file system than the file was on.
    now = next((scan.devices[folder] for folder in above if folder in scan.devices), state.device)
    return now != state.device and (state.device, now) not in returned


def _match_moved(
    missing: list[str], known: Mapping[str, FileState], new: Mapping[str, FileState]
) -> dict[str, str]:
    """Return for missing paths the new one that has the same size and time; each new one once."""
    by_signature: dict[tuple[int, int], list[str]] = {}
    for path, state in new.items():
        by_signature.setdefault(state.signature, []).append(path)
    moved: dict[str, str] = {}
    for path in missing:
        if matching := by_signature.get(known[path].signature):
            moved[path] = matching.pop(0)
    return moved
