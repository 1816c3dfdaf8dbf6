"""What is replaced while it is in use goes on until it is not, and is closed then."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager


class Retirement:
    """Counts, in one asyncio loop, what is under way on something that may be retired meanwhile."""

    def __init__(self, close: Callable[[], Awaitable[None]]) -> None:
        self._close = close
        self._under_way = 0
        self._is_retired = False

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        """Use it: nothing is closed before this ends, also where it was retired before this began."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            await self._close_if_done()

    @property
    def is_busy(self) -> bool:
        """Whether something is under way."""
        return self._under_way > 0

    async def retire(self) -> None:
        """Close it as soon as nothing is under way."""
        self._is_retired = True
        await self._close_if_done()

    async def _close_if_done(self) -> None:
        if self._is_retired and not self._under_way:
            await self._close()
