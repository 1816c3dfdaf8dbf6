"""Whatever a server sends is read into events or named as an error; nothing else comes out."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.errors import AppError, ReplyTooLong, StreamError
from chatbot_app.llm.body_limits import ANSWER_CHARACTERS, IDLE_BYTES, LINE_BYTES
from chatbot_app.llm.stream_events import ReasoningDelta, TextDelta
from chatbot_app.llm.text_joiner import TextJoiner
from tests.parsed_answers import parse


def said(delta: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": delta}]}).encode() + b"\n\n"


@given(st.lists(st.binary(max_size=80), max_size=6))
def test_any_bytes(packets: list[bytes]) -> None:
    reader = parse(*packets).reader
    assert reader.failure is None or isinstance(reader.failure, AppError)


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(
        st.sampled_from(["index", "delta", "message", "content", "finish_reason", "text", "thinking", "reasoning",
                         "prompt_tokens", "cached_tokens", "prompt_tokens_details", "cache_n", "message", "code", "tool_calls", "logprobs",
         "model_extra", "_fields_set"]),
        inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
chunks = st.dictionaries(
    st.sampled_from(["choices", "usage", "timings", "error", "object", "id", "model_extra", "_fields_set"]),
    anything,
    max_size=4,
) | st.builds(
    lambda deltas: {"choices": [{"delta": delta, "finish_reason": None} for delta in deltas]},
    st.lists(anything, max_size=2),
)


@given(st.lists(chunks, max_size=5))
def test_any_json(stream: list[Any]) -> None:
    for event in parse(*(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in stream)).events:
        if isinstance(event, TextDelta | ReasoningDelta):
            assert event.text
            event.text.encode()


@given(st.text(max_size=30), st.lists(st.integers(0, 60), max_size=5))
def test_a_text_cut_between_utf16_units_is_joined(text: str, cuts: list[int]) -> None:
    text = text.replace("\x00", "").replace("\ufffe", "").replace("\uffff", "")
    units = text.encode("utf-16-le")
    places = sorted({0, len(units), *(2 * cut for cut in cuts if 2 * cut < len(units))})
    pieces = [
        units[start:stop].decode("utf-16-le", "surrogatepass") for start, stop in itertools.pairwise(places)
    ]
    joiner = TextJoiner()
    assert "".join([*(joiner.feed(piece) for piece in pieces), joiner.end()]) == text


def test_neighbouring_deltas_of_a_chunk_come_together() -> None:
    parts = [{"text": "a"}, {"text": "b"}, {"thinking": [{"text": "c"}]}, {"text": "d"}]
    assert parse(said({"content": parts})).events == [TextDelta("ab"), ReasoningDelta("c"), TextDelta("d")]


def test_events_without_the_empty_line_between() -> None:
    line = b'data: {"choices": [{"delta": {"content": "a"}}]}\n'
    assert parse(line + line).text == "aa"


def test_typed_parts() -> None:
    content = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
        {"type": "text", "text": "a"},
    ]
    packet = b"data: " + json.dumps({"choices": [{"delta": {"content": content}}]}).encode() + b"\n\n"
    assert parse(packet).events == [ReasoningDelta("hm"), TextDelta("a")]


def test_an_endless_line_is_refused_with_its_limit() -> None:
    parsed = parse(b"x" * (LINE_BYTES + 1))
    assert isinstance(parsed.reader.failure, ReplyTooLong)
    assert "2 MB without the end of a line" in str(parsed.reader.failure)
    assert parsed.events == []


def test_an_endless_answer_ends_at_its_limit() -> None:
    packet = said({"content": "a" * 100_000}) + said({"reasoning": "b" * 100_000})
    parsed = parse(endless=itertools.repeat(packet))
    assert parsed.characters == ANSWER_CHARACTERS
    assert "4 MB of text" in str(parsed.reader.failure)


def test_a_stream_that_never_says_anything_ends_at_its_limit() -> None:
    comments = (b": wait" + b" " * 994 + b"\n") * 600
    fed = [0]

    def packets() -> Iterator[bytes]:
        while True:
            fed[0] += len(comments)
            yield comments

    parsed = parse(endless=packets())
    assert fed[0] <= IDLE_BYTES + len(comments)
    assert "64 MB without a word" in str(parsed.reader.failure)


@pytest.mark.parametrize(
    "packet",
    [
        b"data: {broken\n\n",
        b"data: 17\n\n",
        b'data: "text"\n\n',
        b'data: {"choices": {"0": 1}}\n\n',
        b'data: {"choices": [{"delta": {"content": "\xff"}}]}\n\n',
        b'data: {"choices": [{"delta": {"content": 7}}]}\n\n',
        b'data: {"choices": [{"delta": {"content": [{"type": "image_url"}]}}]}\n\n',
        b'data: {"choices": [{"delta": "word"}]}\n\n',
        b'data: {"choices": [{"delta": {"content": "a"}}]}\ndata: {"choices": [{"del\n\n',
        b"data: " + b"[" * 100_000 + b"\n\n",
    ],
)
def test_what_could_not_be_read_is_counted(packet: bytes) -> None:
    good = said({"content": "good"})
    parsed = parse(good + packet + good + b"data: [DONE]\n\n")
    assert parsed.reader.unreadable == 1
    assert parsed.reader.failure is None
    assert parsed.text.replace("\ufffd", "").replace("a", "") == "goodgood"


@pytest.mark.parametrize(
    "packet",
    [
        b"data: null\n\n",
        b"data:\n\n",
        b'data: {"choices": []}\n\n',
        b'data: {"choices": null, "usage": {"prompt_tokens": 3}}\n\n',
        b'data: {"object": "ping"}\n\n',
        b'data: {"choices": [{"index": 1, "delta": {"content": "other"}}]}\n\n',
        b'data: {"choices": [{"delta": {"content": null, "tool_calls": []}}]}\n\n',
        b'data: {"choices": [{"delta": {"role": "assistant"}}]}\n\n',
        b'data: {"choices": [{"finish_reason": null}]}\n\n',
        b'data: {"choices": [{"delta": {"content": [{"type": "reference", "reference_ids": [1]}]}}]}\n\n',
    ],
)
def test_what_holds_no_words_is_no_loss(packet: bytes) -> None:
    reader = parse(said({"content": "good"}) + packet + b"data: [DONE]\n\n").reader
    assert reader.unreadable == 0


def test_a_huge_error_is_short_in_the_end() -> None:
    told = json.dumps({"error": {"message": "maximum context length is 1 " * 200_000}}).encode()
    reader = parse(b"data: " + told + b"\n\n").reader
    assert reader.failure is not None
    told = json.dumps({"error": {"message": "no\n\x1b[31m" + "y" * 1_000_000}}).encode()
    reader = parse(b"data: " + told + b"\n\n").reader
    assert isinstance(reader.failure, StreamError)
    assert len(str(reader.failure)) < 500
    assert "\x1b" not in str(reader.failure)
