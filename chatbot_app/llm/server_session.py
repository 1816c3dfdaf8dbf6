"""One server, spoken to with one key: its client, who counts tokens there, and what it told of its models."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from chatbot_app.core.errors import Offline
from chatbot_app.core.servers import Server, is_shipped_model
from chatbot_app.core.sight import Sight
from chatbot_app.core.token_cache import CountStore
from chatbot_app.llm.chat_client import ChatClient
from chatbot_app.llm.learnt import Learnt
from chatbot_app.llm.sight_questions import model_sight
from chatbot_app.llm.sight_table import sight_from_table
from chatbot_app.llm.tokenize import ServerTokenCounter
from chatbot_app.llm.window_questions import model_window
from chatbot_app.llm.window_table import ModelWindow, window_from_table


class ServerSession:
    """Owns what belongs to an address and a key, for one asyncio loop; another one takes its place when either changes.

    Only what the server said is kept, by model. What it did not say, or could not be asked, is asked again after a
    while (`Learnt`): it may be down, have no model yet, or want another key.
    """

    def __init__(
        self,
        server: Server,
        key: str | None,
        counts: CountStore | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`counts` keeps the token counts of texts. Nothing is asked or opened yet."""
        self.client = ChatClient(server, key)
        self._key = key
        self._counts = counts
        self._counters: Learnt[ServerTokenCounter] = Learnt(clock)
        self._windows: Learnt[ModelWindow] = Learnt(clock)
        self._sights: Learnt[Sight] = Learnt(clock)
        self._is_retired = False

    @property
    def server(self) -> Server:
        """The server as it was described last."""
        return self.client.server

    def serves(self, server: Server, key: str | None) -> bool:
        """Whether this is the session for `server` and `key`; its name and its models' traits do not matter."""
        known = self.server
        mine = (known.base_url, known.kind, self._key)
        return mine == (server.base_url, server.kind, key)

    def describe(self, server: Server) -> None:
        """Take over what became known of the same server: its name, its models' traits."""
        self.client.server = server

    async def counter(self, model: str) -> ServerTokenCounter | None:
        """Return who counts the tokens of `model`, None where the server does not, or could not be asked."""
        known = self._counters.find(model)
        if known is not None or not self._counters.may_ask(model):
            return known
        try:
            counter = await ServerTokenCounter.probe(self.server, self._key, model, self._counts)
        except Offline:
            self._counters.missed(model, was_reached=False)
            return None
        if counter is None:
            self._counters.missed(model, was_reached=True)
            return None
        known = self._counters.find(model)  # two asked at once
        if known is not None:
            await counter.close()
            return known
        self._counters.keep(model, counter)
        if self._is_retired:  # while it was asked
            await counter.retire()
        return counter

    async def window(self, model: str) -> ModelWindow:
        """Return the window of `model` as the server says it, else as the table does; `is_settled` False where the
        server could not be asked."""
        known = self._windows.find(model)
        if known is not None:
            return known
        if not self._windows.may_ask(model):
            return replace(window_from_table(model), is_settled=self._windows.was_reached(model))
        return await self.ask_window(model)

    async def ask_window(self, model: str) -> ModelWindow:
        """Return the same, asked anew."""
        found = await model_window(self.server, self._key, model)
        if found.is_said:
            self._windows.keep(model, found)
        else:
            self._windows.missed(model, was_reached=found.is_settled)
        return found

    async def sight(self, model: str) -> Sight:
        """Return whether `model` sees pictures as the server says it, else as the table does."""
        if is_shipped_model(self.server):
            return Sight.BLIND
        known = self._sights.find(model)
        if known is not None:
            return known
        if not self._sights.may_ask(model):
            return sight_from_table(model)
        said = await model_sight(self.server, self._key, model)
        if said.is_said:
            self._sights.keep(model, said.sight)
        else:
            self._sights.missed(model, was_reached=said.was_reached)
        return said.sight

    def forget_window(self, model: str) -> None:
        """Ask again at the next occasion, whatever the server said before."""
        self._windows.forget(model)

    def forget_tries(self) -> None:
        """Ask again at the next occasion for whatever the server did not say."""
        self._counters.forget_tries()
        self._windows.forget_tries()
        self._sights.forget_tries()

    async def retire(self) -> None:
        """Close all connections once nothing is under way on them: another session takes this one's place."""
        self._is_retired = True
        await self.client.retire()
        for counter in self._counters.values():
            await counter.retire()

    async def close(self) -> None:
        """Close all connections now."""
        await self.client.close()
        for counter in self._counters.values():
            await counter.close()
