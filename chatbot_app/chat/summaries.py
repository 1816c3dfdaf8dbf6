"""The running summary of a conversation: made in the background of what left the window."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from functools import partial

from chatbot_app.chat.events import BackgroundEvent, SummaryFailed, SummaryStarted, SummaryWritten
from chatbot_app.chat.evidence import without_added_markers
from chatbot_app.core.errors import AppError
from chatbot_app.core.messages import Message, Summary
from chatbot_app.core.ordered_calls import OrderedCalls
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.servers import is_shipped_model
from chatbot_app.llm.connection import Connection
from chatbot_app.llm.gateway import Gateway
from chatbot_app.memory.budget import make_budget
from chatbot_app.memory.exchanges import group_exchanges
from chatbot_app.memory.recall import exchange_text
from chatbot_app.memory.summary import SUMMARY_SHARE, dropped_uncovered, summary_text
from chatbot_app.memory.summary_writing import (
    cut_to,
    extract,
    is_extract,
    summary_request,
    usable_summary,
)
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.summaries import SummaryStore

logger = logging.getLogger(__name__)

LONGEST_SUMMARY = 1000  # tokens; beyond it a larger window does not make a better summary
WORDS_PER_TOKEN = 0.6  # of English, on the safe side
FRAME_TOKENS = 300  # of the request around what is summarised
EXTRACTED = "extract"  # stands in the place of the model that made a summary


class Summariser:
    """Writes summaries. It knows nothing of threads; cancelling the task ends a request at once."""

    def __init__(
        self, store: ConversationStore, summaries: SummaryStore, gateway: Gateway, calls: OrderedCalls
    ) -> None:
        """`calls` make all calls of the store."""
        self._calls = calls
        self._store = store
        self._summaries = summaries
        self._gateway = gateway

    async def update(
        self, conversation_id: str, history: Sequence[Message], plan: PromptPlan
    ) -> AsyncGenerator[BackgroundEvent, None]:
        """Summarise what `plan` left out of `history` and no summary covers; yields nothing where that is nothing.

        Where it fails, nothing is changed, and the last event says so.
        """
        branch = {message.id for message in history}
        previous = await self._calls.call(self._summaries.newest, conversation_id, branch)
        dropped = dropped_uncovered(plan, history, previous)
        if not dropped:
            return
        yield SummaryStarted(conversation_id)
        try:
            text, model = await self._write(conversation_id, previous, dropped)
            # What the person wrote or pinned goes on: it is merged, and its pin moves along.
            pinned = previous is not None and previous.pinned
            save = partial(self._summaries.save, model=model, pinned=pinned)
            saved = await self._calls.call(save, conversation_id, dropped[-1].id, text)
        except AppError as error:
            logger.warning("a summary could not be written: %s", type(error).__name__)
            yield SummaryFailed(conversation_id, error.notice())
            return
        yield SummaryWritten(conversation_id, saved)

    async def _write(
        self, conversation_id: str, previous: Summary | None, dropped: Sequence[Message]
    ) -> tuple[str, str]:
        """Return the text and what made it. Raises AppError."""
        settings = (await self._calls.call(self._store.conversation, conversation_id)).settings
        connection = await self._gateway.open(settings)
        budget = make_budget(connection.window, settings.max_tokens, connection.window_source)
        limit = min(int(budget.prompt_tokens * SUMMARY_SHARE), LONGEST_SUMMARY)
        heading = await _count(connection, summary_text(Summary("", "", "", "")))
        limit -= heading
        before = previous.text if previous is not None else ""
        if not is_shipped_model(connection.server) and not is_extract(before):
            written = await self._ask(connection, before, dropped, limit)
            if written is not None:
                return written, connection.model
        return await self._extract(connection, before, dropped, limit), EXTRACTED

    async def _ask(
        self, connection: Connection, before: str, dropped: Sequence[Message], limit: int
    ) -> str | None:
        """Return a summary written by the model in as many steps as its window asks for, None for no use."""
        window = make_budget(connection.window, limit, connection.window_source).window
        room = window - 2 * limit - FRAME_TOKENS
        texts = [
            exchange_text([_plain(message) for message in messages]) for messages in group_exchanges(dropped)
        ]
        counts = await connection.count_texts(texts, lasting=True)
        for batch in _batches(texts, counts, room):
            request = summary_request(before, "\n\n".join(batch), int(limit * WORDS_PER_TOKEN))
            reply = await connection.client.complete(
                [{"role": "user", "content": request}],
                connection.model,
                {"temperature": 0.0, "max_tokens": limit},
            )
            written = usable_summary(reply)
            if written is None:
                return None
            before = await _cut(connection, written, limit)
        return before or None

    async def _extract(
        self, connection: Connection, before: str, dropped: Sequence[Message], limit: int
    ) -> str:
        kept = before if is_extract(before) else ""
        given = "" if is_extract(before) else before  # a model's or the person's words stay above
        lines = [line for line in extract(kept, dropped, len, 10**9).splitlines() if line]
        texts = lines + [f"\n{line}" for line in lines]
        counts = dict(zip(texts, await connection.count_texts(texts), strict=True))
        used = await _count(connection, given) if given else 0
        text = extract(
            kept,
            dropped,
            lambda line: counts.get(line, len(line)),
            max(limit - used, 0),
        )
        return "\n\n".join(part for part in (given, text) if part) or "(Nothing that stands out was said.)"


def _plain(message: Message) -> Message:
    return replace(message, text=without_added_markers(message)) if message.metadata else message


async def _count(connection: Connection, text: str) -> int:
    return (await connection.count_texts([text]))[0]


async def _cut(connection: Connection, text: str, limit: int) -> str:
    if await _count(connection, text) <= limit:
        return text
    lines = text.splitlines()
    counts = dict(zip(lines, await connection.count_texts(lines), strict=True))
    return cut_to(text, lambda part: sum(counts[line] + 1 for line in part.splitlines()), limit)


def _batches(texts: Sequence[str], counts: Sequence[int], room: int) -> list[list[str]]:
    """Return the texts in groups of at most `room` tokens; one that is longer alone is cut at its end."""
    batches: list[list[str]] = [[]]
    left = room
    for text, tokens in zip(texts, counts, strict=True):
        if tokens > room > 0:
            text, tokens = text[: max(1, len(text) * room // tokens)], room
        if tokens > left and batches[-1]:
            batches.append([])
            left = room
        if text:
            batches[-1].append(text)
            left -= tokens
    return [batch for batch in batches if batch]
