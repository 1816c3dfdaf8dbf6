"""Log-probabilities are read from every shape in which servers write them."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from chatbot_app.llm.kept_logprobs import kept_places, read_places
from chatbot_app.llm.logprobs import next_tokens, token_places

CAT, DOG = {"token": " cat", "logprob": -0.5}, {"token": " dog", "logprob": -1.5}


def answer(logprobs: Any) -> dict[str, Any]:
    return {"choices": [{"text": "x", "logprobs": logprobs}]}


def names(body: dict[str, Any]) -> list[tuple[int | None, str, float]]:
    return [(one.token.id, one.token.text, one.logprob) for one in next_tokens(json.dumps(body))]


def test_llama_cpp_and_chats() -> None:
    top = [{**DOG, "id": 7, "bytes": [32, 100, 111, 103]}, {**CAT, "id": 5}]
    body = answer({"content": [{**CAT, "top_logprobs": top}, {**DOG, "top_logprobs": [DOG]}]})
    assert names(body) == [(5, " cat", -0.5), (7, " dog", -1.5)]
    assert [place.token.logprob for place in token_places(body) if place.token] == [-0.5, -1.5]


def test_completions_of_openai_and_vllm() -> None:
    body = answer(
        {
            "tokens": ["Hi", " cat"],
            "token_logprobs": [None, -0.5],
            "top_logprobs": [None, {" dog": -1.5, " cat": -0.5}],
        }
    )
    first, second = token_places(body)
    assert first.token is None
    assert not first.likeliest
    assert second.token is not None
    assert [one.token.text for one in second.likeliest] == [" cat", " dog"]


def test_parts_of_characters() -> None:
    by_bytes = {"token": "\ufffd", "bytes": [240, 159], "logprob": -1.0}
    by_name = {"tokens": ["bytes:\\xf0\\x9f"], "top_logprobs": [{"bytes:\\xf0\\x9f": -1.0}]}
    for body in (answer({"content": [{**by_bytes, "top_logprobs": [by_bytes]}]}), answer(by_name)):
        [one] = next_tokens(json.dumps(body))
        assert (one.token.data, one.token.text) == (b"\xf0\x9f", "\\xF0\\x9F")
        assert one.token.is_part
        assert not one.token.is_special


def test_a_whole_vocabulary_is_read_token_by_token_and_the_same() -> None:
    hard = '"]{[,} \\ '
    top = [
        {"id": n, "token": f"{hard}{n}", "bytes": list(f"{hard}{n}".encode()), "logprob": -n / 1000}
        for n in range(4000)
    ]
    body = answer({"content": [{**top[0], "top_logprobs": top}]})
    for indent in (None, 1):
        found = next_tokens(json.dumps(body, indent=indent))
        assert [(one.token.id, one.token.text, one.logprob) for one in found] == [
            (one["id"], one["token"], one["logprob"]) for one in top
        ]


@pytest.mark.parametrize(
    "logprobs",
    [
        None,
        [],
        {},
        "no",
        {"content": None},
        {"content": [1, None]},
        {"content": [{"top_logprobs": 3}]},
        {"content": [{"top_logprobs": [{"token": 5, "logprob": -1}, {"token": "x", "logprob": "y"}, 7]}]},
        {"tokens": 3, "top_logprobs": "x"},
        {"top_logprobs": [{"x": None}]},
        {"top_logprobs": [{"x": True}]},
    ],
)
def test_what_says_nothing_gives_nothing(logprobs: Any) -> None:
    assert next_tokens(json.dumps(answer(logprobs))) == []


def test_not_a_number_is_left_out_and_minus_infinity_stays() -> None:
    body = json.dumps(answer({"top_logprobs": [{"x": math.nan, "y": -math.inf, "z": -1}]}))
    assert [one.token.text for one in next_tokens(body)] == ["z", "y"]


@pytest.mark.parametrize(
    "value", [None, True, 3, "x", [], {}, [[]], [{}], [None], {"choices": {}}, {"content": {}}]
)
def test_nothing_that_a_server_sends_is_an_error(value: Any) -> None:
    for body in (value, {"choices": value}, {"choices": [value]}, answer(value), answer({"content": value})):
        assert all(place.token is None for place in token_places(body))


def test_what_is_kept_with_an_answer_is_read_again() -> None:
    part = {"token": "\ufffd", "bytes": [240, 159], "logprob": -1.0, "id": 3}
    top = [{**part}, {**DOG, "id": 7}]
    places = token_places(
        answer({"content": [{**part, "top_logprobs": top}, {**CAT, "top_logprobs": [CAT]}]})
    )
    kept = json.loads(json.dumps(kept_places(places)))
    assert read_places(kept) == places
    assert kept[1] == [[None, " cat", -0.5], [[None, " cat", -0.5]]]


@pytest.mark.parametrize(
    "kept", [None, "x", [1], [[1]], [[1, 2]], [[[1, 2, 3], []]], [[None, []]], {}, [[[], "x"]]]
)
def test_what_was_kept_by_nobody_is_nothing(kept: Any) -> None:
    assert read_places(kept) == []
