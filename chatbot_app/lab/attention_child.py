"""The child's side of `attention_process`: holds one model, unpacked, and looks at texts with it.

A process of its own, because a model of 100 MB takes 500 when it is unpacked: when the child ends, all of it is free again,
and the window never held any of it.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any

from chatbot_app.core.children.child_side import leave_network, open_replies
from chatbot_app.core.children.framing import send
from chatbot_app.core.errors import AppError
from chatbot_app.llm.local.machine import usable_cores

if TYPE_CHECKING:
    from chatbot_app.lab.attention_look import AttentionLook, AttentionSource
    from chatbot_app.lab.attention_model import AttentionModel
    from chatbot_app.lab.small.watched_model import WatchedModel


class _Unwanted(Exception):
    """Nobody waits for it any more."""


class AttentionChild:
    """Looks at one request after the other in a thread of its own; the thread of `run` hears what is cancelled."""

    def __init__(self, replies: IO[bytes]) -> None:
        self._replies = replies
        self._wanted: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._cancelled = 0  # requests up to this number
        self._model: AttentionModel | WatchedModel | None = None

    def run(self, requests: Iterable[bytes]) -> None:
        """Answer until the requests end."""
        threading.Thread(target=self._serve, name="attention", daemon=True).start()
        for line in requests:
            request = json.loads(line)
            if "cancel" in request:
                self._cancelled = int(request["cancel"])
            else:
                self._wanted.put(request)

    def _serve(self) -> None:
        while True:
            request = self._wanted.get()
            number = int(request["id"])
            try:
                self._answer(number, request)
            except _Unwanted:
                continue
            except BrokenPipeError:
                os._exit(1)  # nobody listens any more
            except AppError as exc:
                details = {name: str(value) for name, value in exc.details.items()}
                self._send(number, {"error": type(exc).__name__, "details": details})
            except MemoryError:
                self._drop()
                self._send(number, {"error": "", "details": {"detail": "there is not enough memory."}})
            except Exception as exc:  # noqa: BLE001  # numpy and tokenizers meet what strangers wrote
                self._send(number, {"error": "", "details": {"detail": f"{type(exc).__name__}: {exc}"[:200]}})

    def _answer(self, number: int, request: dict[str, Any]) -> None:
        from chatbot_app.lab.attention import Part
        from chatbot_app.lab.attention_look import AttentionSource, SourceKind

        def check() -> None:
            if number <= self._cancelled:
                raise _Unwanted

        def progress(share: float) -> None:
            check()
            self._send(number, {"progress": share})

        check()
        named = request["source"]
        source = AttentionSource(**{**named, "kind": SourceKind(named["kind"])})
        part = Part(request["part"]) if request["part"] else None
        model = self._model
        if model is None or model.source != source:
            self._drop()
            model = self._model = self._opened(source, progress)
        for text in request["texts"]:
            self._send(number, *_told(model.look(text, causal=request["causal"], part=part, check=check)))
        self._send(number, {"done": True})

    @staticmethod
    def _opened(source: AttentionSource, progress: Any) -> AttentionModel | WatchedModel:
        from chatbot_app.lab.attention_model import open_attention_model

        return open_attention_model(source, progress)

    def _drop(self) -> None:
        model, self._model = self._model, None
        if model is not None:
            model.close()

    def _send(self, number: int, message: dict[str, Any], payload: bytes = b"") -> None:
        send(self._replies, {"id": number, **message}, payload)


def _told(look: AttentionLook) -> tuple[dict[str, Any], bytes]:
    """Return a look as a message and its bytes."""
    record = look.record
    arrays = [record.weights, record.queries, record.keys]
    arrays += [record.additive] if record.additive is not None else []
    facts: dict[str, Any] = {
        "tokens": look.tokens,
        "is_causal": look.is_causal,
        "has_both_masks": look.has_both_masks,
        "was_cut": look.was_cut,
        "read": look.read,
        "part": look.part,
        "parts": look.parts,
        "written": look.written,
        "unknown": look.unknown,
        "limit": look.limit,
        "scale": float(record.scale),
        "softcap": float(record.softcap),
        "shapes": [list(array.shape) for array in arrays],
    }
    return facts, b"".join(array.astype("<f4").tobytes() for array in arrays)


def limit_threads() -> None:
    """Leave a core to whoever works beside; call it before numpy is imported.

    The threads of OpenBLAS wait for each other without sleep. On two cores that others use as well, 256 tokens of the
    built-in model took 4.8 s of a processor with two of them, and 0.9 s with one.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", str(max(1, usable_cores() - 1)))


def main() -> int:
    """Run as the child: `python -m chatbot_app --attention`."""
    limit_threads()
    leave_network()
    AttentionChild(open_replies()).run(sys.stdin.buffer)
    os._exit(0)  # whoever asked has gone: what is being computed is for nobody


if __name__ == "__main__":
    sys.exit(main())
