"""multilingual-e5-small as an ONNX graph: made once of `e5_file`, kept in the folder of models, pinned by its hash.

All products are of bytes (`DynamicQuantizeMatMul`): the values of a text share a scale, the weights of an output another. That
alone loses much, for a few channels hold values ten times as large as all others. So these are divided by what the weights are
multiplied with (Xiao and others 2023, "SmoothQuant"): the vectors are within a cosine of .9995 of the exact ones instead of
.997. What is divided by is measured, not computed here: `resources/embedding/e5-small.smoothing.npy`, float16, shape
(layers, 2 · width + inner), of what goes into attention, into the first and into the second product of the feed-forward part
(`tests/benchmarks/fit_e5.py`).

It takes one text: a scale for several would make the vector of a text depend on its neighbours.
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.DynamicQuantizeMatMul
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chatbot_app.core.checksums import sha256_of
from chatbot_app.core.paths import models_dir, resources_dir
from chatbot_app.knowledge.children.e5_file import E5File
from chatbot_app.knowledge.children.onnx_fusing import DOMAIN
from chatbot_app.knowledge.children.onnx_writing import GraphWriter
from chatbot_app.knowledge.children.pinned_file import is_kept, is_pinned
from chatbot_app.llm.local.processor import processor_features
from chatbot_app.llm.model_files import MULTILINGUAL_MODEL

Array = npt.NDArray[np.float32]

GRAPH_INPUT, GRAPH_OUTPUT = "rows", "hidden"
SIGNED_NAME = "multilingual-e5-small.signed.onnx"
SIGNED_SHA256 = "efec1955c3f48f698ef47574f18209c26ca7fa800a064f868f13c083ca41e7ed"
UNSIGNED_NAME = "multilingual-e5-small.unsigned.onnx"
UNSIGNED_SHA256 = "1882868ae38adb7cdb25aef2f77b20fce0ad7c9e8a475b600a39afee7967f489"
_OPERATORS = {"": 20, DOMAIN: 1}
_GREATEST = 127  # of a weight as int8
_ZERO = 128  # what a weight of 0 is as uint8


def prepared_graph(path: Path, *, is_signed: bool | None = None) -> Path | bytes:
    """Return where the graph of the model at `path` lies, or the graph itself where it cannot be kept.

    `is_signed` chooses the kind of weights, None the one for this processor: onnxruntime multiplies unsigned values by signed
    weights twice as fast where the processor has an instruction for it, and lets sums run over where it has none. Both make
    the same vectors. Raises OSError, or ValueError where the file is damaged.
    """
    if is_signed is None:
        is_signed = "avx512_vnni" in processor_features()
    name, pinned = (SIGNED_NAME, SIGNED_SHA256) if is_signed else (UNSIGNED_NAME, UNSIGNED_SHA256)
    place = models_dir() / name
    if is_pinned(place, pinned):
        return place
    if sha256_of(path) != MULTILINGUAL_MODEL.sha256:
        raise ValueError("it is another file than the one that was published")
    made = e5_graph(E5File(path), smoothing(), is_signed=is_signed)
    return place if is_kept(made, place, pinned) else made


def smoothing() -> npt.NDArray[np.float16]:
    """Return what values are divided by before a product, float16, shape (layers, 2 · width + inner). Raises OSError."""
    factors: npt.NDArray[np.float16] = np.load(resources_dir() / "embedding" / "e5-small.smoothing.npy")
    return factors


def e5_graph(file: E5File, factors: npt.NDArray[np.float16], *, is_signed: bool) -> bytes:
    """Return the graph: `rows` of one text, shape (1, tokens, width), to its `hidden`, of the same shape.

    `factors` as of `smoothing`. Raises ValueError where a tensor is missing.
    """
    return _Writer(file, is_signed=is_signed).written(factors.astype(np.float32))


class _Writer:
    def __init__(self, file: E5File, *, is_signed: bool) -> None:
        self._file = file
        self._sizes = file.sizes
        self._is_signed = is_signed
        self._graph = GraphWriter("multilingual-e5-small", _OPERATORS)

    def written(self, factors: Array) -> bytes:
        sizes, graph = self._sizes, self._graph
        shape = (1, "tokens", sizes.width)
        values = self._normed(graph.add_input(GRAPH_INPUT, shape), "emb.ln", "embedded")
        for layer in range(sizes.layers):
            ends = [sizes.width, 2 * sizes.width]
            into_attention, into_inner, out_of_inner = np.split(factors[layer], ends)
            name = f"l{layer}"
            attended = self._product(
                self._attention(name, values, into_attention), [f"{name}.ao"], sizes.width
            )
            values = self._normed(self._sum(attended, values), f"{name}.aln", f"{name}.attended")
            inner = self._product(values, [f"{name}.fi"], sizes.width, into_inner)
            inner = graph.add_node("Gelu", [inner], f"{name}.gelu")
            inner = self._product(inner, [f"{name}.fo"], sizes.inner, out_of_inner)
            is_last = layer == sizes.layers - 1
            values = self._normed(
                self._sum(inner, values), f"{name}.oln", GRAPH_OUTPUT if is_last else f"{name}.out"
            )
        graph.add_output(values, shape)
        return graph.written()

    def _attention(self, name: str, values: str, factors: Array) -> str:
        """Write softmax(q · k / √d) · v of each head: onnxruntime's own operators for it took a twentieth more time."""
        sizes, graph = self._sizes, self._graph
        size = sizes.width // sizes.heads
        all_three = self._product(values, [f"{name}.q", f"{name}.k", f"{name}.v"], sizes.width, factors)
        by_head = graph.add_constant("by_head", np.array([-1, 3, sizes.heads, size], np.int64))
        side_by_side = graph.add_constant("side_by_side", np.array([1, -1, sizes.width], np.int64))
        each = graph.add_constant("each", np.ones(3, np.int64))
        heads = graph.add_node("Reshape", [all_three, by_head], f"{name}.by_head")
        heads = graph.add_node("Transpose", [heads], f"{name}.heads", perm=[1, 2, 0, 3])
        query, key, value = (f"{name}.{part}_heads" for part in "qkv")
        graph.add_node("Split", [heads, each], query, key, value, axis=0)
        scores = graph.add_node(
            "FusedMatMul", [query, key], f"{name}.scores", domain=DOMAIN, transB=1, alpha=float(size**-0.5)
        )
        shares = graph.add_node("Softmax", [scores], f"{name}.shares", axis=-1)
        weighed = graph.add_node("MatMul", [shares, value], f"{name}.weighed")
        weighed = graph.add_node("Transpose", [weighed], f"{name}.by_token", perm=[0, 2, 1, 3])
        return graph.add_node("Reshape", [weighed, side_by_side], f"{name}.context")

    def _product(self, values: str, names: Sequence[str], inputs: int, factors: Array | None = None) -> str:
        """Write the products with the weights of some names, side by side, and what is added to them."""
        graph, result = self._graph, f"{names[0]}.product"
        weights = np.concatenate([self._file.weights(f"{name}.w", inputs) for name in names])
        if factors is not None:
            inverse = graph.add_constant(f"{result}.inverse", np.float32(1) / factors)
            values = graph.add_node("Mul", [values, inverse], f"{result}.smoothed")
            weights *= factors
        scales = np.maximum(np.abs(weights).max(axis=1), np.float32(1e-12)) / np.float32(_GREATEST)
        codes = np.rint(weights / scales[:, None]).T
        bias = np.concatenate([self._file.numbers(f"{name}.b") for name in names])
        kind = np.int8 if self._is_signed else np.uint8
        zero = 0 if self._is_signed else _ZERO
        constants = {
            "codes": (codes + zero).astype(kind),
            "scales": scales,
            "zeros": np.full(len(scales), zero, kind),
            "bias": bias,
        }
        inputs_ = [graph.add_constant(f"{result}.{name}", array) for name, array in constants.items()]
        return graph.add_node("DynamicQuantizeMatMul", [values, *inputs_], result, domain=DOMAIN)

    def _sum(self, first: str, second: str) -> str:
        """Write a sum: with the layer norm behind it in one operator it took eight times as long."""
        return self._graph.add_node("Add", [first, second], f"{first}.sum")

    def _normed(self, values: str, norm: str, result: str) -> str:
        scale = self._graph.add_constant(f"{norm}.scale", self._file.numbers(f"{norm}.w"))
        shift = self._graph.add_constant(f"{norm}.shift", self._file.numbers(f"{norm}.b"))
        return self._graph.add_node(
            "LayerNormalization",
            [values, scale, shift],
            result,
            axis=-1,
            epsilon=float(self._sizes.epsilon),
        )
