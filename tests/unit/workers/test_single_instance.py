"""A second launch reaches the first, hands over its files, and nobody else does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from chatbot_app.workers.single_instance import SingleInstance, _name, raise_first_instance

ROOT = Path(__file__).resolve().parents[3]
LAUNCH = """
import sys
from pathlib import Path
from chatbot_app.workers.single_instance import raise_first_instance
sys.exit(0 if raise_first_instance(Path(sys.argv[1]), [Path(word) for word in sys.argv[2:]]) else 3)
"""


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
    stranger.connectToServer(_name(data_dir))
    assert stranger.waitForConnected(1000)
    with qtbot.assertNotEmitted(first.raise_requested):
        stranger.write(nonsense)
        qtbot.waitUntil(lambda: stranger.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert bytes(stranger.readAll().data()) == b""
