"""One child process that serves the built-in model, from its start to its end.

A thread of its own starts it and waits for its end: on Linux the child is killed when the thread that
started it ends (`server_process`), so that thread must live exactly as long.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from chatbot_app.core.child_environment import child_environment
from chatbot_app.core.errors import AppError
from chatbot_app.core.model_errors import LocalServerFailed
from chatbot_app.llm.local.failures import end_in_words, failure_of
from chatbot_app.llm.local.launch import EngineLaunch, LaunchFile, launch_file

# Temperature and top_p are those of SmolLM2-135M-Instruct's model card. Some of its answers run in circles:
# where the request sets no limit of its own, they end here instead of at the end of the window.
# Its model card says temperature 0.2 and top_p 0.9. With these it answers "What is the capital of France?" in
# French prose in about one of three tries, because the two first tokens are nearly as likely; greedy with a
# mild penalty against loops was right for 30 of 30 answers to five simple questions.
# DRY keeps sequences from coming again, not words ("Don't Repeat Yourself", Weidmann 2024): of 20 answers with
# passages and 700 tokens of room, 2 ran in a circle without it and none with it; the gold answer stood in 3 and 4 of
# them, and in 15 and 13 of 60 with room for 160 tokens (`bench_circles.py`).
BUILT_IN_SAMPLING = {
    "temperature": 0.0,
    "repeat_penalty": 1.1,
    "dry_multiplier": 0.8,
    "dry_base": 1.75,
    "dry_allowed_length": 3,
    "dry_penalty_last_n": 1024,
    "max_tokens": 1024,
}

LOADING_LIMIT = 300.0  # seconds; 40 GB from a slow disk take minutes
STOP_PATIENCE = 1.0  # seconds that the child gets to end by itself

# Rounds that a thread of llama.cpp waits for another one before it sleeps: its wheel computes with libgomp, which waits
# 300,000 of them. Beside other work these eat the time that the other thread needs: 0.5 tokens a second with two
# threads, 6.8 with this (8.3 with one thread); alone it is as fast (73 of 71), and without any waiting 28 % slower.
SPIN_ROUNDS = 300

_KEPT_LOG_LINES = 40
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows: a console program opens no console


@dataclass(frozen=True, slots=True)
class LocalEndpoint:
    """Where the running child answers; it is worthless as soon as that child ends."""

    base_url: str
    api_key: str = field(repr=False)
    model: str
    context_window: int  # tokens
    trained_window: int | None = None  # tokens; larger than the other where memory is short


class ServerChild:
    """One child process; `ready` holds its endpoint, or why there is none."""

    def __init__(
        self,
        command: Sequence[str],
        wanted: EngineLaunch,
        *,
        wait: float,
        predecessor: ServerChild | None,
        clock: Callable[[], float],
    ) -> None:
        """Serve what is `wanted`, `wait` seconds after `start`, in its predecessor's place."""
        self.wanted = wanted
        self.ready: Future[LocalEndpoint] = Future()
        # A running future cannot be cancelled: who stops waiting for it does not take it from the others.
        self.ready.set_running_or_notify_cancel()
        self._command = list(command)
        self._wait = wait
        self._predecessor = predecessor
        self._clock = clock
        self._ready_at: float | None = None
        self._stopping = threading.Event()
        self._too_slow = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._log: deque[str] = deque(maxlen=_KEPT_LOG_LINES)
        self._thread = threading.Thread(target=self._run, name="local-server", daemon=True)

    def start(self) -> Future[LocalEndpoint]:
        """Start the thread, which starts the process."""
        self._thread.start()
        return self.ready

    def usable(self, wanted: EngineLaunch) -> bool:
        """Whether its endpoint is worth waiting for."""
        if wanted != self.wanted or self._stopping.is_set():
            return False
        return not self.ready.done() or self.serves(wanted)

    def serves(self, wanted: EngineLaunch) -> bool:
        """Whether it has loaded what is `wanted` and is alive at this moment."""
        loaded = self.ready.done() and self.ready.exception() is None
        return wanted == self.wanted and loaded and self._alive()

    @property
    def crashed(self) -> bool:
        """Whether it served and then ended without being asked to."""
        return self._ready_at is not None and not self._stopping.is_set() and not self._alive()

    def served_for(self) -> float:
        """Return the seconds since it was ready, 0 where it never was."""
        return self._clock() - self._ready_at if self._ready_at is not None else 0.0

    @property
    def end(self) -> str:
        """How the process ended, in words."""
        return end_in_words(self._process.poll() if self._process is not None else None)

    def stop(self) -> None:
        """End the process within two seconds: asked first, killed after STOP_PATIENCE."""
        with self._lock:
            self._stopping.set()
            process = self._process
        if process is not None:
            _close(process.stdin)
            try:
                process.wait(STOP_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
        if self._thread.is_alive():
            self._thread.join(STOP_PATIENCE / 2)

    def _alive(self) -> bool:
        return self._process is not None and self._process.poll() is None and not self._stopping.is_set()

    def _run(self) -> None:
        try:
            endpoint = self._launch()
        except BaseException as exc:
            self._reap()
            self.ready.set_exception(exc)  # whoever waits must hear of it, whatever it is
            if not isinstance(exc, AppError):
                raise
            return
        self._ready_at = self._clock()
        self.ready.set_result(endpoint)
        if self._process is not None and self._process.stdout is not None:
            # Its end closes the pipe. Not Popen.wait: it makes `poll` in other threads answer late.
            self._process.stdout.read()
        self._reap()

    def _launch(self) -> LocalEndpoint:
        if self._predecessor is not None:
            self._predecessor.stop()
            self._predecessor = None
        self._stopping.wait(self._wait)
        file = launch_file(self.wanted)
        key = secrets.token_urlsafe(32)
        process = self._open_process()
        reader = threading.Thread(target=self._read_log, args=(_pipe(process.stderr),), daemon=True)
        reader.start()
        limit = threading.Timer(LOADING_LIMIT, self._give_up_loading)
        limit.daemon = True
        limit.start()
        try:
            answer = self._hand_over(process, file, key)
        finally:
            limit.cancel()
        if "port" in answer:
            return LocalEndpoint(
                f"http://127.0.0.1:{answer['port']}/v1",
                key,
                str(answer["model"]),
                int(answer["n_ctx"]),
                int(answer.get("n_ctx_train") or 0) or None,
            )
        _close(process.stdin)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_PATIENCE)
        reader.join(STOP_PATIENCE)
        raise self._failure(answer, file.path, process.poll())

    def _open_process(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._stopping.is_set():
                raise _stopped()
            try:
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env=_environment(),
                    creationflags=_NO_WINDOW,
                )
            except OSError as exc:
                raise LocalServerFailed(detail=f"its process cannot be started ({exc.strerror}).") from exc
            return self._process

    def _hand_over(self, process: subprocess.Popen[bytes], file: LaunchFile, key: str) -> Mapping[str, Any]:
        """Send the job and return the child's answer, empty where it ended without one."""
        job = {
            "key": key,
            "model_path": str(file.path),
            "bytes": file.facts.bytes,
            "alias": file.alias,
            "for_vectors": self.wanted.for_vectors,
            "pooling": self.wanted.pooling,
            "stated_pooling": file.facts.pooling,
            "settings": self.wanted.settings.to_json(),
            "idle_seconds": self.wanted.idle_seconds,
            "threads": _confined_cores(),
            "sampling": BUILT_IN_SAMPLING if file.ships else {},
        }
        stdin, stdout = _pipe(process.stdin), _pipe(process.stdout)
        try:
            stdin.write(json.dumps(job).encode("ascii") + b"\n")
            stdin.flush()
            answer = json.loads(stdout.readline() or b"{}")
        except (OSError, ValueError):  # it ended at once, or `stop` closed the pipe
            return {}
        return answer if isinstance(answer, dict) else {}

    def _failure(self, answer: Mapping[str, Any], model_path: Path, code: int | None) -> AppError:
        """Return the error for a child that did not get ready."""
        if self._stopping.is_set():
            return _stopped()
        if self._too_slow.is_set():
            return LocalServerFailed(detail=f"loading {model_path.name} took over {LOADING_LIMIT:.0f} s.")
        return failure_of(answer, model_path, code, list(self._log))

    def _give_up_loading(self) -> None:
        self._too_slow.set()
        if self._process is not None:
            self._process.kill()

    def _read_log(self, stream: IO[bytes]) -> None:
        with stream:
            for line in iter(lambda: stream.readline(2000), b""):
                self._log.append(line.decode("utf-8", "replace").strip())

    def _reap(self) -> None:
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.kill()
            process.wait()
        _close(process.stdin)
        _close(process.stdout)


def _confined_cores() -> int:
    """Return how many cores this process is confined to, 0 where llama.cpp's own count of physical ones holds."""
    if not hasattr(os, "sched_getaffinity"):
        return 0
    usable = len(os.sched_getaffinity(0))
    return usable if usable < (os.cpu_count() or 1) else 0


def _environment() -> dict[str, str]:
    environment = child_environment()
    if "OMP_WAIT_POLICY" not in environment:  # somebody knows better
        environment["GOMP_SPINCOUNT"] = str(SPIN_ROUNDS)
    return environment


def _stopped() -> LocalServerFailed:
    return LocalServerFailed(detail="it was stopped.")


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise AssertionError("the process was opened with pipes")
    return pipe


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        with contextlib.suppress(OSError):  # unflushed bytes for a child that is gone
            pipe.close()
