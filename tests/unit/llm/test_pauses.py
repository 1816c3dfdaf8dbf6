"""How long to wait, as headers and texts say it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chatbot_app.llm.pauses import pause_in_words, retry_after

NOON = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3),
        ({"retry-after": " 2.5 "}, 2.5),
        ({"retry-after": "3", "retry-after-ms": "100"}, 0.1),
        ({"retry-after": "Thu, 01 Jan 2026 12:05:00 GMT"}, 300),
        ({"retry-after": "Thu, 01 Jan 2026 11:00:00 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "9" * 5000}, None),
        ({"retry-after": "Thu, 99 Jan 99999 12:00:00 GMT"}, None),
    ],
)
def test_headers(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOON) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Please try again in 20s.", 20),
        ("try again in 1.5s", 1.5),
        ("Try again in 6m0s", 360),
        ("try again in 2m", 120),
        ("try again in 500ms", 0.5),
        ("try again in a while", None),
        ("", None),
    ],
)
def test_words(text: str, seconds: float | None) -> None:
    assert pause_in_words(text) == seconds
