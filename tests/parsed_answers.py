"""Bytes as a server may send them, read by openai's client and by us, without a socket.

parsed = parse(b'data: {"choices": [{"delta": {"content": "a"}}]}\n\n')
assert parsed.text == "a"
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import openai

from chatbot_app.core.errors import AppError
from chatbot_app.core.servers import Server
from chatbot_app.llm.answer_body import chunks_until_the_end
from chatbot_app.llm.answer_reader import AnswerReader
from chatbot_app.llm.errors import Exchange, error_in_stream
from chatbot_app.llm.event_mending import EventMender
from chatbot_app.llm.mended_body import MendedBody
from chatbot_app.llm.openai_client import build_client
from chatbot_app.llm.stream_events import ReasoningDelta, StreamEvent, TextDelta

EXCHANGE = Exchange(Server("s", "Test server", "http://localhost/v1"), "m")


@dataclass
class Parsed:
    """What came out of one answer: of the library its `chunks`, of us the `events`."""

    mender: EventMender
    reader: AnswerReader
    chunks: list[Any] = field(default_factory=list)
    events: list[StreamEvent] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, TextDelta))

    @property
    def characters(self) -> int:
        return sum(len(event.text) for event in self.events if isinstance(event, TextDelta | ReasoningDelta))


class Packets(httpx2.AsyncByteStream):
    """The packets of a body; who reads it a second time goes on where the first one ended."""

    def __init__(self, packets: Iterable[bytes]) -> None:
        self._packets = iter(packets)
        self.taken = 0  # bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for packet in self._packets:
            self.taken += len(packet)
            yield packet


def parse(*packets: bytes, endless: Iterable[bytes] = ()) -> Parsed:
    """Return what becomes of an answer that consists of `packets`, or of those of `endless`."""
    body = Packets(packets or endless)
    mender = EventMender(EXCHANGE)
    parsed = Parsed(mender, AnswerReader(EXCHANGE, mender))
    asyncio.run(_parse(body, parsed))
    return parsed


def parse_values(*packets: bytes) -> list[Any]:
    """Return the values of JSON that the library reads once the bytes went through the mender."""
    return parse(*packets).chunks


async def _parse(body: Packets, parsed: Parsed) -> None:
    request = httpx2.Request("POST", "http://localhost/v1/chat/completions")
    response = httpx2.Response(200, request=request, stream=MendedBody(body, parsed.mender))
    stream = openai.AsyncStream(cast_to=object, response=response, client=_client())
    try:
        async for chunk in chunks_until_the_end(stream, parsed.reader, 3.0):
            parsed.chunks.append(chunk)
            parsed.events += parsed.reader.take(chunk)
    except AppError as error:
        parsed.reader.fail(error)
    except openai.APIError as exc:
        told = error_in_stream(exc, EXCHANGE)
        assert told is not None
        parsed.reader.fail(told)
    parsed.events += parsed.reader.end() + parsed.reader.take_usage()


@functools.cache
def _client() -> openai.AsyncOpenAI:
    return build_client(EXCHANGE.server, httpx2.AsyncClient())
