"""What the families of decoders differ in, and which of it a file says itself.

They are one design since LLaMA (Touvron et al. 2023). Biases, norms of queries and keys, norms behind a layer and fused
matrices show in the names of the tensors; what does not is in the table below. Sources: the model cards and papers of the
families, and how llama.cpp reads their files.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from chatbot_app.core.visible_text import visible_text
from chatbot_app.lab.weights import Weights

_MOST_LAYERS = 1000
_MOST_WIDTH = 1 << 20


@dataclass(frozen=True, slots=True)
class Family:
    """What a file of an architecture does not say.

    `halves`: a position turns number i with number i + d/2 (GPT-NeoX) instead of 2i with 2i + 1 (RoFormer; files of LLaMA
    are sorted for that). `gelu`: the gate of the feed-forward layer, SiLU where it is False (GLU variants: Shazeer 2020).
    `widened`: vectors of tokens are multiplied by √width. `window_every`: all layers but each n-th see a window only.
    `window_base`: the base of rotation in those. `unturned_every`: each n-th layer knows no positions (NoPE).
    """

    halves: bool = False
    gelu: bool = False
    widened: bool = False
    window_every: int = 0
    window_base: float = 0.0
    unturned_every: int = 0


FAMILIES = {
    "llama": Family(),
    "internlm2": Family(),
    "ernie4_5": Family(),
    "granite": Family(),
    "smollm3": Family(unturned_every=4),
    "qwen2": Family(halves=True),
    "qwen3": Family(halves=True),
    "olmo2": Family(halves=True),
    "phi3": Family(halves=True),
    "gemma": Family(halves=True, gelu=True, widened=True),
    "gemma2": Family(halves=True, gelu=True, widened=True, window_every=2),
    "gemma3": Family(halves=True, gelu=True, widened=True, window_every=6, window_base=10_000.0),
}

# The layers at which Gemma's largest models take another scale: 1/√(width / heads) instead of 1/√d.
_SCALED_BY_WIDTH = {"gemma2": 46, "gemma3": 62}


@dataclass(frozen=True, slots=True)
class DecoderShape:
    """The numbers of one decoder. Letters as in `attention`: L layers, H and G heads, d numbers of a head."""

    family: Family
    layers: int
    width: int
    heads: int
    key_heads: int
    head_size: int
    epsilon: float
    turned: int  # numbers of a head that positions turn
    base: float  # of the rotation: number i turns by position · base^(−2i / turned)
    stretch: float  # positions are divided by it where the window was stretched linearly
    magnitude: float  # of turned queries and keys ("LongRoPE", Ding et al. 2024)
    scale: float  # of the products of queries and keys
    window: int  # tokens that layers with a window see, 0 for all
    score_cap: float
    logit_cap: float
    embedding_scale: float
    residual_scale: float
    logit_scale: float

    def has_window(self, layer: int) -> bool:
        """Whether a layer sees the window only."""
        every = self.family.window_every
        return bool(self.window and every and (layer + 1) % every)

    def turns(self, layer: int) -> bool:
        """Whether a layer knows positions."""
        every = self.family.unturned_every
        return not every or (layer + 1) % every != 0


def decoder_shape(weights: Weights) -> DecoderShape:
    """Return what a file says of its decoder. Raises WeightsUnusable where it is none that is computed here."""
    name = weights.architecture
    family = FAMILIES.get(name)
    if family is None:
        raise weights.unusable(
            f"its architecture is “{visible_text(name)[:60]}”, and computed here are {', '.join(sorted(FAMILIES))}."
        )
    if weights.of_architecture("expert_count"):
        raise weights.unusable("it is a mixture of experts, of which each token meets others.")
    read = _Numbers(weights)
    layers = read.count("block_count", most=_MOST_LAYERS)
    width = read.count("embedding_length")
    heads = read.count("attention.head_count")
    head_size = read.count("attention.key_length", otherwise=width // heads)
    by_width = layers == _SCALED_BY_WIDTH.get(name)
    shape = DecoderShape(
        family=family,
        layers=layers,
        width=width,
        heads=heads,
        key_heads=read.count("attention.head_count_kv", otherwise=heads),
        head_size=head_size,
        epsilon=read.number("attention.layer_norm_rms_epsilon", 1e-5),
        turned=read.count("rope.dimension_count", otherwise=head_size),
        base=read.number("rope.freq_base", 10_000.0),
        stretch=_stretch(weights, read),
        magnitude=read.number("rope.scaling.attn_factor", 1.0) or 1.0,
        scale=read.number("attention.scale", 0.0) or 1 / math.sqrt(width // heads if by_width else head_size),
        window=read.count("attention.sliding_window", otherwise=0) if family.window_every else 0,
        score_cap=read.number("attn_logit_softcapping", 50.0 if name == "gemma2" else 0.0),
        logit_cap=read.number("final_logit_softcapping", 30.0 if name == "gemma2" else 0.0),
        embedding_scale=read.number("embedding_scale", 0.0) or (math.sqrt(width) if family.widened else 1.0),
        residual_scale=read.number("residual_scale", 0.0) or 1.0,
        logit_scale=1 / (read.number("logit_scale", 0.0) or 1.0),
    )
    if shape.heads % shape.key_heads or shape.turned > head_size or shape.turned % 2:
        raise weights.unusable("the numbers of its heads do not go together.")
    return shape


def _stretch(weights: Weights, read: _Numbers) -> float:
    kind = weights.of_architecture("rope.scaling.type")
    if kind in (
        None,
        "none",
        "longrope",
    ):  # longrope: short texts, as they are here, are turned by factors of the file
        return 1.0
    if kind != "linear":
        raise weights.unusable(f"it stretches positions by “{visible_text(str(kind))[:40]}”.")
    return read.number("rope.scaling.factor", 1.0) or 1.0


class _Numbers:
    """Reads the numbers of an architecture out of a stranger's file."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    def count(self, key: str, *, otherwise: int | None = None, most: int = _MOST_WIDTH) -> int:
        """Return a whole number, `otherwise` where the file has none; a list with one value for all layers is one."""
        value: Any = self._weights.of_architecture(key)
        if isinstance(value, list) and value and len(set(map(str, value))) == 1:
            value = value[0]
        if isinstance(value, list):
            raise self._weights.unusable("its layers are not alike.")
        if value is None and otherwise is not None:
            return otherwise
        if (
            not isinstance(value, int)
            or isinstance(value, bool)
            or not 0 <= value <= most
            or (value == 0 and otherwise != 0)
        ):
            raise self._weights.unusable(f"it does not say its “{key}”.")
        return value

    def number(self, key: str, otherwise: float) -> float:
        """Return a number, `otherwise` where the file has none."""
        value = self._weights.of_architecture(key)
        if value is None:
            return otherwise
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            raise self._weights.unusable(f"its “{key}” is no number.")
        return float(value)
