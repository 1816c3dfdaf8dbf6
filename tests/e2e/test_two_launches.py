"""Two launches at the same moment give one window; the other ends well, and its file is taken."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("e2e")


@pytest.mark.timeout(300)
def test_two_launches_at_once_give_one_window(data_dir: Path, tmp_path: Path) -> None:
    document = tmp_path / "note.txt"
    document.write_text("A lighthouse stands by the sea.")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "chatbot_app", "--data-dir", str(data_dir), str(document)]
    launches = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) for _ in range(2)]
    try:
        deadline = time.monotonic() + 270
        while all(launch.poll() is None for launch in launches):
            assert time.monotonic() < deadline
            with contextlib.suppress(subprocess.TimeoutExpired):
                launches[0].wait(0.1)
        ended = [launch for launch in launches if launch.poll() is not None]
        assert len(ended) == 1
        assert ended[0].returncode == 0, ended[0].stderr.read()
    finally:
        for launch in launches:
            launch.kill()
            launch.wait()
            launch.stderr.close()
