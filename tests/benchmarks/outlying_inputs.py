"""Which inputs of the built-in embedding model's products are much greater than the rest (see `onnx_mixed_products`).

`python -m tests.benchmarks.outlying_inputs [FILE]` writes them as the program reads them: resources/embedding/. They are found
in texts that ship: a novel, our own manual, our own code.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot_app.core.paths import resources_dir
from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder, model_path
from chatbot_app.knowledge.children.onnx_int8_products import FLOAT32, Int8Products, rewritten_products
from chatbot_app.knowledge.children.onnx_session import load_onnxruntime
from chatbot_app.knowledge.children.prepared_model import OUTLYING, rewritten
from chatbot_app.llm.local.onnx_messages import read_model

COUNT = (
    16  # of 384 or 1,536: 4 leave a cosine of .9995, 16 of .9997, 48 of .9998 and cost a quarter more time
)
CHARACTERS, EACH = 800, 40  # of a text, and texts of a source
ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("resources/texts/emma.txt", "README.md", "chatbot_app/knowledge/search/retriever.py")


class _PlainProducts(Int8Products):
    """The same products of floats, which remember what they are given."""

    def __init__(self, graph: Any, given: list[str]) -> None:
        super().__init__(graph)
        self._given = given

    def multiplied(
        self, values: str, codes: npt.NDArray[np.int8], scales: npt.NDArray[np.float32], result: str
    ) -> tuple[Any, ...]:
        self._given.append(values)
        self.add(f"{result}/weights", FLOAT32, codes * scales)
        return (self.node(op_type="MatMul", input=[values, f"{result}/weights"], output=[result]),)


def greatest() -> dict[str, npt.NDArray[np.float32]]:
    """Return of each input of a product the greatest absolute value of each of its last dimension."""
    names: list[str] = []
    whole = rewritten(model_path().read_bytes())
    model = read_model(rewritten_products(whole, lambda graph: _PlainProducts(graph, names)))
    for name in names:
        model.graph.output.add(name=name)
    session = load_onnxruntime().InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    found = {name: np.zeros(1, np.float32) for name in names}
    for encoding in BuiltInEmbedder().encode_cut(texts()):
        ids = np.array([encoding.ids], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        for name, values in zip(names, session.run(names, feed), strict=True):
            found[name] = np.maximum(found[name], np.abs(values).max(axis=(0, 1)))
    return found


def texts() -> list[str]:
    """Return what the inputs are looked at for."""
    found = []
    for source in SOURCES:
        text = (ROOT / source).read_text("utf-8")
        step = max(CHARACTERS, len(text) // EACH)
        found += [text[start : start + CHARACTERS] for start in range(0, len(text) - CHARACTERS, step)]
    return found


def main() -> None:
    """Write the file."""
    default = resources_dir() / "embedding" / OUTLYING
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    chosen = {
        name: sorted(np.argsort(-values, kind="stable")[:COUNT].tolist())
        for name, values in greatest().items()
    }
    place.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(f'  "{name}": {json.dumps(inputs)}' for name, inputs in chosen.items())
    place.write_text(f"{{\n{lines}\n}}\n", "utf-8")
    print(f"{len(chosen)} inputs, {COUNT} of each")


if __name__ == "__main__":
    main()
