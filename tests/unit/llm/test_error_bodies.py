"""Messages out of the error bodies of many servers."""

from __future__ import annotations

import pytest

from chatbot_app.llm.error_bodies import looks_like_html, read_error_body


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"error": {"message": "no", "code": 1}}', "no"),
        ('{"error": "no"}', "no"),
        ('{"error": "invalid_grant", "error_description": "no"}', "no"),
        ('{"message": "no"}', "no"),
        ('{"detail": "no"}', "no"),
        ('{"detail": [{"loc": ["body", "top_k"], "msg": "no", "type": "extra"}]}', "body.top_k: no extra"),
        ('{"detail": ["no"]}', "no"),
        ('{"error": {"error": {"message": "no"}}}', "no"),
        ('"no"', "no"),
        ("  no\n", "no"),
        ("{}", ""),
        ("", ""),
        ("[1]", "[1]"),
        ('{"error": {"code": 7}}', '{"code": 7}'),
    ],
)
def test_messages(body: str, message: str) -> None:
    assert read_error_body(body)[1] == message


def test_a_body_nested_too_deep_is_text() -> None:
    body = "[" * 100_000
    assert read_error_body(body) == ({}, body)


def test_html() -> None:
    assert looks_like_html("\ufeff\n <!doctype html>")
    assert not looks_like_html('{"a": "<b>"}')
    assert not looks_like_html("")
