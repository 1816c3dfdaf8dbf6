"""Every backward pass against numerical gradients, in float64: to 1e-4 of the gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from autograd import value_and_grad

from chatbot_app.lab.small.model_shape import Kind, ModelShape, Positions, Score
from chatbot_app.lab.small.models import make_model
from chatbot_app.lab.small.operations import cross_entropy
from chatbot_app.lab.small.parameters import flattened, unflattened

STEP = 1e-5
TOLERANCE = 1e-4


def shape(**switches: Any) -> ModelShape:
    sizes: dict[str, Any] = {"vocabulary": 7, "context": 5, "width": 8, "layers": 1, "heads": 2}
    return ModelShape(**{**sizes, "key_value_heads": 2, **switches})


SHAPES = {
    "gpt": shape(layers=2),
    "gru": shape(kind=Kind.GRU, layers=2),
    "cross-attention": shape(kind=Kind.ENCODER_DECODER),
    "multi-query": shape(key_value_heads=1),
    "grouped": shape(heads=4, key_value_heads=2),
    "general": shape(score=Score.GENERAL),
    "additive": shape(score=Score.ADDITIVE),
    "additive, multi-query": shape(score=Score.ADDITIVE, key_value_heads=1),
    "no mask": shape(is_causal=False),
    "no positions": shape(positions=Positions.NONE),
    "learned": shape(positions=Positions.LEARNED),
    "sinusoidal": shape(positions=Positions.SINUSOIDAL),
    "no layer norm": shape(has_layer_norm=False),
    "no skip connections": shape(has_skip_connections=False),
    "gru without either": shape(kind=Kind.GRU, has_layer_norm=False, has_skip_connections=False),
    "crossed, general, one head of keys": shape(
        kind=Kind.ENCODER_DECODER, score=Score.GENERAL, key_value_heads=1, positions=Positions.LEARNED
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_gradients_are_those_that_differences_give(name: str) -> None:
    model = make_model(SHAPES[name])
    random = np.random.default_rng(3)
    # Far from the start, where norms have gains and every gradient is of some size.
    weights = unflattened(
        {
            part: array.astype(np.float64) + 0.2 * random.standard_normal(array.shape)
            for part, array in flattened(model.initial(random))
        }
    )
    ids, targets = random.integers(0, 7, (2, 3, 5))
    source = random.integers(0, 7, (3, 4))
    counted = (random.random((3, 5)) < 0.7).astype(np.float64)

    def loss(values: Any) -> Any:
        return cross_entropy(model.logits(values, ids, source), targets, counted)

    _, gradients = value_and_grad(loss)(weights)
    arrays = dict(flattened(weights))
    for part, gradient in flattened(gradients):
        array = arrays[part]
        assert gradient.shape == array.shape, part
        for _ in range(2):
            place = tuple(random.integers(0, size) for size in array.shape)
            kept = array[place]
            array[place] = kept + STEP
            above = float(loss(weights))
            array[place] = kept - STEP
            below = float(loss(weights))
            array[place] = kept
            assert gradient[place] == pytest.approx(
                (above - below) / (2 * STEP), rel=TOLERANCE, abs=TOLERANCE * np.abs(gradient).max()
            ), part
