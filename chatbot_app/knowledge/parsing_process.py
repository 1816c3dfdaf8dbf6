"""The child process that reads files: spawned once, reused, replaced after a crash or a limit.

Request and reply are one line of JSON each. A file can therefore crash, hang or fill the memory of this
process without more than its own import failing.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import IO, Any

from chatbot_app.core.child_environment import child_environment
from chatbot_app.core.documents import Block, BlockKind, ParsedDocument
from chatbot_app.core.paths import child_command
from chatbot_app.knowledge import parsing
from chatbot_app.knowledge.page_watch import PageWatch
from chatbot_app.knowledge.parsing import DocumentDamaged, DocumentRefused, DocumentTooLarge, ParserStopped

CPU_SECONDS_PER_10_MB = 60
MEMORY_BYTES = 2 * 1024**3
WALL_FACTOR = 2  # a busy machine gives a process half of a core
PARSER_FLAG = "--parser"
_STOP_SECONDS = 3.0
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows: a console program opens no console

_KINDS: list[type[DocumentRefused]] = [DocumentRefused, *DocumentRefused.__subclasses__()]
_BLOCK_KINDS = {kind.value: kind for kind in BlockKind}
_REASONS = {kind.__name__: kind for kind in _KINDS}
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def cpu_seconds(size: int) -> int:
    """Return the CPU time that a file of `size` bytes may take: 60 s for each 10 MB begun."""
    return CPU_SECONDS_PER_10_MB * (1 + size // 10_000_000)


# --- the parent's side -------------------------------------------------------------------------------


class ParserProcess:
    """Reads files in a child process. Use from one thread; `close()` ends the child."""

    def __init__(
        self, command: Sequence[str] | None = None, allowed_seconds: Callable[[int], float] = cpu_seconds
    ) -> None:
        self._command = list(command) if command is not None else child_command(PARSER_FLAG)
        self._allowed_seconds = allowed_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._replies: queue.Queue[bytes] = queue.Queue()
        self._reader: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id, None where none runs."""
        return self._process.pid if self._process is not None else None

    def parse(self, path: Path) -> ParsedDocument:
        """Return text and blocks of a file. Raises DocumentRefused; never hangs, whatever the file holds."""
        size = parsing.check_file(path)
        process = self._running()
        seconds = self._allowed_seconds(size)
        request = json.dumps({"path": os.fspath(path), "cpu_seconds": int(seconds) or 1}) + "\n"
        try:
            assert process.stdin is not None
            process.stdin.write(request.encode("ascii"))
            process.stdin.flush()
            line = self._replies.get(timeout=seconds * WALL_FACTOR)
        except queue.Empty:
            self.close()
            raise ParserStopped(name=path.name, detail=f"it took longer than {seconds:.0f} s") from None
        except OSError:
            line = b""
        if not line:
            code = process.wait()
            self.close()
            raise ParserStopped(name=path.name, detail=_ending(code))
        reply = json.loads(line)
        if reply.pop("ended", False):
            process.wait()
            self.close()
        return _parsed_or_raise(reply, path.name)

    def close(self) -> None:
        """End the child. May be called twice; the next `parse` starts another one."""
        process, reader = self._process, self._reader
        self._process = self._reader = None
        if process is None:
            return
        with contextlib.suppress(OSError):
            assert process.stdin is not None
            process.stdin.close()  # the end of its input asks it to go
        if not self._idle(process):
            process.kill()
        process.wait()
        if reader is not None:
            reader.join()
        if process.stdout is not None:
            process.stdout.close()

    def kill(self) -> None:
        """End the child at once, from any thread; a `parse` that is under way raises ParserStopped."""
        process = self._process
        if process is not None:
            process.kill()

    def __enter__(self) -> ParserProcess:
        return self

    def __exit__(self, *_details: object) -> None:
        self.close()

    def _idle(self, process: subprocess.Popen[bytes]) -> bool:
        try:
            process.wait(_STOP_SECONDS if self._replies.empty() else 0)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._replies = queue.Queue()
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=child_environment(),
                creationflags=_NO_WINDOW,
            )
            self._reader = threading.Thread(
                target=_forward,
                args=(self._process.stdout, self._replies),
                name="parser-replies",
                daemon=True,
            )
            self._reader.start()
        return self._process


def _forward(stream: IO[bytes] | None, replies: queue.Queue[bytes]) -> None:
    assert stream is not None
    for line in stream:
        replies.put(line)
    replies.put(b"")  # the child has gone


def _ending(code: int) -> str:
    if sys.platform != "win32":
        import signal

        if code == -signal.SIGXCPU:
            return "it took too much computing time"
        if code in (-signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV):
            return "the reader crashed on it or ran out of memory"
    return f"the reader ended unexpectedly ({code})"


def _parsed_or_raise(reply: dict[str, Any], name: str) -> ParsedDocument:
    if "error" in reply:
        kind = _REASONS.get(reply["error"], DocumentDamaged)
        raise kind(**{"name": name, **reply["details"]})
    values = reply["parsed"]
    blocks = tuple(
        Block(_BLOCK_KINDS[kind], start, end, page, tuple(path))
        for kind, start, end, page, path in values.pop("blocks")
    )
    values["empty_pages"] = tuple(values["empty_pages"])
    values["warnings"] = tuple(values["warnings"])
    return ParsedDocument(blocks=blocks, **values)


# --- the child's side --------------------------------------------------------------------------------


def run_parser(requests: IO[bytes], replies: IO[bytes]) -> int:
    """Answer requests until their stream ends; return the exit status."""
    _leave_network()
    _limit_memory()
    watch = PageWatch(replies)
    try:
        for line in requests:
            request = json.loads(line)
            _limit_cpu(request["cpu_seconds"])
            gc.disable()  # a file makes thousands of values, all alive until they are sent
            answer = _answer(Path(request["path"]), watch)
            replies.write(json.dumps(answer).encode("ascii") + b"\n")
            replies.flush()
            del answer
            gc.enable()
    finally:
        watch.close()
    return 0


def _answer(path: Path, watch: PageWatch) -> dict[str, Any]:
    try:
        parsed = parsing.parse_file(path, watch.begin)
    except DocumentRefused as exc:
        return {"error": type(exc).__name__, "details": {k: str(v) for k, v in exc.details.items()}}
    except MemoryError:
        detail = "it needs more than 2 GB of memory"
        return {"error": DocumentTooLarge.__name__, "details": {"detail": detail}}
    except Exception as exc:  # noqa: BLE001 - this process exists so that a file may break any library
        return {
            "error": DocumentDamaged.__name__,
            "details": {"detail": f"{type(exc).__name__}: {exc}"[:200]},
        }
    finally:
        watch.begin(0)
    values: dict[str, Any] = {field.name: getattr(parsed, field.name) for field in fields(parsed)}
    values["blocks"] = [
        [block.kind.value, block.start, block.end, block.page, block.heading_path] for block in parsed.blocks
    ]
    return {"parsed": values}


def _leave_network() -> None:
    """Move into a network namespace without any device, where the system allows it (most of Linux)."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError):
            ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        # Data, not address space: libraries reserve gigabytes that they never touch.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))


def _limit_cpu(seconds: int) -> None:
    if sys.platform != "win32":
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(usage.ru_utime + usage.ru_stime)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds + 1, resource.RLIM_INFINITY))


def main() -> int:
    """Run as the child: `python -m chatbot_app --parser`."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no reply
    with replies:
        return run_parser(sys.stdin.buffer, replies)


if __name__ == "__main__":
    sys.exit(main())
