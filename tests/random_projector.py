"""Writes a small projector for pictures (llama.cpp's “mmproj”) with random weights, by the package `gguf`."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

from tests.random_gguf import WIDTH

SIDE, PATCH = 56, 14  # pixels: every picture becomes a square of 4 by 4 patches
TOKENS = (SIDE // PATCH) ** 2  # of a picture in the prompt, whatever its size
_INNER, _HEADS, _LAYERS = 64, 2, 2


def write_projector(path: Path, *, width: int = WIDTH, seed: int = 1) -> Path:
    """Write a vision transformer of two layers with LLaVA's two-layer projector, for a text model of `width`."""
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_type("mmproj")
    writer.add_name("Tiny eye")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_clip_has_vision_encoder(True)
    writer.add_string("clip.projector_type", "mlp")
    writer.add_bool("clip.use_gelu", True)
    writer.add_vision_image_size(SIDE)
    writer.add_vision_patch_size(PATCH)
    writer.add_vision_embedding_length(WIDTH)
    writer.add_vision_feed_forward_length(_INNER)
    writer.add_vision_projection_dim(width)
    writer.add_vision_block_count(_LAYERS)
    writer.add_vision_head_count(_HEADS)
    writer.add_vision_attention_layernorm_eps(1e-5)
    writer.add_vision_image_mean([0.5, 0.5, 0.5])
    writer.add_vision_image_std([0.5, 0.5, 0.5])
    random = np.random.default_rng(seed)
    for name, shape in _shapes(width).items():
        weights = (
            np.ones(shape) if "ln" in name and name.endswith("weight") else random.standard_normal(shape)
        )
        writer.add_tensor(name, (weights * 0.1).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _shapes(width: int) -> dict[str, tuple[int, ...]]:
    norm, square = (WIDTH,), (WIDTH, WIDTH)
    shapes: dict[str, tuple[int, ...]] = {
        "v.patch_embd.weight": (WIDTH, 3, PATCH, PATCH),
        "v.position_embd.weight": (TOKENS, WIDTH),
        "v.post_ln.weight": norm, "v.post_ln.bias": norm,
        "mm.0.weight": (width, WIDTH), "mm.0.bias": (width,),
        "mm.2.weight": (width, width), "mm.2.bias": (width,),
    }  # fmt: skip
    for layer in range(_LAYERS):
        of_layer: dict[str, tuple[int, ...]] = {
            "ln1.weight": norm, "ln1.bias": norm, "ln2.weight": norm, "ln2.bias": norm,
            "ffn_up.weight": (_INNER, WIDTH), "ffn_up.bias": (_INNER,),
            "ffn_down.weight": (WIDTH, _INNER), "ffn_down.bias": norm,
        }  # fmt: skip
        for part in ("attn_q", "attn_k", "attn_v", "attn_out"):
            of_layer |= {f"{part}.weight": square, f"{part}.bias": norm}
        shapes.update({f"v.blk.{layer}.{name}": shape for name, shape in of_layer.items()})
    return shapes
