"""Paths in a column: names of files are bytes, and not all of them are text."""

from __future__ import annotations

import os
from typing import Any

from chatbot_app.storage.damaged_text import as_text


def stored_path(path: str) -> str | bytes:
    """Return what is stored for a path: text, or its bytes where they are no valid text.

    Python spells such bytes with lone surrogates, which no column of text can hold. Bytes never equal a text.
    """
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def path_from(stored: Any) -> str:
    """Return the path of a row, such that the file is found by it."""
    return os.fsdecode(stored) if isinstance(stored, bytes) else as_text(stored)
