"""The command that examines the installation."""

from __future__ import annotations

import argparse
from pathlib import Path

from chatbot_app.doctor import examine


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Run the command and return the exit status. Raises AppError."""
    return examine(data_dir)
