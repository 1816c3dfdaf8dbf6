"""A process whose downloads a test kills."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def downloader() -> Iterator[subprocess.Popen[str]]:
    """Run `killed_child`, which begins a download for each line that it is sent."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.unit.llm.hub.killed_child"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
