"""What a streamed answer consists of, in the order in which it arrives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatbot_app.core.errors import AppError
from chatbot_app.core.messages import Usage
from chatbot_app.llm.logprobs import TokenPlace


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer; never empty, can always be stored and drawn."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """More of what a reasoning model thinks before it answers."""

    text: str


@dataclass(frozen=True, slots=True)
class LogprobsReported:
    """How likely tokens of the answer were, and what was likeliest in their place; only where it was asked for."""

    places: tuple[TokenPlace, ...]


@dataclass(frozen=True, slots=True)
class UsageReported:
    """The server's own count, once, at the end; `timings` is llama.cpp's (`cache_n`, milliseconds)."""

    usage: Usage
    timings: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ParameterDropped:
    """The server refused the parameter `name`: it was left out, or sent as `replacement` instead."""

    name: str
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class RetryScheduled:
    """The request failed with `error` in a passing way and goes out again in `seconds`."""

    seconds: float
    error: AppError


@dataclass(frozen=True, slots=True)
class StreamFinished:
    """The stream is over; without a `finish_reason` it merely ended and the answer may be cut off."""

    finish_reason: str | None


StreamEvent = (
    TextDelta
    | ReasoningDelta
    | LogprobsReported
    | UsageReported
    | ParameterDropped
    | RetryScheduled
    | StreamFinished
)
