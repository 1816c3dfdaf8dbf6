"""Writes small GGUF files with random weights, of several architectures and quantisations, by the package `gguf`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gguf
import numpy as np

from tests.tiny_gguf import CONTROL, UNKNOWN, bpe_pieces

WIDTH, HEADS, INNER, LAYERS = 64, 2, 128, 2
_SPECIAL = [
    ("<unk>", UNKNOWN),
    ("<s>", CONTROL),
    ("</s>", CONTROL),
    ("<|im_start|>", CONTROL),
    ("<|im_end|>", CONTROL),
]
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def write_random(
    path: Path,
    architecture: str = "llama",
    quantisation: str = "F32",
    *,
    context_length: int = 512,
    template: str | None = TEMPLATE,
    split: int = 0,
    width: int = WIDTH,
    values: dict[str, Any] | None = None,
    seed: int = 1,
) -> list[Path]:
    """Write a model of two layers and return its files; `split` is the most tensors of a part, 0 for one file."""
    writer = gguf.GGUFWriter(path, architecture, split_max_tensors=split)
    writer.add_type("model")
    writer.add_name("Tiny random")
    writer.add_license("apache-2.0")
    writer.add_file_type(
        gguf.LlamaFileType[f"ALL_{quantisation}" if quantisation == "F32" else f"MOSTLY_{quantisation}"]
    )
    writer.add_context_length(context_length)
    writer.add_embedding_length(width)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(width // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    add_vocabulary(writer, template)
    for name, value in (values or {}).items():
        (writer.add_uint32 if isinstance(value, int) else writer.add_string)(name, value)
    kind = gguf.GGMLQuantizationType[quantisation]
    random = np.random.default_rng(seed)
    for name, shape in _tensors(architecture, width).items():
        weights = (random.standard_normal(shape) * 0.1).astype(np.float32)
        if "norm" in name:
            weights = np.ones(shape, np.float32)
        if kind is gguf.GGMLQuantizationType.F32 or len(shape) == 1:
            writer.add_tensor(name, weights)
        else:
            writer.add_tensor(name, gguf.quantize(weights, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return sorted(path.parent.glob(f"{path.stem}*.gguf"))


def add_vocabulary(writer: gguf.GGUFWriter, template: str | None) -> None:
    tokens = [*_SPECIAL, *bpe_pieces()]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list([text for text, _ in tokens])
    writer.add_token_types([kind for _, kind in tokens])
    writer.add_token_merges(["h e", "l l"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    if template is not None:
        writer.add_chat_template(template)


def vocabulary_size() -> int:
    return len(_SPECIAL) + len(bpe_pieces())


def _tensors(architecture: str, width: int) -> dict[str, tuple[int, ...]]:
    square, norm, layers = (width, width), (width,), {}
    for layer in range(LAYERS):
        of_layer: dict[str, tuple[int, ...]] = {
            "attn_norm.weight": norm, "attn_q.weight": square, "attn_k.weight": square, "attn_v.weight": square,
            "attn_output.weight": square, "ffn_norm.weight": norm, "ffn_gate.weight": (INNER, width),
            "ffn_up.weight": (INNER, width), "ffn_down.weight": (width, INNER),
        }  # fmt: skip
        if architecture == "qwen2":
            of_layer |= {f"attn_{part}.bias": norm for part in "qkv"}
        if architecture == "gemma2":
            of_layer |= {"post_attention_norm.weight": norm, "post_ffw_norm.weight": norm}
        if architecture == "qwen3":
            of_layer |= {f"attn_{part}_norm.weight": (width // HEADS,) for part in "qk"}
        layers.update({f"blk.{layer}.{name}": shape for name, shape in of_layer.items()})
    return {"token_embd.weight": (vocabulary_size(), width), "output_norm.weight": norm, **layers}


LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,?!:'%"
_BERT_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def write_embedding(path: Path, *, context_length: int = 64, pooling: int | None = 1, seed: int = 1) -> Path:
    """Write a BERT that knows letters: its layers change nothing, so a vector is the mean of those of its letters."""
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_type("model")
    writer.add_name("Tiny letters")
    writer.add_context_length(context_length)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_eps(1e-12)
    writer.add_causal_attention(False)
    if pooling is not None:
        writer.add_pooling_type(gguf.PoolingType(pooling))
    tokens = [*_BERT_SPECIAL, *(f"▁{letter}" for letter in LETTERS), *LETTERS]
    writer.add_tokenizer_model("bert")
    writer.add_token_list(tokens)
    writer.add_token_types([CONTROL] * len(_BERT_SPECIAL) + [1] * (len(tokens) - len(_BERT_SPECIAL)))
    writer.add_token_type_count(2)
    for place, name in enumerate(("padding", "unknown", "cls", "seperator", "mask")):
        writer.add_uint32(f"tokenizer.ggml.{name}_token_id", place)
    writer.add_bos_token_id(2)
    writer.add_eos_token_id(3)
    random = np.random.default_rng(seed)
    square, wide, norm = (WIDTH, WIDTH), (INNER, WIDTH), (WIDTH,)
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (len(tokens), WIDTH), "token_types.weight": (2, WIDTH),
        "position_embd.weight": (context_length, WIDTH),
        "token_embd_norm.weight": norm, "token_embd_norm.bias": norm,
        "blk.0.attn_output_norm.weight": norm, "blk.0.attn_output_norm.bias": norm,
        "blk.0.layer_output_norm.weight": norm, "blk.0.layer_output_norm.bias": norm,
        "blk.0.ffn_up.weight": wide, "blk.0.ffn_up.bias": (INNER,),
        "blk.0.ffn_down.weight": wide[::-1], "blk.0.ffn_down.bias": norm,
    }  # fmt: skip
    for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
        shapes |= {f"blk.0.{part}.weight": square, f"blk.0.{part}.bias": norm}
    for name, shape in shapes.items():
        weights = np.ones(shape) if name.endswith("norm.weight") else np.zeros(shape)
        if name == "token_embd.weight":
            weights = random.standard_normal(shape)
        writer.add_tensor(name, weights.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
