"""The child process in which small models learn and write: requests in, events out (`core/children/framing.py`).

It leaves the window its processor: one core less than there are, at a lower priority, with a limit of memory. When its
input ends, the window has gone: it saves what was learned and ends.

It sends no sentences: what went wrong is a code with values (`refusals.py`), what is compared a code (`comparing.py`).
"""

from __future__ import annotations

import math
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

from chatbot_app.core.children.child_side import answer_parent, leave_network, limit_memory
from chatbot_app.core.children.framing import receive, send
from chatbot_app.lab.small.refusals import reason_of, to_event

MEMORY_BYTES = 3 * 1024**3  # a plan that needs more than 2 is refused before
_NICENESS = 5
_RETRY_SECONDS = 10.0  # until what could not be saved is saved again by itself
_ENDING_SECONDS = 20.0  # that the last step and saving may take when nobody waits any more


class TrainingChild:
    """Does one thing at a time; what is asked meanwhile stops it."""

    def __init__(self, replies: IO[bytes]) -> None:
        self._replies = replies
        self._requests: queue.SimpleQueue[tuple[int, dict[str, Any]] | None] = queue.SimpleQueue()
        self._asked = 0
        self._stopped = 0.0  # all requests up to this one are to end
        self._stops = self._obeyed = 0  # how often somebody wanted an end, and how often that was seen
        self._save = threading.Event()

    def run(self, requests: IO[bytes]) -> int:
        """Answer until the requests end; return the exit status."""
        threading.Thread(target=self._listen, args=(requests,), daemon=True).start()
        while (asked := self._requests.get()) is not None:
            place, request = asked
            number = request.get("number", 0)
            self._obeyed = self._stops  # those that came too late for what ran before are not for this
            try:
                for event in self._events(request, partial(self._is_stopped, place)):
                    send(self._replies, {**event, "number": number})
            except BrokenPipeError:
                raise
            except (MemoryError, OSError, ValueError) as exc:
                send(self._replies, {**to_event("failed", reason_of(exc)), "number": number})
        return 0

    def _listen(self, requests: IO[bytes]) -> None:
        """Take requests while the other thread works. stop and save are for what runs, the others wait behind it."""
        while True:
            try:
                message = receive(requests)
            except (OSError, ValueError):
                message = None
            if message is None:
                self._stopped = math.inf
                self._requests.put(None)
                threading.Timer(_ENDING_SECONDS, os._exit, (1,)).start()
                return
            match message[0].get("do"):
                case "save":
                    self._save.set()
                case "stop":
                    self._stops += 1  # first: the other thread reads them the other way round
                    self._stopped = self._asked
                case _:
                    self._asked += 1
                    self._requests.put((self._asked, message[0]))

    def _is_stopped(self, place: int) -> bool:
        if place > self._stopped:
            return False
        self._obeyed = self._stops
        return True

    def _events(self, request: dict[str, Any], stop: Callable[[], bool]) -> Iterator[dict[str, Any]]:
        from chatbot_app.lab.small import comparing, cost, kept_models, training_run, writing
        from chatbot_app.lab.small.training_plan import TrainingPlan, text_limited

        match request["do"]:
            case "train":
                orders = training_run.Orders(stop, self._asked_to_save, self._may_try_again)
                model = kept_models.read(Path(request["folder"]))
                yield from training_run.train(model, orders, request.get("begin_with", ""))
            case "compare":
                plan = TrainingPlan.from_dict(request["plan"])
                variants = comparing.GROUPS[request["group"]]
                file = request.get("text_file")
                text = text_limited(Path(file).read_text("utf-8")) if file else ""
                yield from comparing.compare(plan, text, variants, stop)
            case "write":
                model = kept_models.read(Path(request["folder"]))
                yield from writing.write(model, writing.Wish.from_dict(request), stop)
            case "cost":
                for point in cost.costs(request["width"], request["layers"], request["heads"]):
                    if stop():
                        yield {"event": "stopped"}
                        return
                    yield {"event": "cost", **writing.values_of(point)}
                yield {"event": "done"}

    def _may_try_again(self) -> bool:
        """Wait for "save", or some seconds; return False where an end is wanted (once more), or something else."""
        until = time.monotonic() + _RETRY_SECONDS
        while time.monotonic() < until:
            if self._stopped == math.inf or self._stops > self._obeyed or not self._requests.empty():
                return False
            if self._save.wait(0.05):
                self._save.clear()
                return True
        return True

    def _asked_to_save(self) -> bool:
        asked = self._save.is_set()
        self._save.clear()
        return asked


def main() -> int:
    """Run as the child: `python -m chatbot_app --small-models`."""
    threads = str(max(1, (os.cpu_count() or 1) - 1))
    os.environ["OPENBLAS_NUM_THREADS"] = threads  # read when numpy is first imported, which it is not yet
    os.environ["OMP_NUM_THREADS"] = threads
    if sys.platform != "win32":
        os.nice(_NICENESS)
    leave_network()
    limit_memory(MEMORY_BYTES)
    return answer_parent(lambda replies: TrainingChild(replies).run(sys.stdin.buffer))
