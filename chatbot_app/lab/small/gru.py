"""A recurrent model: one state is carried from token to token, and all that was read must fit into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy

from chatbot_app.lab.small.block import initial_norm, norm
from chatbot_app.lab.small.dropout import Dropout
from chatbot_app.lab.small.model_shape import ModelShape
from chatbot_app.lab.small.next_token import Choose
from chatbot_app.lab.small.operations import Array, Ids, embed, linear
from chatbot_app.lab.small.parameters import Parameters, normal
from chatbot_app.lab.small.recurrence import gru_states, gru_step


class GRU:
    """Layers of gated recurrent units (Cho et al. 2014); skip connections and layer norm as in `Block`."""

    def __init__(self, shape: ModelShape) -> None:
        self.shape = shape

    def initial(self, random: numpy.random.Generator) -> Parameters:
        """Return weights to start with."""
        width = self.shape.width
        weights: Parameters = {
            "tokens": (random.standard_normal((self.shape.vocabulary, width)) * 0.1).astype(numpy.float32),
            "head": normal(random, width, self.shape.vocabulary),
        }
        for number in range(self.shape.layers):
            layer: Parameters = {
                "input": normal(random, width, 3 * width),
                "recurrent": normal(random, width, 3 * width),
                "bias": numpy.zeros(3 * width, numpy.float32),
            }
            if self.shape.has_layer_norm:
                layer["before"] = initial_norm(width)
            weights[f"layer{number}"] = layer
        if self.shape.has_layer_norm:
            weights["before_head"] = initial_norm(width)
        return weights

    def logits(
        self, weights: Parameters, ids: Ids, source: Ids | None = None, dropout: Dropout | None = None
    ) -> Array:
        """Return (B, T, V) for ids (B, T); the state before the first token is 0."""
        x = embed(weights["tokens"], ids)
        first = numpy.zeros((len(ids), self.shape.width), x.dtype)
        for number in range(self.shape.layers):
            layer = weights[f"layer{number}"]
            states = gru_states(self._projected(layer, x), first, layer["recurrent"], layer["bias"])
            x = self._join(x, states if dropout is None else dropout(states))
        return self._head(weights, x)

    def step(self, weights: Parameters, token: int, states: list[Array]) -> tuple[Array, list[Array]]:
        """Return the logits (V,) after `token`, and the states (1, C) of the layers, from those before it.

        The cost does not grow with what was read: that is what a recurrence has before attention.
        """
        x = weights["tokens"][[token]]
        after = []
        for number, state in enumerate(states):
            layer = weights[f"layer{number}"]
            after.append(gru_step(self._projected(layer, x), state, layer["recurrent"], layer["bias"]))
            x = self._join(x, after[-1])
        return self._head(weights, x)[0], after

    def first_states(self) -> list[Array]:
        """Return the states before the first token."""
        return [numpy.zeros((1, self.shape.width), numpy.float32) for _ in range(self.shape.layers)]

    def generate(
        self,
        weights: Parameters,
        ids: Sequence[int],
        count: int,
        choose: Choose,
        source: Sequence[int] | None = None,
    ) -> Iterator[int]:
        """Yield `count` ids that follow `ids` (one at least), each chosen by `choose` from the logits."""
        states, written = self.first_states(), list(ids)
        for token in written[:-1]:
            _, states = self.step(weights, token, states)
        for _ in range(count):
            logits, states = self.step(weights, written[-1], states)
            written.append(choose(logits, written))
            yield written[-1]

    def _projected(self, layer: Parameters, x: Array) -> Array:
        seen = norm(layer["before"], x) if self.shape.has_layer_norm else x
        return linear(seen, layer["input"])

    def _join(self, x: Array, states: Array) -> Array:
        return x + states if self.shape.has_skip_connections else states

    def _head(self, weights: Parameters, x: Array) -> Array:
        if self.shape.has_layer_norm:
            x = norm(weights["before_head"], x)
        return linear(x, weights["head"])
