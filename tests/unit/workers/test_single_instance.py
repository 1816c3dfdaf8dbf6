"""A second launch reaches the first, hands over its files, and nobody else does."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from chatbot_app.__main__ import open_window
from chatbot_app.core.errors import AlreadyRunning, StoreError
from chatbot_app.core.paths import DataPaths
from chatbot_app.storage.locks import FolderLock
from chatbot_app.workers import instance_socket
from chatbot_app.workers.instance_socket import RECORD_NAME, read_record, write_record
from chatbot_app.workers.single_instance import SingleInstance, launch_unreachable, raise_first_instance

ROOT = Path(__file__).resolve().parents[3]
LAUNCH = """
import sys
from pathlib import Path
from chatbot_app.workers.single_instance import raise_first_instance
sys.exit(0 if raise_first_instance(Path(sys.argv[1]), [Path(word) for word in sys.argv[2:]]) else 3)
"""


NEVER_THERE = 54321  # a user's number
unix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has pipes instead of files")


@pytest.fixture(autouse=True)
def runtime(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    data_dir.mkdir(mode=0o700)
    with tempfile.TemporaryDirectory(prefix="run-") as folder:  # a test's own folder has a long path
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


@pytest.fixture
def first(data_dir: Path):
    instance = SingleInstance(data_dir)
    yield instance
    instance.close()
    instance.deleteLater()


def launch(data_dir: Path, *files: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", LAUNCH, str(data_dir), *files], cwd=ROOT)


def test_a_second_launch_asks_the_first_to_come_forward(
    qtbot: QtBot, first: SingleInstance, data_dir: Path
) -> None:
    with qtbot.waitSignal(first.raise_requested):
        second = launch(data_dir)
    qtbot.waitUntil(lambda: second.poll() is not None)
    assert second.returncode == 0


def test_files_arrive_whatever_their_names(qtbot: QtBot, first: SingleInstance, data_dir: Path) -> None:
    names = ["/a folder/плавание & 海.pdf", "/-dash.txt", '/quote".md', "/line\nbreak.txt", "/byte\udcff.txt"]
    with qtbot.waitSignal(first.files_given) as given:
        second = launch(data_dir, *names, "not/absolute.txt")
    assert given.args == [[Path(name) for name in names]]
    qtbot.waitUntil(lambda: second.poll() is not None)
    assert second.returncode == 0


def test_nobody_answers_for_another_folder(
    qtbot: QtBot, first: SingleInstance, data_dir: Path, tmp_path: Path
) -> None:
    assert not raise_first_instance(tmp_path / "other", patience_ms=0)
    first.close()
    assert not raise_first_instance(data_dir, patience_ms=0)


@pytest.mark.parametrize("nonsense", [b"raise\n", b"[]\n", b'{"files": 3}\n', b'{"files": [1]}\n', b"\xff\n"])
def test_what_is_no_launch_is_not_followed(
    qtbot: QtBot, first: SingleInstance, data_dir: Path, nonsense: bytes
) -> None:
    stranger = QLocalSocket()
    stranger.connectToServer(read_record(data_dir))
    assert stranger.waitForConnected(1000)
    with qtbot.assertNotEmitted(first.raise_requested):
        stranger.write(nonsense)
        qtbot.waitUntil(lambda: stranger.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert bytes(stranger.readAll().data()) == b""


@unix_only
def test_the_socket_stands_in_a_folder_of_the_users_own(
    first: SingleInstance, data_dir: Path, runtime: Path
) -> None:
    assert not first.problem
    path = Path(read_record(data_dir))
    assert path.parent == runtime
    assert stat.S_ISSOCK(path.stat().st_mode)
    assert stat.S_IMODE((data_dir / RECORD_NAME).stat().st_mode) == 0o600
    first.close()
    assert not path.exists()
    assert not (data_dir / RECORD_NAME).exists()


@unix_only
@pytest.mark.parametrize("mode", [0o777, 0o770, None])
def test_a_runtime_folder_of_others_is_not_used(
    data_dir: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch, mode: int | None
) -> None:
    if mode is None:
        monkeypatch.delenv("XDG_RUNTIME_DIR")
    else:
        runtime.chmod(mode)
    instance = SingleInstance(data_dir)
    try:
        path = Path(read_record(data_dir))
        assert path.parent != runtime
        assert instance_socket.is_private(path.parent)
    finally:
        instance.close()
        instance.deleteLater()


@unix_only
def test_a_long_path_gets_a_folder_whose_name_nobody_knew(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    deep = tmp_path / ("long name " * 12).strip() / ("плавание" * 12)
    deep.mkdir(parents=True, mode=0o700)
    instance = SingleInstance(deep)
    path = Path(read_record(deep))
    try:
        assert path.parent.parent == Path(tempfile.gettempdir())
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        with qtbot.waitSignal(instance.raise_requested):
            second = launch(deep)
        qtbot.waitUntil(lambda: second.poll() is not None)
        assert second.returncode == 0
    finally:
        instance.close()
        instance.deleteLater()
    assert not path.parent.exists()


@unix_only
def test_what_a_killed_window_left_is_taken_over(qtbot: QtBot, data_dir: Path, runtime: Path) -> None:
    left = runtime / "left"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(left))
    write_record(data_dir, str(left))
    instance = SingleInstance(data_dir)
    try:
        assert not left.exists()
        with qtbot.waitSignal(instance.raise_requested):
            second = launch(data_dir)
        qtbot.waitUntil(lambda: second.poll() is not None)
        assert second.returncode == 0
    finally:
        instance.close()
        instance.deleteLater()


@unix_only
def test_a_record_that_names_a_file_of_the_persons_removes_nothing(data_dir: Path, tmp_path: Path) -> None:
    precious = tmp_path / "chatbot-app-thesis" / "thesis.txt"
    precious.parent.mkdir()
    precious.write_text("mine")
    write_record(data_dir, str(precious))
    instance_socket.remove_left_behind(data_dir)
    assert precious.read_text() == "mine"


@unix_only
def test_another_user_who_took_the_place_first_is_told_nothing(
    data_dir: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = runtime / "taken"
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place))
        listener.listen(1)
        listener.settimeout(10)

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(10)
                heard.append(connection.recv(1000))
                with contextlib.suppress(BrokenPipeError):
                    connection.sendall(b"taken\n")

        thread = threading.Thread(target=answer)
        thread.start()
        write_record(data_dir, str(place))
        # The system says who is at the other end; here this process is made to be somebody else.
        monkeypatch.setattr(instance_socket.os, "getuid", lambda: NEVER_THERE)
        try:
            assert not raise_first_instance(data_dir, [Path("/home/me/secret.pdf")], patience_ms=0)
        finally:
            monkeypatch.undo()
            thread.join(60)
    assert heard == [b""]


@unix_only
def test_another_user_who_connects_is_not_heard(
    qtbot: QtBot, first: SingleInstance, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = read_record(data_dir)
    monkeypatch.setattr(instance_socket.os, "getuid", lambda: NEVER_THERE)
    stranger = QLocalSocket()
    stranger.connectToServer(name)
    assert stranger.waitForConnected(1000)
    with qtbot.assertNotEmitted(first.raise_requested):
        stranger.write(b'{"files": []}\n')
        qtbot.waitUntil(lambda: stranger.state() == QLocalSocket.LocalSocketState.UnconnectedState)


@unix_only
def test_a_window_that_cannot_listen_says_so(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "chatbot_app.workers.single_instance.candidate_names",
        lambda folder: iter([str(folder / "no" / "folder")]),
    )
    instance = SingleInstance(data_dir)
    try:
        assert instance.problem
        assert instance.problem.rstrip(".") in launch_unreachable(instance.problem).summary
        assert not raise_first_instance(data_dir)  # it has said so: nobody waits
    finally:
        instance.close()
        instance.deleteLater()


def test_a_window_that_is_being_built_is_waited_for(qtbot: QtBot, data_dir: Path) -> None:
    owned = iter([True, True, False])
    assert not raise_first_instance(data_dir, is_owned=lambda: next(owned))  # it ended before it listened
    second = launch(data_dir)
    assert second.poll() is None
    late = SingleInstance(data_dir)
    try:
        qtbot.waitSignal(late.raise_requested).wait()
        qtbot.waitUntil(lambda: second.poll() is not None)
        assert second.returncode == 0
    finally:
        late.close()
        late.deleteLater()


def test_a_launch_takes_the_place_of_a_window_that_went_meanwhile(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir.mkdir(exist_ok=True)
    tries: list[bool] = []

    def create(*_: object, **__: object) -> None:
        tries.append(True)
        raise AlreadyRunning() if len(tries) == 1 else StoreError(detail="the second try")

    monkeypatch.setattr("chatbot_app.application.create_application", create)
    monkeypatch.setattr("chatbot_app.ui.launch_problem.show_launch_problem", lambda _: None)
    with pytest.raises(StoreError, match="the second try"):
        open_window(data_dir)
    lock = FolderLock(DataPaths(data_dir).lock)
    assert lock.acquire()
    (data_dir / RECORD_NAME).write_text('{"socket": ""}')
    try:
        tries.clear()
        with pytest.raises(AlreadyRunning):
            open_window(data_dir)
        assert len(tries) == 1
    finally:
        lock.release()
