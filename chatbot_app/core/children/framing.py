"""How this process and its children write to each other: lines of JSON, some with bytes behind them."""

from __future__ import annotations

import json
from typing import IO, Any

Message = tuple[dict[str, Any], bytes]


def send(stream: IO[bytes], message: dict[str, Any], payload: bytes = b"") -> None:
    """Write one message, and behind its line the bytes that belong to it. Raises OSError."""
    if payload:
        message = {**message, "bytes": len(payload)}
    stream.write(json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n" + payload)
    stream.flush()


def receive(stream: IO[bytes]) -> Message | None:
    """Read one message and its bytes; None at the end of the stream. Raises ValueError for anything else."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError("a message is an object")
    size = int(message.pop("bytes", 0))
    payload = stream.read(size) if size else b""
    return None if len(payload) < size else (message, payload)
