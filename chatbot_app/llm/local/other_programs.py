"""Where other programs of this computer keep model files, and which lie there: looked at when a person asks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from chatbot_app.llm.local.sentence_folder import is_sentence_model
from chatbot_app.llm.split_names import read_split_name

_ONNX_NAMES = ("model.onnx", "model_quantized.onnx")
_DEEPEST = 8  # folders below each other; Hugging Face's cache has four
_MOST_ENTRIES = 200_000  # that are looked at; a folder of models has some hundreds


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder that is there, and the program whose models it holds."""

    program: str
    path: Path


def model_folders(environment: Mapping[str, str], home: Path, platform: str) -> list[ModelFolder]:
    """Return the usual folders of other programs that are there; nothing in them is looked at.

    `platform` is `sys.platform`. As the documentation and sources of each program have it: LM Studio, Jan, GPT4All,
    Hugging Face's cache (its variables are respected), llama.cpp's cache.
    """
    found: dict[Path, ModelFolder] = {}
    for program, path in _usual(environment, home, platform):
        try:
            is_there = path.is_absolute() and path.is_dir()
        except (OSError, ValueError):
            continue
        if is_there:
            found.setdefault(path, ModelFolder(program, path))
    return list(found.values())


def _usual(environment: Mapping[str, str], home: Path, platform: str) -> Iterator[tuple[str, Path]]:
    def variable(name: str, otherwise: Path) -> Path:
        return Path(environment[name]) if environment.get(name, "").strip() else otherwise

    if platform == "win32":
        local = variable("LOCALAPPDATA", home / "AppData" / "Local")
        shared, roaming, caches = local, variable("APPDATA", home / "AppData" / "Roaming"), local
    elif platform == "darwin":
        shared = roaming = home / "Library" / "Application Support"
        caches = home / "Library" / "Caches"
    else:
        shared = variable("XDG_DATA_HOME", home / ".local" / "share")
        roaming = variable("XDG_CONFIG_HOME", home / ".config")
        caches = variable("XDG_CACHE_HOME", home / ".cache")
    yield "LM Studio", home / ".lmstudio" / "models"
    yield "LM Studio", home / ".cache" / "lm-studio" / "models"
    yield "Jan", roaming / "Jan" / "data" / "llamacpp" / "models"
    yield "Jan", home / "jan" / "models"
    yield "GPT4All", shared / "nomic.ai" / "GPT4All"
    hub_home = variable("HF_HOME", variable("XDG_CACHE_HOME", home / ".cache") / "huggingface")
    hub = variable("HF_HUB_CACHE", variable("HUGGINGFACE_HUB_CACHE", hub_home / "hub"))
    yield "Hugging Face", hub
    yield "llama.cpp", variable("LLAMA_CACHE", caches / "llama.cpp")


def find_model_files(folder: Path, is_stopping: Callable[[], bool] = lambda: False) -> Iterator[Path]:
    """Yield the GGUF files below a folder, and ONNX files of sentence-embedding models, the first part of a split one, each file once however often it is linked.

    Links to folders are not followed. What cannot be read is left out.
    """
    seen: set[tuple[int, int]] = set()
    looked_at = 0
    for place, folders, names in os.walk(folder, onerror=lambda _: None, followlinks=False):
        depth = len(Path(place).relative_to(folder).parts)
        folders[:] = [] if depth >= _DEEPEST else sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            looked_at += 1
            if looked_at > _MOST_ENTRIES or is_stopping():
                return
            split = read_split_name(name)
            path = Path(place) / name
            is_model = name.lower().endswith(".gguf") and (split is None or split.number == 1)
            if not is_model and not (name.lower() in _ONNX_NAMES and is_sentence_model(path)):
                continue
            try:
                state = path.stat()
            except (OSError, ValueError):
                continue
            # On some systems files have no number: then names tell them apart.
            key = (state.st_dev, state.st_ino)
            if state.st_ino and key in seen:
                continue
            seen.add(key)
            yield path
