"""The encoder of the laboratory: the same as onnxruntime and llama.cpp compute, and the two masks."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import pytest

from chatbot_app.core.paths import resources_dir
from chatbot_app.knowledge.children.built_in_embedder import model_path
from chatbot_app.knowledge.children.prepared_model import rewritten
from chatbot_app.lab.attention import causal_mask
from chatbot_app.lab.encoder import Encoder
from chatbot_app.lab.encoder_weights import read_gguf_encoder, read_onnx_encoder
from chatbot_app.lab.linear import gelu_by_error_function
from chatbot_app.lab.weights import Weights, WeightsUnusable
from tests.onnx_runs import token_states

TEXT = "The doctor asked the nurse a question. She was busy."
WIDTH, HEADS, INNER, LAYERS, LONGEST = 32, 4, 48, 2, 16


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return read_onnx_encoder(model_path(), "built-in")


@pytest.fixture(scope="module")
def ids() -> list[int]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(resources_dir() / "tokenizers" / "all-minilm-l6-v2.tokenizer.json"))
    tokenizer.no_padding()
    found: list[int] = tokenizer.encode(TEXT).ids
    return found


def write_bert(path: Path, *, without: str = "", architecture: str = "bert") -> Path:
    random = np.random.default_rng(2)
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_eps(1e-12)
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (40, WIDTH),
        "position_embd.weight": (LONGEST, WIDTH),
        "token_types.weight": (2, WIDTH),
        "token_embd_norm.weight": (WIDTH,),
        "token_embd_norm.bias": (WIDTH,),
    }
    for layer in range(LAYERS):
        matrices = {f"attn_{part}": (WIDTH, WIDTH) for part in ("q", "k", "v", "output")}
        matrices |= {"ffn_up": (INNER, WIDTH), "ffn_down": (WIDTH, INNER)}
        for name, shape in matrices.items():
            shapes |= {f"blk.{layer}.{name}.weight": shape, f"blk.{layer}.{name}.bias": shape[:1]}
        for name in ("attn_output_norm", "layer_output_norm"):
            shapes |= {f"blk.{layer}.{name}.{part}": (WIDTH,) for part in ("weight", "bias")}
    for name, shape in shapes.items():
        if name != without:
            writer.add_tensor(name, random.standard_normal(shape).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_the_built_in_embedding_model_is_what_onnxruntime_computes(encoder: Encoder, ids: list[int]) -> None:
    given = np.array([ids])
    expected = token_states(model_path().read_bytes(), given, np.ones_like(given))
    np.testing.assert_allclose(encoder.run(ids).hidden, expected[0], atol=1e-4)


def test_its_rewritten_form_holds_the_same_weights(tmp_path: Path, encoder: Encoder, ids: list[int]) -> None:
    path = tmp_path / "prepared.onnx"
    path.write_bytes(rewritten(model_path().read_bytes()))
    np.testing.assert_array_equal(
        read_onnx_encoder(path, "prepared").run(ids).hidden, encoder.run(ids).hidden
    )


def test_every_token_sees_every_other_but_under_a_causal_mask(encoder: Encoder, ids: list[int]) -> None:
    free, causal = encoder.run(ids).attention, encoder.run(ids, causal=True).attention
    assert free.weights.shape == (6, 12, len(ids), len(ids))
    future = ~causal_mask(len(ids))
    for record in (free, causal):
        np.testing.assert_allclose(record.weights.sum(-1), 1, atol=1e-5)
    assert free.weights[:, :, future].all()
    assert not causal.weights[:, :, future].any()
    pair = free.pair(layer=2, head=5, asking=1, asked=9)
    np.testing.assert_allclose(pair.product.sum() * free.scale, pair.scores[9], rtol=1e-3, atol=1e-4)


def test_a_text_without_a_place_for_it_is_refused(encoder: Encoder) -> None:
    with pytest.raises(IndexError):
        encoder.run([101] * (encoder.longest + 1))
    with pytest.raises(IndexError):
        encoder.run([-3])


def test_a_bert_as_gguf_is_read(tmp_path: Path) -> None:
    with Weights(write_bert(tmp_path / "bert.gguf")) as weights:
        encoder = read_gguf_encoder(weights)
        found = encoder.run([3, 1, 4, 1, 5])
    assert encoder.longest == LONGEST
    assert found.hidden.shape == (5, WIDTH)
    assert found.attention.weights.shape == (LAYERS, HEADS, 5, 5)
    # Norms stand behind each layer: with weights and biases taken off, a vector has mean 0 and variance 1.
    plain = (found.hidden - encoder.layers[-1].feed_norm.bias) / encoder.layers[-1].feed_norm.weight
    np.testing.assert_allclose(plain.mean(-1), 0, atol=1e-4)
    np.testing.assert_allclose(plain.var(-1), 1, atol=1e-3)


def test_other_encoders_are_named(tmp_path: Path) -> None:
    with (
        Weights(write_bert(tmp_path / "other.gguf", architecture="nomic-bert")) as weights,
        pytest.raises(WeightsUnusable, match="nomic-bert"),
    ):
        read_gguf_encoder(weights)


@pytest.mark.parametrize("name", ["blk.1.ffn_up.weight", "token_embd.weight", "blk.0.attn_q.bias"])
def test_missing_weights_are_named(tmp_path: Path, name: str) -> None:
    with (
        Weights(write_bert(tmp_path / "part.gguf", without=name)) as weights,
        pytest.raises(WeightsUnusable, match=name.rpartition(".")[0]),
    ):
        read_gguf_encoder(weights)


@pytest.mark.parametrize("content", [b"no model", b""])
def test_another_onnx_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.onnx"
    path.write_bytes(content)
    with pytest.raises(WeightsUnusable):
        read_onnx_encoder(path, "other")


def test_the_error_function_is_exact_enough() -> None:
    from math import erf, sqrt

    x = np.linspace(-6, 6, 400, dtype=np.float32)
    expected = [number * (1 + erf(number / sqrt(2))) / 2 for number in x.tolist()]
    np.testing.assert_allclose(gelu_by_error_function(x), expected, atol=1e-6)
