"""The body of a response that openai's client reads as a stream, mended on its way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import httpx2

from chatbot_app.llm.event_mending import EventMender
from chatbot_app.llm.limited_streams import HOLD_SECONDS, parts_of

PACKET_BYTES = 8 * 1024  # that are read at once: some milliseconds, whatever stands in them


class MendedBody(httpx2.AsyncByteStream):
    """Gives what `mender` makes of a body; raises its fault as soon as everything before it was read."""

    def __init__(self, inner: httpx2.AsyncByteStream, mender: EventMender) -> None:
        self._inner = inner
        self._mender = mender
        self._is_read = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._is_read:
            # After [DONE] the library reads what is left, for a moment, so that the connection can be used again.
            async for part in self._inner:
                yield part
            return
        self._is_read = True
        loop = asyncio.get_running_loop()
        since = loop.time()
        async with aclosing(parts_of(self._inner)) as parts:
            async for part in parts:
                for start in range(0, len(part), PACKET_BYTES):
                    mended = self._mender.feed(part[start : start + PACKET_BYTES])
                    if mended:
                        yield mended
                    if self._mender.fault is not None:
                        raise self._mender.fault
                    if loop.time() - since > HOLD_SECONDS:
                        await asyncio.sleep(0)  # Stop works inside a packet too
                        since = loop.time()
        mended = self._mender.end()
        if mended:
            yield mended
        if self._mender.fault is not None:
            raise self._mender.fault

    async def aclose(self) -> None:
        await self._inner.aclose()
