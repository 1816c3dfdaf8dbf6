"""The child process of the built-in model: llama.cpp's own OpenAI-compatible server on a loopback port.

Protocol: the parent writes one line of JSON (a `Job`) to stdin and keeps the pipe open; the child answers
with one line of JSON on stdout, `{"port", "model", "n_ctx", "n_ctx_train"}` or `{"error", "detail"}`, and serves until
stdin ends. The job `{"list": "devices"}` is answered with llama.cpp's own list of them, and that is all. The key
travels through the pipe only, never through arguments or environment.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import signal
import sys
import threading
import urllib.request
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from chatbot_app.core.free_memory import private_mappings, return_zeroed_memory
from chatbot_app.core.local_models import EngineSettings
from chatbot_app.llm.local.engine_parameters import HOST, EnginePlan, engine_plan, server_parameters
from chatbot_app.llm.local.gguf import read_metadata
from chatbot_app.llm.local.template_check import TemplateUnusable, check_template
from chatbot_app.llm.local.vector_parameters import embed, vectors_plan

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> int:
    """Serve until stdin ends. Exit code 1 where the model could not be loaded."""
    _ignore_interrupts()
    _die_with_parent()
    answers = _claim_stdout()
    try:
        job = json.loads(sys.stdin.buffer.readline())
        if job.get("list") == "devices":
            _answer(answers, devices=_devices())
            return 0
        model_path = Path(job["model_path"])
        key = job["key"]
        settings = EngineSettings.from_json(job.get("settings"))
    except (ValueError, KeyError, TypeError, AttributeError):
        _answer(answers, error="job", detail="the first line of stdin is not a job")
        return 1
    # llama.cpp holds the interpreter's lock while it loads: from here on the thread wakes after loading,
    # and until then only Linux (above) ends the child with its parent.
    threading.Thread(
        target=_exit_at_end_of, args=(sys.stdin.buffer,), name="parent-watch", daemon=True
    ).start()
    if not model_path.is_file():
        _answer(answers, error="missing", detail=str(model_path))
        return 1
    plan = _plan(job, model_path, settings)
    before = private_mappings()
    try:
        server = _start_server(job, settings, plan)
        port = urlsplit(server.listening_address).port
        ask = partial(_ask, f"http://{HOST}:{port}", key)
        window = int(ask("/props")["default_generation_settings"]["n_ctx"])
        if plan is not None and job.get("for_vectors"):
            window = min(
                window, plan.window.tokens
            )  # llama.cpp rounds it up, and a text has to fit into one step
        elif plan is not None:
            check_template(ask, plan.control_texts)
    except TemplateUnusable as exc:
        _answer(answers, error="template", detail=str(exc))
        return 1
    except (RuntimeError, MemoryError, OSError, ValueError, KeyError) as exc:
        _answer(answers, error="load", detail=str(exc))
        return 1
    if plan is None:  # its control tokens are unknown: a document could speak as the program
        _answer(answers, error="load", detail="its metadata cannot be read")
        return 1
    # llama.cpp clears the whole table of keys and values, 190 MB for the built-in model, and fills it token by
    # token. Nobody else knows the port yet, so nothing is computed and nobody writes there.
    return_zeroed_memory(before)
    # From here on a log line may quote a request, and a request is nobody's business.
    _discard_stderr()
    _answer(answers, port=port, model=job["alias"], n_ctx=window, n_ctx_train=plan.window.trained or 0)
    threading.Event().wait()
    return 0


def _plan(job: Mapping[str, Any], model_path: Path, settings: EngineSettings) -> EnginePlan | None:
    """Return how to run the file, None where its metadata is damaged: llama.cpp then says how."""
    try:
        size = int(job.get("bytes") or model_path.stat().st_size)
        make_plan = vectors_plan if job.get("for_vectors") else engine_plan
        return make_plan(read_metadata(model_path), size, settings)
    except (OSError, ValueError, MemoryError):
        return None


def _start_server(job: Mapping[str, Any], settings: EngineSettings, plan: EnginePlan | None) -> Any:
    import xllamacpp

    parameters = server_parameters(job, settings, plan, xllamacpp.CommonParams())
    if job.get("for_vectors"):
        embed(parameters, plan, str(job.get("pooling") or ""), str(job.get("stated_pooling") or ""))
    return xllamacpp.Server(parameters)


def _devices() -> list[dict[str, Any]]:
    """Return what llama.cpp can compute with beside the processor; memory in bytes."""
    import xllamacpp

    kinds = xllamacpp.ggml_backend_dev_type
    graphics = (kinds.GGML_BACKEND_DEVICE_TYPE_GPU, kinds.GGML_BACKEND_DEVICE_TYPE_IGPU)
    return [
        {
            "name": str(found["description"] or found["name"]),
            "memory": int(found["memory_total"]),
            "free": int(found["memory_free"]),
        }
        for found in xllamacpp.get_device_info()
        if found["type"] in graphics
    ]


def _ask(address: str, key: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    # Not with a client of llm/http.py: the child has llama.cpp and the standard library, and its library for HTTP
    # would take 15 MB beside the model instead of 8 (test_the_child_imports_neither_qt_nor_a_client_library).
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(urllib.request.Request(address + path, data, headers), timeout=10) as answer:
        return json.load(answer)


def _claim_stdout() -> IO[str]:
    """Return the real stdout and send whatever a library prints there to stderr instead."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    return answers


def _discard_stderr() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _answer(answers: IO[str], **values: Any) -> None:
    answers.write(json.dumps(values) + "\n")
    answers.flush()


def _exit_at_end_of(stream: io.BufferedIOBase) -> None:
    while stream.read1(4096):
        pass
    # Not sys.exit: llama.cpp's destructors wait for a running generation.
    os._exit(0)


def _ignore_interrupts() -> None:
    # Ctrl+C in the terminal goes to the whole process group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGBREAK"):
        signal.signal(signal.SIGBREAK, signal.SIG_IGN)


def _die_with_parent() -> None:
    """On Linux, be killed when the thread that started this process ends (it lives as long as we do)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main())
