"""Whatever a server sends is read into events or named as an error; nothing else comes out."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.errors import AppError, ReplyTooLong, StreamError
from chatbot_app.core.servers import Server
from chatbot_app.llm.answer_reader import AnswerReader
from chatbot_app.llm.body_limits import ANSWER_CHARACTERS, IDLE_BYTES, LINE_BYTES
from chatbot_app.llm.errors import Exchange
from chatbot_app.llm.stream_events import ReasoningDelta, StreamEvent, TextDelta
from chatbot_app.llm.text_joiner import TextJoiner

EXCHANGE = Exchange(Server("s", "Test server", "http://localhost/v1"), "m")


def read(*packets: bytes) -> tuple[AnswerReader, list[StreamEvent]]:
    reader = AnswerReader(EXCHANGE)
    events: list[StreamEvent] = []
    for packet in packets:
        events += reader.feed(packet)
    events += reader.end() + reader.take_usage()
    return reader, events


def said(delta: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": delta}]}).encode() + b"\n\n"


def text_of(events: list[StreamEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


@given(st.lists(st.binary(max_size=80), max_size=6))
def test_any_bytes(packets: list[bytes]) -> None:
    reader, _ = read(*packets)
    assert reader.failure is None or isinstance(reader.failure, AppError)


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(
        st.sampled_from(["index", "delta", "message", "content", "finish_reason", "text", "thinking", "reasoning",
                         "prompt_tokens", "cached_tokens", "prompt_tokens_details", "cache_n", "message", "code"]),
        inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
chunks = st.dictionaries(
    st.sampled_from(["choices", "usage", "timings", "error", "object", "id"]), anything, max_size=4
) | st.builds(
    lambda deltas: {"choices": [{"delta": delta, "finish_reason": None} for delta in deltas]},
    st.lists(anything, max_size=2),
)


@given(st.lists(chunks, max_size=5))
def test_any_json(stream: list[Any]) -> None:
    _, events = read(*(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in stream))
    for event in events:
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


def test_neighbouring_deltas_of_a_packet_come_together() -> None:
    delta = b'data: {"choices": [{"delta": {"content": "a"}}]}\n\n'
    thought = b'data: {"choices": [{"delta": {"reasoning": "b"}}]}\n\n'
    _, events = read(delta + delta + thought + delta)
    assert events == [TextDelta("aa"), ReasoningDelta("b"), TextDelta("a")]


def test_events_without_the_empty_line_between() -> None:
    line = b'data: {"choices": [{"delta": {"content": "a"}}]}\n'
    assert text_of(read(line + line)[1]) == "aa"


def test_typed_parts() -> None:
    content = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
        {"type": "text", "text": "a"},
    ]
    packet = b"data: " + json.dumps({"choices": [{"delta": {"content": content}}]}).encode() + b"\n\n"
    assert read(packet)[1] == [ReasoningDelta("hm"), TextDelta("a")]


def test_an_endless_line_is_refused_with_its_limit() -> None:
    reader, events = read(b"x" * (LINE_BYTES + 1))
    assert isinstance(reader.failure, ReplyTooLong)
    assert "2 MB without the end of a line" in str(reader.failure)
    assert events == []


def test_an_endless_answer_ends_at_its_limit() -> None:
    reader = AnswerReader(EXCHANGE)
    packet = said({"content": "a" * 100_000}) + said({"reasoning": "b" * 100_000})
    kept = 0
    while not reader.done:
        kept += sum(len(event.text) for event in reader.feed(packet))  # type: ignore[union-attr]
    kept += sum(len(event.text) for event in reader.end())  # type: ignore[union-attr]
    assert kept == ANSWER_CHARACTERS
    assert "4 MB of text" in str(reader.failure)


def test_a_stream_that_never_says_anything_ends_at_its_limit() -> None:
    reader = AnswerReader(EXCHANGE)
    comments = b": wait\n" * 100_000
    fed = 0
    while not reader.done:
        reader.feed(comments)
        fed += len(comments)
    assert fed <= IDLE_BYTES + len(comments)
    assert "64 MB without a word" in str(reader.failure)


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
    reader, events = read(good + packet + good + b"data: [DONE]\n\n")
    assert reader.unreadable == 1
    assert reader.failure is None
    assert text_of(events).replace("\ufffd", "").replace("a", "") == "goodgood"


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
    reader, _ = read(said({"content": "good"}) + packet + b"data: [DONE]\n\n")
    assert reader.unreadable == 0


def test_a_huge_error_is_short_in_the_end() -> None:
    told = json.dumps({"error": {"message": "maximum context length is 1 " * 200_000}}).encode()
    reader, _ = read(b"data: " + told + b"\n\n")
    assert reader.failure is not None
    told = json.dumps({"error": {"message": "no\n\x1b[31m" + "y" * 1_000_000}}).encode()
    reader, _ = read(b"data: " + told + b"\n\n")
    assert isinstance(reader.failure, StreamError)
    assert len(str(reader.failure)) < 500
    assert "\x1b" not in str(reader.failure)
