"""The context window of each model: what the person said, the server says, a table says, or a refusal taught."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from chatbot_app.core.errors import StoreError
from chatbot_app.core.servers import Server
from chatbot_app.llm.learnt import Learnt
from chatbot_app.llm.window_questions import model_window
from chatbot_app.llm.window_table import ModelWindow, window_from_table

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
    """Knows the window of every model that was asked; what a server has said is not asked again in this run.

    A server that did not say it, or could not be asked, is asked again after a while: it may be down, have
    no model yet, or want another key. What is kept belongs to the address, the key and the model.

    In order: the person's word, the server's, the table's. A window that the server taught by refusing or
    cutting a prompt narrows whichever it was, until another one takes its place: who raises the context
    length there, or names another one here, starts afresh.
    """

    def __init__(
        self,
        remember_trait: RememberTrait,
        persons: PersonsWindows | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`remember_trait(server_id, model, name, value)`; without `persons` nobody's word is kept."""
        self._remember_trait = remember_trait
        self._persons = persons
        self._said: Learnt[ModelWindow] = Learnt(clock)

    async def find(self, server: Server, key: str | None, model: str) -> ModelWindow:
        """Return the window of a model; its source is "person", "table", what `ModelWindow` says or, unknown, "".

        `is_settled` is False where the server could not be asked.
        """
        base = await self._base(server, key, model)
        learnt = _learnt(server, model, base.tokens)
        return base if learnt is None else ModelWindow(learnt, "server", base.is_settled)

    def forget_tries(self) -> None:
        """Ask every server again that did not say its window."""
        self._said.forget_tries()

    def learn(self, server: Server, model: str, tokens: int, instead_of: int | None) -> None:
        """Keep the window that a server taught where `instead_of` (None: no window) was thought to be it."""
        self._said.forget_all(lambda place: place[0] == server.base_url and place[-1] == model)
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

    async def ask_again(self, server: Server, key: str | None, model: str) -> int | None:
        """Return what the server itself says now, in tokens; None where it says nothing."""
        found = await self._ask((server.base_url, key, server.kind, model), server, key, model)
        return found.tokens if found.is_said else None

    async def _base(self, server: Server, key: str | None, model: str) -> ModelWindow:
        word: int | None = None
        if self._persons is not None:  # a store: it is read off the loop
            word = await asyncio.to_thread(self._persons.get, server.id, model)
        if word is not None:
            return ModelWindow(word, "person")
        place = (server.base_url, key, server.kind, model)
        known = self._said.find(place)
        if known is not None:
            return known
        if not self._said.may_ask(place):
            return replace(window_from_table(model), is_settled=self._said.was_reached(place))
        return await self._ask(place, server, key, model)

    async def _ask(self, place: tuple[Any, ...], server: Server, key: str | None, model: str) -> ModelWindow:
        found = await model_window(server, key, model)
        if found.is_said:
            self._said.keep(place, found)
        else:
            self._said.missed(place, was_reached=found.is_settled)
        return found


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
