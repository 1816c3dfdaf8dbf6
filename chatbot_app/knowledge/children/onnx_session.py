"""Sessions of onnxruntime: how it is imported, how they share the processors, and which form of a model this one computes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from chatbot_app.knowledge.children.vectors_errors import EmbeddingModelMissing
from chatbot_app.llm.local.processor import processor_features

THREADS = 2


def session_of_form(
    of_bytes: Callable[[], Path | bytes], of_floats: Callable[[], Path | bytes], threads: int
) -> tuple[Any, bool]:
    """Return a session for the form of a model that suits this processor, and whether it is the form of bytes.

    Each function returns one form, and only that of the form that is tried is called. The form of bytes is computed on one
    thread, which is less work for a text than two: texts are given to it alone, several at once. `threads` are the
    other one's. Raises EmbeddingModelMissing.
    """
    if takes_bytes():
        with contextlib.suppress(EmbeddingModelMissing):  # an older onnxruntime
            return opened_session(of_bytes, 1), True
    return opened_session(of_floats, threads), False


def takes_bytes() -> bool:
    """Whether this processor multiplies bytes: on others the sums of such products overflow."""
    return "avx512_vnni" in processor_features()


def opened_session(find: Callable[[], Path | bytes], threads: int) -> Any:
    """Return a session for the model that `find` returns. Raises EmbeddingModelMissing."""
    onnxruntime = load_onnxruntime()
    options = session_options(onnxruntime, threads)
    try:
        return onnxruntime.InferenceSession(find(), options, providers=["CPUExecutionProvider"])
    except Exception as exc:  # onnxruntime's errors have no base of their own
        raise EmbeddingModelMissing(detail=str(exc)) from exc


def session_options(onnxruntime: ModuleType, threads: int) -> Any:
    """Return how a session shares the processors with the window."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    # Waiting threads sleep instead of spinning: the window shares the cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options


def load_onnxruntime() -> ModuleType:
    """Return onnxruntime, told before its import to report nothing: our only way to it.

    From 1.32 on it else writes an id of the device and a database below the home folder as soon as it is
    imported, to report to its maker.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    module: ModuleType = onnxruntime
    return module
