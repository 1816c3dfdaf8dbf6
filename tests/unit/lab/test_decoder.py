"""The decoder of the laboratory: the same as llama.cpp computes, and what it says of files that it does not compute."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from chatbot_app.lab.attention import BoolArray, causal_mask
from chatbot_app.lab.decoder import Decoder
from chatbot_app.lab.decoder_family import FAMILIES
from chatbot_app.lab.weights import Weights, WeightsUnusable
from chatbot_app.llm.model_files import BUILT_IN_MODEL, find_model_file
from tests.decoder_files import HEADS, KEY_HEADS, LAYERS, WIDTH, WINDOW, write_decoder
from tests.llama_logits import LlamaLogits

IDS = [int(number) for number in np.random.default_rng(5).integers(5, 200, 30)]
# llama.cpp keeps keys and values in f16; these random models differ by 5 between likely and unlikely.
TOLERANCE = 0.03
SENTENCES = (  # ids of the built-in model's own tokenizer, which these tests do not need
    [504, 3575, 282, 4649, 314],  # "The capital of France is"
    [6403, 2447, 252, 655, 28, 665],  # "Once upon a time, there"
    [1, 4093, 198, 1780, 314, 260, 6115, 47, 2, 198, 1, 520, 9531, 198],
)


def log_probabilities(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    shifted = logits - logits.max()
    return shifted - np.log(np.exp(shifted).sum())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("decoders")


@pytest.fixture(scope="module")
def llama(folder: Path) -> Iterator[Decoder]:
    with Weights(write_decoder(folder / "small.gguf", "llama")) as weights:
        yield Decoder(weights)


def refusal(path: Path) -> str:
    with pytest.raises(WeightsUnusable) as caught, Weights(path) as weights:
        Decoder(weights)
    return caught.value.summary


@pytest.mark.parametrize("architecture", sorted(FAMILIES))
def test_every_family_computes_what_llama_cpp_does(folder: Path, architecture: str) -> None:
    path = write_decoder(folder / f"{architecture}.gguf", architecture)
    with Weights(path) as weights, LlamaLogits(path) as theirs:
        decoder = Decoder(weights)
        for ids in (IDS[:1], IDS):
            ours = log_probabilities(decoder.logits(decoder.run(ids).hidden[-1]))
            expected = log_probabilities(theirs.after(ids))
            assert np.abs(ours - expected).max() < TOLERANCE
            assert ours.argmax() == expected.argmax()


@pytest.mark.parametrize("quantisation", ["F16", "BF16", "Q8_0", "Q4_1"])
def test_packed_weights_are_unpacked(folder: Path, quantisation: str) -> None:
    path = write_decoder(folder / f"{quantisation}.gguf", "qwen3", quantisation)
    with Weights(path) as weights, LlamaLogits(path) as theirs:
        decoder = Decoder(weights)
        ours = log_probabilities(decoder.logits(decoder.run(IDS).hidden[-1]))
        # llama.cpp rounds what it multiplies with packed weights to eight bits.
        assert np.abs(ours - log_probabilities(theirs.after(IDS))).max() < 0.2


def test_the_end_of_a_text_changes_nothing_before_it(llama: Decoder) -> None:
    whole, begun = llama.run(IDS), llama.run(IDS[:12])
    np.testing.assert_allclose(whole.hidden[:12], begun.hidden, atol=1e-4)
    np.testing.assert_allclose(whole.attention.weights[:, :, :12, :12], begun.attention.weights, atol=1e-5)


def test_rows_of_attention_sum_to_one_and_nobody_sees_the_future(llama: Decoder) -> None:
    record = llama.run(IDS).attention
    assert record.weights.shape == (LAYERS, HEADS, len(IDS), len(IDS))
    assert record.queries.shape == (LAYERS, HEADS, len(IDS), WIDTH // HEADS)
    assert record.keys.shape == (LAYERS, KEY_HEADS, len(IDS), WIDTH // HEADS)
    np.testing.assert_allclose(record.weights.sum(-1), 1, atol=1e-5)
    assert (record.weights >= 0).all()
    assert not record.weights[:, :, ~causal_mask(len(IDS))].any()


def test_layers_with_a_window_see_no_further(folder: Path) -> None:
    with Weights(write_decoder(folder / "window.gguf", "gemma2")) as weights:
        record = Decoder(weights).run(IDS).attention
    near: BoolArray = causal_mask(len(IDS), WINDOW)
    assert not record.weights[0][:, ~near].any()
    assert record.weights[1][:, ~near & causal_mask(len(IDS))].all()


@pytest.mark.parametrize("architecture", ["llama", "gemma2"])
def test_a_pair_of_tokens_is_explained(folder: Path, architecture: str) -> None:
    with Weights(write_decoder(folder / f"pair-{architecture}.gguf", architecture)) as weights:
        record = Decoder(weights).run(IDS).attention
    pair = record.pair(layer=3, head=2, asking=20, asked=7)
    np.testing.assert_allclose(pair.product, pair.query * pair.key)
    score = pair.product.sum() * record.scale
    if record.softcap:
        score = np.tanh(score / record.softcap) * record.softcap
    np.testing.assert_allclose(pair.scores[7], score, rtol=1e-4, atol=1e-5)
    seen = np.exp(pair.scores[:21].astype(np.float64))
    np.testing.assert_allclose(pair.weights[:21], seen / seen.sum(), rtol=1e-3, atol=1e-6)
    assert not pair.weights[21:].any()


@pytest.mark.model
def test_the_built_in_model_says_what_llama_cpp_says() -> None:
    path = find_model_file(BUILT_IN_MODEL.name)
    assert path is not None
    with Weights(path) as weights, LlamaLogits(path) as theirs:
        decoder = Decoder(weights)
        distances = []
        for ids in SENTENCES:
            ours = log_probabilities(decoder.logits(decoder.run(ids).hidden[-1]))
            expected = log_probabilities(theirs.after(ids))
            assert ours.argmax() == expected.argmax()
            likeliest = np.argsort(-expected)[:10]
            assert len(set(likeliest) & set(np.argsort(-ours)[:10])) >= 9
            distances.extend(np.abs(ours - expected)[likeliest])
        assert np.median(distances) < 0.2


def test_an_unknown_architecture_is_named(folder: Path) -> None:
    said = refusal(write_decoder(folder / "mamba.gguf", "mamba"))
    assert "“mamba”" in said
    assert "qwen3" in said


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"expert_count": 8}, "mixture of experts"),
        ({"rope.scaling.type": "yarn"}, "yarn"),
        ({"rope.dimension_count": 5}, "heads"),
        ({"rope.freq_base": float("nan")}, "no number"),
        ({"rope.scaling.factor": "four", "rope.scaling.type": "linear"}, "no number"),
    ],
)
def test_what_is_not_computed_is_said(folder: Path, values: dict[str, Any], word: str) -> None:
    assert word in refusal(write_decoder(folder / "other.gguf", "llama", values=values))


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"extra": {"blk.0.attn_sinks.weight": (4,)}}, "attn_sinks"),
        ({"without": ("blk.2.ffn_down.weight",)}, "blk.2.ffn_down"),
        ({"without": ("blk.2.ffn_up.weight",)}, "blk.2.ffn_gate"),
        ({"without": ("output_norm.weight",)}, "output_norm"),
        ({"extra": {"blk.1.attn_k.weight": (64, 64)}}, "blk.1.attn_k"),
        ({"extra": {"blk.1.attn_q.bias": (3,)}}, "blk.1.attn_q"),
        ({"extra": {"rope_freqs.weight": (3,)}}, "rope_freqs"),
        ({"extra": {"output_norm.weight": (3,)}}, "output_norm"),
        ({"extra": {"token_embd.weight": (200, 3)}}, "token_embd"),
    ],
)
def test_weights_that_do_not_go_together_are_named(folder: Path, changed: dict[str, Any], word: str) -> None:
    assert word in refusal(write_decoder(folder / "wrong.gguf", "llama", **changed))


def test_a_token_outside_the_vocabulary_is_refused(llama: Decoder) -> None:
    with pytest.raises(IndexError):
        llama.run([1, llama.vocabulary])
    with pytest.raises(IndexError):
        llama.run([-1])
