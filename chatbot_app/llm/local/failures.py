"""Why a child did not get ready: its answer, its end and llama.cpp's log in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from chatbot_app.core.errors import AppError
from chatbot_app.core.model_errors import (
    ChatTemplateUnusable,
    LocalServerFailed,
    ModelFileError,
    ModelUnknown,
)
from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.model_files import absent

_OUT_OF_MEMORY = ("bad_alloc", "failed to allocate", "failed to initialize the context")
_CRASH_SIGNALS = (4, 6, 7, 8, 11)  # SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV
_ARCHITECTURE = re.compile(r"unknown model architecture: '([^'\n]*)'")
_TEMPLATE = re.compile(r"Jinja Exception: (.+)|common_chat_templates_init: error: (.+)")


def failure_of(
    answer: Mapping[str, Any], model_path: Path, code: int | None, lines: Sequence[str]
) -> AppError:
    """Return the error for a child that answered so (empty: not at all) and ended with `code`, None: not yet."""
    if answer.get("error") == "missing":
        return absent(model_path)
    if answer.get("error") == "template":
        return ChatTemplateUnusable(path=model_path, detail=f"{answer.get('detail')}.")
    log = "\n".join(lines)
    if "chat template parsing error" in log:
        return ChatTemplateUnusable(path=model_path, detail=_template_error(log))
    if unknown := _ARCHITECTURE.search(log):
        return ModelUnknown(path=model_path, detail=f"“{visible_text(unknown[1])}”.")
    if any(words in log for words in _OUT_OF_MEMORY):
        return LocalServerFailed(detail=f"there is not enough memory for {model_path.name}.")
    reason = _loading_error(log)
    if reason:
        return ModelFileError(path=model_path, detail=f"{reason}.")
    if answer.get("error") == "load":
        return ModelFileError(path=model_path, detail="llama.cpp could not load it.")
    if code is not None and -code in _CRASH_SIGNALS:
        return ModelFileError(path=model_path, detail="llama.cpp crashed while loading it.")
    last = f" It said: {lines[-1]}" if lines else ""
    return LocalServerFailed(detail=f"{end_in_words(code)}.{last}")


def end_in_words(code: int | None) -> str:
    """Return how a process ended, by its exit code."""
    if code is None:
        return "its process does not answer"
    if code == -9:
        return "its process was killed, perhaps because memory ran out"
    if code < 0:
        return f"its process crashed with signal {-code}"
    return f"its process ended with code {code}"


def _loading_error(log: str) -> str:
    """Return llama.cpp's own reason out of its log, "" where it gave none."""
    for marker in ("error loading model: ", "gguf_init_from_reader: ", "gguf_init_from_file: "):
        if marker in log:
            return log.rpartition(marker)[2].splitlines()[0].strip().rstrip(".")
    return ""


def _template_error(log: str) -> str:
    """Return what llama.cpp says of a chat template, in its words."""
    found = _TEMPLATE.search(log)
    said = visible_text((found[1] or found[2]).strip()).rstrip(".")[:200] if found is not None else ""
    return f"{said}." if said else "llama.cpp cannot read it."
