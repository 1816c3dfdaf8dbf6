"""What a GGUF file is: its facts out of its own metadata, or why it cannot be used, before anything is loaded."""

from __future__ import annotations

import mmap
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from chatbot_app.core.local_models import ModelFacts
from chatbot_app.core.model_errors import (
    ModelBeingWritten,
    ModelFileError,
    ModelNotWhole,
    ModelPartsMissing,
    ModelUnknown,
)
from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.local.gguf import GgufMetadata, read_tensors
from chatbot_app.llm.local.model_facts import facts_of
from chatbot_app.llm.split_names import read_split_name

_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".incomplete", ".tmp", ".aria2", ".!qb")
_JUST_NOW = 90.0  # seconds: a file that changed since, and is not whole, is being written
_LARGE_TENSOR = 1 << 20  # bytes: none of these is zero from end to end
_SAMPLE = 4096  # bytes
_LOOKED_AT = 512  # bytes of a beginning that tell what a file is instead

# What people take for a GGUF file, by how it begins.
_OTHERS = (
    (b"<", "it is a web page, not the model: download the file itself."),
    (b"version https://git-lfs", "it only points to the model: download the file itself."),
    (b"PK\x03\x04", "it is an archive: unpack it first."),
    (b"\x1f\x8b", "it is an archive: unpack it first."),
    (b"tjgg", "it is in the format before GGUF, which nothing reads any more."),
    (b"fmgg", "it is in the format before GGUF, which nothing reads any more."),
    (b"lmgg", "it is in the format before GGUF, which nothing reads any more."),
)
_SAFETENSORS = re.compile(rb".{8}\{\s*\"", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Examined:
    """A model whose files are all there and whole; `path` is the one to load, the first of `parts`."""

    path: Path
    parts: tuple[Path, ...]
    facts: ModelFacts
    name: str = ""  # that it is called by, "" where that is the file's


def examine(path: Path, *, now: Callable[[], float] = time.time) -> Examined:
    """Read what a file says of itself; any part of a split model stands for all of them.

    Takes milliseconds, also for a large file: weights are not read. Raises ModelFileError with what to do next:
    it is not there or no GGUF, not whole (ModelNotWhole, ModelBeingWritten, ModelPartsMissing), or of an architecture
    that llama.cpp does not know (ModelUnknown). An ONNX file, or the folder of one, is a model that makes vectors.
    """
    from chatbot_app.llm.local.sentence_folder import folder_title, onnx_file, read_sentence_folder

    model = onnx_file(path)
    if model is not None:
        return Examined(model, (model,), read_sentence_folder(model).facts, folder_title(model))
    parts = _parts(path)
    read = [_read(part, now) for part in parts]
    first = read[0]
    announced = first.values.get("split.count")
    if isinstance(announced, int) and announced > 1 and len(parts) != announced:
        raise ModelPartsMissing(
            path=_shown(path), detail=f"it is one of {announced} parts, but is not called like one."
        )
    tensors = [tensor for metadata in read for tensor in metadata.tensors]
    facts = facts_of(first, tensors, sum(part.stat().st_size for part in parts), len(parts))
    if not facts.architecture:
        raise ModelFileError(path=_shown(path), detail="it does not say what kind of model it is.")
    if not is_known_architecture(facts.architecture):
        raise ModelUnknown(path=_shown(path), detail=f"“{visible_text(facts.architecture)[:60]}”.")
    return Examined(parts[0], tuple(parts), facts)


def parts_of(path: Path) -> list[Path]:
    """Return the files of a model that lies at `path`: all parts by their names, whether they are there or not."""
    split = read_split_name(path.name)
    return [path] if split is None else [path.with_name(name) for name in split.all_parts()]


def projectors_beside(path: Path) -> list[Path]:
    """Return the files for pictures that lie beside a model, as they are usually called."""
    try:
        return sorted(
            other
            for other in path.parent.iterdir()
            if "mmproj" in other.name.lower() and other.suffix.lower() == ".gguf"
        )
    except OSError:
        return []


@cache
def is_known_architecture(name: str) -> bool:
    """Whether the llama.cpp of this program can run an architecture.

    Its names are literals of the library, each with its end; a name that only ends another one passes, and then
    loading tells. Nothing is imported.
    """
    spec = find_spec("xllamacpp")
    folders = list(spec.submodule_search_locations or []) if spec is not None else []
    libraries = [file for folder in folders for file in Path(folder).glob("xllamacpp*") if file.is_file()]
    libraries = [file for file in libraries if file.suffix in (".so", ".pyd", ".dylib")]
    if not libraries:
        return True
    wanted = name.encode("utf-8", "replace") + b"\0"
    for library in libraries:
        with (
            library.open("rb") as stream,
            mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content,
        ):
            if content.find(wanted) >= 0:
                return True
    return False


def _parts(path: Path) -> list[Path]:
    parts = parts_of(path)
    missing = [part for part in parts if not part.exists()]
    if not missing or len(parts) == 1:
        return parts
    if len(missing) == len(parts):
        raise ModelFileError(path=_shown(path), detail="there is no such file.")
    names = ", ".join(visible_text(part.name) for part in missing[:3]) + ("…" if len(missing) > 3 else "")
    raise ModelPartsMissing(
        path=_shown(path), detail=f"{len(missing)} of its {len(parts)} parts are not in this folder: {names}."
    )


def _read(path: Path, now: Callable[[], float]) -> GgufMetadata:
    try:
        with path.open("rb") as stream:
            beginning = stream.read(_LOOKED_AT)
        state = path.stat()
    except FileNotFoundError as exc:
        raise ModelFileError(path=_shown(path), detail="there is no such file.") from exc
    except OSError as exc:
        raise ModelFileError(path=_shown(path), detail=f"{exc.strerror}.") from exc
    changing = now() - state.st_mtime < _JUST_NOW or path.suffix.lower() in _UNFINISHED
    if not beginning or not beginning.strip(b"\0"):  # made at its full length, and not filled yet
        raise _not_whole(path, changing, "there is nothing in it yet." if changing else "it is empty.")
    if not beginning.startswith(b"GGUF"):
        raise ModelFileError(path=_shown(path), detail=_instead(beginning))
    try:
        metadata = read_tensors(path)
    except ValueError as exc:
        if "too early" in str(exc) or "longer than the file" in str(exc):
            raise _not_whole(path, changing, f"only {_size(state.st_size)} are there.") from exc
        raise ModelFileError(path=_shown(path), detail=f"{exc}.") from exc
    except OSError as exc:
        raise ModelFileError(path=_shown(path), detail=f"{exc.strerror}.") from exc
    end = max((tensor.offset + (tensor.bytes or 0) for tensor in metadata.tensors), default=0)
    if end > state.st_size:
        detail = f"{_size(state.st_size)} of {_size(end)} are there."
        raise _not_whole(path, changing, detail)
    if _is_hole(path, metadata):
        raise _not_whole(path, changing, "its last weights are not written yet.")
    return metadata


def _is_hole(path: Path, metadata: GgufMetadata) -> bool:
    """Whether the weights end in nothing at all: programs make a file at its full length and fill it from the front."""
    large = [tensor for tensor in metadata.tensors if (tensor.bytes or 0) >= _LARGE_TENSOR]
    with path.open("rb") as stream:
        for tensor in sorted(large, key=lambda tensor: tensor.offset)[-3:]:
            size = tensor.bytes or 0
            for place in (tensor.offset, tensor.offset + size // 2, tensor.offset + size - _SAMPLE):
                stream.seek(place)
                if stream.read(_SAMPLE).strip(b"\0"):
                    return False
    return bool(large)


def _not_whole(path: Path, changing: bool, detail: str) -> ModelNotWhole:
    kind = ModelBeingWritten if changing else ModelNotWhole
    return kind(path=_shown(path), detail=detail)


def _instead(beginning: bytes) -> str:
    for start, words in _OTHERS:
        if beginning.lstrip().startswith(start):
            return words
    if _SAFETENSORS.match(beginning):
        return "it holds weights for training (safetensors): look for the GGUF file of the same model."
    return "it is not a GGUF file."


def _size(count: int) -> str:
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} bytes"


def _shown(path: Path) -> str:
    return visible_text(str(path))
