"""A request that is cancelled at any moment leaves no connection open once its session is closed."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.llm.connection_report import test_connection as ask_for_report
from chatbot_app.llm.found_servers import UsualPort, find_servers
from chatbot_app.llm.loaded_models import loaded_models
from chatbot_app.llm.raw_requests import RawRequests
from chatbot_app.llm.server_session import ServerSession
from tests.json_server import server_that

MOST_STEPS = 400  # far more than any of these takes
STEPS_AT_ONCE = 12  # before the server's thread is given time to answer

_WAYS: dict[str, Callable[[ServerSession], Awaitable[Any]]] = {
    "tokens": lambda session: session.counter("m"),
    "window": lambda session: session.window("m"),
    "sight": lambda session: session.sight("m"),
    "models": lambda session: session.client.list_models(),
    "loaded models": lambda session: loaded_models(replace(session.server, kind=ServerKind.LM_STUDIO), None),
    "report": lambda session: ask_for_report(session.server, None),
    "servers of this computer": lambda session: find_servers([_port_of(session.server)]),
    "text": lambda session: _complete(session.server),
}


def _port_of(server: Server) -> UsualPort:
    return UsualPort("S", int(server.base_url.rpartition(":")[2].removesuffix("/v1")))


async def _complete(server: Server) -> str:
    async with RawRequests(server, None, "m") as requests:
        return await requests.first_token({"prompt": "Once"})


def say_little(path: str, body: dict[str, Any]) -> Any:
    return {"count": 3} if "messages" in body else {}


async def _step(steps: int) -> None:
    await asyncio.sleep(0 if steps < STEPS_AT_ONCE else 0.001)


async def cancel_after(steps: int, server: Server, way: Callable[[ServerSession], Awaitable[Any]]) -> bool:
    """Return whether it had ended before."""
    session = ServerSession(server, None)
    task = asyncio.ensure_future(way(session))
    for step in range(steps):
        await _step(step)
    had_ended = task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await session.close()
    return had_ended


@pytest.mark.parametrize("way", _WAYS)
def test_a_request_cancelled_at_any_moment_leaves_no_connection_open(way: str) -> None:
    had_ended = []
    with warnings.catch_warnings(record=True) as caught, server_that(say_little) as (server, _):
        warnings.simplefilter("always")
        for steps in range(MOST_STEPS):
            had_ended.append(asyncio.run(cancel_after(steps, server, _WAYS[way])))
            if had_ended[-1]:
                break
        gc.collect()  # a connection that nobody closed says so when it goes
    assert had_ended[-1]
    assert len(had_ended) > STEPS_AT_ONCE
    assert [str(one.message) for one in caught if issubclass(one.category, ResourceWarning)] == []


def test_a_session_that_is_retired_while_its_tokenizer_is_asked_closes_it_too() -> None:
    async def scenario(server: Server) -> None:
        session = ServerSession(server, None)
        asking = asyncio.ensure_future(session.counter("m"))
        await asyncio.sleep(0)
        await session.retire()
        assert await asking is not None

    with warnings.catch_warnings(record=True) as caught, server_that(say_little) as (server, _):
        warnings.simplefilter("always")
        asyncio.run(scenario(server))
        gc.collect()
    assert [str(one.message) for one in caught if issubclass(one.category, ResourceWarning)] == []


def test_what_is_counted_after_a_session_was_retired_leaves_nothing_open() -> None:
    async def scenario(server: Server) -> None:
        session = ServerSession(server, None)
        await session.retire()
        counter = await session.counter("m")
        assert counter is not None
        assert await counter.count_texts(["one"]) == [0]

    with warnings.catch_warnings(record=True) as caught, server_that(say_little) as (server, _):
        warnings.simplefilter("always")
        asyncio.run(scenario(server))
        gc.collect()
    assert [str(one.message) for one in caught if issubclass(one.category, ResourceWarning)] == []
