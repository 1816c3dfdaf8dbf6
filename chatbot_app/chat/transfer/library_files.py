"""Files that prompts and characters are read from: read whole, so of a limited size."""

from __future__ import annotations

from pathlib import Path

from chatbot_app.core.errors import ImportUnreadable

LARGEST_FILE = (
    50_000_000  # bytes; a thousand long prompts are 5 MB, a character in a picture has some megabytes
)


def whole_file(path: Path) -> bytes:
    """Return the bytes of a file. Raises ImportUnreadable where it cannot be read, or is larger than 50 MB."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as exc:
        raise ImportUnreadable(path=path.name, detail=f"{exc.strerror or exc}.") from exc
    if len(data) > LARGEST_FILE:
        raise ImportUnreadable(path=path.name, detail="It is larger than 50 MB.")
    return data
