"""What a word leaves in files: looked for in each spelling and coding in which the program or its libraries write texts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

SECRET = "Zwiebelfisch"


def holding(*folders: Path, word: str = SECRET, also: Iterable[bytes] = ()) -> list[str]:
    """Return the files below folders, which hold some, that hold a word however it is written there, or bytes of `also`."""
    spellings = (word, word.lower(), word.upper())
    forms = [text.encode(code) for text in spellings for code in ("utf-8", "utf-16-le", "utf-16-be")]
    forms += also
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert files
    contents = ((path, path.read_bytes()) for path in files)
    return [str(path) for path, content in contents if any(form in content for form in forms)]
