"""Attention, computed in a child process that is there while somebody looks (`attention_child`)."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from dataclasses import asdict
from math import prod
from typing import Any

import numpy as np

from chatbot_app.core.children.framing import Message
from chatbot_app.core.children.process import ChildProcess
from chatbot_app.core.errors import AppError
from chatbot_app.core.model_errors import TokenizerUnusable
from chatbot_app.core.paths import child_command
from chatbot_app.lab.attention import AttentionRecord, Part
from chatbot_app.lab.attention_look import AttentionLook, AttentionSource
from chatbot_app.lab.weights import WeightsUnusable

ATTENTION_FLAG = "--attention"
_LOOK_SECONDS = 0.1  # between two looks whether anybody still waits
_ERRORS: dict[str, type[AppError]] = {kind.__name__: kind for kind in (WeightsUnusable, TokenizerUnusable)}


class AttentionStopped(AppError):
    """The child has ended while it computed, as when the system ran out of memory."""

    summary_template = "The process that looked into {name} has ended{detail}."
    next_step_template = "Try again; a smaller model, or a shorter text, needs less memory."


class AttentionProcess:
    """Starts its child with the first question. Use from one thread; `kill` from any."""

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = command or child_command(ATTENTION_FLAG)
        self._replies: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._child = ChildProcess(self._command, self._replies.put, name="attention replies")
        self._number = 0

    @property
    def pid(self) -> int | None:
        """The child's process id, None where none runs."""
        return self._child.pid

    def look(
        self,
        source: AttentionSource,
        texts: Sequence[str],
        *,
        causal: bool | None = None,
        part: Part | None = None,
        check: Callable[[], None] = lambda: None,
        progress: Callable[[float], None] = lambda _: None,
    ) -> list[AttentionLook]:
        """Return the attention of each text, as `AttentionModel.look` does; the model stays open until another is asked.

        `check` is called ten times a second and may raise: the child then leaves off. `progress` hears 0 to 1 while a
        model is unpacked. Raises WeightsUnusable, TokenizerUnusable, AttentionStopped.
        """
        if not self._child.is_running:
            self._start(source)
        self._number += 1
        self._child.ask(
            {
                "id": self._number,
                "source": asdict(source),
                "texts": list(texts),
                "causal": causal,
                "part": part,
            }
        )
        looks: list[AttentionLook] = []
        try:
            while True:
                message, payload = self._next(source, check)
                if "progress" in message:
                    progress(float(message["progress"]))
                elif "error" in message:
                    raise _error(message, source)
                elif "done" in message:
                    return looks
                else:
                    looks.append(_look(message, payload))
        except BaseException:
            self._child.ask({"cancel": self._number})
            raise

    def kill(self) -> None:
        """End the child at once; whoever waits for it gets AttentionStopped."""
        self._child.kill()

    def end(self) -> None:
        """End the child; the next question starts another one."""
        self._child.end(0.0)

    def _start(self, source: AttentionSource) -> None:
        self._child.end(0.0)
        self._replies = queue.SimpleQueue()
        self._child = ChildProcess(self._command, self._replies.put, name="attention replies")
        try:
            self._child.start()
        except OSError as exc:
            raise AttentionStopped(name=source.name, detail=f" ({exc.strerror})") from exc

    def _next(self, source: AttentionSource, check: Callable[[], None]) -> Message:
        """Return the next message of the newest request; what is left of older ones is passed over."""
        while True:
            check()
            try:
                message = self._replies.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                continue
            if message is None:
                raise AttentionStopped(name=source.name, detail=_ending(self._child.exit_status()))
            if message[0].get("id") == self._number:
                return message


def _ending(status: int | None) -> str:
    return f" (status {status})" if status else ""


def _look(message: dict[str, Any], payload: bytes) -> AttentionLook:
    numbers = np.frombuffer(payload, "<f4")
    arrays, at = [], 0
    for shape in message["shapes"]:
        arrays.append(numbers[at : at + prod(shape)].reshape(shape))
        at += prod(shape)
    weights, queries, keys, *additive = arrays
    record = AttentionRecord(
        weights, queries, keys, message["scale"], message["softcap"], additive[0] if additive else None
    )
    return AttentionLook(
        tuple(message["tokens"]),
        record,
        is_causal=bool(message["is_causal"]),
        has_both_masks=bool(message["has_both_masks"]),
        was_cut=bool(message["was_cut"]),
        read=None if message["read"] is None else tuple(message["read"]),
        part=None if message["part"] is None else Part(message["part"]),
        parts=tuple(Part(part) for part in message["parts"]),
        written=int(message["written"]),
        unknown=str(message["unknown"]),
        limit=int(message["limit"]),
    )


def _error(message: dict[str, Any], source: AttentionSource) -> AppError:
    details = {"name": source.name, **message.get("details", {})}
    return _ERRORS.get(str(message["error"]), WeightsUnusable)(**details)
