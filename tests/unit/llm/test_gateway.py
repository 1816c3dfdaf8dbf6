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
from chatbot_app.core.local_models import LocalModel
from chatbot_app.core.servers import BUILT_IN_SERVER_ID, Server, ServerKind, is_shipped_model
from chatbot_app.llm.found_servers import UsualPort
from chatbot_app.llm.keys import KeyPlace
from chatbot_app.llm.local.examine import examine
from chatbot_app.llm.local.server_child import LocalEndpoint
from chatbot_app.llm.stream_events import StreamFinished, TextDelta, UsageReported
from tests.random_gguf import write_random
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
    sse_answer,
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


def test_servers_that_are_known_and_the_models_own_child_are_not_looked_for(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedServer() as known, ScriptedServer() as child, ScriptedServer(models=["m"]) as new:
        add(services, known)

        async def endpoint(model: LocalModel) -> LocalEndpoint:
            return LocalEndpoint(child.base_url, "secret", model.name, 2048)

        monkeypatch.setattr(services.engines, "endpoint", endpoint)
        asyncio.run(services.gateway.open(GenerationSettings(server_id=BUILT_IN_SERVER_ID)))
        asked = len(child.requests)
        services.usual_ports = [UsualPort("", server.port) for server in (known, child, new)]
        services.finding_seconds = 20  # what is tested is who is asked, not how soon
        found = asyncio.run(services.find_servers())
        assert [one.base_url for one in found] == [new.base_url]
        assert known.requests == []
        assert len(child.requests) == asked


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


@pytest.mark.parametrize("key_changes", [False, True])
def test_what_changes_of_a_server_meanwhile_cuts_no_answer(services: Services, key_changes: bool) -> None:
    """Another conversation is asked, and the server's key or what is known of it have changed since."""
    rest = threading.Event()

    def packets() -> Iterator[bytes]:
        yield event(chunk("Once upon"))
        rest.wait(60)
        yield event(chunk(" a time", finish_reason="stop"))
        yield DONE

    async def scenario(server: ScriptedServer) -> None:
        connection = await services.gateway.open(SETTINGS)
        messages = [{"role": "user", "content": "Tell me a story"}]
        arrived = []
        async for found in connection.client.stream(messages, "m", {}):
            arrived.append(found)
            if found == TextDelta("Once upon"):
                if key_changes:
                    services.keys.set("s", "another", where=KeyPlace.SESSION)
                else:
                    services.servers.remember_trait("s", "m", "refused_parameters", {"top_k": None})
                other = await services.gateway.open(SETTINGS)
                assert (other.client is connection.client) is not key_changes
                assert not services.gateway.holds(connection)
                assert services.gateway.holds(other)
                await other.client.list_models()
                rest.set()
        assert TextDelta(" a time") in arrived
        assert arrived[-1] == StreamFinished("stop")
        # Connections of another key are closed now that nothing needs them.
        assert connection.client.is_connected is not key_changes
        await services.gateway.close()
        assert not connection.client.is_connected

    answer = Answer(packets(), 200, {"Content-Type": "text/event-stream"})  # type: ignore[arg-type]
    with ScriptedServer(answer, paths={MODELS: WINDOW}) as server:
        add(services, server)
        asyncio.run(scenario(server))
        rest.set()


def test_what_a_model_refuses_is_left_out_from_the_next_request_on(services: Services) -> None:
    async def scenario(server: ScriptedServer) -> None:
        connection = await services.gateway.open(SETTINGS)
        services.gateway.remember_refusal(connection, "top_k", None)
        again = await services.gateway.open(SETTINGS)
        assert again.client is connection.client
        await again.client.complete([{"role": "user", "content": "Hello?"}], "m", {"top_k": 3, "seed": 1})
        sent = server.chat_requests[0].json
        assert sent["seed"] == 1
        assert "top_k" not in sent
        await services.gateway.close()

    with ScriptedServer(sse_answer(["ok"]), paths={MODELS: WINDOW}) as server:
        add(services, server)
        asyncio.run(scenario(server))


def test_a_request_on_a_replaced_client_closes_what_it_opened(services: Services) -> None:
    async def scenario() -> None:
        connection = await services.gateway.open(SETTINGS)
        services.keys.set("s", "another", where=KeyPlace.SESSION)
        await services.gateway.open(SETTINGS)
        assert await connection.client.list_models() == ["m"]  # it was planned with before
        assert not connection.client.is_connected
        await services.gateway.close()

    with ScriptedServer(paths={MODELS: WINDOW}) as server:
        add(services, server)
        asyncio.run(scenario())


def test_whoever_counts_with_a_key_that_was_replaced_still_can(services: Services) -> None:
    """A prompt that is planned when the key changes is planned to its end."""

    async def scenario(server: ScriptedServer) -> None:
        connection = await services.gateway.open(SETTINGS)
        services.keys.set("s", "another", where=KeyPlace.SESSION)
        other = await services.gateway.open(SETTINGS)
        assert other.server_counter is not connection.server_counter
        assert await connection.count_texts(["one", "two"]) == [
            0,
            0,
        ]  # every prompt has 3 there, also the empty one
        keys = {request.headers.get("authorization") for request in server.requests[-2:]}
        assert keys == {None}
        await services.gateway.close()

    with ScriptedServer(paths={MODELS: WINDOW, "/tokenize": COUNTED}) as server:
        add(services, server, ServerKind.VLLM)
        asyncio.run(scenario(server))


class TestModelsOfThisComputer:
    @pytest.fixture
    def own(self, services: Services, tmp_path: Path) -> LocalModel:
        [path] = write_random(tmp_path / "Tiny.gguf", context_length=1024)
        return services.models.add(path, examine(path).facts)

    def test_a_conversation_names_the_model_that_answers(self, services: Services, own: LocalModel) -> None:
        here = GenerationSettings(server_id=BUILT_IN_SERVER_ID)
        named = replace(here, model="Tiny")
        gateway = services.gateway
        assert gateway.names(here) == (BUILT_IN_SERVER_ID, "SmolLM2-135M-Instruct")
        assert gateway.names(named) == (BUILT_IN_SERVER_ID, "Tiny")
        assert (gateway.ships(here), gateway.is_small(here)) == (True, True)
        assert (gateway.ships(named), gateway.is_small(named)) == (False, False)
        assert gateway.names(replace(here, model="gone")) == gateway.names(here)
        services.models.set_default(own.id)
        assert gateway.names(here) == gateway.names(named)
        assert asyncio.run(gateway.list_models(BUILT_IN_SERVER_ID)) == ["SmolLM2-135M-Instruct", "Tiny"]
        renamed = services.models.rename(own.id, "Mine")
        assert gateway.names(named) == (BUILT_IN_SERVER_ID, renamed.name)

    def test_it_answers_under_its_name_and_its_speed_is_kept(
        self, services: Services, own: LocalModel
    ) -> None:
        async def scenario() -> None:
            gateway = services.gateway
            connection = await gateway.open(GenerationSettings(server_id=BUILT_IN_SERVER_ID, model="Tiny"))
            assert (connection.model, connection.window, connection.window_source) == (
                "Tiny",
                1024,
                "trained",
            )
            assert not is_shipped_model(connection.server)
            assert gateway.holds(connection)
            said = [
                event
                async for event in connection.client.stream(
                    [{"role": "user", "content": "hello"}], connection.model, {"max_tokens": 40, "seed": 1}
                )
            ]
            [counted] = [event for event in said if isinstance(event, UsageReported)]
            gateway.note_speed(connection, counted.timings)
            gateway.note_speed(
                connection, {"predicted_per_second": 5.0, "predicted_n": 2}
            )  # too short to tell
            gateway.note_speed(connection, {"predicted_per_second": "x", "predicted_n": None})
            gateway.note_speed(connection, None)
            assert counted.timings is not None
            found = services.models.find(own.id)
            assert found is not None
            assert found.tokens_per_second == counted.timings["predicted_per_second"] != 5.0
            assert services.engines.running() == {own.id}
            await gateway.close()

        asyncio.run(scenario())
