"""Server-sent events, however the bytes are cut."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.llm.body_limits import EVENT_BYTES, LINE_BYTES, ReplyTooLarge
from chatbot_app.llm.event_stream import (
    EventStreamDecoder,
    ServerSentEvent,
)


def decode(*packets: bytes) -> list[tuple[str, str]]:
    decoder = EventStreamDecoder()
    events: list[ServerSentEvent] = []
    for packet in packets:
        events += decoder.feed(packet)
    events += decoder.end()
    return [(event.name, event.data) for event in events]


STREAM = (
    '\ufeff: comment\r\ndata: {"a": "👩‍👩‍👧 né"}\r\n\r\nevent: error\ndata:no space\ndata: two\n\n'
    "id: 7\nretry: 10\ndata: [DONE]\n\n"
).encode()
EVENTS = [("", '{"a": "👩‍👩‍👧 né"}'), ("error", "no space\ntwo"), ("", "[DONE]")]


def test_whole_stream() -> None:
    assert decode(STREAM) == EVENTS


def test_one_byte_per_packet() -> None:
    assert decode(*(bytes([byte]) for byte in STREAM)) == EVENTS


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_any_cut_gives_the_same_events(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    assert decode(*(STREAM[a:b] for a, b in itertools.pairwise(places))) == EVENTS


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=5), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_json_text_survives(texts: list[str], line_end: str) -> None:
    stream = "".join(f"data: {json.dumps(text)}{line_end}{line_end}" for text in texts).encode()
    assert [json.loads(data) for _, data in decode(stream)] == texts


def test_last_event_without_empty_line() -> None:
    assert decode(b"data: last") == [("", "last")]


def test_error_line_of_old_llama_cpp() -> None:
    assert decode(b'data: 1\n\nerror: {"code": 500}\n\n') == [("", "1"), ("error", '{"code": 500}')]


def test_error_event_without_data_is_not_lost() -> None:
    assert decode(b"event: error\n\n") == [("error", "")]


def test_bad_utf8_is_replaced() -> None:
    assert decode(b"data: a\xff\xfeb\n\n") == [("", "a\ufffd\ufffdb")]


def test_lines_outside_events_are_kept() -> None:
    decoder = EventStreamDecoder()
    assert list(decoder.feed(b'{\n  "error": {\n  "message": "no"}\n}')) == []
    assert list(decoder.end()) == []
    assert json.loads(decoder.stray) == {"error": {"message": "no"}}


def test_endless_line_is_refused() -> None:
    decoder = EventStreamDecoder()
    with pytest.raises(ReplyTooLarge, match="2 MB without the end of a line"):
        list(decoder.feed(b"x" * (LINE_BYTES + 1)))


@pytest.mark.parametrize(
    ("line", "limit"), [(b"data: x\n", "2 MB in one event"), (b"x: y\n", "2 MB outside events")]
)
def test_an_endless_event_is_refused(line: bytes, limit: str) -> None:
    """Short lines cost more memory than they are long."""
    decoder = EventStreamDecoder()
    with pytest.raises(ReplyTooLarge, match=limit):
        list(decoder.feed(line * (EVENT_BYTES // 64 + 1)))


def test_bytes_that_are_no_text_mark_their_event() -> None:
    decoder = EventStreamDecoder()
    packets = b"data: a\xff\n\ndata: b\n\n"
    assert [event.is_damaged for event in decoder.feed(packets)] == [True, False]


def test_values_without_the_empty_line_between_are_events_of_their_own() -> None:
    assert decode(b'data: {"a":\ndata: {"b": 1}}\ndata: {"c": 2}\n\n') == [
        ("", '{"a":\n{"b": 1}}'),
        ("", '{"c": 2}'),
    ]
