"""The context window of each model: what the person said, the server says, a table says, or a refusal taught."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Protocol

from chatbot_app.core.errors import StoreError
from chatbot_app.core.servers import Server
from chatbot_app.llm.server_session import ServerSession
from chatbot_app.llm.window_table import ModelWindow

logger = logging.getLogger(__name__)

WINDOW = "window"  # Server.traits[model][WINDOW]: {"tokens", "instead_of"}, learnt from the server itself

SMALLEST_WINDOW = 512  # tokens; no model that chats has less, so a smaller count is no window

RememberTrait = Callable[[str, str, str, Any], None]


class PersonsWindows(Protocol):
    """Where the person's own words about windows are kept, in tokens."""

    def get(self, server_id: str, model: str) -> int | None:
        """Return what the person said."""

    def set(self, server_id: str, model: str, tokens: int) -> None:
        """Keep it. Raises StoreError."""

    def remove(self, server_id: str, model: str) -> None:
        """Forget it. Raises StoreError."""


class ModelWindows:
    """Knows the window of every model.

    In order: the person's word, the server's, the table's. A window that the server taught by refusing or
    cutting a prompt narrows whichever it was, until another one takes its place: who raises the context
    length there, or names another one here, starts afresh.
    """

    def __init__(self, remember_trait: RememberTrait, persons: PersonsWindows | None = None) -> None:
        """`remember_trait(server_id, model, name, value)`; without `persons` nobody's word is kept."""
        self._remember_trait = remember_trait
        self._persons = persons

    async def find(self, session: ServerSession, model: str) -> ModelWindow:
        """Return the window of a model; its source is "person", "table", what `ModelWindow` says or, unknown, "".

        `is_settled` is False where the server could not be asked.
        """
        word: int | None = None
        if self._persons is not None:  # a store: it is read off the loop
            word = await asyncio.to_thread(self._persons.get, session.server.id, model)
        base = ModelWindow(word, "person") if word is not None else await session.window(model)
        learnt = _learnt(session.server, model, base.tokens)
        return base if learnt is None else ModelWindow(learnt, "server", base.is_settled)

    def learn(self, server: Server, model: str, tokens: int, instead_of: int | None) -> None:
        """Keep the window that a server taught where `instead_of` (None: no window) was thought to be it."""
        traits = server.traits.get(model)
        before = traits.get(WINDOW) if isinstance(traits, dict) else None
        if isinstance(before, dict) and before.get("tokens") == instead_of:
            instead_of = before.get("instead_of")  # taught twice: what stood at the start still counts
        try:
            self._remember_trait(
                server.id, model, WINDOW, {"tokens": max(tokens, 1), "instead_of": instead_of}
            )
        except StoreError:
            logger.warning("the window that %s taught could not be stored", server.name)

    def keep_word(self, server_id: str, model: str, tokens: int | None) -> None:
        """Keep what the person says of a window; None forgets it. Raises StoreError."""
        if self._persons is None:
            return
        if tokens is None:
            self._persons.remove(server_id, model)
        else:
            self._persons.set(server_id, model, tokens)
        # What was learnt belonged to what was thought before.
        self._remember_trait(server_id, model, WINDOW, None)


def window_behind(read: int, planned: int) -> int:
    """Return the window, in tokens, that makes a server read only `read` of `planned` tokens.

    Servers are given round windows and drop whole messages, so it is the power of two above; where that
    explains nothing, the next multiple of 256, or at last what was read.
    """
    power = SMALLEST_WINDOW
    while power < read:
        power *= 2
    for window in (power, -(-read // 256) * 256):
        if window < planned:
            return window
    return read


def _learnt(server: Server, model: str, base: int | None) -> int | None:
    traits = server.traits.get(model)
    value = traits.get(WINDOW) if isinstance(traits, dict) else None
    if isinstance(value, dict):
        if value.get("instead_of") != base:
            return None
        value = value.get("tokens")
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if base is None or value < base else None
