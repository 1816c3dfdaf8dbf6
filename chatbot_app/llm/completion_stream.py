"""What follows a raw text, streamed from a server's `/completions`: no roles, no chat template."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

from chatbot_app.core.errors import AppError, StreamCut
from chatbot_app.core.text import clean_text
from chatbot_app.llm.answer_body import AFTER_FINISH_SECONDS, chunks_until_the_end
from chatbot_app.llm.answer_reader import AnswerReader
from chatbot_app.llm.errors import error_in_stream, failure_of
from chatbot_app.llm.event_mending import EventMender
from chatbot_app.llm.openai_client import build_client, open_completion
from chatbot_app.llm.raw_requests import OWN_ERRORS, RawRequests
from chatbot_app.llm.stream_events import StreamEvent, StreamFinished


async def stream_completion(
    requests: RawRequests, prompt: str, parameters: Mapping[str, Any]
) -> AsyncGenerator[StreamEvent, None]:
    """Continue a text and yield what follows as it arrives, `StreamFinished` last; sent once, never again.

    `parameters` are those of the request besides prompt and model. What was yielded before an error stays valid.
    """
    for library in ("openai", "httpx2"):
        await asyncio.to_thread(importlib.import_module, library)
    import httpx2
    import openai

    exchange = requests.exchange(parameters)
    mender = EventMender(exchange)
    reader = AnswerReader(exchange, mender)
    caught: Exception | None = None
    async with requests.hold():
        client = build_client(requests.server, requests.connections())
        try:
            async with asyncio.timeout(sum(exchange.limits)):
                stream = await open_completion(client, exchange, clean_text(prompt))
            async with stream, aclosing(_chunks(stream, reader, mender)) as chunks:
                async for chunk in chunks:
                    for event in reader.take(_as_chat(chunk)):
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
                caught = exc
            else:
                reader.fail(told)
    for event in reader.end() if caught is None or reader.has_text else ():
        yield event
    for event in reader.take_usage():
        yield event
    if reader.failure is not None:
        raise reader.failure
    if caught is not None and not reader.has_text:
        status = caught.status_code if isinstance(caught, openai.APIStatusError) else 200
        raise requests.explained(failure_of(caught, exchange, datetime.now(UTC)), status)
    if caught is not None or reader.finish_reason is None:
        raise StreamCut(server=requests.server.name)
    yield StreamFinished(reader.finish_reason)


def _chunks(stream: Any, reader: AnswerReader, mender: EventMender) -> AsyncGenerator[Any, None]:
    import httpx2

    from chatbot_app.llm.mended_body import MendedBody

    if isinstance(stream.response.stream, httpx2.AsyncByteStream):
        stream.response.stream = MendedBody(stream.response.stream, mender)
    return chunks_until_the_end(stream, reader, AFTER_FINISH_SECONDS)


def _as_chat(chunk: Any) -> Any:
    """Return a chunk of a completion in the form of a chat's: its text is what a delta's content is there."""
    choices = chunk.get("choices") if isinstance(chunk, dict) else None
    if not isinstance(choices, list):
        return chunk
    return {
        **chunk,
        "choices": [
            {**choice, "delta": {"content": choice.get("text")}} if isinstance(choice, dict) else choice
            for choice in choices
        ],
    }
