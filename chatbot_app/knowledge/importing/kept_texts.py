"""Pasted texts and fetched pages, kept as files: what is imported has a file that can be opened."""

from __future__ import annotations

import re
from pathlib import Path

from chatbot_app.core.errors import AppError
from chatbot_app.core.text import clean_text

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


class TextNotKept(AppError):
    """A pasted text or a web page could not be written."""

    summary_template = "The text could not be kept as {path}: {detail}"
    next_step_template = "Make room or the folder writable, then add it again."


def keep_text(folder: Path, title: str, extension: str, content: bytes) -> Path:
    """Write a text into a file of its own, named after its title; return the file. Raises TextNotKept."""
    path = _free_name(folder, title, extension)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(content)
    except OSError as exc:
        raise TextNotKept(path=path, detail=exc.strerror or str(exc)) from exc
    return path


def _free_name(folder: Path, title: str, extension: str) -> Path:
    """Return a path in the folder that no file has, named after a title."""
    stem = " ".join(_NOT_IN_NAMES.sub(" ", clean_text(title)).split())[:80].strip(". ") or "Text"
    path = folder / f"{stem}{extension}"
    number = 2
    while path.exists():
        path = folder / f"{stem} {number}{extension}"
        number += 1
    return path
