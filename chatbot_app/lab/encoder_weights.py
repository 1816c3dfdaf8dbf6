"""An encoder out of its file: the embedding model that ships (ONNX), or any BERT as GGUF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chatbot_app.core.visible_text import visible_text
from chatbot_app.lab.attention import FloatArray
from chatbot_app.lab.encoder import Encoder, EncoderLayer
from chatbot_app.lab.linear import LayerNorm, Linear
from chatbot_app.lab.weights import Weights, WeightsUnusable

ARCHITECTURE = "bert"
_TYPES: dict[int, np.dtype[Any]] = {
    1: np.dtype("<f4"),
    3: np.dtype("i1"),
}  # ONNX's numbers of float32 and int8
# Of all-MiniLM-L6-v2's config.json: its graph does not say them in a form that one can ask for.
_HEADS, _EPSILON = 12, 1e-12
_MATRICES = 6  # of a layer: query, key, value, output, up, down


def read_onnx_encoder(path: Path, name: str) -> Encoder:
    """Return the encoder of all-MiniLM-L6-v2 as int8 ONNX. Raises WeightsUnusable."""
    from chatbot_app.llm.local.onnx_messages import read_model  # protobuf is for the child alone

    try:
        graph = read_model(path.read_bytes()).graph
    except OSError as exc:
        raise WeightsUnusable(name=name, detail=f"{exc.strerror}.") from exc
    except ValueError as exc:
        raise WeightsUnusable(name=name, detail=f"{exc}.") from exc
    tensors = {tensor.name.removeprefix("inner."): tensor for tensor in graph.initializer}
    try:
        return _OnnxReader(tensors).encoder()
    except (KeyError, ValueError, IndexError) as exc:
        detail = "its weights are not those of the embedding model that ships."
        raise WeightsUnusable(name=name, detail=detail) from exc


class _OnnxReader:
    """Finds the tensors of a BERT that was exported by PyTorch; matrices are int8 with a scale for each column.

    Matrices have the numbers of the operations that use them for names (`val_49`), so that their order is that of the layer.
    """

    def __init__(self, tensors: dict[str, Any]) -> None:
        self._tensors = tensors
        self._matrices = sorted(
            (name.removesuffix("_q") for name in tensors if name.startswith("val_") and name.endswith("_q")),
            key=lambda name: int(name.removeprefix("val_")),
        )

    def encoder(self) -> Encoder:
        count, left = divmod(len(self._matrices), _MATRICES)
        if not count or left:
            raise ValueError(f"{len(self._matrices)} matrices")
        packed = self._array("embeddings.word_embeddings.weight_q")
        scales = self._array("embeddings.word_embeddings.weight_scale")

        def words(ids: Sequence[int]) -> FloatArray:
            vectors: FloatArray = packed[np.asarray(ids)] * scales[np.asarray(ids)]
            return vectors

        return Encoder(
            heads=_HEADS,
            words=words,
            positions=self._widened("embeddings.position_embeddings.weight"),
            segment=self._array("embeddings.token_type_embeddings.weight")[0],
            norm=self._norm("embeddings.LayerNorm"),
            layers=tuple(self._layer(number) for number in range(count)),
        )

    def _layer(self, number: int) -> EncoderLayer:
        prefix = f"encoder.layer.{number}"
        places = (
            *(f"attention.self.{part}" for part in ("query", "key", "value")),
            "attention.output.dense",
            "intermediate.dense",
            "output.dense",
        )
        query, key, value, output, up, down = (
            Linear(
                np.ascontiguousarray(self._widened(self._matrices[_MATRICES * number + place]).T),
                self._array(f"{prefix}.{name}.bias"),
            )
            for place, name in enumerate(places)
        )
        return EncoderLayer(
            query, key, value, output, self._norm(f"{prefix}.attention.output.LayerNorm"),
            up, down, self._norm(f"{prefix}.output.LayerNorm"),
        )  # fmt: skip

    def _norm(self, name: str) -> LayerNorm:
        return LayerNorm(self._array(f"{name}.weight"), self._array(f"{name}.bias"), _EPSILON)

    def _widened(self, name: str) -> FloatArray:
        numbers: FloatArray = self._array(f"{name}_q") * self._array(f"{name}_scale")
        return numbers

    def _array(self, name: str) -> Any:
        tensor = self._tensors[name]
        return np.frombuffer(tensor.raw_data, _TYPES[tensor.data_type]).reshape(tuple(tensor.dims))


def read_gguf_encoder(weights: Weights) -> Encoder:
    """Return the encoder of a BERT as GGUF; `weights` must stay open. Raises WeightsUnusable."""
    if weights.architecture != ARCHITECTURE:
        raise weights.unusable(f"its architecture is “{visible_text(weights.architecture)[:60]}”.")
    layers, heads, width = (
        weights.of_architecture(key) for key in ("block_count", "attention.head_count", "embedding_length")
    )
    epsilon = weights.of_architecture("attention.layer_norm_epsilon")
    counts = all(isinstance(count, int) and 0 < count < 1 << 20 for count in (layers, heads, width))
    if not counts or width % heads or not isinstance(epsilon, float):
        raise weights.unusable("it does not say how many layers and heads it has.")
    words = "token_embd.weight"
    if words not in weights.names or weights.shape(words)[1:] != (width,):
        raise weights.unusable(f"the weights “{words}” are missing, or have a shape that is not theirs.")
    parts = _GgufParts(weights, width, epsilon)
    return Encoder(
        heads=heads,
        words=lambda ids: weights.rows(words, ids),
        positions=parts.array("position_embd.weight", None, width),
        segment=parts.array("token_types.weight", None, width)[0],
        norm=parts.norm("token_embd_norm"),
        layers=tuple(parts.layer(number) for number in range(layers)),
    )


@dataclass(frozen=True, slots=True)
class _GgufParts:
    """Reads the parts of a BERT of some width out of a GGUF file. Methods raise WeightsUnusable."""

    weights: Weights
    width: int
    epsilon: float

    def array(self, name: str, *sizes: int | None) -> FloatArray:
        """Return an array of that shape; a size that is None may be any."""
        found = self.weights.array(name)
        wanted = [size or found.shape[place] for place, size in enumerate(sizes) if place < found.ndim]
        if list(found.shape) != wanted or found.ndim != len(sizes):
            raise self.weights.unusable(f"the weights “{name[:60]}” have a shape that is not theirs.")
        return found

    def norm(self, name: str) -> LayerNorm:
        """Return a layer norm."""
        weight, bias = (self.array(f"{name}.{part}", self.width) for part in ("weight", "bias"))
        return LayerNorm(weight, bias, self.epsilon)

    def linear(self, name: str, out: int, into: int) -> Linear:
        """Return a linear map; its weights have shape (out, into)."""
        return Linear(self.array(f"{name}.weight", out, into), self.array(f"{name}.bias", out))

    def layer(self, number: int) -> EncoderLayer:
        """Return the layer of a number, from 0."""
        prefix, width = f"blk.{number}", self.width
        up = f"{prefix}.ffn_up"
        inner = self.weights.shape(f"{up}.weight")[0] if f"{up}.weight" in self.weights.names else 0
        query, key, value, output = (
            self.linear(f"{prefix}.attn_{part}", width, width) for part in ("q", "k", "v", "output")
        )
        return EncoderLayer(
            query=query,
            key=key,
            value=value,
            output=output,
            attention_norm=self.norm(f"{prefix}.attn_output_norm"),
            up=self.linear(up, inner, width),
            down=self.linear(f"{prefix}.ffn_down", width, inner),
            feed_norm=self.norm(f"{prefix}.layer_output_norm"),
        )
