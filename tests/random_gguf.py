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
