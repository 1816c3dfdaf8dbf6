"""The child process that draws mathematics: one line of JSON in, one line out, in their order.

A formula may take a limited time of a core and this process a limited memory; either ends the formula and not
the window. It knows no Qt and reads nothing but its standard input.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from typing import IO

MEMORY_BYTES = 512 * 1024**2  # of addresses; Python, the font and ziamath take 60 MB of them
_HARD_FACTOR = 1.5  # a regular expression cannot be interrupted, it ends with the process
_WATCH_SECONDS = 0.05
_LOOK_SECONDS = 0.02


class TookTooLong(BaseException):
    """Raised into whatever is being computed; no `except Exception` of a library holds it up."""


def main() -> int:
    """Run as the child: `python -m chatbot_app --formulas`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the window to decide
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    _limit_memory()
    with answers:
        return serve(sys.stdin.buffer, answers)


def serve(requests: IO[bytes], answers: IO[bytes]) -> int:
    """Say that it is ready, then answer requests until their stream ends; return the exit status."""
    with warnings.catch_warnings():
        # ziamath finds its font with a function that Python has deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        from chatbot_app.workers.formula_typesetter import typeset

        typeset("x", display=False, size=16, colour="#000000")  # the font is read by the first formula
    _say(answers, ready=True, seconds=time.process_time())
    for line in requests:
        _say(answers, **_answer(json.loads(line)))
    return 0


def _answer(request: dict[str, object]) -> dict[str, object]:
    from chatbot_app.workers.formula_typesetter import FormulaRefused, typeset

    begun = time.process_time()
    answer: dict[str, object]
    try:
        with _at_most(float(str(request["limit"]))):
            svg = typeset(
                str(request["tex"]),
                display=bool(request["display"]),
                size=float(str(request["size"])),
                colour=str(request["colour"]),
            )
        answer = {"svg": svg}
    except TookTooLong:
        answer = {"refusal": "deep"}
    except FormulaRefused as exc:
        answer = {"refusal": exc.reason.value}
    return answer | {"seconds": time.process_time() - begun}


def _say(answers: IO[bytes], **values: object) -> None:
    answers.write(json.dumps(values).encode("ascii") + b"\n")
    answers.flush()


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TookTooLong after `seconds` of this process's computing time; end it if that has no effect."""
    if sys.platform == "win32":
        with _watched(seconds * _HARD_FACTOR):
            yield
        return
    deadline = time.process_time() + seconds

    def look(_number: int, _frame: object) -> None:
        if time.process_time() >= deadline:
            raise TookTooLong

    signal.signal(signal.SIGPROF, look)
    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds * _HARD_FACTOR)
    # The timer of a busy machine is up to a half late, the clock is not. And again and again: what is raised into
    # a destructor or a callback is lost.
    signal.setitimer(signal.ITIMER_PROF, _LOOK_SECONDS, _LOOK_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@contextlib.contextmanager
def _watched(seconds: float) -> Iterator[None]:
    """End this process after `seconds` of computing time: for systems without such timers."""
    done = threading.Event()
    deadline = time.process_time() + seconds

    def watch() -> None:
        while not done.wait(_WATCH_SECONDS):
            if time.process_time() > deadline:
                os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        done.set()


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    sys.exit(main())
