"""The one way in which a streamed answer is read: opened in time, its chunks made into events, its end told in our words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from chatbot_app.core.errors import AppError
from chatbot_app.llm.answer_body import AFTER_FINISH_SECONDS, chunks_until_the_end
from chatbot_app.llm.answer_reader import AnswerReader
from chatbot_app.llm.body_limits import OWN_ERRORS
from chatbot_app.llm.errors import error_in_stream, web_page_error
from chatbot_app.llm.event_mending import EventMender
from chatbot_app.llm.stream_events import StreamEvent

if TYPE_CHECKING:
    import openai


async def read_stream(
    open_it: Callable[[], Awaitable[openai.AsyncStream[object]]],
    reader: AnswerReader,
    mender: EventMender,
    *,
    as_chat: Callable[[Any], Any] = lambda chunk: chunk,
    after_finish_seconds: float = AFTER_FINISH_SECONDS,
) -> AsyncGenerator[StreamEvent, None]:
    """Yield what an answer brings; the last of it is its usage. The client library has been imported.

    `as_chat` brings a chunk into the form of a chat's. Raises the AppError that the stream told of; an exception of the
    library that it told nothing of is left in `reader.caught`, and what had arrived before stays valid.
    """
    import httpx2
    import openai

    exchange = reader.exchange
    try:
        # For all headers together: one byte now and then would outlast the limit of the socket.
        async with asyncio.timeout(sum(exchange.limits)):
            stream = await open_it()
        async with stream, aclosing(_chunks(stream, reader, mender, after_finish_seconds)) as chunks:
            async for chunk in chunks:
                for event in reader.take(as_chat(chunk)):
                    yield event
    except AppError as error:
        reader.fail(error)
    except (
        openai.OpenAIError,
        httpx2.HTTPError,
        httpx2.InvalidURL,
        httpx2.StreamError,
        *OWN_ERRORS,
    ) as exc:
        told = error_in_stream(exc, exchange)
        if told is None:
            reader.caught = exc
        else:
            reader.fail(told)
    # Outside the handler, so that no error carries the library's exception, which quotes the server's
    # text and with it, sometimes, the key.
    for event in reader.end() if reader.caught is None or reader.has_text else ():
        yield event
    for event in reader.take_usage():
        yield event
    if reader.failure is not None:
        raise reader.failure


def _chunks(
    stream: openai.AsyncStream[object], reader: AnswerReader, mender: EventMender, after_finish_seconds: float
) -> AsyncGenerator[Any, None]:
    import httpx2

    from chatbot_app.llm.mended_body import MendedBody

    response = stream.response
    if response.headers.get("content-type", "").lower().startswith(("text/html", "application/xhtml")):
        raise web_page_error(reader.exchange)
    if isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = MendedBody(response.stream, mender)
    return chunks_until_the_end(stream, reader, after_finish_seconds)
