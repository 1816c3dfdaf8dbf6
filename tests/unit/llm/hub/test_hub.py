"""A hub is searched and asked through huggingface_hub, with our client and our errors."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator

import pytest

from chatbot_app.core.errors import AppError, ProxyUnusable
from chatbot_app.core.hub_errors import (
    HubAddressUnusable,
    HubAnswersOddly,
    HubBroken,
    HubBusy,
    HubForbidden,
    HubNotFound,
    HubNothingToRun,
    HubRedirectRefused,
    HubTurnedOff,
    HubUnreachable,
)
from chatbot_app.core.local_models import ModelKind
from chatbot_app.llm.hub.client import HubHooks
from chatbot_app.llm.hub.hub import Hub, chosen_file
from chatbot_app.llm.hub.recommended import find_recommended, recommended_models
from tests.hub_server import FakeHub, Reply


@pytest.fixture
def fake() -> Iterator[FakeHub]:
    with FakeHub() as hub:
        hub.add("small/Tiny-GGUF", {"tiny-Q4_0.gguf": b"x" * 40, "tiny-Q8_0.gguf": b"x" * 80}, downloads=10)
        hub.add("large/Tiny-Chat-GGUF", {"a.gguf": b"x"}, downloads=20, gated="auto", licence="mit")
        hub.add("other/model", {"model.safetensors": b"x"})
        yield hub


def test_a_search_finds_by_name_and_says_what_the_hub_knows(fake: FakeHub) -> None:
    found = Hub(fake.address).search(" tiny ")
    assert [repository.id for repository in found] == ["large/Tiny-Chat-GGUF", "small/Tiny-GGUF"]
    first = found[0]
    assert (first.gated, first.licence, first.downloads, first.updated) == (True, "mit", 20, "2026-05-04")
    assert (first.parameters, first.architecture, first.context_length) == (1_500_000_000, "llama", 32768)
    asked = [(one.query["filter"], one.query["sort"]) for one in fake.requests]
    assert asked == [(["gguf"], ["downloads"]), (["onnx", "feature-extraction"], ["downloads"])]
    assert Hub(fake.address).search("nothing of this name") == []


def test_a_repository_is_described_with_sizes_and_checksums(fake: FakeHub) -> None:
    read = Hub(fake.address).repository("small/Tiny-GGUF")
    assert [(file.quantisation, file.size) for file in read.files] == [("Q4_0", 40), ("Q8_0", 80)]
    assert read.commit == fake.repositories["small/Tiny-GGUF"].commit
    assert len(read.files[0].parts[0].sha256) == 64
    assert chosen_file(read, "q8_0") is read.files[1]
    assert chosen_file(read, "TINY-q8_0.GGUF") is read.files[1]


def test_nothing_is_contacted_before_somebody_asks(fake: FakeHub) -> None:
    hub = Hub(fake.address, lambda: "hf_x")
    assert hub.name
    recommended_models()
    assert fake.requests == []


def test_only_what_was_asked_for_is_asked(fake: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_of_the_environment")
    monkeypatch.setenv("AI_AGENT", "somebody")
    Hub(fake.address).search("tiny")
    assert [asked.path for asked in fake.requests] == ["/api/models"] * 2
    for asked in fake.requests:
        assert "authorization" not in asked.headers
        assert asked.headers["user-agent"].startswith("chatbot-app/")
        assert "somebody" not in asked.headers["user-agent"]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(200, {"Content-Type": "text/html"}, b"<html>Sign in"), HubAnswersOddly),
        (Reply(200, {}, b"[" * 100_000), HubAnswersOddly),
        (Reply(200, {}, b'{"name": 5}'), HubAnswersOddly),
        (Reply(200, {}, b'{"siblings": [{"name": 1}], "id": "a/b"}'), HubAnswersOddly),
        (
            Reply(200, {}, b'{"id": "a/b", "siblings": [{"rfilename": "a.gguf"}], "sha": "x"}'),
            HubAnswersOddly,
        ),
        (Reply(200, {}, b'{"id": "a/b", "siblings": []}'), HubNothingToRun),
        (Reply(200, {}, b" " * 5_000_000), HubAnswersOddly),
        (Reply(200, {"Content-Encoding": "gzip"}, b"x"), HubAnswersOddly),
        (Reply(401), HubNotFound),
        (Reply(403), HubForbidden),
        (Reply(404), HubNotFound),
        (Reply(418, {}, b"[]"), HubAnswersOddly),
        (Reply(429, {"Retry-After": "30"}), HubBusy),
        (Reply(500, {"Content-Type": "application/json"}, b"[1, 2]"), HubBroken),
        (Reply(503, {"Retry-After": "1"}), HubBroken),
        (Reply(302, {"Location": "http://[::1"}), HubUnreachable),
    ],
)
def test_every_odd_answer_is_a_sentence_at_once(fake: FakeHub, reply: Reply, error: type[AppError]) -> None:
    fake.next_of_hub = [reply]
    with pytest.raises(error) as caught:
        Hub(fake.address).repository("small/Tiny-GGUF")
    assert caught.value.next_step
    assert len(fake.requests) == 1  # the library would try again for minutes


@pytest.mark.parametrize("reply", [Reply(500), Reply(429, {"Retry-After": "30"}), Reply(200, {}, b"[5]")])
def test_a_search_is_not_tried_again_unseen(fake: FakeHub, reply: Reply) -> None:
    fake.next_of_hub = [reply]
    with pytest.raises((HubBroken, HubBusy, HubAnswersOddly)):
        Hub(fake.address).search("tiny")
    assert len(fake.requests) == 1


def test_values_of_the_wrong_kind_count_as_not_said(fake: FakeHub) -> None:
    repository = fake.repositories["small/Tiny-GGUF"]
    repository.sizes["tiny-Q4_0.gguf"] = "large"
    repository.checksums["tiny-Q8_0.gguf"] = "../../etc/passwd"
    repository.files["../../evil.gguf"] = b"x"
    repository.files["a\u202efgg.gguf"] = b"x"
    repository.more = {"gguf": {"total": -5, "architecture": 7, "context_length": "x"}, "tags": [5]}
    read = Hub(fake.address).repository("small/Tiny-GGUF")
    assert {file.path for file in read.files} == {"tiny-Q4_0.gguf", "tiny-Q8_0.gguf"}
    assert [file.size for file in read.files] == [0, 80]
    assert read.files[1].parts[0].sha256 == ""
    assert (read.parameters, read.architecture, read.context_length, read.licence) == (0, "", None, "")


@pytest.mark.parametrize("name", ["tiny", "../..", "a/b/c", "a b/c", "a/b?x", "a/" + "b" * 100])
def test_a_name_that_is_none_asks_nobody(fake: FakeHub, name: str) -> None:
    with pytest.raises(HubNotFound):
        Hub(fake.address).repository(name)
    assert fake.requests == []


def test_who_is_not_there_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    for ask in (Hub(address).search, Hub(address).repository):
        with pytest.raises(HubUnreachable, match=address.removeprefix("http://")):
            ask("a/b")


def test_what_the_person_forbade_is_not_contacted(fake: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(HubTurnedOff, match="HF_HUB_OFFLINE"):
        Hub(fake.address).search("x")
    assert fake.requests == []


def test_settings_that_are_unusable_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "huggingface")
    with pytest.raises(HubAddressUnusable, match="huggingface"):
        Hub().search("x")
    monkeypatch.setenv("HF_ENDPOINT", "http://hub.example")
    monkeypatch.setenv("HF_HUB_ETAG_TIMEOUT", "soon")
    with pytest.raises(HubAddressUnusable, match="HF_HUB_ETAG_TIMEOUT"):
        Hub().search("x")
    monkeypatch.delenv("HF_HUB_ETAG_TIMEOUT")
    monkeypatch.setenv("HTTP_PROXY", "nonsense://user:secret@proxy")
    with pytest.raises(ProxyUnusable) as caught:
        Hub().search("x")
    assert "secret" not in str(caught.value)


def test_proxies_are_respected(fake: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", fake.address)
    assert len(Hub("http://hub.example").search("tiny")) == 2
    assert {asked.headers["host"] for asked in fake.requests} == {"hub.example"}


def test_a_download_is_not_sent_on_to_where_everybody_can_read_along() -> None:
    import httpx2

    hooks = HubHooks("https://hub.example", "chatbot-app/0", 5, for_library=False)
    request = httpx2.Request("GET", "http://storage.example/x", headers={"authorization": "Bearer hf_x"})
    with pytest.raises(HubRedirectRefused, match="storage"):
        hooks.prepare(request)
    for address in ("https://storage.example/x", "https://hub.example:444/x"):
        request = httpx2.Request("GET", address, headers={"authorization": "Bearer hf_x"})
        hooks.prepare(request)
        assert "authorization" not in request.headers
    request = httpx2.Request("GET", "https://hub.example:443/x", headers={"authorization": "Bearer hf_x"})
    hooks.prepare(request)
    assert request.headers["authorization"] == "Bearer hf_x"


def test_the_token_is_in_no_log(fake: FakeHub, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for _ in range(2):
        with pytest.raises(AppError):
            Hub(fake.address, lambda: "hf_secret").search("x")
    assert "hf_secret" not in caplog.text


def test_the_recommended_list_is_whole() -> None:
    models = recommended_models()
    assert len({model.name for model in models}) == len(models)
    assert any(model.kind is ModelKind.EMBEDDING and "language" in model.languages for model in models)
    for model in models:
        assert model.kind in (ModelKind.CHAT, ModelKind.EMBEDDING)
        assert model.file.endswith(".gguf") or (
            model.file.endswith(".onnx") and model.kind is ModelKind.EMBEDDING
        )
        assert model.good_at.endswith(".")
        known = (model.bytes is not None, len(model.sha256) == 64, len(model.revision) == 40)
        assert known in ((True, True, True), (False, False, False))
        if model.bytes is not None and model.cache_bytes is not None:
            assert model.memory == model.bytes + 8192 * model.cache_bytes + 300_000_000
        else:
            assert model.memory is None
    assert find_recommended("QWEN3 4b") is not None
    assert find_recommended("nothing") is None
