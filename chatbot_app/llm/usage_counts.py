"""What a server counted itself: the `usage` of the interface, or llama.cpp's `timings`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chatbot_app.core.messages import Usage


class UsageReader:
    """Gathers the counts of one answer; a later chunk corrects an earlier one."""

    def __init__(self) -> None:
        self.usage: Usage | None = None
        self.timings: dict[str, Any] | None = None

    def take(self, chunk: dict[str, Any]) -> None:
        """Read the counts that a chunk may hold."""
        timings = chunk.get("timings")
        timings = timings if isinstance(timings, dict) else None
        usage = chunk.get("usage")
        if isinstance(usage, dict) and usage:
            details = usage.get("prompt_tokens_details")
            cached = details.get("cached_tokens") if isinstance(details, dict) else None
            if cached is None and timings is not None:
                cached = timings.get("cache_n")
            self.usage = Usage(
                _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens")), _count(cached)
            )
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
