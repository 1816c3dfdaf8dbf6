"""A planned prompt is what the server says it received, to the token."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from chatbot_app.chat.evidence import Sources
from chatbot_app.chat.turn_plan import TurnPrompt, plan_turn, prepare_turn
from chatbot_app.core.documents import Retrieval
from chatbot_app.core.generation import GenerationSettings, HistoryStrategy
from chatbot_app.core.messages import Message, MessageStatus, Role, Summary
from chatbot_app.core.prompt_plan import PartKind
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.llm.chat_client import ChatClient
from chatbot_app.llm.connection import Connection
from chatbot_app.llm.local.server import LocalEndpoint
from chatbot_app.llm.model_files import BUILT_IN_MODEL, find_model_file
from chatbot_app.llm.tokenize import ServerTokenCounter
from chatbot_app.memory.budget import Budget
from tests.light_model import light_endpoint

HISTORIES = 50  # of each seed: 200 together
ANSWERED_EVERY = 5

PIECES = [
    "Hello", " ", "\n", "\n\n", "  ", "the cat", "<|im_end|>", "<|im_start|>", "user\n", "42", "3.14", "é", "漢字",
    "😀", "def f(x):\n    return x", "\t", "'s", "…", "—", "{}", "ß", "\r\n", "\u200d", "**bold**", "# Title\n",
    "- item\n", "| a | b |\n", "```py\nx = 1\n```", "مرحبا", "мир", "\u0301", "[1]", "$x^2$",
]  # fmt: skip


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalEndpoint]:
    with light_endpoint(tmp_path_factory.mktemp("light")) as light:
        yield light


def text(chance: random.Random, most: int = 3) -> str:
    return "".join(chance.choices(PIECES, k=chance.randint(0, most)))


def random_prompt(chance: random.Random) -> tuple[TurnPrompt, Budget]:
    history: list[Message] = []
    for number in range(chance.randint(0, 3)):
        question = Message(f"q{number}", "c", None, 2 * number, Role.USER, text(chance))
        answer = Message(f"a{number}", "c", None, 2 * number + 1, Role.ASSISTANT, text(chance))
        history += [replace(question, pinned=chance.random() < 0.1), answer]
    summary = Summary("s", "c", history[1].id, text(chance) + "facts") if history else None
    settings = GenerationSettings(
        system_prompt=chance.choice(["", text(chance), "You are terse."]),
        history_strategy=chance.choice(list(HistoryStrategy)),
    )
    recalled = [message.id for message in history if message.role is Role.USER]
    sources = None
    if chance.random() < 0.5:
        passages = tuple(f"[{n + 1}] {text(chance, 2)}" for n in range(chance.randint(0, 3)))
        sources = Sources(Retrieval("", "", ()), (), passages)
    newest = Message("n", "c", None, 99, Role.USER, text(chance) + "?")
    window = chance.choice([50, 65, 80, 110, 2048])
    if settings.history_strategy in (HistoryStrategy.RECALL, HistoryStrategy.SUMMARISE):
        # Something long that has to leave, in a window whose share for what replaces it holds an exchange.
        window = 220
        history += [
            Message("long", "c", None, 90, Role.USER, "And?"),
            Message("told", "c", None, 91, Role.ASSISTANT, "word " * 200),
        ]
    return TurnPrompt(settings, history, newest, None, sources, summary, recalled), Budget(window, 0)


async def template_tokens(client: httpx2.AsyncClient, endpoint: LocalEndpoint, body: dict[str, Any]) -> int:
    """Return how many tokens the server makes of a request, without reading them with the model."""
    place = endpoint.base_url.removesuffix("/v1")
    prompt = (await client.post(f"{place}/apply-template", json=body)).json()["prompt"]
    asked = {"content": prompt, "add_special": True, "parse_special": True}
    return len((await client.post(f"{place}/tokenize", json=asked)).json()["tokens"])


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.xdist_group("e2e")
@pytest.mark.skipif(
    find_model_file(BUILT_IN_MODEL.name) is None,
    reason="needs the built-in model: run “chatbot-app models fetch”",
)
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_planned_and_received_are_equal_for_random_histories(endpoint: LocalEndpoint, seed: int) -> None:
    async def compare() -> set[PartKind]:
        server = Server("built-in", "Built-in", endpoint.base_url, ServerKind.BUILT_IN)
        counter = await ServerTokenCounter.probe(server, endpoint.api_key, endpoint.model)
        assert counter is not None
        connection = Connection(
            server, endpoint.model, ChatClient(server, endpoint.api_key), 2048, "server", counter
        )
        chance = random.Random(seed)
        kinds: set[PartKind] = set()
        async with httpx2.AsyncClient(
            limits=httpx2.Limits(max_keepalive_connections=0),
            base_url=endpoint.base_url,
            headers={"Authorization": f"Bearer {endpoint.api_key}"},
            trust_env=False,
            timeout=60,
        ) as client:
            for number in range(HISTORIES):
                prompt, budget = random_prompt(chance)
                plan = await plan_turn(prompt, connection, budget)
                kinds |= {part.kind for part in plan.parts if part.included}
                assert plan.exact
                body: dict[str, Any] = {"messages": plan.messages(), "max_tokens": 1}
                assert plan.tokens == await template_tokens(client, endpoint, body), body
                if number % ANSWERED_EVERY == 0:  # a request takes its time
                    answer = (await client.post("/chat/completions", json=body)).json()
                    assert plan.tokens == answer["usage"]["prompt_tokens"], body
        await counter.close()
        await connection.client.close()
        return kinds

    assert asyncio.run(compare()) == set(PartKind)


def connection_to(model: str, kind: ServerKind = ServerKind.OPENAI) -> Connection:
    server = Server("s", "Somewhere", "http://127.0.0.1:9/v1", kind, default_model=model)
    return Connection(server, model, ChatClient(server, "key"), 8192, "table")


def test_a_prepared_history_gives_the_same_plan_as_one_counted_anew() -> None:
    async def scenario() -> None:
        connection = connection_to("gpt-4o")
        history = [
            Message(f"m{n}", "c", None, n, (Role.USER, Role.ASSISTANT)[n % 2], f"text {n} " * 30)
            for n in range(40)
        ]
        prepared = await prepare_turn(history, connection)
        for strategy in HistoryStrategy:
            settings = GenerationSettings(history_strategy=strategy)
            summary = Summary("s", "c", "m7", "what was said")
            for typed in ("W", "Wh", "Why"):
                question = Message("", "c", None, 99, Role.USER, typed)
                prompt = TurnPrompt(settings, history, question, None, None, summary, ["m2", "m6"])
                anew = await plan_turn(prompt, connection, Budget(1500, 200))
                assert await plan_turn(prompt, connection, Budget(1500, 200), prepared) == anew
        await connection.client.close()

    asyncio.run(scenario())


def test_an_answer_that_is_continued_keeps_its_room() -> None:
    async def scenario() -> None:
        connection = connection_to("m", ServerKind.LLAMA_CPP)
        question = Message("q", "c", None, 1, Role.USER, "Count to ten.")
        so_far = Message("a", "c", "q", 2, Role.ASSISTANT, "one two three", MessageStatus.STREAMING)
        prompt = TurnPrompt(GenerationSettings(), [], question, so_far)
        plan = await plan_turn(prompt, connection, Budget(100, 20))
        assert [m["role"] for m in plan.messages()] == ["system", "user", "assistant"]
        assert plan.parts[-1].tokens == 3
        await connection.client.close()

    asyncio.run(scenario())
