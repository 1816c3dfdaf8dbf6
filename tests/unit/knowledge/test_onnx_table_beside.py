"""A table beside a model gives what it gave inside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chatbot_app.knowledge.children.built_in_embedder import model_path
from chatbot_app.knowledge.children.onnx_session import load_onnxruntime
from chatbot_app.knowledge.children.onnx_table_beside import with_table_beside
from chatbot_app.knowledge.children.prepared_model import rewritten
from chatbot_app.llm.local.onnx_messages import message_class

WORDS, DIMENSION = 30_522, 384


def test_the_vectors_of_words_are_read_from_the_file_beside(tmp_path: Path) -> None:
    onnxruntime = load_onnxruntime()
    whole = rewritten(model_path().read_bytes())
    without, table = with_table_beside(whole, "words")
    assert len(table) == WORDS * DIMENSION
    assert len(without) < len(whole) - len(table) + 200
    (tmp_path / "model.onnx").write_bytes(without)
    (tmp_path / "words").write_bytes(table)
    ids = np.arange(1000, 1012)[None]
    feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    inside, beside = (
        onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"]).run(None, feed)[0]
        for model in (whole, tmp_path / "model.onnx")
    )
    assert (inside == beside).all()


def test_a_model_without_such_a_table_is_refused() -> None:
    model = message_class("Model")(graph={"node": [{"op_type": "Add", "input": ["a", "b"], "output": ["c"]}]})
    with pytest.raises(ValueError, match="no table"):
        with_table_beside(model.SerializeToString(), "words")
