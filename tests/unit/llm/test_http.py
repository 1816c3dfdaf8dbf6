"""Nothing of the environment reaches a server that was not meant."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from chatbot_app.core.errors import AppError, Offline, ProxyUnusable
from chatbot_app.core.servers import Server
from chatbot_app.llm.chat_client import ChatClient
from chatbot_app.llm.reach import is_loopback
from tests.scripted_server import ScriptedServer, sse_answer, with_headers

LEAK = "leak-me-0123456789"
QUESTION = [{"role": "user", "content": "Hello?"}]


async def ask(base_url: str, key: str | None) -> str:
    async def no_sleep(seconds: float) -> None:
        return

    client = ChatClient(Server("s", "Test server", base_url), key, sleep=no_sleep)
    try:
        await client.list_models()
        return await client.complete(QUESTION, "m", {})
    finally:
        await client.close()


@pytest.mark.parametrize("key", [None, "own-key"])
def test_openai_variables_reach_no_server(monkeypatch: pytest.MonkeyPatch, key: str | None) -> None:  # 17
    for name in (
        "OPENAI_API_KEY",
        "OPENAI_ADMIN_KEY",
        "OPENAI_ORG_ID",
        "OPENAI_PROJECT_ID",
        "OPENAI_WEBHOOK_SECRET",
        "AZURE_OPENAI_API_KEY",
        "AZURE_OPENAI_AD_TOKEN",
        "OPENAI_API_VERSION",
        "AWS_BEARER_TOKEN_BEDROCK",
    ):
        monkeypatch.setenv(name, LEAK)
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://{LEAK}.invalid/v1")
    monkeypatch.setenv(
        "OPENAI_CUSTOM_HEADERS", f"X-Secret: {LEAK}\nAuthorization: Bearer {LEAK}\nHost: {LEAK}"
    )
    with ScriptedServer(sse_answer(["ok"])) as scripted:
        assert asyncio.run(ask(scripted.base_url, key)) == "ok"
        assert LEAK.encode() not in scripted.received
        for request in scripted.requests:
            assert request.headers.get("authorization") == (f"Bearer {key}" if key else None)
            assert not [name for name in request.headers if name.startswith(("openai-", "x-secret"))]


@pytest.mark.parametrize("value", ["X-Name: Привет", "no colon", ":", "Content-Length: 0", "\x00: \x00"])
def test_garbage_in_custom_headers_does_no_harm(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    if "\x00" not in value:  # which no environment can hold
        monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", value)
    with ScriptedServer(sse_answer(["ok"])) as scripted:
        assert asyncio.run(ask(scripted.base_url, None)) == "ok"


PROXIES = [
    "http://127.0.0.1:9",
    "socks5://127.0.0.1:9",
    "::garbage::",
    "http://[",
    "ftp://x",
    "żółć://",
    "%%%",
]


@pytest.mark.parametrize("proxy", PROXIES)
def test_loopback_ignores_proxies(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:  # 16
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy)
    monkeypatch.setenv("NO_PROXY", "[garbage, *.x")
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such/file")
    with ScriptedServer(sse_answer(["ok"])) as scripted:
        assert asyncio.run(ask(scripted.base_url, None)) == "ok"
        assert asyncio.run(ask(scripted.base_url.replace("127.0.0.1", "localhost"), None)) == "ok"


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_useless_proxy_is_an_error_that_says_so(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(AppError) as raised:
        asyncio.run(ask("http://server.invalid/v1", None))
    assert isinstance(raised.value, ProxyUnusable | Offline)


def test_the_password_of_a_proxy_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "ftp://me:hunter2@proxy.invalid")
    with pytest.raises(ProxyUnusable) as raised:
        asyncio.run(ask("http://server.invalid/v1", None))
    assert "hunter2" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_another_server_goes_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    def play(**fields: Any) -> ScriptedServer:
        return ScriptedServer(
            paths={"http://server.invalid/v1/chat/completions": sse_answer(["ok"])}, **fields
        )

    with play() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")

        async def complete() -> str:
            client = ChatClient(Server("s", "Far", "http://server.invalid/v1"), None)
            try:
                return await client.complete(QUESTION, "m", {})
            finally:
                await client.close()

        assert asyncio.run(complete()) == "ok"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://localhost:1/v1", True),
        ("http://LOCALHOST./v1", True),
        ("http://a.localhost/v1", True),
        ("http://127.9.9.9/v1", True),
        ("http://[::1]:8/v1", True),
        ("http://[::ffff:127.0.0.1]/v1", True),
        ("http://0.0.0.0/v1", True),
        ("http://192.168.0.1/v1", False),
        ("https://localhost.example/v1", False),
        ("http://[/v1", False),
        ("", False),
    ],
)
def test_loopback(address: str, expected: bool) -> None:
    assert is_loopback(address) is expected


def test_the_transport_logs_nothing_below_warnings() -> None:
    with ScriptedServer(sse_answer(["ok"])) as scripted:
        asyncio.run(ask(scripted.base_url, None))
    assert not logging.getLogger("httpcore2").isEnabledFor(logging.INFO)


def test_cookies_are_not_kept() -> None:
    with ScriptedServer(with_headers(sse_answer(["ok"]), Set_Cookie="who=you; Path=/")) as scripted:

        async def ask_twice() -> None:
            client = ChatClient(Server("s", "Test server", scripted.base_url), None)
            for _ in range(2):
                await client.complete(QUESTION, "m", {})
            await client.close()

        asyncio.run(ask_twice())
        assert len(scripted.requests) == 2
        assert b"who=you" not in scripted.received
