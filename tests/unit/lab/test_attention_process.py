"""Attention from a child process: what it answers, what it refuses, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from chatbot_app.cli.main import run
from chatbot_app.core.local_models import BUILT_IN_LOCAL_MODEL, LocalModel, ModelFacts, ModelKind
from chatbot_app.lab.attention import causal_mask
from chatbot_app.lab.attention_look import MOST_TOKENS, AttentionSource
from chatbot_app.lab.attention_model import AttentionModel, attention_sources
from chatbot_app.lab.attention_process import AttentionProcess, AttentionStopped
from chatbot_app.lab.weights import WeightsUnusable
from tests.decoder_files import HEADS, LAYERS, write_decoder
from tests.unit.lab.test_weights import write_announced

TEXT = "hello, world"


class GivenUp(BaseException):
    pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def source(folder: Path) -> AttentionSource:
    return AttentionSource("tiny", str(write_decoder(folder / "tiny.gguf", "llama")))


@pytest.fixture(scope="module")
def process(embedding: AttentionSource) -> Iterator[AttentionProcess]:
    process = AttentionProcess()
    process.look(embedding, [TEXT])  # it is there before the first test, and may be after it
    yield process
    process.end()


@pytest.fixture(scope="module")
def embedding() -> AttentionSource:
    return attention_sources([BUILT_IN_LOCAL_MODEL])[-1]


def test_the_child_computes_what_is_computed_here(process: AttentionProcess, source: AttentionSource) -> None:
    shares: list[float] = []
    found = process.look(source, [TEXT, "hello"], progress=shares.append)
    assert [len(look.tokens) for look in found] == [10, 3]
    assert found[0].tokens[:3] == ("he", "ll", "o")
    expected = AttentionModel(source).look(TEXT).record
    record = found[0].record
    np.testing.assert_allclose(record.weights, expected.weights, atol=1e-5)
    np.testing.assert_allclose(record.queries, expected.queries, atol=1e-4)
    np.testing.assert_allclose(record.keys, expected.keys, atol=1e-4)
    assert record.scale == expected.scale
    assert found[0].is_causal
    assert shares == sorted(shares)
    assert shares
    pid = process.pid
    process.look(source, [TEXT], progress=shares.append)
    assert process.pid == pid
    assert len(shares) == LAYERS  # the model was still there


def test_an_encoder_has_both_masks(process: AttentionProcess, embedding: AttentionSource) -> None:
    (free,) = process.look(embedding, [TEXT])
    (causal,) = process.look(embedding, [TEXT], causal=True)
    assert free.tokens == ("[CLS]", "hello", ",", "world", "[SEP]")
    assert (free.is_causal, causal.is_causal) == (False, True)
    future = ~causal_mask(len(free.tokens))
    assert free.record.weights[..., future].all()
    assert not causal.record.weights[..., future].any()


def test_a_long_text_is_cut_and_says_so(
    process: AttentionProcess, source: AttentionSource, embedding: AttentionSource
) -> None:
    (look,) = process.look(source, ["xyz" * 400_000])
    assert look.was_cut
    assert len(look.tokens) == MOST_TOKENS
    (look,) = process.look(embedding, ["one two " * 1000])
    assert look.was_cut
    assert len(look.tokens) == MOST_TOKENS
    assert look.tokens[-1] == "[SEP]"


@pytest.mark.parametrize("text", ["😀", "é\n\t ", "\ud83d", "\0", "<|im_start|>"])
def test_any_text_has_an_answer(process: AttentionProcess, source: AttentionSource, text: str) -> None:
    (look,) = process.look(source, [text])
    assert look.record.weights.shape == (LAYERS, HEADS, len(look.tokens), len(look.tokens))
    np.testing.assert_allclose(look.record.weights.sum(-1), 1, atol=1e-5)


def test_what_cannot_be_looked_into_is_said(
    process: AttentionProcess, source: AttentionSource, folder: Path
) -> None:
    for path, word in (
        (write_decoder(folder / "mamba.gguf", "mamba"), "“mamba”"),
        (write_announced(folder / "large.gguf", 30_000, 30_000, 80), "288.0 GB"),
        (folder / "gone.gguf", "No such file"),
    ):
        with pytest.raises(WeightsUnusable, match=word) as caught:
            process.look(AttentionSource("the model", str(path)), [TEXT])
        assert "the model" in caught.value.summary
    assert process.look(source, [TEXT])  # the child is still there


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning", "ignore:overflow:RuntimeWarning")
@pytest.mark.parametrize("number", [np.nan, np.inf, 1e38])
def test_damaged_weights_are_said(folder: Path, number: float) -> None:
    path = write_decoder(folder / "damaged.gguf", "llama")
    content = bytearray(path.read_bytes())
    content[-4096:] = np.full(1024, number, "<f4").tobytes()
    path.write_bytes(content)
    model = AttentionModel(AttentionSource("damaged", str(path)))
    with pytest.raises(WeightsUnusable, match="damaged"):
        model.look(TEXT)
    model.close()


def test_who_gives_up_is_not_answered_later(process: AttentionProcess, source: AttentionSource) -> None:
    def give_up() -> None:
        raise GivenUp

    with pytest.raises(GivenUp):
        process.look(source, [TEXT] * 50, check=give_up)
    (look,) = process.look(source, ["hello"])
    assert len(look.tokens) == 3


def test_a_child_that_is_killed_is_told_and_replaced(source: AttentionSource) -> None:
    process = AttentionProcess()

    def kill(_: float) -> None:
        assert process.pid is not None
        psutil.Process(process.pid).kill()

    with pytest.raises(AttentionStopped, match="tiny"):
        process.look(source, [TEXT] * 1000, progress=kill)
    assert process.look(source, [TEXT])
    child = psutil.Process(process.pid)
    process.end()
    assert process.pid is None
    assert not child.is_running()


def test_models_that_have_no_attention_are_not_offered(tmp_path: Path) -> None:
    def model(name: str, kind: ModelKind) -> LocalModel:
        return LocalModel(name, name, tmp_path / name, ModelFacts(kind=kind))

    found = attention_sources(
        [
            model("chat", ModelKind.CHAT),
            model("eyes", ModelKind.PROJECTOR),
            model("lora", ModelKind.ADAPTER),
            model("vectors", ModelKind.EMBEDDING),
        ]
    )
    assert [source.name for source in found] == ["chat", "vectors", "all-MiniLM-L6-v2"]


def command(data_dir: Path, *words: str) -> int:
    def no_window(*_: object) -> int:
        raise AssertionError

    return run(["attention", *words, "--data-dir", str(data_dir)], no_window)


def test_the_command_prints_tokens_and_weights(
    tmp_path: Path, source: AttentionSource, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (TEXT, "--model", source.path, "--layer", "2", "--head", "3", "--json")
    assert command(tmp_path, *words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.keys() == {"tokens", "weights"}
    expected = AttentionModel(source).look(TEXT)
    assert told["tokens"] == list(expected.tokens)
    np.testing.assert_allclose(told["weights"], expected.record.weights[2, 3], atol=1e-5)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("",), "The text is empty"),
        (("hello", "--model", "nobody"), "There is no model “nobody”"),
        (("hello", "--model", "embedding", "--layer", "6"), "has the layers 0 to 5"),
        (("hello", "--model", "embedding", "--head", "-1"), "has the heads 0 to 11"),
    ],
)
def test_the_command_says_what_is_wrong(
    tmp_path: Path, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path, *words) == 1
    assert said in capsys.readouterr().err
