"""A server ready to answer with one of its models."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from chatbot_app.core.prompt_plan import TemplateCosts
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.core.sight import Eye, Sight
from chatbot_app.core.token_cache import TokenCache, count_cached
from chatbot_app.core.tokens import TiktokenCounter
from chatbot_app.llm.chat_client import ChatClient
from chatbot_app.llm.tokenize import ServerTokenCounter

PICTURE_TOKENS = "picture-tokens"  # Server.traits[model][…]: by how much it counts more than our estimate
LARGEST_FACTOR = 40.0  # of what a server says it counts a picture for; more is no picture


def picture_factor(server: Server, model: str) -> float:
    """Return by how much a server counts more for the pictures of a model than is estimated; 1 where that is not known."""
    traits = server.traits.get(model)
    factor = traits.get(PICTURE_TOKENS) if isinstance(traits, dict) else None
    is_usable = isinstance(factor, int | float) and 0 < factor <= LARGEST_FACTOR
    return float(factor) if is_usable and factor else 1.0


@dataclass(frozen=True, slots=True)
class Connection:
    """A server ready to answer with one of its models; `window` is in tokens, None where unknown."""

    server: Server
    model: str
    client: ChatClient
    window: int | None
    window_source: str
    server_counter: ServerTokenCounter | None = None
    token_cache: TokenCache | None = None
    instead_of: str = ""  # the model of this computer that was asked for, where it is gone
    ask_sight: Callable[[], Awaitable[Sight]] | None = field(default=None, compare=False, repr=False)

    async def count_texts(self, texts: Sequence[str], *, lasting: bool = False) -> list[int]:
        """Return the tokens of each text: as the server counts where it says so, else with tiktoken.

        Counts of `lasting` texts, a history's and not a draft's, are kept in the store.
        """
        if self.server_counter is not None:
            return await self.server_counter.count_texts(texts, lasting=lasting)
        counter = TiktokenCounter.for_model(self.model)
        if self.token_cache is None:
            return await asyncio.to_thread(counter.count_texts, texts)
        return await asyncio.to_thread(
            count_cached, counter.count_texts, self.token_cache, texts, lasting=lasting
        )

    async def eye(self) -> Eye:
        """Return how the model takes pictures; its server is asked at the first time."""
        sight = await self.ask_sight() if self.ask_sight is not None else Sight.UNKNOWN
        return Eye(sight, self.model, picture_factor(self.server, self.model))

    async def template_costs(self) -> TemplateCosts:
        """Return what the chat template adds."""
        if self.server_counter is not None:
            return await self.server_counter.template_costs()
        counter = TiktokenCounter.for_model(self.model)
        return TemplateCosts(
            counter.message_overhead,
            counter.reply_overhead,
            exact=counter.exact,
            free_order=self.server.kind is ServerKind.OPENAI,
        )
