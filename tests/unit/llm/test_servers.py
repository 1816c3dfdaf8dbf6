"""Addresses and keys as people type them, and servers that are there or not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core import errors
from chatbot_app.core.servers import SERVER_TEMPLATES, Server, ServerKind
from chatbot_app.llm import connection_report, servers
from tests.scripted_server import ScriptedServer, html_answer, json_answer, models_answer, no_answer


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("localhost:1234", "http://localhost:1234/v1"),
        ("  http://localhost:1234  \n", "http://localhost:1234/v1"),
        ("\u200bhttp://localhost:1234/v1\u200b", "http://localhost:1234/v1"),
        ('"http://localhost:1234/v1"', "http://localhost:1234/v1"),
        ("http://localhost:1234/v1/", "http://localhost:1234/v1"),
        ("http://localhost:1234/v1/chat/completions", "http://localhost:1234/v1"),
        ("http://localhost:1234//v1//chat/completions/", "http://localhost:1234/v1"),
        ("localhost:1234/v1/models", "http://localhost:1234/v1"),
        ("http://localhost:8000/chat/completions", "http://localhost:8000/v1"),
        ("localhost", "http://localhost/v1"),
        ("HTTP://LocalHost:80", "http://localhost:80/v1"),
        ("http:/localhost:1234", "http://localhost:1234/v1"),
        ("http//localhost:1234", "http://localhost:1234/v1"),
        ("http:localhost:1234", "http://localhost:1234/v1"),
        ("//localhost:1234", "http://localhost:1234/v1"),
        ("192.168.1.5:8080", "http://192.168.1.5:8080/v1"),
        ("0.0.0.0:11434", "http://127.0.0.1:11434/v1"),
        ("[::1]:8080", "http://[::1]:8080/v1"),
        ("::1", "http://[::1]/v1"),
        ("http://[::1]/v1", "http://[::1]/v1"),
        ("box.local:8000", "http://box.local:8000/v1"),
        ("api.openai.com", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1/responses", "https://api.openai.com/v1"),
        ("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1"),
        ("https://example.com/openai/v1beta", "https://example.com/openai/v1beta"),
        ("http://localhost:11434/api/chat", "http://localhost:11434/v1"),
        ("http://localhost:1234/api/v0", "http://localhost:1234/v1"),
        ("http://bücher.example:8000", "http://bücher.example:8000/v1"),
    ],
)
def test_addresses_are_repaired(typed: str, expected: str) -> None:  # 19
    assert servers.normalise_base_url(typed) == expected
    assert servers.normalise_base_url(expected) == expected


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("http://local host:1234", "space"),
        ("http://localhost:1234\n/v1", "space"),
        ("ftp://localhost", "ftp"),
        ("file:///etc/passwd", "file"),
        ("http://", "name of the server"),
        ("http://:8080", "name of the server"),
        ("http://localhost:99999", "port"),
        ("http://localhost:port", "port"),
        ("http://localhost:0", "port"),
        ("http://[::1", "no address"),
        ("http://me:secret@localhost", "key has a field"),
        ("http://localhost/v1?key=secret", "leave out"),
        ("http://localhost/v1#top", "leave out"),
        ("http://local<host>", "characters"),
    ],
)
def test_addresses_that_cannot_be_used_say_why(typed: str, hint: str) -> None:
    with pytest.raises(errors.AddressInvalid) as raised:
        servers.normalise_base_url(typed)
    assert hint in raised.value.summary
    assert "secret" not in raised.value.summary


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_an_error(text: str) -> None:
    try:
        address = servers.normalise_base_url(text)
    except errors.AddressInvalid:
        return
    assert address.startswith(("http://", "https://"))
    assert not address.endswith("/")


def test_templates_are_addresses_already() -> None:
    for template in SERVER_TEMPLATES:
        assert servers.normalise_base_url(template.base_url) == template.base_url


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  sk-abc\n", "sk-abc"),
        ("Bearer sk-abc", "sk-abc"),
        ('"sk-abc"', "sk-abc"),
        ("", ""),
        ("\ufeffk", "k"),
    ],
)
def test_keys_are_repaired(typed: str, expected: str) -> None:
    assert servers.check_key(typed) == expected


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("sk-ab\ncd", "line break"),
        ("sk-ab cd", "space"),
        ("sk-аbcd", "cyrillic small letter a"),
        ("sk-ключ", "cyrillic"),
        ("sk-é", "latin small letter e with acute"),
        ("sk-\x01x", "invisible"),
        ("sk-…", "ellipsis"),
    ],
)
def test_keys_that_cannot_be_sent_say_why(typed: str, hint: str) -> None:
    with pytest.raises(errors.KeyInvalid) as raised:
        servers.check_key(typed)
    assert hint in raised.value.summary
    assert typed not in str(raised.value)


# --- Test connection ----------------------------------------------------------------------------------


def report_of(scripted: ScriptedServer, key: str | None = None) -> connection_report.ConnectionReport:
    server = Server("s", "Test server", scripted.base_url)
    return asyncio.run(connection_report.test_connection(server, key))


def test_a_server_that_answers() -> None:
    with ScriptedServer(paths={"/v1/models": models_answer(["a", "b"], owned_by="vllm")}) as scripted:
        report = report_of(scripted, "key")
        assert [request.path for request in scripted.requests] == ["/v1/models"]
    assert report.reachable
    assert report.error is None
    assert [model.id for model in report.models] == ["a", "b"]
    assert report.kind is ServerKind.VLLM
    assert "2 models" in report.sentence
    assert report.latency_seconds is not None


def test_a_server_without_models() -> None:
    with ScriptedServer(models=[]) as scripted:
        assert "no model" in report_of(scripted).sentence


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (html_answer(), errors.NotAModelServer),
        (json_answer({"error": {"message": "no"}}, 401), errors.KeyMissing),
        (json_answer({"detail": "Not Found"}, 404), errors.AppError),
    ],
)
def test_a_server_that_is_none(answer: object, kind: type[errors.AppError]) -> None:
    with ScriptedServer(paths={"/v1/models": answer}) as scripted:  # type: ignore[dict-item]
        report = report_of(scripted)
    assert not report.reachable
    assert isinstance(report.error, kind)
    assert report.sentence == str(report.error)


def test_nobody_there() -> None:
    with ScriptedServer() as scripted:
        pass
    report = report_of(scripted)
    assert isinstance(report.error, errors.Offline)


def test_bad_key_and_address_are_in_the_report() -> None:
    bad_key = asyncio.run(connection_report.test_connection(Server("s", "S", "http://localhost:9/v1"), "к"))
    assert isinstance(bad_key.error, errors.KeyInvalid)
    no_address = asyncio.run(connection_report.test_connection(Server("s", "S", ""), None))
    assert isinstance(no_address.error, errors.AddressInvalid)


def test_testing_can_be_cancelled() -> None:
    async def cancel(scripted: ScriptedServer) -> None:
        server = Server("s", "S", scripted.base_url)
        task = asyncio.create_task(connection_report.test_connection(server, None))
        await asyncio.to_thread(scripted.wait_for_requests, 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with ScriptedServer(paths={"/v1/models": no_answer()}) as scripted:
        asyncio.run(cancel(scripted))
        assert scripted.client_left.wait(60)


# --- the environment -----------------------------------------------------------------------------------


def test_nothing_in_the_environment(tmp_path: Path) -> None:
    assert servers.servers_from_environment({}, None) is None
    assert servers.servers_from_environment({"OPENAI_API_KEY": " "}, tmp_path / ".env") is None
    assert servers.servers_from_environment({}, tmp_path) is None


def test_a_key_means_openai() -> None:
    found = servers.servers_from_environment({"OPENAI_API_KEY": "sk-a"}, None)
    assert found is not None
    server, key = found
    assert (server.name, server.base_url, server.kind) == (
        "OpenAI",
        servers.OPENAI_ADDRESS,
        ServerKind.OPENAI,
    )
    assert key == "sk-a"
    assert server.has_key
    assert "sk-a" not in repr(server)


def test_an_address_without_a_key() -> None:
    found = servers.servers_from_environment({"OPENAI_BASE_URL": "localhost:11434"}, None)
    assert found is not None
    assert (found[0].base_url, found[0].kind, found[1]) == (
        "http://localhost:11434/v1",
        ServerKind.OLLAMA,
        None,
    )


def test_the_file_is_read_and_nothing_of_it_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setenv("SECRET", "hidden")
    dotenv = tmp_path / ".env"
    dotenv.write_text("OPENAI_API_KEY='sk-file'\nOPENAI_BASE_URL=https://x.test/${SECRET}\nOTHER=1\nEMPTY\n")
    found = servers.servers_from_environment({}, dotenv)
    assert found is None or "hidden" not in found[0].base_url
    assert "OTHER" not in os.environ
    dotenv.write_text("OPENAI_API_KEY='sk-file'\nOPENAI_BASE_URL=https://x.test\n")
    found = servers.servers_from_environment({}, dotenv)
    assert found is not None
    assert (found[0].base_url, found[0].name, found[1]) == ("https://x.test/v1", "x.test", "sk-file")


def test_the_files_address_never_gets_the_environments_key(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("OPENAI_BASE_URL=https://evil.test/v1\nOPENAI_API_KEY=theirs\n")
    found = servers.servers_from_environment({"OPENAI_API_KEY": "mine"}, dotenv)
    assert found is not None
    assert (found[0].base_url, found[1]) == (servers.OPENAI_ADDRESS, "mine")
    found = servers.servers_from_environment({"OPENAI_BASE_URL": "https://mine.test"}, dotenv)
    assert found is not None
    assert (found[0].base_url, found[1]) == ("https://mine.test/v1", "theirs")


@pytest.mark.parametrize(
    "values", [{"OPENAI_API_KEY": "sk-\nx"}, {"OPENAI_API_KEY": "sk-x", "OPENAI_BASE_URL": "ftp://x"}]
)
def test_unusable_values_are_left(values: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    assert servers.servers_from_environment(values, None) is None
    assert "not usable" in caplog.text
    assert "sk-" not in caplog.text


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"OPENAI_API_KEY=\xff\xfe\x00")
    assert servers.servers_from_environment({}, dotenv) is None


@pytest.mark.parametrize("place", ["/v1", "/api/v1", "/api", "/openai/v1", "/base/v1"])
@pytest.mark.parametrize(
    "typed", ["127.0.0.1:{port}", "http://127.0.0.1:{port}/base", "http://127.0.0.1:{port}/v1/"]
)
def test_an_address_is_completed_and_that_is_said(place: str, typed: str) -> None:
    if place == "/base/v1" and "base" not in typed:
        return
    with ScriptedServer(
        paths={place + "/models": models_answer(["m"]), "/v1/models": html_answer(404)}
    ) as scripted:
        if place == "/v1":
            scripted.set_answers(models_answer(["m"]), path="/v1/models")
        server = Server("s", "S", typed.format(port=scripted.port))
        report = asyncio.run(connection_report.test_connection(server, None))
    found = f"http://127.0.0.1:{scripted.port}{place}"
    assert report.reachable
    assert (report.base_url or server.base_url.rstrip("/")) == found
    assert (f"Found at {found}; the address was completed." in report.sentence) == bool(report.base_url)


def test_a_completed_address_that_wants_a_key_says_so() -> None:
    paths = {"/api/v1/models": json_answer({"error": "no"}, 401), "/v1/models": html_answer(404)}
    with ScriptedServer(paths=paths) as scripted:
        server = Server("s", "S", f"http://127.0.0.1:{scripted.port}")
        report = asyncio.run(connection_report.test_connection(server, None))
    assert isinstance(report.error, errors.KeyMissing)
    assert report.base_url == f"http://127.0.0.1:{scripted.port}/api/v1"
