"""Which parameter a server refuses, and remembering it."""

from __future__ import annotations

import pytest

from chatbot_app.core.servers import Server
from chatbot_app.llm.refused_parameters import (
    TRAIT,
    RefusedParameter,
    find_refused_parameter,
    refused_parameters,
    without_refused,
)

SENT = {"max_tokens": 5, "temperature": 0.5, "top_k": 3, "stream_options": {}}


@pytest.mark.parametrize(
    ("message", "error", "expected"),
    [
        (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            {"code": "unsupported_parameter", "param": "max_tokens"},
            RefusedParameter("max_tokens", "max_completion_tokens"),
        ),
        (
            "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) is supported.",
            {"code": "unsupported_value", "param": "temperature"},
            RefusedParameter("temperature"),
        ),
        ("Unrecognized request argument supplied: top_k", {"code": None}, RefusedParameter("top_k")),
        ("property 'top_k' is unsupported", {}, RefusedParameter("top_k")),
        (
            "body.stream_options: Extra inputs are not permitted extra_forbidden",
            {},
            RefusedParameter("stream_options"),
        ),
        ("Unsupported value: 'messages[0].role' does not support 'system'", {"code": "unsupported_value", "param": "messages[0].role"}, None),
        ("Unsupported parameter: 'logprobs'", {"code": "unsupported_parameter", "param": "logprobs"}, None),
        ("Invalid value: temperature must be below 2", {"code": "invalid_value", "param": "temperature"}, None),
        ("The model is overloaded", {}, None),
    ],
)  # fmt: skip
def test_finding(message: str, error: dict[str, object], expected: RefusedParameter | None) -> None:
    assert find_refused_parameter(message, error, SENT) == expected


@pytest.mark.parametrize(
    "message",
    [
        "This response_format type is unavailable now",
        "This model does not support response format `json_schema`. See supported models.",
        "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
        "body.response_format.type: Input should be 'text' or 'json_object'",
        "Failed to parse grammar",
        'Either "json_schema" or "grammar" can be specified, but not both',
    ],
)
def test_the_form_of_a_reply_is_refused_in_many_words(message: str) -> None:
    sent = {**SENT, "response_format": {"type": "json_schema"}}
    assert find_refused_parameter(message, {}, sent) == RefusedParameter("response_format")
    assert find_refused_parameter(message, {}, SENT) is None


def test_what_is_remembered_is_left_out() -> None:
    refused = {"max_tokens": "max_completion_tokens", "temperature": None}
    server = Server("s", "S", "http://localhost/v1", traits={"m": {TRAIT: refused}})
    known = refused_parameters(server, "m")
    assert known == refused
    assert refused_parameters(server, "another model") == {}
    assert without_refused(SENT, known) == {"max_completion_tokens": 5, "top_k": 3, "stream_options": {}}


def test_damaged_traits_are_no_refusals() -> None:
    for traits in ({"m": 5}, {"m": {"refused_parameters": []}}, {"m": None}):
        assert refused_parameters(Server("s", "S", "", traits=traits), "m") == {}
