"""The same data for several models, step by step beside each other: what a switch does to the loss."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chatbot_app.lab.small import training
from chatbot_app.lab.small.model_shape import Kind, ModelShape, Positions, Score
from chatbot_app.lab.small.parameters import count
from chatbot_app.lab.small.training import Training
from chatbot_app.lab.small.training_plan import TrainingPlan

LOOKS = 20
ALL_HEADS = 0  # as many heads of keys as of queries


@dataclass(frozen=True, slots=True)
class Variant:
    """A model with one switch turned."""

    name: str  # what is different: a code, which the window has words for
    changes: dict[str, Any]

    def of(self, shape: ModelShape) -> ModelShape:
        """Return the shape with the switch turned. Raises ValueError where that does not fit."""
        changes = dict(self.changes)
        if changes.get("key_value_heads") == ALL_HEADS:
            changes["key_value_heads"] = changes.get("heads", shape.heads)
        return replace(shape, **changes)


GROUPS: dict[str, tuple[Variant, ...]] = {
    "architecture": (
        Variant("gpt", {"kind": Kind.GPT}),
        Variant("gru", {"kind": Kind.GRU}),
        Variant("encoder-decoder", {"kind": Kind.ENCODER_DECODER}),
    ),
    "scores": tuple(Variant(score.value, {"score": score}) for score in Score),
    "heads": (
        Variant("multi-head", {"key_value_heads": ALL_HEADS}),
        Variant("multi-query", {"key_value_heads": 1}),
        Variant("one-head", {"heads": 1, "key_value_heads": 1}),
    ),
    "cross": (
        Variant("cross-attention", {"kind": Kind.ENCODER_DECODER, "has_cross_attention": True}),
        Variant("no-cross-attention", {"kind": Kind.ENCODER_DECODER, "has_cross_attention": False}),
    ),
    "mask": (Variant("causal-mask", {"is_causal": True}), Variant("no-mask", {"is_causal": False})),
    "positions": tuple(Variant(positions.value, {"positions": positions}) for positions in Positions),
    "parts": (
        Variant("whole", {"has_layer_norm": True, "has_skip_connections": True}),
        Variant("no-layer-norm", {"has_layer_norm": False, "has_skip_connections": True}),
        Variant("no-skip-connections", {"has_layer_norm": True, "has_skip_connections": False}),
        Variant("neither", {"has_layer_norm": False, "has_skip_connections": False}),
    ),
}


def compare(
    plan: TrainingPlan, text: str, variants: Sequence[Variant], stop: Callable[[], bool]
) -> Iterator[dict[str, Any]]:
    """Train all variants on the same batches in the same order, and yield points of their curves and their end.

    Events: compared_with (name, parameters), point (name, step, loss in nats a character on what is held out, exact),
    and at last done or stopped.
    """
    begun: list[tuple[Variant, Training]] = []
    for variant in variants:
        state = training.begin(replace(plan, shape=variant.of(plan.shape)), text)
        begun.append((variant, state))
        yield {"event": "compared_with", "name": variant.name, "parameters": count(state.weights)}
    every = max(1, plan.steps // LOOKS)
    failed: set[str] = set()
    for step in range(plan.steps):
        for variant, state in begun:
            if stop():
                yield {"event": "stopped", "step": step}
                return
            if variant.name in failed:
                continue
            if not math.isfinite(state.advance()):
                failed.add(variant.name)
                yield {"event": "diverged", "name": variant.name, "step": step + 1}
            elif (step + 1) % every == 0 or state.is_done:
                yield _point(variant.name, state)
    yield {"event": "done", "step": plan.steps}


def _point(name: str, state: Training) -> dict[str, Any]:
    look = state.look()
    return {
        "event": "point",
        "name": name,
        "step": look.step,
        "loss": look.held_out_loss,
        "exact": look.exact,
        "training": look.training_loss,
    }
