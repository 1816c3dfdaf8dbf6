"""How fast prompts are read and answers written by the built-in server, against llama.cpp's own loop, in one run.

    python -m tests.benchmarks.bench_engine [--rounds 3] [--tokens 2000] [--written 256] [--model FILE]

The loop is what `llama-bench` does: the same library, the same file, `llama_decode` over a batch of tokens, nothing else,
with its own defaults (2,048 tokens a batch, 512 a step); its threads wait for each other as ours do (`SPIN_ROUNDS`), or the
difference would be that. Rounds alternate, and the best of each counts: on a machine that others use as well, the best is
what it can do. Processor time is printed beside it, for such machines.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib.util
import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

from chatbot_app.llm.local.machine import usable_cores
from chatbot_app.llm.local.server import LocalServer
from chatbot_app.llm.local.server_child import SPIN_ROUNDS, LocalEndpoint
from chatbot_app.llm.model_files import BUILT_IN_MODEL, find_model_file
from tests.benchmarks.bench_prefix import processor_seconds

_BATCH, _STEP = 2048, 512  # llama-bench's
_ROOM = 1024  # bytes: more than any parameter structure of llama.cpp has


class Measured(NamedTuple):
    """Tokens a second by the clock, and by a second of processor time."""

    read: float
    written: float
    read_by_processor: float
    written_by_processor: float


class _Structure(ctypes.Structure):
    """A structure of llama.cpp whose layout is its own business; x86-64 passes it in memory."""

    _fields_ = (("numbers", ctypes.c_int32 * (_ROOM // 4)),)


class _Batch(ctypes.Structure):
    _fields_ = (("content", ctypes.c_int64 * 7),)


class Loop:
    """llama.cpp without a server, for the process that it is made in."""

    def __init__(self, path: Path, threads: int) -> None:
        spec = importlib.util.find_spec("xllamacpp")
        assert spec is not None
        assert spec.submodule_search_locations
        self._library = ctypes.CDLL(str(next(Path(spec.submodule_search_locations[0]).glob("xllamacpp*.so"))))
        quiet = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(lambda *_: None)
        self._quiet = quiet  # llama.cpp keeps no reference
        self._library.llama_log_set(quiet, None)
        for name in ("llama_model_default_params", "llama_context_default_params"):
            getattr(self._library, name).restype = _Structure
        for name in ("llama_model_load_from_file", "llama_init_from_model", "llama_get_memory"):
            getattr(self._library, name).restype = ctypes.c_void_p
        self._library.llama_batch_get_one.restype = _Batch
        model = ctypes.c_void_p(
            self._library.llama_model_load_from_file(
                str(path).encode(), self._library.llama_model_default_params()
            )
        )
        parameters = self._library.llama_context_default_params()
        places = list(parameters.numbers[:16])
        # n_ctx, n_batch, n_ubatch stand first, the two counts of threads (4 by default) stand together.
        assert places[:3] == [512, 2048, 512], places
        at = next(n for n in range(3, 15) if places[n] == places[n + 1] == 4)
        parameters.numbers[0], parameters.numbers[1], parameters.numbers[2] = 4096, _BATCH, _STEP
        parameters.numbers[at] = parameters.numbers[at + 1] = threads
        self._context = ctypes.c_void_p(self._library.llama_init_from_model(model, parameters))
        self._memory = ctypes.c_void_p(self._library.llama_get_memory(self._context))

    def _decode(self, tokens: list[int]) -> None:
        held = (ctypes.c_int32 * len(tokens))(*tokens)
        batch = self._library.llama_batch_get_one(held, len(tokens))
        assert self._library.llama_decode(self._context, batch) == 0

    def measure(self, tokens: int, written: int) -> Measured:
        """Read a prompt of so many tokens and write an answer of `written` behind it."""
        self._library.llama_memory_clear(self._memory, ctypes.c_bool(True))
        prompt = [100 + number * 7919 % 40000 for number in range(tokens)]
        started, worked = time.perf_counter(), time.process_time()
        for start in range(0, tokens, _BATCH):
            self._decode(prompt[start : start + _BATCH])
        self._library.llama_synchronize(self._context)
        read, worked_to_read = time.perf_counter(), time.process_time()
        for number in range(written):
            self._decode([100 + number])
        self._library.llama_synchronize(self._context)
        return Measured(
            tokens / (read - started),
            written / (time.perf_counter() - read),
            tokens / (worked_to_read - worked),
            written / (time.process_time() - worked_to_read),
        )


def of_server(endpoint: LocalEndpoint, tokens: int, written: int, seed: int) -> Measured:
    """Return the same of the server, by its own clock; processor time is that of all children of this process.

    Two requests, so that processor time is known of each: one reads, the second finds the prompt read and writes.
    """
    prompt = [100 + number * 7919 % 40000 for number in range(seed, tokens + seed)]
    timings_of_reading, reading = _completed(endpoint, prompt, 1, from_cache=False)
    timings_of_writing, writing = _completed(endpoint, prompt, written, from_cache=True)
    return Measured(
        timings_of_reading["prompt_per_second"],
        timings_of_writing["predicted_per_second"],
        tokens / reading,
        written / writing,
    )


def _completed(
    endpoint: LocalEndpoint, prompt: list[int], written: int, *, from_cache: bool
) -> tuple[dict[str, Any], float]:
    """Return the server's timings of a request, and the seconds of processor time that it took.

    Not `from_cache`, everything is read: chunks of the round before would else be moved to their new places.
    """
    body = {"prompt": prompt, "n_predict": written, "cache_prompt": from_cache, "ignore_eos": True}
    headers = {"Authorization": f"Bearer {endpoint.api_key}", "Content-Type": "application/json"}
    address = endpoint.base_url.removesuffix("/v1") + "/completion"
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)
    worked = processor_seconds()
    with urllib.request.urlopen(request, timeout=600) as answer:
        timings: dict[str, Any] = json.load(answer)["timings"]
    return timings, processor_seconds() - worked


def main() -> None:
    """Read the arguments, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=2000)
    parser.add_argument("--written", type=int, default=256, help="tokens of an answer")
    parser.add_argument("--model", type=Path, default=find_model_file(BUILT_IN_MODEL.name))
    parser.add_argument("--loop", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.loop:  # a process of its own, which measures whenever it is asked to
        loop = Loop(options.model, usable_cores())
        for _line in sys.stdin:
            print(json.dumps(loop.measure(options.tokens, options.written)), flush=True)
        return
    command = [sys.executable, "-m", "tests.benchmarks.bench_engine", "--loop", "--model", str(options.model)]
    command += ["--tokens", str(options.tokens), "--written", str(options.written)]
    environment = {**os.environ, "GOMP_SPINCOUNT": str(SPIN_ROUNDS)}
    server = LocalServer(options.model)
    found: dict[str, list[Measured]] = {"llama.cpp's loop": [], "ours": []}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as loop_process:
        assert loop_process.stdin is not None
        assert loop_process.stdout is not None
        try:
            endpoint = server.ensure_running()
            for number in range(options.rounds):
                loop_process.stdin.write("go\n")
                loop_process.stdin.flush()
                found["llama.cpp's loop"].append(Measured(*json.loads(loop_process.stdout.readline())))
                found["ours"].append(of_server(endpoint, options.tokens, options.written, number))
                for name, rounds in found.items():
                    last = rounds[-1]
                    print(
                        f"round {number + 1}  {name:17}  reads {last.read:6.1f}, writes {last.written:5.1f} tokens a second;"
                        f" {last.read_by_processor:6.1f} and {last.written_by_processor:5.1f} by a second of a processor"
                    )
        finally:
            server.stop()
            loop_process.stdin.close()
    best = {name: [max(values) for values in zip(*rounds, strict=True)] for name, rounds in found.items()}
    words = ("reading", "writing behind it", "reading, by processor time", "writing, by processor time")
    for place, word in enumerate(words):
        ours, theirs = best["ours"][place], best["llama.cpp's loop"][place]
        print(
            f"prompt of {options.tokens}, {word}: {ours:.1f} of {theirs:.1f} tokens a second, {ours / theirs:.0%}"
        )


if __name__ == "__main__":
    main()
