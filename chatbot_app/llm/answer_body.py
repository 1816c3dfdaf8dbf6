"""The chunks of an answer as they arrive, read no longer than the server has something to say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from chatbot_app.llm.answer_reader import AnswerReader

AFTER_FINISH_SECONDS = 3.0  # what a server may take for its usage and [DONE] after a finish_reason


async def chunks_until_the_end(
    stream: AsyncIterator[Any], reader: AnswerReader, after_finish_seconds: float
) -> AsyncGenerator[Any, None]:
    """Yield what the client library reads, until the server ends it or has said that it will say no more."""
    loop = asyncio.get_running_loop()
    deadline: float | None = None
    characters = 0
    while reader.failure is None:
        # Some servers say why they finish before they have; with comments alone the time runs on.
        if reader.finish_reason is not None and (deadline is None or reader.characters > characters):
            deadline, characters = loop.time() + after_finish_seconds, reader.characters
        try:
            async with asyncio.timeout_at(deadline):
                chunk = await anext(stream, None)
        except TimeoutError:
            return
        if chunk is None:
            return
        yield chunk
