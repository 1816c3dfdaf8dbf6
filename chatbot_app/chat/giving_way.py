"""Long work with a model lets the person's questions go first: they are asked between two of its requests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

_Result = TypeVar("_Result")


class GivingWay:
    """Knows how many questions of the person are being answered. For one asyncio loop."""

    def __init__(self) -> None:
        self._questions = 0
        self._free = asyncio.Event()
        self._free.set()
        self._busy = asyncio.Event()

    def begin(self) -> None:
        """A question is asked."""
        self._questions += 1
        self._free.clear()
        self._busy.set()

    def end(self) -> None:
        """A question is answered."""
        self._questions = max(self._questions - 1, 0)
        if not self._questions:
            self._busy.clear()
            self._free.set()

    async def between(self, make: Callable[[], Awaitable[_Result]], *, gives_up: bool) -> _Result:
        """Return what `make()` returns, made while no question is being answered.

        With `gives_up` a request under way is ended when a question comes, and made anew afterwards: a model that
        answers one at a time would let the person wait for it. Else it is let end.
        """
        while True:
            await self._free.wait()
            work = asyncio.ensure_future(make())
            question = asyncio.ensure_future(self._busy.wait())
            waited = {work, question} if gives_up else {work}
            try:
                await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
                if work.done():
                    return work.result()
            finally:
                question.cancel()
                if not work.done():
                    work.cancel()
                    await asyncio.wait({work})
