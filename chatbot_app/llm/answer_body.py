"""The body of an answer as it arrives, read no longer than the server has something to say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from chatbot_app.llm.answer_reader import AnswerReader

AFTER_FINISH_SECONDS = 3.0  # what a server may take for its usage and [DONE] after a finish_reason
_DRAIN_SECONDS = 0.3  # for the end of the body after [DONE], so that the connection can be used again


async def packets_until_the_end(
    chunks: AsyncIterator[bytes], reader: AnswerReader, after_finish_seconds: float
) -> AsyncGenerator[bytes, None]:
    """Yield the body as it arrives, until the server ends it or has said that it will say no more."""
    loop = asyncio.get_running_loop()
    deadline: float | None = None
    characters = 0
    while not reader.done:
        # Some servers say why they finish before they have; with comments alone the time runs on.
        if reader.finish_reason is not None and (deadline is None or reader.characters > characters):
            deadline, characters = loop.time() + after_finish_seconds, reader.characters
        try:
            async with asyncio.timeout_at(deadline):
                data = await anext(chunks, None)
        except TimeoutError:
            return
        if data is None:
            return
        yield data
    if reader.failure is not None:
        return
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in chunks:
                continue
    except TimeoutError:
        return
