"""The command that examines the installation."""

from __future__ import annotations

import argparse
from pathlib import Path

from chatbot_app.core.paths import DataPaths, default_data_dir
from chatbot_app.workers.doctor import findings


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Print one line for each thing looked at; 1 where something needed is broken, else 0."""
    well = True
    for ok, name, found in findings(DataPaths(data_dir or default_data_dir())):
        well = well and ok
        print(f"{'ok ' if ok else 'BAD'}  {name:24} {found}")
    print(
        "Everything that is needed is there."
        if well
        else "Something that is needed is broken: see BAD above."
    )
    return 0 if well else 1
