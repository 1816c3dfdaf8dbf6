"""A server that could not be asked at first contact is known as soon as it can be (FAULTS 67)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chatbot_app.application import Services, create_services
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.llm.keys import KeyPlace
from chatbot_app.llm.stream_events import StreamFinished, TextDelta
from tests.scripted_server import (
    DONE,
    MODELS,
    Answer,
    Request,
    ScriptedServer,
    chunk,
    dropped,
    event,
    html_answer,
    json_answer,
    models_answer,
)

SETTINGS = GenerationSettings(server_id="s", model="m")
WINDOW = models_answer([{"id": "m", "max_model_len": 8192}])
COUNTED = json_answer({"count": 3, "tokens": [1, 2, 3]})


@pytest.fixture
def services(data_dir: Path) -> Iterator[Services]:
    services = create_services(data_dir)
    yield services
    services.close()


async def look(services: Services, *, anew: bool = True) -> tuple[int | None, bool]:
    """Return the window, and whether the server counts."""
    connection = await services.gateway.open(SETTINGS, anew=anew)
    return connection.window, connection.server_counter is not None


def add(services: Services, server: ScriptedServer, kind: ServerKind = ServerKind.OTHER) -> None:
    services.servers.add(Server("s", "Scripted", server.base_url, kind))


@pytest.mark.parametrize(
    "down",
    [
        dropped(),
        json_answer({"error": "loading"}, 503),
        html_answer(502),
        json_answer({}, 401),
        json_answer({}, 429),
    ],
    ids=["dropped", "starting", "gateway", "key", "busy"],
)
def test_a_server_that_comes_up_is_known(services: Services, down: Answer) -> None:
    async def scenario(server: ScriptedServer) -> None:
        assert await look(services) == (None, False)
        server.set_answers(WINDOW, path=MODELS)
        server.set_answers(COUNTED, path="/tokenize")
        assert await look(services) == (8192, True)
        asked = len(server.requests)
        assert await look(services) == (8192, True)
        assert len(server.requests) == asked  # a success is remembered
        await services.gateway.close()

    with ScriptedServer(paths={MODELS: down, "/tokenize": down, "/props": down}) as server:
        add(services, server, ServerKind.VLLM)
        asyncio.run(scenario(server))


def test_a_corrected_key_and_another_address_begin_anew(services: Services) -> None:
    def guarded(answer: Answer) -> Callable[[Request], Answer]:
        def play(request: Request) -> Answer:
            right = request.headers.get("authorization") == "Bearer right"
            return answer if right else json_answer({"error": "key"}, 401)

        return play

    async def scenario(second: ScriptedServer) -> None:
        services.keys.set("s", "wrong", where=KeyPlace.SESSION)
        assert await look(services) == (None, False)
        services.keys.set("s", "right", where=KeyPlace.SESSION)
        assert await look(services, anew=False) == (8192, True)
        server = services.servers.find("s")
        assert server is not None
        services.servers.update(replace(server, base_url=second.base_url))
        assert await look(services, anew=False) == (4096, False)
        await services.gateway.close()

    paths = {MODELS: guarded(WINDOW), "/tokenize": guarded(COUNTED)}
    other = {MODELS: models_answer([{"id": "m", "max_model_len": 4096}])}
    with ScriptedServer(paths=paths) as first, ScriptedServer(paths=other) as second:
        add(services, first, ServerKind.VLLM)
        asyncio.run(scenario(second))


def test_what_was_learnt_does_not_follow_to_another_address(services: Services) -> None:
    services.servers.add(Server("s", "One", "http://one.example/v1"))
    services.servers.remember_trait("s", "m", "window", {"tokens": 512, "instead_of": None})
    server = services.servers.find("s")
    assert server is not None
    assert services.servers.update(replace(server, name="Renamed")).traits == server.traits
    assert services.servers.update(replace(server, base_url="http://two.example/v1")).traits == {}


def test_what_is_learnt_of_a_server_meanwhile_cuts_no_answer(services: Services) -> None:
    """Another conversation is asked, and the settings of the server have changed since."""
    rest = threading.Event()

    def packets() -> Iterator[bytes]:
        yield event(chunk("Once upon"))
        rest.wait(20)
        yield event(chunk(" a time", finish_reason="stop"))
        yield DONE

    async def scenario(server: ScriptedServer) -> None:
        connection = await services.gateway.open(SETTINGS)
        messages = [{"role": "user", "content": "Tell me a story"}]
        arrived = []
        async for found in connection.client.stream(messages, "m", {}):
            arrived.append(found)
            if found == TextDelta("Once upon"):
                services.servers.remember_trait("s", "m", "refused_parameters", {"top_k": None})
                other = await services.gateway.open(SETTINGS)
                assert other.client is not connection.client
                await other.client.list_models()
                rest.set()
        assert TextDelta(" a time") in arrived
        assert arrived[-1] == StreamFinished("stop")
        assert connection.client._http is None  # its connections are closed now that nothing needs them
        await services.gateway.close()

    answer = Answer(packets(), 200, {"Content-Type": "text/event-stream"})  # type: ignore[arg-type]
    with ScriptedServer(answer, paths={MODELS: WINDOW}) as server:
        add(services, server)
        asyncio.run(scenario(server))
        rest.set()


def test_a_request_on_a_replaced_client_closes_what_it_opened(services: Services) -> None:
    async def scenario() -> None:
        connection = await services.gateway.open(SETTINGS)
        services.servers.remember_trait("s", "m", "refused_parameters", {"top_k": None})
        await services.gateway.open(SETTINGS)
        assert await connection.client.list_models() == ["m"]  # it was planned with before
        assert connection.client._http is None
        await services.gateway.close()

    with ScriptedServer(paths={MODELS: WINDOW}) as server:
        add(services, server)
        asyncio.run(scenario())
