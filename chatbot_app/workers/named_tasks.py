"""Tasks of a loop by name, and by the conversation that they are for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

Make = Callable[[], Coroutine[Any, Any, None]]


class NamedTasks:
    """One task of a name at a time. For the thread of the loop alone.

    Nothing begins once the loop is ending, nor for a conversation that was left.
    """

    def __init__(self, is_ending: Callable[[], bool]) -> None:
        self._is_ending = is_ending
        self._tasks: dict[str, tuple[asyncio.Task[None], str]] = {}  # with their conversations
        self._left: set[str] = set()

    def start(
        self, name: str, make: Make, *, belongs_to: str = "", then: Callable[[], None] | None = None
    ) -> None:
        """Run a coroutine in the place of the one of that name; `then` is called after it, however it ended.

        Where it may not begin, `then` is called at once.
        """
        if name in self._tasks and not self._tasks[name][0].cancelling():  # one that ends already is let end
            self.cancel(name)
        if self._is_ending() or belongs_to in self._left:
            if then is not None:
                then()
            return
        task = asyncio.ensure_future(make())
        self._tasks[name] = task, belongs_to

        def end(ended: asyncio.Task[None]) -> None:
            if name in self._tasks and self._tasks[name][0] is ended:
                del self._tasks[name]
            # Here and not in the coroutine: a task cancelled before its first step never enters it.
            if then is not None:
                then()

        task.add_done_callback(end)

    def cancel(self, name: str, reason: str | None = None) -> None:
        """Cancel the task of a name; does nothing where there is none."""
        if name in self._tasks:
            self._tasks[name][0].cancel(reason)

    def leave(self, conversation_id: str) -> None:
        """Cancel what belongs to a conversation, and begin nothing more for it."""
        self._left.add(conversation_id)
        for task, belongs_to in self._tasks.values():
            if belongs_to == conversation_id:
                task.cancel()

    def come_back(self, conversation_id: str) -> None:
        """Begin things for a conversation again; nothing begins by itself."""
        self._left.discard(conversation_id)
