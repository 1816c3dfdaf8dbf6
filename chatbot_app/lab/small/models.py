"""Makes the model that a shape describes."""

from __future__ import annotations

from chatbot_app.lab.small.encoder_decoder import EncoderDecoder
from chatbot_app.lab.small.gpt import GPT
from chatbot_app.lab.small.gru import GRU
from chatbot_app.lab.small.model_shape import Kind, ModelShape

Model = GPT | GRU | EncoderDecoder


def make_model(shape: ModelShape) -> Model:
    """Return the model without weights: these are made by its `initial`, or come from a file."""
    match shape.kind:
        case Kind.GPT:
            return GPT(shape)
        case Kind.GRU:
            return GRU(shape)
        case Kind.ENCODER_DECODER:
            return EncoderDecoder(shape)
