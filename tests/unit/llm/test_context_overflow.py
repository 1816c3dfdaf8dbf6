"""A prompt that is too long, in every server's words."""

from __future__ import annotations

import pytest

from chatbot_app.llm.context_overflow import Overflow, find_overflow

LLAMA_CPP = (
    "the request exceeds the available context size. try increasing the context size or enable context shift"
)


@pytest.mark.parametrize(
    ("message", "error", "expected"),
    [
        (LLAMA_CPP, {"n_prompt_tokens": 10_000, "n_ctx": 4096}, Overflow(10_000, 4096)),
        (
            "request (10000 tokens) exceeds the available context size (4096 tokens), try increasing it",
            {},
            Overflow(10_000, 4096),
        ),
        (
            "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4000 in the "
            "messages, 1000 in the completion). Please reduce the length of the messages or completion.",
            {},
            Overflow(5000, 4096),
        ),
        (
            "This model's maximum context length is 8192 tokens. However, your request has 9000 input tokens.",
            {},
            Overflow(9000, 8192),
        ),
        (
            "The decoder prompt (length 9000) is longer than the maximum model length of 8192.",
            {},
            Overflow(9000, 8192),
        ),
        (
            "This model's maximum context length is 128000 tokens. However, your messages resulted in 130001 tokens.",
            {"code": "context_length_exceeded"},
            Overflow(130_001, 128_000),
        ),
        ("Your input exceeds the limit.", {"code": "context_length_exceeded"}, Overflow()),
        (
            "Trying to keep the first 4501 tokens when context the overflows. However, the model is loaded with "
            "context length of only 4096 tokens, which is not enough.",
            {},
            Overflow(4501, 4096),
        ),
        (
            "The number of tokens to keep from the initial prompt is greater than the context length.",
            {},
            Overflow(),
        ),
        ("the input length exceeds the context length", {}, Overflow()),
        ("prompt is too long: 205000 tokens > 200000 maximum", {}, Overflow(205_000, 200_000)),
    ],
)
def test_dialects(message: str, error: dict[str, object], expected: Overflow) -> None:
    assert find_overflow(message, error) == expected


@pytest.mark.parametrize(
    "message",
    [
        "Invalid 'temperature'",
        "model not found",
        "",
        # The answer's reserve is too large, not the prompt: trimming would not help.
        "'max_tokens' or 'max_completion_tokens' is too large: 5000. This model's maximum context length is 4096 "
        "tokens and your request has 100 input tokens (5000 > 4096 - 100).",
    ],
)
def test_other_errors_are_not_taken_for_it(message: str) -> None:
    assert find_overflow(message, {"code": 400}) is None


def test_absurd_numbers_are_left_out() -> None:
    found = find_overflow("reached context length of " + "9" * 6000 + " tokens", {})
    assert found == Overflow(None, None)
