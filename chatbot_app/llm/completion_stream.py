"""What follows a raw text, streamed from a server's `/completions`: no roles, no chat template."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

from chatbot_app.core.errors import StreamCut
from chatbot_app.core.text import clean_text
from chatbot_app.llm.answer_reader import AnswerReader
from chatbot_app.llm.answer_stream import read_stream
from chatbot_app.llm.errors import failure_of
from chatbot_app.llm.event_mending import EventMender
from chatbot_app.llm.openai_client import build_client, open_completion
from chatbot_app.llm.raw_requests import RawRequests
from chatbot_app.llm.stream_events import StreamEvent, StreamFinished


async def stream_completion(
    requests: RawRequests, prompt: str, parameters: Mapping[str, Any]
) -> AsyncGenerator[StreamEvent, None]:
    """Continue a text and yield what follows as it arrives, `StreamFinished` last; sent once, never again.

    `parameters` are those of the request besides prompt and model. What was yielded before an error stays valid. Raises
    StreamCut where it ends without `StreamFinished`, and other ServerErrors.
    """
    for library in ("openai", "httpx2"):
        await asyncio.to_thread(importlib.import_module, library)
    import openai

    exchange = requests.exchange(parameters)
    mender = EventMender(exchange)
    reader = AnswerReader(exchange, mender)
    async with requests.hold():
        client = build_client(requests.server, requests.connections())
        events = read_stream(
            lambda: open_completion(client, exchange, clean_text(prompt)), reader, mender, as_chat=_as_chat
        )
        async with aclosing(events):
            async for event in events:
                yield event
    caught = reader.caught
    if caught is not None and not reader.has_text:
        status = caught.status_code if isinstance(caught, openai.APIStatusError) else 200
        raise requests.explained(failure_of(caught, exchange, datetime.now(UTC)), status)
    if caught is not None or reader.finish_reason is None:
        raise StreamCut(server=requests.server.name)
    yield StreamFinished(reader.finish_reason)


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
