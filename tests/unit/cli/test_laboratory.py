"""The commands of the laboratory: what they print for programs, and what they say of what cannot be had."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chatbot_app.cli.main import run
from chatbot_app.core.paths import DataPaths, resources_dir
from chatbot_app.lab.attention import Part
from chatbot_app.lab.small.model_shape import Kind
from chatbot_app.lab.small.watched_model import WatchedModel
from tests.unit.lab.small.test_watched_model import SUMS, kept

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def call(*words: str) -> tuple[int, str, str]:
        status = run([words[0], "--data-dir", str(tmp_path), *words[1:]], lambda *_: 99)
        told = capsys.readouterr()
        return status, told.out, told.err

    return call


def test_tokens_are_told_with_their_steps(call: Call) -> None:
    status, out, _ = call("tokens", "Hello 🦊", "--tokenizer", "gpt2", "--json")
    told = json.loads(out)
    assert status == 0
    assert set(told) == {"ids", "tokens", "steps"}
    assert told["ids"][0] == 15496  # tiktoken's table
    assert len(told["tokens"]) == len(told["ids"]) > 2
    assert set(told["steps"]) >= {"normalisation", "pre_tokenisation", "tokens", "ids", "post_processing"}
    assert json.loads(call("tokens", "", "--tokenizer", "gpt2", "--json")[1])["ids"] == []


def test_what_is_no_tokenizer_is_said_in_a_sentence(call: Call, tmp_path: Path) -> None:
    whole = (resources_dir() / "tokenizers" / "all-minilm-l6-v2.tokenizer.json").read_text("utf-8")
    for name, text, said in (
        ("empty.json", "", "It is no tokenizer.json"),
        ("other.json", "{}", "It is no tokenizer.json"),
        ("damaged.json", whole[:5000], "It is no tokenizer.json"),
        ("words.gguf", "hello there", "it does not begin with GGUF"),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        status, out, err = call("tokens", "x", "--tokenizer", str(tmp_path / name))
        assert (status, out) == (1, "")
        assert said in err
        assert err.count("\n") == 1
    assert "There is none of that name" in call("tokens", "x", "--tokenizer", "nobody")[2]
    assert call("tokens", "x", "--tokenizer", str(tmp_path / "gone.json"))[0] == 1


def test_a_text_without_words_has_no_vector(call: Call) -> None:
    for texts, said in ((("",), "Text 1 of 1 is empty"), (("a", " \n"), "Text 2 of 2 is empty")):
        status, out, err = call("embed", *texts, "--json")
        assert (status, out) == (1, "")
        assert said in err


@pytest.mark.parametrize("command", ["next", "complete"])
def test_a_model_of_this_computer_that_there_is_not_is_not_replaced(call: Call, command: str) -> None:
    status, out, err = call(command, "x", "--model", "nobody")
    assert (status, out) == (1, "")
    assert "There is no model named “nobody”. There are: SmolLM2" in err
    assert "no server named “nobody”" in call(command, "x", "--server", "nobody")[2]


def test_each_part_of_a_model_with_an_encoder_can_be_asked_for(call: Call, tmp_path: Path) -> None:
    root = DataPaths(tmp_path).small_models
    source = kept(root, SUMS, "Sums")
    kept(root, replace(SUMS, shape=replace(SUMS.shape, kind=Kind.GPT)), "Alone")
    for part in (None, Part.ENCODER):
        words = [
            "7 + 8 = 15",
            "--model",
            "Sums",
            "--layer",
            "1",
            "--head",
            "3",
            *(["--part", part] if part else []),
        ]
        status, out, _ = call("attention", *words, "--json")
        told, expected = json.loads(out), WatchedModel(source).look("7 + 8 = 15", part=part)
        assert status == 0
        assert told["tokens"] == list(expected.tokens)
        assert told.get("source_tokens") == (None if expected.read is None else list(expected.read))
        assert (part is None) == ("source_tokens" in told)
        np.testing.assert_allclose(told["weights"], expected.record.weights[1, 3], atol=1e-5)
    status, _, err = call("attention", "7 + 8 =", "--model", "Alone", "--part", "cross")
    assert status == 1
    assert "Alone has no cross attention: it has one kind alone" in err
