"""Writes tiny decoders with random weights, of each family that `lab/decoder.py` computes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gguf
import numpy as np

from tests.random_gguf import add_vocabulary, vocabulary_size

WIDTH, HEADS, KEY_HEADS, INNER, LAYERS = 64, 4, 2, 96, 6
_HEAD_SIZES = {"qwen3": 24, "gemma": 24, "gemma2": 24, "gemma3": 24}  # where it is not width / heads
WINDOW = 8  # tokens that layers with a window see

# Keys that the family's files have, without the architecture in front.
_VALUES: Mapping[str, Mapping[str, Any]] = {
    "granite": {
        "embedding_scale": 3.0,
        "residual_scale": 0.4,
        "attention.scale": 0.11,
        "logit_scale": 2.0,
    },
    "gemma2": {
        "attn_logit_softcapping": 5.0,
        "final_logit_softcapping": 3.0,
        "attention.sliding_window": WINDOW,
    },
    "gemma3": {"attention.sliding_window": WINDOW, "rope.scaling.type": "linear", "rope.scaling.factor": 8.0},
    "phi3": {"rope.dimension_count": 12, "rope.scaling.attn_factor": 1.2},
}


def write_decoder(
    path: Path,
    architecture: str,
    quantisation: str = "F32",
    *,
    values: Mapping[str, Any] | None = None,
    extra: Mapping[str, tuple[int, ...]] | None = None,
    without: tuple[str, ...] = (),
    seed: int = 1,
) -> Path:
    """Write a model of six layers; `extra` are more tensors, `without` are left out."""
    head = _HEAD_SIZES.get(architecture, WIDTH // HEADS)
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_type("model")
    writer.add_context_length(512)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_key_length(head)
    writer.add_value_length(head)
    writer.add_layer_norm_rms_eps(1e-5)
    wanted = {
        "rope.dimension_count": head,
        "rope.freq_base": 5000.0,
        **_VALUES.get(architecture, {}),
        **(values or {}),
    }
    for name, value in wanted.items():
        add = {int: writer.add_uint32, float: writer.add_float32, str: writer.add_string}[type(value)]
        add(f"{architecture}.{name}", value)
    add_vocabulary(writer, None)
    random = np.random.default_rng(seed)
    kind = gguf.GGMLQuantizationType[quantisation]
    for name, shape in {**_tensors(architecture, head), **(extra or {})}.items():
        if name in without:
            continue
        weights = (random.standard_normal(shape) * 0.12).astype(np.float32)
        if "norm" in name:
            weights = 1 + weights * 2
        if "factors" in name or "freqs" in name:
            weights = np.abs(weights) * 8 + 0.5
        if kind is gguf.GGMLQuantizationType.F32 or len(shape) == 1:
            writer.add_tensor(name, weights)
        else:
            writer.add_tensor(name, gguf.quantize(weights, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _tensors(architecture: str, head: int) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (vocabulary_size(), WIDTH),
        "output_norm.weight": (WIDTH,),
    }
    if architecture in ("olmo2", "internlm2", "phi3"):
        found["output.weight"] = (vocabulary_size(), WIDTH)
    if architecture == "llama":  # as LLaMA 3.1 has them
        found["rope_freqs.weight"] = (head // 2,)
    if architecture == "phi3":  # as Phi-3-mini-128k has them
        found |= {"rope_factors_long.weight": (6,), "rope_factors_short.weight": (6,)}
    for layer in range(LAYERS):
        found |= {f"blk.{layer}.{name}": shape for name, shape in _of_layer(architecture, head).items()}
    return found


def _of_layer(architecture: str, head: int) -> dict[str, tuple[int, ...]]:
    q, k = HEADS * head, KEY_HEADS * head
    found: dict[str, tuple[int, ...]] = {
        "attn_norm.weight": (WIDTH,),
        "attn_q.weight": (q, WIDTH),
        "attn_k.weight": (k, WIDTH),
        "attn_v.weight": (k, WIDTH),
        "attn_output.weight": (WIDTH, q),
        "ffn_norm.weight": (WIDTH,),
        "ffn_gate.weight": (INNER, WIDTH),
        "ffn_up.weight": (INNER, WIDTH),
        "ffn_down.weight": (WIDTH, INNER),
    }
    if architecture == "phi3":
        for name in ("attn_q", "attn_k", "attn_v", "ffn_gate"):
            del found[f"{name}.weight"]
        found |= {"attn_qkv.weight": (q + 2 * k, WIDTH), "ffn_up.weight": (2 * INNER, WIDTH)}
    if architecture in ("llama", "qwen2"):
        found |= {"attn_q.bias": (q,), "attn_k.bias": (k,), "attn_v.bias": (k,)}
    if architecture in ("qwen3", "gemma3"):
        found |= {"attn_q_norm.weight": (head,), "attn_k_norm.weight": (head,)}
    if architecture in ("gemma2", "gemma3", "olmo2"):
        found |= {"post_attention_norm.weight": (WIDTH,), "post_ffw_norm.weight": (WIDTH,)}
    if architecture == "olmo2":
        del found["attn_norm.weight"], found["ffn_norm.weight"]
        found |= {"attn_q_norm.weight": (q,), "attn_k_norm.weight": (k,)}
    return found
