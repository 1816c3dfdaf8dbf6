"""`next` and `complete` say without a window what the page of the laboratory says."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatbot_app.chat.services import create_services
from chatbot_app.cli.main import run
from chatbot_app.core.servers import Server
from tests.llama_script import WORDS, llama_paths, probabilities
from tests.scripted_server import ScriptedServer, json_answer

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(paths=llama_paths()) as server:
        yield server


@pytest.fixture
def call(server: ScriptedServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    services = create_services(tmp_path)
    services.servers.add(Server("toy", "Toy", server.base_url, default_model="toy"))
    services.close()

    def call(*words: str) -> tuple[int, str, str]:
        status = run([words[0], "--data-dir", str(tmp_path), "--server", "Toy", *words[1:]], lambda *_: 99)
        told = capsys.readouterr()
        return status, told.out, told.err

    return call


def test_next_names_tokens_likeliest_first_with_the_entropy_of_all(call: Call) -> None:
    status, out, _ = call("next", "a cat", "--json", "--top", "3")
    told: dict[str, Any] = json.loads(out)
    assert status == 0
    assert set(told) == {"tokens", "entropy"}
    assert [set(one) for one in told["tokens"]] == [{"id", "text", "logprob"}] * 3
    assert [one["text"] for one in told["tokens"][:2]] == [" sat", " ran"]
    expected = probabilities(" cat")
    assert math.exp(told["tokens"][0]["logprob"]) == pytest.approx(expected[WORDS.index(" sat")])
    assert told["entropy"] == pytest.approx(-sum(p * math.log(p) for p in expected))


def test_next_reshapes(call: Call) -> None:
    told = json.loads(call("next", "a cat", "--json", "--top-k", "1")[1])
    assert [one["text"] for one in told["tokens"]] == [" sat"]
    assert told["tokens"][0]["logprob"] == pytest.approx(0)
    assert told["entropy"] == pytest.approx(0)
    hot = json.loads(call("next", "a cat", "--json", "--temperature", "2")[1])
    assert hot["entropy"] > 0.6


def test_next_for_people_names_special_tokens(call: Call) -> None:
    out = call("next", "a cat sat.")[1]
    assert "' the'" in out
    assert "<|end|>" in out
    assert "nats" in out


def test_complete_prints_text_or_one_object(call: Call, server: ScriptedServer) -> None:
    assert call("complete", "a", "--max-tokens", "3", "--echo")[:2] == (0, "a cat sat.\n")
    told = json.loads(call("complete", "a", "--max-tokens", "2", "--stop", "\\n", "--json")[1])
    assert (told["text"], told["finish_reason"], told["model"]) == (" cat sat", "length", "toy")
    assert server.requests[-1].json["stop"] == ["\n"]


def test_a_long_text_comes_from_the_standard_input(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a dog" * 1000))
    assert json.loads(call("next", "-", "--json")[1])["tokens"][0]["text"] == " ran"


def test_what_cannot_be_had_is_said_in_a_sentence(call: Call, server: ScriptedServer) -> None:
    assert call("next", "")[0] == 1
    server.set_answers(json_answer({"choices": [{"text": "x", "logprobs": None}]}), path="/v1/completions")
    status, out, err = call("next", "a")
    assert (status, out) == (1, "")
    assert "Toy sends no probabilities of tokens for toy." in err
    server.set_answers(json_answer({"error": {"message": "Not Found"}}, 404), path="/v1/completions")
    assert "Toy does not continue raw texts with toy" in call("complete", "a")[2]
