"""Keep the newest backups of a folder and delete the others.

Usage: python rotate_backups.py FOLDER [--keep N] [--dry-run]
"""

import argparse
import sys
import time
from pathlib import Path

KEEP_DEFAULT = 14
MIN_FREE_BYTES = 2 * 1024**3
SUFFIXES = (".tar.zst", ".tar.gz")


class BackupError(Exception):
    """A backup could not be read or removed."""


def find_backups(folder: Path) -> list[Path]:
    """Return all backups in a folder, newest first. Hidden files are ignored."""
    found = [p for p in folder.iterdir() if p.name.endswith(SUFFIXES) and not p.name.startswith(".")]
    return sorted(found, key=lambda p: p.stat().st_mtime, reverse=True)


def delete_old(backups: list[Path], keep: int, dry_run: bool = False) -> int:
    """Delete every backup but the newest `keep`; return how many bytes were freed.

    Raises BackupError when a file is locked by another process.
    """
    freed = 0
    for path in backups[keep:]:
        size = path.stat().st_size
        if not dry_run:
            try:
                path.unlink()
            except PermissionError as error:
                raise BackupError(f"{path} is locked") from error
        freed += size
    return freed


def wait_for_lock(lock: Path, timeout: float = 30.0) -> None:
    """Wait until the lock file is gone, at most `timeout` seconds; exit with status 3 after that."""
    deadline = time.monotonic() + timeout
    while lock.exists():
        if time.monotonic() > deadline:
            sys.exit(3)
        time.sleep(0.25)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=int, default=KEEP_DEFAULT)
    parser.add_argument("--dry-run", action="store_true")
    options = parser.parse_args()
    wait_for_lock(options.folder / ".lock")
    freed = delete_old(find_backups(options.folder), options.keep, options.dry_run)
    print(f"{freed / 1e6:.1f} MB freed")


if __name__ == "__main__":
    main()
