"""Runs every benchmark, each in a process of its own: python -m tests.benchmarks [name ...]."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.benchmarks.bench_package import BUILT

FOLDER = Path(__file__).parent


def main(wanted: list[str]) -> int:
    """Run the benchmarks whose file name contains one of `wanted`, or all."""
    names = sorted(path.stem for path in FOLDER.glob("bench_*.py"))
    chosen = [name for name in names if not wanted or any(word in name for word in wanted)]
    if not wanted and not BUILT.exists():
        chosen.remove("bench_package")
        print("package: left out, because dist/Chatbot is not there (make package builds it)", flush=True)
    failed = 0
    for name in chosen:
        print(f"\n=== {name.removeprefix('bench_')} " + "=" * 60, flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
