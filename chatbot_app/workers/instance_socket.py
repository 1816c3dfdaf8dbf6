"""Where the window of a data folder listens for later launches, so that no other user can take its place.

The socket stands in a folder that is this user's alone; a file in the data folder says where. Whoever connects
asks the system who is at the other end before a word is said.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

RECORD_NAME = "window.json"

_LONGEST_PATH = (
    80  # bytes of the 104 to 108 that a socket's address has; Qt first makes it in a folder beside it
)
_TEMPORARY_PREFIX = "chatbot-app-"


def candidate_names(data_dir: Path) -> Iterator[str]:
    """Yield names to listen at, best first: paths, or on Windows the name of a pipe that nobody can guess."""
    if os.name == "nt":
        yield f"chatbot-app-{secrets.token_hex(16)}"
        return
    folder = str(data_dir.expanduser().resolve())
    digest = hashlib.sha256(folder.encode("utf-8", "surrogateescape")).hexdigest()[:20]
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    for place in (Path(runtime) if Path(runtime).is_absolute() else None, Path(folder)):
        path = place / f"chatbot-app-{digest}" if place is not None else None
        if path is not None and len(os.fsencode(path)) <= _LONGEST_PATH and is_private(path.parent):
            yield str(path)
    # The data folder's path is too long, or it stands where no sockets are: a folder with a name made just now.
    with contextlib.suppress(OSError):
        yield str(Path(tempfile.mkdtemp(prefix=_TEMPORARY_PREFIX)) / "window")


def is_private(folder: Path) -> bool:
    """Whether a folder is this user's own and nobody else can write in it."""
    try:
        found = folder.stat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022


def write_record(data_dir: Path, name: str) -> None:
    """Say in the data folder where the window listens, "" for nowhere. Raises OSError."""
    descriptor, temporary = tempfile.mkstemp(prefix=".window-", dir=data_dir)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            json.dump({"socket": name}, stream)
        Path(temporary).replace(data_dir / RECORD_NAME)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def is_known_unreachable(data_dir: Path) -> bool:
    """Whether the window of a data folder has said that it listens nowhere."""
    return (data_dir / RECORD_NAME).exists() and not read_record(data_dir)


def read_record(data_dir: Path) -> str:
    """Return where the window of a data folder listens, "" where no record says it."""
    try:
        with (data_dir / RECORD_NAME).open(encoding="ascii") as stream:
            name = json.loads(stream.read(10_000))["socket"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
    return name if isinstance(name, str) else ""


def remove_left_behind(data_dir: Path) -> None:
    """Remove the socket that a dead window of this data folder recorded, where it is one of ours."""
    name = read_record(data_dir)
    if os.name == "nt" or not Path(name).is_absolute():
        return
    path = Path(name)
    with contextlib.suppress(OSError):
        found = path.lstat()
        if stat.S_ISSOCK(found.st_mode) and found.st_uid == os.getuid():
            path.unlink()
    forget_folder(name)


def forget_folder(name: str) -> None:
    """Remove the folder that `candidate_names` made for a socket; any other stays."""
    folder = Path(name).parent
    made = folder.name.startswith(_TEMPORARY_PREFIX) and folder.parent == Path(tempfile.gettempdir())
    if os.name != "nt" and made and not folder.is_symlink() and is_private(folder):
        shutil.rmtree(folder, ignore_errors=True)
