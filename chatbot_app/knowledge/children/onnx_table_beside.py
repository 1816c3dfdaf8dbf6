"""One rewriting of an ONNX graph: its largest table lies in a file beside it.

onnxruntime maps such a file into memory and reads what it takes rows from, where it else copies the table: of the 12 MB of
word vectors a question needs some hundred bytes. https://onnx.ai/onnx/repo-docs/ExternalData.html
"""

from __future__ import annotations

from chatbot_app.llm.local.onnx_messages import read_model

_EXTERNAL = 1  # where the data of a tensor are


def with_table_beside(model: bytes, name: str) -> tuple[bytes, bytes]:
    """Return (an ONNX model without the numbers of its largest table of which rows are taken, that table).

    `name` is that of the table's file, in the folder of the model's. Raises ValueError where `model` is no protobuf message
    or takes rows from no table.
    """
    read = read_model(model)
    taken_from = {node.input[0] for node in read.graph.node if node.op_type == "Gather"}
    tables = [tensor for tensor in read.graph.initializer if tensor.name in taken_from and tensor.raw_data]
    if not tables:
        raise ValueError("it takes rows from no table")
    table = max(tables, key=lambda tensor: len(tensor.raw_data))
    numbers: bytes = table.raw_data
    table.ClearField("raw_data")
    table.data_location = _EXTERNAL
    for key, value in (("location", name), ("offset", "0"), ("length", str(len(numbers)))):
        table.external_data.add(key=key, value=value)
    written: bytes = read.SerializeToString()
    return written, numbers
