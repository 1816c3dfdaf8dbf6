"""The body of an answer as it arrives, read no longer than the server has something to say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from chatbot_app.llm.answer_reader import AnswerReader

AFTER_FINISH_SECONDS = 3.0  # what a server may take for its usage and [DONE] after a finish_reason
PACKET_BYTES = 8 * 1024  # that are read at once: some milliseconds, whatever stands in them
HOLD_SECONDS = 0.01  # of reading between two looks for a cancel
_DRAIN_SECONDS = 0.3  # for the end of the body after [DONE], so that the connection can be used again


async def packets_until_the_end(
    chunks: AsyncIterator[bytes], reader: AnswerReader, after_finish_seconds: float
) -> AsyncGenerator[bytes, None]:
    """Yield the body as it arrives, until the server ends it or has said that it will say no more."""
    loop = asyncio.get_running_loop()
    deadline: float | None = None
    characters, since = 0, loop.time()
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
        for start in range(0, len(data), PACKET_BYTES):
            yield data[start : start + PACKET_BYTES]
            if loop.time() - since > HOLD_SECONDS:
                await asyncio.sleep(0)  # Stop works inside a packet too
                since = loop.time()
    if reader.failure is not None:
        return
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in chunks:
                continue
    except TimeoutError:
        return
