"""What files of strangers are called on this computer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from chatbot_app.core.hub_models import RepositoryFile
from chatbot_app.llm.local.sentence_folder import POOLING_FOLDER
from chatbot_app.llm.split_names import read_split_name, split_names

MOST_BYTES = 160  # of a name: room for its endings, on every file system
MOST_ONNX_BYTES = 80  # of an ONNX file, which shares a name of MOST_BYTES with that of its folder
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


def is_safe_name(name: str) -> bool:
    """Whether a file may be called so on every system."""
    return safe_name(name) == name


def folder_name(repository: str) -> str:
    """Return the folder for the files of a repository: no two have the same, for “--” is in no name of one."""
    return safe_name(repository.replace("/", "--"), 2 * MOST_BYTES)


def local_names(
    file: RepositoryFile, is_taken: Callable[[str], bool], repository: str = ""
) -> tuple[str, ...]:
    """Return names for the parts of a model, of which none is taken; a number follows where one would be.

    Those of a split model keep the scheme by which the engine finds the parts. An ONNX model gets a folder of its own,
    with its settings where sentence-transformers has them.
    """
    path = file.path.rpartition("/")[2]
    if path.lower().endswith(".onnx"):
        return _onnx_names(file, is_taken, repository)
    split = read_split_name(path)
    stem = safe_name(split.stem if split is not None else path[: -len(".gguf")])
    number = 1
    while True:
        base = stem if number == 1 else f"{stem} ({number})"
        names = (f"{base}.gguf",) if split is None else split_names(base, len(file.parts))
        if not any(map(is_taken, names)):
            return names
        number += 1


def _onnx_names(file: RepositoryFile, is_taken: Callable[[str], bool], repository: str) -> tuple[str, ...]:
    stem = file.path.rpartition("/")[2][: -len(".onnx")]
    name = repository.rpartition("/")[2] or "Model"
    variant = stem.removeprefix("model").strip("_-.")
    title = safe_name(f"{name} ({variant})" if variant else name, MOST_ONNX_BYTES)
    inside = [_inside(part.path) for part in file.parts]
    number = 1
    while True:
        folder = title if number == 1 else f"{title} ({number})"
        names = tuple(f"{folder}/{name}" for name in inside)
        if not any(map(is_taken, names)):
            return names
        number += 1


def _inside(path: str) -> str:
    """Return where a file of a repository lies beside the ONNX file: settings of a module keep their folder."""
    folder, _, name = path.rpartition("/")
    module = folder.rpartition("/")[2]
    return f"{module}/{name}" if module == POOLING_FOLDER else name


def flat_name(name: str) -> str:
    """Return a name from `local_names` as the name of one file, for what is kept beside the model."""
    return name if "/" not in name else safe_name(name.replace("/", " "))


def is_local_name(name: str) -> bool:
    """Whether a name leads to no other place than one that `local_names` may have chosen."""
    parts = name.split("/")
    return len(parts) <= 3 and all(
        part not in ("", ".", "..") and "\\" not in part and "\0" not in part for part in parts
    )
