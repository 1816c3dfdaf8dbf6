"""Servers that send without end or measure (FAULTS 60): little is read, it is said, and Stop works.

All modes with their memory and stalls: tests/benchmarks/bench_hostile_servers.py.
"""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Iterator

import pytest

from tests.hostile_clients import Ending, attack
from tests.hostile_servers import HostileServer

SOCKET_BYTES = 16_000_000  # that the two ends of a loopback connection may hold; a reply is 75 times that


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


def play(server: HostileServer, mode: str, stop_after: float = 60.0) -> Ending:
    server.sent.pop(mode, None)
    return asyncio.run(attack(mode, server.base_url(mode), stop_after))


@pytest.mark.parametrize(
    ("mode", "said", "most"),
    [
        ("error of 1.2 GB", "refused the request: All is lost.", 0),
        ("error without end, chunked", "could not answer: no no", 0),
        ("error without end, without framing", "not as a model server", 0),
        ("error of deflate", "needs a key", 0),
        ("error of nested JSON", "refused the request", 0),
        ("error byte by byte", "refused the request: xxx", 0),
        ("redirect with a body of 1.2 GB", "sends requests on to http://example.invalid", 0),
        ("header without end", "closed the connection", 0),
        ("no HTTP", "closed the connection", 0),
        ("page without end", "a web page", 0),
        ("JSON without end", "2 MB without the end of a line", 2_000_000),
        ("line without end", "2 MB without the end of a line", 2_000_000),
        ("event without end", "2 MB in one event", 2_000_000),
        ("text without end", "2 MB outside events", 2_000_000),
        ("event stream of gzip", "compressed bytes (gzip)", 2_000_000),
        ("unreadable events without end", "could not be read (1001)", 2_000_000),
        ("answer of 60 MB in large parts", "4 MB of text", 6_000_000),
        ("chunk header without end", "closed the connection", 0),
        ("models of 1.2 GB", "sent more than is read of one reply (2 MB)", 2_000_000),
        ("models of many lists", "something else than a list of models", 2_000_000),
        ("40,000 models", "5000 models", 2_000_000),
        ("window without end", "window None", 2_000_000),
        ("vectors without end", "sent more than is read", 2_000_000),
        ("vectors of gzip", "compressed bytes (gzip)", 2_000_000),
        ("error of the vectors of 1.2 GB", "could not answer: All is lost.", 0),
        ("web page without end", "larger than 20 MB", 20_000_000),
    ],
)
def test_little_is_read_and_it_is_said(server: HostileServer, mode: str, said: str, most: int) -> None:
    ending = play(server, mode)
    assert said in ending.said
    assert len(ending.said) < 600
    assert server.sent.get(mode, 0) < SOCKET_BYTES + 2 * most


@pytest.mark.parametrize(
    ("mode", "kept"),
    [("more after the end", 1), ("comments after the finish", 1), ("trailers without end", 1)],
)
def test_an_answer_ends_where_it_says_so(server: HostileServer, mode: str, kept: int) -> None:
    ending = play(server, mode)
    assert (ending.said, ending.characters) == ("ended", kept)


@pytest.mark.parametrize(
    "mode",
    ["headers byte by byte", "continue without end", "comments without end", "empty lines without end",
     "letters without end", "one byte a chunk", "answer byte by byte", "models byte by byte"],
)  # fmt: skip
def test_stop_works_inside_any_packet(server: HostileServer, mode: str) -> None:
    ending = play(server, mode, stop_after=0.3)
    assert ending.was_stopped


@pytest.mark.parametrize(
    "mode", ["error of gzip", "line without end", "event without end", "answer of 60 MB in large parts", "models of many lists"]
)  # fmt: skip
def test_memory_stays_within_limits(server: HostileServer, mode: str) -> None:
    play(server, mode)  # the packed bomb is made once, the libraries are loaded once
    tracemalloc.start()
    try:
        play(server, mode)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000_000
