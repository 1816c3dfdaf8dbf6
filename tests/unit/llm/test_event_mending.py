"""Server-sent events as servers really send them reach openai's decoder as it can read them.

Each test here fails where the bytes go to the library as they came.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.errors import NotAModelServer, ReplyTooLong, StreamError
from chatbot_app.llm.body_limits import EVENT_BYTES, LINE_BYTES
from chatbot_app.llm.event_mending import EventMender
from tests.parsed_answers import EXCHANGE, parse, parse_values

STREAM = (
    '\ufeffdata: {"a": "👩‍👩‍👧 né"}\r\n\r\n: comment\r\nevent: message\ndata:{"no":\ndata: "space"}\n\n'
    "id: 7\nretry: 10\n\ndata: [DONE]\n\n"
).encode()
VALUES = [{"a": "👩‍👩‍👧 né"}, {"no": "space"}]


def test_whole_stream() -> None:
    assert parse_values(STREAM) == VALUES


def test_one_byte_per_packet() -> None:
    assert parse_values(*(bytes([byte]) for byte in STREAM)) == VALUES


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_any_cut_gives_the_same_events(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    assert parse_values(*(STREAM[a:b] for a, b in itertools.pairwise(places))) == VALUES


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=5), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_json_text_survives(texts: list[str], line_end: str) -> None:
    stream = "".join(f"data: {json.dumps({'text': text})}{line_end}{line_end}" for text in texts).encode()
    assert parse_values(stream) == [{"text": text} for text in texts]


def test_last_event_without_empty_line() -> None:
    assert parse_values(b'data: {"a": 1}') == [{"a": 1}]


@pytest.mark.parametrize(
    ("packet", "told"),
    [
        (b'error: {"code": 500, "message": "On fire"}\n\n', "On fire"),
        (b'event: error\ndata: {"message": "On fire"}\n\n', "On fire"),
        (b"event: error\ndata: On\ndata: fire\n\n", "On fire"),
        (b"event: error\n\n", "it gave no reason"),
    ],
    ids=["line of old llama.cpp", "event", "event that is no JSON", "event without data"],
)
def test_an_error_event_is_an_error(packet: bytes, told: str) -> None:
    parsed = parse(b'data: {"a": 1}\n\n' + packet)
    assert len(parsed.chunks) == 1
    assert isinstance(parsed.reader.failure, StreamError)
    assert told in str(parsed.reader.failure)


def test_bad_utf8_is_replaced() -> None:
    parsed = parse(b'data: {"a": "\xff\xfe"}\n\ndata: {"b": 1}\n\n')
    assert parsed.chunks == [{"a": "\ufffd\ufffd"}, {"b": 1}]
    assert parsed.mender.unreadable == 1


def test_lines_outside_events_are_an_answer_in_one_piece() -> None:
    body = b'{\n  "choices": [\n  {"message": {"content": "no"}}]\n}'
    parsed = parse(body)
    assert parsed.text == "no"
    assert parsed.mender.is_one_body


def test_several_answers_without_events_are_one() -> None:
    assert parse_values(b'{"choices": []}\n{"choices": []}\n') == [{"choices": []}]


def test_what_is_no_answer_at_all_is_named() -> None:
    failure = parse(b"Welcome\nto this place\n").reader.failure
    assert isinstance(failure, NotAModelServer)
    assert "text that is no answer" in str(failure)


def refused(packets: Sequence[bytes]) -> str:
    mender = EventMender(EXCHANGE)
    for packet in packets:
        mender.feed(packet)
    assert isinstance(mender.fault, ReplyTooLong)
    return str(mender.fault)


def test_endless_line_is_refused() -> None:
    assert "2 MB without the end of a line" in refused([b"x" * (LINE_BYTES + 1)])


@pytest.mark.parametrize(
    ("line", "limit"), [(b"data: x\n", "2 MB in one event"), (b"x: y\n", "2 MB outside events")]
)
def test_an_endless_event_is_refused(line: bytes, limit: str) -> None:
    """Short lines cost more memory than they are long."""
    assert limit in refused([line * (EVENT_BYTES // 64 + 1)])


def test_what_came_before_a_limit_is_read() -> None:
    parsed = parse(b'data: {"choices": [{"delta": {"content": "a"}}]}\n\n' + b"x" * (LINE_BYTES + 9))
    assert parsed.text == "a"
    assert isinstance(parsed.reader.failure, ReplyTooLong)


def test_values_without_the_empty_line_between_are_events_of_their_own() -> None:
    assert parse_values(b'data: {"a":\ndata: 1}\ndata: {"c": 2}\ndata: [DONE]\ndata: {"d": 3}\n\n') == [
        {"a": 1},
        {"c": 2},
    ]


def test_an_event_without_data_is_none() -> None:
    assert parse_values(b'retry: 3000\n\nevent: ping\n\ndata:\n\ndata: {"a": 1}\n\n') == [{"a": 1}]
