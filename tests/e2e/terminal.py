"""Commands as a person types them, each a real process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.scripted_server import ScriptedServer

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Terminal:
    """Runs commands on one data folder."""

    def __init__(self, data_dir: Path, folder: Path) -> None:
        self.data_dir = data_dir
        self.folder = folder
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
            "CHATBOT_DATA_DIR": str(data_dir),
            "QT_QPA_PLATFORM": "offscreen",
        }

    def run(self, *words: str, given: str = "", **environment: str) -> Result:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "chatbot_app", *words],
            input=given.encode(),
            capture_output=True,
            cwd=self.folder,
            env={**self.environment, **environment},
            timeout=120,
            check=False,
        )
        err = done.stderr.decode()
        assert "Traceback" not in err, err
        return Result(done.returncode, done.stdout.decode(), err)

    def done(self, *words: str, **how: str) -> Result:
        result = self.run(*words, **how)
        assert result.status == 0, result.err
        return result

    def use(self, server: ScriptedServer, *options: str) -> None:
        self.done("servers", "add", "Scripted", server.base_url, "--model", "scripted", "--default", *options)
