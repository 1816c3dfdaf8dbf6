"""How servers say that a prompt is too long; each says it in its own way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_CODES = {"context_length_exceeded", "exceed_context_size_error", "model_max_prompt_tokens_exceeded"}

# The number groups are named; the first pattern that matches gives the numbers.
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        # llama.cpp: "request (10000 tokens) exceeds the available context size (4096 tokens)"
        r"request \((?P<prompt>\d+) tokens\) exceeds the available context size \((?P<window>\d+)",
        r"exceeds? the available context size",
        # OpenAI: "... maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens"
        # vLLM: "... However, you requested 5000 tokens (...)", "... your request has 9000 input tokens"
        r"maximum context length (?:is|of) (?P<window>\d+)(?: tokens)?.*?"
        r"(?:resulted in|you requested(?: about)?|request has|passed|contains?(?: at least)?) (?P<prompt>\d+)",
        # vLLM: "The decoder prompt (length 9000) is longer than the maximum model length of 8192"
        r"prompt \(length (?P<prompt>\d+)\) is longer than the maximum model length of (?P<window>\d+)",
        # LM Studio: "Trying to keep the first 4501 tokens when context the overflows. However, the model is
        # loaded with context length of only 4096 tokens"
        r"keep the first (?P<prompt>\d+) tokens when.*?context length of only (?P<window>\d+)",
        r"tokens to keep from the initial prompt is greater than the context length",
        r"reached context length of (?P<window>\d+) tokens",
        # Anthropic's and others' compatible endpoints: "prompt is too long: 205000 tokens > 200000 maximum"
        r"prompt is too long: (?P<prompt>\d+) tokens > (?P<window>\d+)",
        r"prompt contains (?P<prompt>\d+) tokens.*?(?P<window>\d+) maximum context length",
        r"input token count \(?(?P<prompt>\d+)\)? exceeds the maximum number of tokens allowed \(?(?P<window>\d+)",
        r"must be <= (?P<window>\d+)\. given: (?P<prompt>\d+) `inputs` tokens",
        r"maximum context length (?:is|of) (?P<window>\d+)",
        # Ollama since 2025: "the input length exceeds the context length"
        r"input length exceeds the (?:maximum )?context length",
        r"context[ _](?:length|window|size)(?: is| was)? exceeded|exceeds? the (?:model's )?context (?:length|window)",
        r"prompt is too long|context the overflows",
    )
)

# vLLM and OpenAI mention the window also when only the answer's reserve is too large.
_ABOUT_THE_ANSWER = re.compile(r"max_(?:completion_)?tokens'?.{0,40}is too large", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Overflow:
    """A prompt of `prompt_tokens` for a window of `window` tokens; `None` where the server did not say."""

    prompt_tokens: int | None = None
    window: int | None = None


def find_overflow(message: str, error: dict[str, Any]) -> Overflow | None:
    """Return the numbers if a server's error says that the prompt is too long, else None."""
    prompt_tokens = _count(error.get("n_prompt_tokens"))
    window = _count(error.get("n_ctx"))
    by_code = any(str(error.get(name)) in _CODES for name in ("code", "type"))
    if _ABOUT_THE_ANSWER.search(message) and not by_code:
        return None
    for pattern in _PATTERNS:
        match = pattern.search(message)
        if match:
            said = match.groupdict()
            return Overflow(
                prompt_tokens if prompt_tokens is not None else _count(said.get("prompt")),
                window if window is not None else _count(said.get("window")),
            )
    if by_code or (prompt_tokens is not None and window is not None):
        return Overflow(prompt_tokens, window)
    return None


def _count(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    # Nobody's window has more digits, and int() of thousands of digits raises.
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) <= 12 else None
