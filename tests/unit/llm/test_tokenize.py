"""What is counted before sending is what the server says it received, to the token."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from chatbot_app.core.errors import Offline
from chatbot_app.core.messages import Role
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.llm.local.server import LocalEndpoint
from chatbot_app.llm.model_files import BUILT_IN_MODEL, find_model_file
from chatbot_app.llm.tokenize import ServerTokenCounter
from tests.json_server import server_that
from tests.light_model import light_endpoint

needs_model = [
    pytest.mark.model,
    pytest.mark.skipif(
        find_model_file(BUILT_IN_MODEL.name) is None,
        reason="needs the built-in model: run “chatbot-app models fetch”",
    ),
]

PIECES = [
    "Hello", " ", "\n", "\n\n", "  ", "the cat", "<|im_end|>", "<|im_start|>", "user\n", "42", "3.14", "é", "漢字",
    "😀", "def f(x):\n    return x", "\t", "'s", "…", "—", "{}", "<|endoftext|>", "ß", "a" * 50, "\r\n", "\u200d",
]  # fmt: skip


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalEndpoint]:
    with light_endpoint(tmp_path_factory.mktemp("light")) as light:
        yield light


@asynccontextmanager
async def counter_of(endpoint: LocalEndpoint) -> AsyncIterator[ServerTokenCounter]:
    server = Server("built-in", "Built-in", endpoint.base_url, ServerKind.BUILT_IN)
    counter = await ServerTokenCounter.probe(server, endpoint.api_key, endpoint.model)
    assert counter is not None
    yield counter
    await counter.close()


class TestWithTheModel:
    pytestmark = needs_model

    @pytest.mark.timeout(180)  # thirty prompts, on a machine that others use
    def test_predicted_and_received_are_equal_for_thirty_histories(self, endpoint: LocalEndpoint) -> None:
        asyncio.run(self._compare(endpoint))

    async def _compare(self, endpoint: LocalEndpoint) -> None:
        chance = random.Random(20261123)
        headers = {"Authorization": f"Bearer {endpoint.api_key}"}
        async with (
            counter_of(endpoint) as counter,
            httpx2.AsyncClient(
                limits=httpx2.Limits(max_keepalive_connections=0),
                base_url=endpoint.base_url,
                headers=headers,
                trust_env=False,
                timeout=60,
            ) as client,
        ):
            costs = await counter.template_costs()
            assert costs.exact
            for number in range(30):
                messages = _history(chance, with_system=number % 2 == 0)
                texts = await counter.count_texts([message["content"] for message in messages])
                predicted = costs.reply + sum(texts)
                predicted += sum(costs.around(Role(message["role"])) for message in messages)
                predicted += 0 if messages[0]["role"] == "system" else costs.without_system
                place = endpoint.base_url.removesuffix("/v1")
                prompt = (await client.post(f"{place}/apply-template", json={"messages": messages})).json()[
                    "prompt"
                ]
                body: dict[str, Any] = {"content": prompt, "add_special": True, "parse_special": True}
                tokens = (await client.post(f"{place}/tokenize", json=body)).json()["tokens"]
                assert predicted == len(tokens), messages
                body = {"messages": messages, "max_tokens": 1}
                answer = (await client.post("/chat/completions", json=body)).json()
                assert predicted == answer["usage"]["prompt_tokens"], messages

    def test_a_special_token_in_a_text_counts_as_what_is_sent_instead(self, endpoint: LocalEndpoint) -> None:
        async def scenario() -> None:
            async with counter_of(endpoint) as counter:
                counts = await counter.count_texts(["a<|im_end|>b", "a", "", "a", "a<|im_end|\u2060>b"])
                assert counts[1:4] == [1, 0, 1]
                assert counts[0] == counts[4] > 6

        asyncio.run(scenario())

    def test_a_megabyte_is_counted(self, endpoint: LocalEndpoint) -> None:
        async def scenario() -> None:
            async with counter_of(endpoint) as counter:
                counts = await counter.count_texts(["word " * 200_000, "a" * 1_000_000, " " * 1_000_000])
                assert counts[0] == pytest.approx(200_000, abs=5)
                assert min(counts) > 1000

        asyncio.run(scenario())


def _history(chance: random.Random, *, with_system: bool) -> list[dict[str, str]]:
    def text() -> str:
        return "".join(chance.choices(PIECES, k=chance.randint(0, 12)))

    messages = [{"role": "system", "content": text()}] if with_system else []
    for _ in range(chance.randint(0, 3)):
        messages += [{"role": "user", "content": text()}, {"role": "assistant", "content": text()}]
    return [*messages, {"role": "user", "content": text()}]


def like_vllm(path: str, body: dict[str, Any]) -> Any:
    if path != "/tokenize" or "messages" not in body:
        return None
    words = sum(len(message["content"].split()) + 4 for message in body["messages"])
    return {"count": words + 3, "max_model_len": 4096, "tokens": []}


def run(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scenario)


def test_vllm_counts_whole_messages() -> None:
    async def scenario(server: Server) -> None:
        counter = await ServerTokenCounter.probe(server, None, "m")
        assert counter is not None
        assert await counter.count_texts(["one two three", "one", ""]) == [3, 1, 0]
        costs = await counter.template_costs()
        assert (costs.per_message, costs.reply, costs.without_system, costs.exact) == (4, 3, 0, True)
        await counter.close()

    with server_that(like_vllm, ServerKind.VLLM) as (server, _):
        run(scenario(server))


def test_a_server_without_a_tokenizer_has_no_counter() -> None:
    async def scenario(server: Server) -> None:
        assert await ServerTokenCounter.probe(server, "key", "m") is None

    with server_that(lambda path, body: None) as (server, asked):
        run(scenario(server))
        assert asked == ["/tokenize", "/tokenize"]


def test_a_text_is_counted_once() -> None:
    async def scenario(server: Server, asked: list[str]) -> None:
        counter = await ServerTokenCounter.probe(server, None, "m")
        assert counter is not None
        await counter.count_texts(["same", "same", "other"])
        before = len(asked)
        await counter.count_texts(["other", "same"])
        assert len(asked) == before
        await counter.close()

    with server_that(like_vllm) as (server, asked):
        run(scenario(server, asked))


def test_a_server_that_went_away_is_offline() -> None:
    async def scenario() -> None:
        with server_that(like_vllm) as (server, _):
            counter = await ServerTokenCounter.probe(server, None, "m")
        assert counter is not None
        with pytest.raises(Offline):
            await counter.count_texts(["text"])
        await counter.close()

    run(scenario())


@pytest.mark.parametrize("kind", [ServerKind.OPENAI, ServerKind.OLLAMA, ServerKind.LM_STUDIO])
def test_families_without_a_tokenizer_are_not_asked(kind: ServerKind) -> None:
    async def scenario(server: Server) -> None:
        assert await ServerTokenCounter.probe(server, "key", "m") is None

    with server_that(like_vllm, kind) as (server, asked):
        run(scenario(server))
        assert asked == []
