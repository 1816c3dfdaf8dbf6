"""What files of strangers are called on this computer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from chatbot_app.core.hub_models import RepositoryFile
from chatbot_app.llm.split_names import read_split_name, split_names

MOST_BYTES = 160  # of a name: room for its endings, on every file system
# Microsoft, "Naming Files, Paths, and Namespaces": also with an ending.
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f]')


def safe_name(name: str, most_bytes: int = MOST_BYTES) -> str:
    """Return `name` as a file may be called on every system: no path, no hidden characters, no reserved name."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    visible = "".join(character if character.isprintable() else "_" for character in name)
    plain = _FORBIDDEN.sub("_", visible).strip(" .")
    while len(plain.encode()) > most_bytes:
        plain = plain[:-1].rstrip(" .")
    if not plain:
        return "model"
    return f"_{plain}" if _RESERVED.fullmatch(plain) else plain


def folder_name(repository: str) -> str:
    """Return the folder for the files of a repository: no two have the same, for “--” is in no name of one."""
    return safe_name(repository.replace("/", "--"), 2 * MOST_BYTES)


def local_names(file: RepositoryFile, is_taken: Callable[[str], bool]) -> tuple[str, ...]:
    """Return names for the parts of a model, of which none is taken; a number follows where one would be.

    Those of a split model keep the scheme by which the engine finds the parts.
    """
    path = file.path.rpartition("/")[2]
    split = read_split_name(path)
    stem = safe_name(split.stem if split is not None else path[: -len(".gguf")])
    number = 1
    while True:
        base = stem if number == 1 else f"{stem} ({number})"
        names = (f"{base}.gguf",) if split is None else split_names(base, len(file.parts))
        if not any(map(is_taken, names)):
            return names
        number += 1
