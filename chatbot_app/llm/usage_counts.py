"""What a server counted itself: the `usage` of the interface, or llama.cpp's `timings`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chatbot_app.core.messages import Usage
from chatbot_app.llm.chunk_fields import field


class UsageReader:
    """Gathers the counts of one answer; a later chunk corrects an earlier one."""

    def __init__(self) -> None:
        self.usage: Usage | None = None
        self.timings: dict[str, Any] | None = None

    def take(self, chunk: Any) -> None:
        """Read the counts that a chunk of the client library may hold."""
        timings = field(chunk, "timings")
        timings = timings if isinstance(timings, dict) else None
        usage = field(chunk, "usage")
        prompt, completion = (_count(field(usage, name)) for name in ("prompt_tokens", "completion_tokens"))
        if prompt is not None or completion is not None:
            cached = field(field(usage, "prompt_tokens_details"), "cached_tokens")
            if cached is None and timings is not None:
                cached = timings.get("cache_n")
            self.usage = Usage(prompt, completion, _count(cached))
        elif timings is not None and self.usage is None:
            new, cached = _count(timings.get("prompt_n")), _count(timings.get("cache_n"))
            prompt = None if new is None else new + (cached or 0)
            self.usage = Usage(prompt, _count(timings.get("predicted_n")), cached)
        if timings is not None:
            self.timings = timings
            if self.usage is not None and self.usage.cached_tokens is None:
                self.usage = replace(self.usage, cached_tokens=_count(timings.get("cache_n")))


def _count(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < 2**53 else None  # also refuses nan and infinity
