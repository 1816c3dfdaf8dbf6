"""Planning a long conversation: goal 300 ms for the first plan with cached counts, 5 ms while typing.

Messages of 400 tokens in the real store; counts come from a TokenCountStore that an earlier run filled, and
each first plan starts with a fresh connection, so that nothing is in memory. "typing" plans again with one
more character in the question.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from itertools import count
from pathlib import Path

from chatbot_app.chat.turn_plan import PreparedTurn, TurnPrompt, plan_turn, prepare_turn
from chatbot_app.core.generation import GenerationSettings, HistoryStrategy
from chatbot_app.core.messages import Message, MessageStatus, Role, Summary
from chatbot_app.core.paths import DataPaths
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.core.token_cache import TokenCache
from chatbot_app.core.tokens import TiktokenCounter
from chatbot_app.llm.chat_client import ChatClient
from chatbot_app.llm.connection import Connection
from chatbot_app.memory.budget import Budget
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database, utc_now
from chatbot_app.storage.token_counts import TokenCountStore

SIZES = (1250, 2500, 5000, 10_000)
TOKENS_PER_MESSAGE = 400
RUNS = 5
KEYSTROKES = 40
MODEL = "gpt-4o"
WORDS = "what the model sees is what its window holds and nothing of what came before it ".split()


def fill(store: ConversationStore, messages: int) -> str:
    """Store a conversation; return its id."""
    conversation = store.create_conversation(GenerationSettings())
    parent = None
    for number in range(messages // 2):
        words = [WORDS[(number + place) % len(WORDS)] for place in range(TOKENS_PER_MESSAGE - 4)]
        text = f"{number} " + " ".join(words)
        _, answer = store.begin_exchange(conversation.id, parent, text)
        store.finish_message(answer.id, status=MessageStatus.COMPLETE, text=f"a {text}", finish_reason="stop")
        parent = answer.id
    return conversation.id


async def measure_once(
    connection: Connection, history: list[Message]
) -> tuple[float, dict[HistoryStrategy, list[float]]]:
    """Return ms of the first plan, and of each plan while a question is typed, by strategy."""
    budget = Budget(128_000, 4096)

    async def plan(
        text: str, strategy: HistoryStrategy, prepared: PreparedTurn | None = None
    ) -> tuple[float, PromptPlan]:
        prompt = TurnPrompt(
            GenerationSettings(history_strategy=strategy),
            history,
            Message("", "c", None, 0, Role.USER, text),
            None,
            None,
            Summary("s", "c", history[len(history) // 4].id, "facts"),
            [history[0].id, history[2].id],
        )
        start = time.perf_counter()
        made = await plan_turn(prompt, connection, budget, prepared)
        return (time.perf_counter() - start) * 1000, made

    first, made = await plan("Why", HistoryStrategy.OLDEST_EXCHANGES)
    assert made.fits
    prepared = await prepare_turn(history, connection)
    typing: dict[HistoryStrategy, list[float]] = {}
    for strategy in HistoryStrategy:
        await plan("W", strategy, prepared)
        texts = ["Why" + "y" * keystroke for keystroke in range(KEYSTROKES)]
        typing[strategy] = [(await plan(text, strategy, prepared))[0] for text in texts]
    return first, typing


def measure(database: Database, store: ConversationStore, conversation_id: str) -> list[float]:
    """Return medians in ms: reading the history, first plan, typing, typing with the slowest strategy."""
    server = Server("s", "Server", "http://127.0.0.1:9/v1", ServerKind.OPENAI)
    TiktokenCounter.for_model(MODEL).count("the table is loaded when the window is idle")
    reads, firsts, typing, slowest = [], [], [], []
    for run in range(RUNS + 1):
        start = time.perf_counter()
        history = store.path(conversation_id, store.conversation(conversation_id).leaf_id)
        reads.append((time.perf_counter() - start) * 1000)
        cache = TokenCache("o200k_base", TokenCountStore(database))
        connection = Connection(server, MODEL, ChatClient(server, "key"), 128_000, "table", None, cache)
        first, typed = asyncio.run(measure_once(connection, history))
        if run:  # the first fills the store
            firsts.append(first)
        typing += typed[HistoryStrategy.OLDEST_EXCHANGES]
        slowest.append(max(statistics.median(times) for times in typed.values()))
    return [statistics.median(figures) for figures in (reads, firsts, typing, slowest)]


def main() -> None:
    """Print medians for conversations of growing length."""
    print(
        f"{'messages':>9} {'read, ms':>9} {'first plan':>11} {'growth':>7} {'typing':>7} {'slowest strategy':>17}"
    )
    before = None
    for size in SIZES:
        ids = count(1)
        with tempfile.TemporaryDirectory() as folder, Database(DataPaths(Path(folder))) as database:
            store = ConversationStore(database, now=utc_now, new_id=lambda: f"id-{next(ids)}")  # noqa: B023
            read, first, typing, slowest = measure(database, store, fill(store, size))
        growth = f"×{first / before:.1f}" if before else ""
        print(f"{size:>9} {read:>9.0f} {first:>11.0f} {growth:>7} {typing:>7.2f} {slowest:>17.2f}")
        before = first
    print("goals at 5,000 messages (2 million tokens): first plan under 300 ms, typing under 5 ms")


if __name__ == "__main__":
    main()
