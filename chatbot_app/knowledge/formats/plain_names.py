"""Files under names that every library can take: names are bytes, and not all of them are text."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatbot_app.storage.stored_paths import stored_path


@contextmanager
def under_a_plain_name(path: Path) -> Iterator[str]:
    """Yield a name of a file that is valid text and ends alike: its own, or that of a link for the time being.

    Kreuzberg takes neither bytes nor the lone surrogates that stand for them in Python. Raises OSError.
    """
    if isinstance(stored_path(os.fspath(path)), str):
        yield os.fspath(path)
        return
    with tempfile.TemporaryDirectory(prefix="chatbot-name-") as folder:
        ending = path.suffix if isinstance(stored_path(path.suffix), str) else ""
        link = Path(folder, f"file{ending}")
        if os.name == "posix":
            link.symlink_to(path.absolute())
        else:
            shutil.copyfile(path, link)
        yield os.fspath(link)
