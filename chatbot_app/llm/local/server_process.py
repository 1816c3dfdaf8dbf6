"""The child process of the built-in model: llama.cpp's own OpenAI-compatible server on a loopback port.

Protocol: the parent writes one line of JSON (a `Job`) to stdin and keeps the pipe open; the child answers
with one line of JSON on stdout, `{"port", "model", "n_ctx", "n_ctx_train"}` or `{"error", "detail"}`, and serves until
stdin ends. The key travels through the pipe only, never through arguments or environment.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from chatbot_app.core.available_memory import available_memory
from chatbot_app.core.free_memory import private_mappings, return_zeroed_memory
from chatbot_app.llm.local.control_tokens import control_texts, guarded_template
from chatbot_app.llm.local.gguf import read_metadata
from chatbot_app.llm.local.window import LocalWindow, local_window

HOST = "127.0.0.1"

# llama.cpp keeps evaluated prompts of other conversations in memory, 8 GiB of them by default.
PROMPT_CACHE_MIB = 256
# Tokens of a prompt that are computed together. Half of llama.cpp's 512 is as fast on two cores (255 to 274 tokens/s)
# and takes 8 MB less; a quarter is a tenth slower.
PROMPT_STEP_TOKENS = 256
LOG_WARNINGS = 2  # llama.cpp's verbosity: 1 errors, 2 warnings, 3 information
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> int:
    """Serve until stdin ends. Exit code 1 where the model could not be loaded."""
    _ignore_interrupts()
    _die_with_parent()
    answers = _claim_stdout()
    try:
        job = json.loads(sys.stdin.buffer.readline())
        model_path = Path(job["model_path"])
        key = job["key"]
    except (ValueError, KeyError, TypeError):
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
    plan = _plan(job, model_path)
    before = private_mappings()
    try:
        server = _start_server(job, model_path, key, plan)
        port = urlsplit(server.listening_address).port
        properties = _ask(f"http://{HOST}:{port}/props", key)
        window = int(properties["default_generation_settings"]["n_ctx"])
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


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a model is run, as its own file has it."""

    window: LocalWindow
    chat_template: str


def _plan(job: Mapping[str, Any], model_path: Path) -> _Plan | None:
    """Return how to run the file, None where its metadata is damaged: llama.cpp then says how."""
    try:
        metadata = read_metadata(model_path)
        window = local_window(metadata, model_path.stat().st_size, available_memory())
    except (OSError, ValueError, MemoryError):
        return None
    if job.get("context"):
        window = replace(window, tokens=int(job["context"]))
    return _Plan(window, guarded_template(metadata.chat_template, control_texts(metadata)))


def _start_server(job: Mapping[str, Any], model_path: Path, key: str, plan: _Plan | None) -> Any:
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model_path)
    parameters.model_alias = {job["alias"]}
    parameters.hostnames = [HOST]
    parameters.port = 0  # the system picks a free one, `listening_address` tells which
    parameters.api_keys = [key]
    if plan is not None:
        parameters.n_ctx = plan.window.tokens
        parameters.chat_template = plan.chat_template
    # The text of a last message of the assistant would go into the prompt past the template, and unbroken.
    parameters.prefill_assistant = False
    parameters.n_parallel = 1
    parameters.n_ubatch = PROMPT_STEP_TOKENS
    parameters.cache_ram_mib = PROMPT_CACHE_MIB
    parameters.verbosity = LOG_WARNINGS
    parameters.ui = False
    parameters.endpoint_slots = False
    parameters.offline = True
    # "*" by default, and any fixed origin would be answered to everybody: an empty one fits no web page.
    parameters.cors_origins = ""
    parameters.cors_origins_explicit = True
    parameters.cors_credentials = False
    parameters.cors_headers = ""
    parameters.cors_methods = ""
    if job.get("threads"):  # llama.cpp counts the physical cores itself otherwise
        parameters.cpuparams.n_threads = int(job["threads"])
    sampling = job.get("sampling") or {}
    if "max_tokens" in sampling:
        parameters.n_predict = int(sampling["max_tokens"])
    if "temperature" in sampling:
        parameters.sampling.temp = float(sampling["temperature"])
    if "repeat_penalty" in sampling:
        parameters.sampling.penalty_repeat = float(sampling["repeat_penalty"])
    for name in ("dry_multiplier", "dry_base"):
        if name in sampling:
            setattr(parameters.sampling, name, float(sampling[name]))
    for name in ("dry_allowed_length", "dry_penalty_last_n"):
        if name in sampling:
            setattr(parameters.sampling, name, int(sampling[name]))
    return xllamacpp.Server(parameters)


def _ask(address: str, key: str) -> Any:
    # Not with a client of llm/http.py: the child has llama.cpp and the standard library, and its library for HTTP
    # would take 15 MB beside the model instead of 8 (test_the_child_imports_neither_qt_nor_a_client_library).
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {key}"})
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=10) as answer:
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


def _exit_at_end_of(stream: IO[bytes]) -> None:
    while stream.read1(4096):  # type: ignore[attr-defined]
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
