"""Puts the limits of `body_limits` on a response of httpx2 before anybody reads it.

As hooks of a client, so that they also hold where the library or openai's client reads a body whole.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass

import httpx2

from chatbot_app.llm.body_limits import (
    ERROR_BYTES,
    ERROR_SECONDS,
    MOST_BYTES,
    MOST_SECONDS,
    ReplyCompressed,
    ReplyTooLarge,
    in_words,
)

HOLD_SECONDS = 0.01  # after so much work the loop looks for a cancel, also inside one packet


@dataclass(frozen=True, slots=True)
class _Limits:
    most: int | None  # bytes
    cut_silently: bool  # an error is read in part, an answer is not
    seconds: float | None


def limit_reply(response: httpx2.Response, most: int | None) -> None:
    """Let at most `most` bytes (None: any) of a success be read, and the beginning of anything else.

    A limit among the extensions of the request comes first. Raises ReplyCompressed for a success that came
    compressed; reading raises ReplyTooLarge, httpx2.ReadTimeout where the request named a time. The text of a compressed error is left unread.
    """
    encoding = response.headers.get("content-encoding", "").strip().lower()
    packed = encoding not in ("", "identity")
    if packed:
        del response.headers["content-encoding"]  # the library would unpack it, whatever its size
    if response.is_success:
        if packed:
            raise ReplyCompressed(encoding[:40])
        own = response.request.extensions
        limits = _Limits(own.get(MOST_BYTES, most), False, own.get(MOST_SECONDS))
    else:
        limits = _Limits(0 if packed else ERROR_BYTES, True, ERROR_SECONDS)
    stream = response.stream
    if isinstance(stream, httpx2.AsyncByteStream):
        response.stream = _AsyncStream(stream, limits)
    elif isinstance(stream, httpx2.SyncByteStream):
        response.stream = _SyncStream(stream, limits)


class _Gauge:
    """Counts what was read against the limits."""

    def __init__(self, limits: _Limits) -> None:
        self._limits = limits
        self._size = 0

    @property
    def is_full(self) -> bool:
        return self._limits.cut_silently and self._limits.most is not None and self._size >= self._limits.most

    def take(self, part: bytes) -> bytes:
        """Return what may be read of the next part. Raises ReplyTooLarge."""
        most, before = self._limits.most, self._size
        self._size += len(part)
        if most is None or self._size <= most:
            return part
        if not self._limits.cut_silently:
            raise ReplyTooLarge(in_words(most))
        return part[: most - before]


class _AsyncStream(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, limits: _Limits) -> None:
        self._inner = inner
        self._limits = limits

    async def __aiter__(self) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        gauge, since = _Gauge(self._limits), loop.time()
        deadline = None if self._limits.seconds is None else since + self._limits.seconds
        async with aclosing(parts_of(self._inner)) as parts:
            while not gauge.is_full:
                try:
                    async with asyncio.timeout_at(deadline):
                        part = await anext(parts, None)
                except TimeoutError:
                    if self._limits.cut_silently:
                        return
                    raise _too_slow(self._limits) from None
                if part is None:
                    return
                yield gauge.take(part)
                if loop.time() - since > HOLD_SECONDS:
                    await asyncio.sleep(0)
                    since = loop.time()

    async def aclose(self) -> None:
        await self._inner.aclose()


class _SyncStream(httpx2.SyncByteStream):
    def __init__(self, inner: httpx2.SyncByteStream, limits: _Limits) -> None:
        self._inner = inner
        self._limits = limits

    def __iter__(self) -> Iterator[bytes]:
        gauge, started = _Gauge(self._limits), time.monotonic()
        if gauge.is_full:
            return
        for part in self._inner:
            yield gauge.take(part)
            late = self._limits.seconds is not None and time.monotonic() - started > self._limits.seconds
            if late and not self._limits.cut_silently:
                raise _too_slow(self._limits)
            if late or gauge.is_full:
                return

    def close(self) -> None:
        self._inner.close()


def _too_slow(limits: _Limits) -> httpx2.ReadTimeout:
    return httpx2.ReadTimeout(f"no whole body within {limits.seconds:g} s")


async def parts_of(stream: httpx2.AsyncByteStream) -> AsyncGenerator[bytes, None]:
    """Yield the parts of a stream as a generator, which can be closed."""
    async for part in stream:
        yield part
