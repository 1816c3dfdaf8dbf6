"""A file that the program makes of another one: pinned by its hash, written whole or not at all."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from chatbot_app.core.checksums import sha256_of


def is_pinned(place: Path, pinned: str) -> bool:
    """Whether the file of this SHA-256 lies there."""
    try:
        return sha256_of(place) == pinned
    except OSError:
        return False


def is_kept(content: bytes, place: Path, pinned: str) -> bool:
    """Write what has this SHA-256 and nothing else; return whether it lies there now."""
    if hashlib.sha256(content).hexdigest() != pinned:
        return False
    try:
        if not is_pinned(place, pinned):
            _keep(content, place)
    except OSError:  # a full disk, or a folder of somebody else
        return False
    return True


def _keep(content: bytes, place: Path) -> None:
    """Write a file whole or not at all; several processes may do so at once. Raises OSError."""
    place.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=place.parent, prefix=f"{place.name}.", suffix=".new")
    try:
        with open(number, "wb") as stream:  # noqa: PTH123  # an open file's number is no path
            stream.write(content)
        Path(name).chmod(0o644)  # temporary files are private, the folder is shared by data folders
        Path(name).replace(place)
    finally:
        Path(name).unlink(missing_ok=True)
