"""What a look at a folder means, from values alone."""

from __future__ import annotations

from chatbot_app.knowledge.importing.folder_changes import LastLook, compare_folder
from chatbot_app.knowledge.importing.folders import FolderScan
from chatbot_app.storage.watched_folders import FileState

NOW = 1_000_000.0
ROOT = "/home/anna/papers"


def state(size: int = 10, age_seconds: float = 3600, device: str = "1") -> FileState:
    return FileState(size, int((NOW - age_seconds) * 1e9), device)


def scan(files: dict[str, FileState], device: str = "1", **values: object) -> FolderScan:
    return FolderScan(ROOT, files, {ROOT: device, f"{ROOT}/deep": device}, **values)  # type: ignore[arg-type]


def test_an_old_file_is_new_at_once_and_an_unchanged_one_is_nothing() -> None:
    files = {f"{ROOT}/a.txt": state(), f"{ROOT}/b.txt": state(20)}
    found = compare_folder(scan(files), {f"{ROOT}/b.txt": state(20)}, LastLook(), NOW)
    assert list(found.new) == [f"{ROOT}/a.txt"]
    assert not found.changed
    assert not found.vanished


def test_a_file_being_written_waits_until_two_looks_agree() -> None:
    path = f"{ROOT}/a.txt"
    first = compare_folder(scan({path: state(10, 1)}), {}, LastLook(), NOW)
    assert (first.new, first.waiting) == ({}, frozenset({path}))
    growing = LastLook({path: state(10, 1)})
    assert compare_folder(scan({path: state(11, 1)}), {}, growing, NOW).new == {}
    assert list(compare_folder(scan({path: state(10, 1)}), {}, growing, NOW).new) == [path]


def test_a_file_from_the_future_waits_for_a_second_look() -> None:
    path = f"{ROOT}/a.txt"
    assert compare_folder(scan({path: state(10, -9999)}), {}, LastLook(), NOW).new == {}


def test_a_changed_file_is_found_by_size_or_time() -> None:
    path = f"{ROOT}/a.txt"
    for now in (state(11), state(10, 1800)):
        assert list(compare_folder(scan({path: now}), {path: state()}, LastLook(), NOW).changed) == [path]


def test_a_file_has_vanished_when_two_looks_miss_it() -> None:
    known = {f"{ROOT}/a.txt": state()}
    first = compare_folder(scan({}), known, LastLook(), NOW)
    assert first.vanished == ()
    assert first.missing == frozenset(known)
    second = compare_folder(scan({}), known, LastLook({}, first.missing), NOW)
    assert second.vanished == tuple(known)


def test_a_folder_that_cannot_be_read_loses_nothing() -> None:
    known = {f"{ROOT}/a.txt": state()}
    gone = FolderScan(ROOT, {}, {}, (), "No such file or directory")
    found = compare_folder(gone, known, LastLook({}, frozenset(known)), NOW)
    assert found.vanished == ()
    assert found.out_of_reach == tuple(known)


def test_a_folder_inside_that_cannot_be_read_keeps_its_files() -> None:
    known = {f"{ROOT}/deep/a.txt": state(), f"{ROOT}/b.txt": state()}
    look = scan({}, unread=(f"{ROOT}/deep",))
    found = compare_folder(look, known, LastLook({}, frozenset(known)), NOW)
    assert found.vanished == (f"{ROOT}/b.txt",)
    assert found.out_of_reach == (f"{ROOT}/deep/a.txt",)


def test_an_empty_mount_point_loses_nothing() -> None:
    known = {f"{ROOT}/a.txt": state(device="7")}
    found = compare_folder(scan({}, device="1"), known, LastLook({}, frozenset(known)), NOW)
    assert found.vanished == ()
    assert found.out_of_reach == tuple(known)


def test_a_drive_under_another_number_may_lose_files() -> None:
    known = {f"{ROOT}/a.txt": state(device="7"), f"{ROOT}/b.txt": state(20, device="7")}
    still = {f"{ROOT}/b.txt": state(20, device="1")}
    found = compare_folder(scan(still, device="1"), known, LastLook(still, frozenset(known)), NOW)
    assert found.vanished == (f"{ROOT}/a.txt",)


def test_a_renamed_file_is_moved_not_removed_and_added() -> None:
    old, new = f"{ROOT}/a.txt", f"{ROOT}/deep/b.txt"
    first = compare_folder(scan({new: state()}), {old: state()}, LastLook(), NOW)
    assert (first.new, first.moved, first.waiting) == ({}, {}, frozenset({old, new}))
    second = compare_folder(
        scan({new: state()}), {old: state()}, LastLook({new: state()}, first.missing), NOW
    )
    assert second.moved == {old: new}
    assert (second.new, second.vanished) == ({}, ())


def test_two_renamed_files_of_one_size_and_time_get_a_path_each() -> None:
    known = {f"{ROOT}/a.txt": state(), f"{ROOT}/b.txt": state()}
    now = {f"{ROOT}/c.txt": state(), f"{ROOT}/d.txt": state()}
    found = compare_folder(scan(now), known, LastLook(now, frozenset(known)), NOW)
    assert set(found.moved.values()) == set(now)
