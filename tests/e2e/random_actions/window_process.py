"""The test's end of `obedient_window`: starts it, commands it, hears it, kills it."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.ready_interpreter import ReadyInterpreter

PATIENCE_SECONDS = 100.0

Event = dict[str, Any]


class WindowProcess:
    """One run of the program on a data folder. What it says by itself is kept until `take_events`."""

    def __init__(self, interpreter: ReadyInterpreter, data_dir: Path, log: Path) -> None:
        self._log = log
        self._events: list[Event] = []
        self._replies: dict[int, Event] = {}
        self._changed = threading.Condition()
        self._last_number = 0
        self._has_ended = False
        self._program = interpreter.start("tests.e2e.random_actions.obedient_window", str(data_dir), log=log)
        self._reader = threading.Thread(target=self._read, name="window's words", daemon=True)
        self._reader.start()
        self.wait_for(lambda event: event["event"] == "ready")

    def tell(self, name: str, **arguments: Any) -> int:
        """Send a command and do not wait for it; return its number for `reply`."""
        self._last_number += 1
        line = json.dumps({"number": self._last_number, "name": name, "arguments": arguments})
        self._program.stdin.write(line.encode() + b"\n")
        return self._last_number

    def reply(self, number: int) -> Any:
        """Wait for the reply to a command; raises AssertionError with what went wrong."""
        with self._changed:
            self._wait(lambda: number in self._replies)
            reply = self._replies.pop(number)
        assert "error" not in reply, reply["error"]
        return reply["value"]

    def ask(self, name: str, **arguments: Any) -> Any:
        """Send a command and return what comes back."""
        return self.reply(self.tell(name, **arguments))

    def wait_for(self, wanted: Callable[[Event], bool]) -> Event:
        """Wait for an event that has not been taken yet, and leave it there."""
        with self._changed:
            self._wait(lambda: any(wanted(event) for event in self._events))
            return next(event for event in self._events if wanted(event))

    def take_events(self) -> list[Event]:
        """Return what was said since the last time, in order."""
        with self._changed:
            events, self._events = self._events, []
            return events

    def quit(self) -> None:
        """End it as a person does, and wait until it has ended well."""
        self.ask("quit")
        self._reader.join(PATIENCE_SECONDS)  # it says no more: it has ended
        if self._reader.is_alive():
            os.kill(self._program.pid, signal.SIGABRT)  # it says where it stands
        self._hear_the_rest()
        assert self._program.wait() == 0, self._said()

    def kill(self) -> None:
        """End it as a power cut does; what it said before is heard."""
        self._program.kill()
        self._hear_the_rest()

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._program.is_alive

    def _read(self) -> None:
        for line in self._program.output:
            if not line.endswith(b"\n"):
                break  # killed in the middle of a word
            words = json.loads(line)
            with self._changed:
                if "reply" in words:
                    self._replies[words["reply"]] = words
                else:
                    self._events.append(words)
                self._changed.notify_all()
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def _wait(self, condition: Callable[[], bool]) -> None:
        came = self._changed.wait_for(lambda: condition() or self._has_ended, PATIENCE_SECONDS)
        assert came, f"the window does not answer; it said {self._events[-5:]}, {self._said()}"
        assert condition(), f"the window has ended: {self._said()}"

    def _hear_the_rest(self) -> None:
        self._reader.join(PATIENCE_SECONDS)
        self._program.close()

    def _said(self) -> str:
        return self._log.read_text(errors="replace")[-6_000:]
