"""A download that is killed at any moment goes on or begins anew, and is never a broken file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from chatbot_app.llm.hub.download import is_running, unfinished
from tests.hub_server import FakeHub
from tests.unit.llm.hub.support import CONTENT, FILE, REPOSITORY, fetched, files_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills forked children")

LARGE = CONTENT * 100  # 200 KB
TARGET = f"owner--tiny-GGUF/{FILE}"
MOMENTS = 20


def start(downloader: subprocess.Popen[str], fake: FakeHub, folder: Path, *named: str) -> int:
    """Begin a download in a child and return its process id; `named` are a repository and a file."""
    assert downloader.stdin is not None
    assert downloader.stdout is not None
    print("\t".join((fake.address, str(folder), *named)), file=downloader.stdin, flush=True)
    return int(downloader.stdout.readline())


def ended(downloader: subprocess.Popen[str]) -> int:
    assert downloader.stdout is not None
    return int(downloader.stdout.readline())


def test_killed_at_twenty_moments_it_goes_on_each_time(
    downloader: subprocess.Popen[str], tmp_path: Path
) -> None:
    """Within the transfer: one child after the other is killed when a twentieth more is on its way."""
    with FakeHub() as fake:
        fake.add(REPOSITORY, {FILE: LARGE})
        fake.packet = 1000
        reached, killed = threading.Event(), threading.Event()
        step = len(LARGE) // MOMENTS // fake.packet * fake.packet

        def wait_for_the_kill(sent: int) -> None:
            if sent == step:
                reached.set()
                killed.wait(60)

        fake.before_packet = wait_for_the_kill
        have = 0
        for _ in range(MOMENTS - 1):
            reached.clear()
            killed.clear()
            child = start(downloader, fake, tmp_path)
            assert reached.wait(60)
            part = tmp_path / f"{TARGET}.part"
            while not part.exists() or part.stat().st_size <= have:  # what was sent is not read yet
                assert not killed.wait(0.001)
            os.kill(child, signal.SIGKILL)
            killed.set()
            assert ended(downloader) == -signal.SIGKILL
            assert not (tmp_path / TARGET).exists()
            (journal,) = unfinished(tmp_path)
            assert not is_running(journal)
            assert LARGE.startswith(part.read_bytes())
            assert journal.received > have
            have = journal.received
        fake.before_packet = lambda sent: None
        start(downloader, fake, tmp_path)
        assert ended(downloader) == 0
        ranges = [asked.headers.get("range") for asked in fake.asked("storage")]
        assert ranges[-1] == f"bytes={have}-"
        assert have > len(LARGE) // 4
    assert (tmp_path / TARGET).read_bytes() == LARGE
    assert files_in(tmp_path) == [TARGET]


def test_killed_outside_the_transfer_it_is_made_whole(
    downloader: subprocess.Popen[str], tmp_path: Path
) -> None:
    """Before the first byte, between the last one and the name, and after that."""
    with FakeHub() as fake:
        fake.add(REPOSITORY, {FILE: LARGE})
        reached, killed = threading.Event(), threading.Event()

        def stop(_: int) -> None:
            reached.set()
            killed.wait(60)

        fake.before_packet = stop
        child = start(downloader, fake, tmp_path)
        assert reached.wait(60)
        os.kill(child, signal.SIGKILL)
        killed.set()
        ended(downloader)
        fake.before_packet = lambda sent: None
        (journal,) = unfinished(tmp_path)
        part = tmp_path / f"{TARGET}.part"
        for content in (LARGE, LARGE[:-1], LARGE[:-1] + b"!", LARGE + b"!"):
            journal.write()
            part.write_bytes(content)
            start(downloader, fake, tmp_path)
            assert ended(downloader) == 0
            assert (tmp_path / TARGET).read_bytes() == LARGE
            assert files_in(tmp_path) == [TARGET]
            (tmp_path / TARGET).unlink()
        journal.write()
        (tmp_path / TARGET).write_bytes(LARGE)  # named, and not in the list yet
        assert fetched(fake, tmp_path).path.read_bytes() == LARGE
        journal.write()
        (tmp_path / TARGET).write_bytes(LARGE[:-5])  # what no run of ours leaves
        assert fetched(fake, tmp_path).path.read_bytes() == LARGE
    assert files_in(tmp_path) == [TARGET]
