"""What tests look at in models in ONNX form: their operators, and what they compute."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.children.onnx_session import load_onnxruntime
from chatbot_app.llm.local.onnx_messages import message_class


def operators(model: bytes) -> Counter[str]:
    """Return how often each operator stands in a model."""
    return Counter(node.op_type for node in message_class("Model").FromString(model).graph.node)


def token_states(model: bytes, ids: npt.NDArray[np.int64], mask: npt.NDArray[np.int64]) -> Any:
    """Return the last states of an encoder, shape (texts, tokens, dimension), computed by one thread.

    `ids` and `mask` have the shape (texts, tokens).
    """
    onnxruntime = load_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    return session.run(None, feed)[0]
