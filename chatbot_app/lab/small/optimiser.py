"""AdamW with a learning rate that warms up and falls along a cosine."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from chatbot_app.lab.small.operations import Array

BETAS = (0.9, 0.98)  # Vaswani et al. 2017
TINY = 1e-8
GRADIENT_NORM = 1.0  # longer gradients are shortened: Pascanu, Mikolov & Bengio 2013


def learning_rate(
    step: int, steps: int, highest: float, *, warm_up: int = 100, lowest_share: float = 0.02
) -> float:
    """Return the rate of step 0 … steps − 1: linear up, then half a cosine down (Loshchilov & Hutter 2017)."""
    warm_up = min(warm_up, max(1, steps // 10))
    if step < warm_up:
        return highest * (step + 1) / warm_up
    done = min(1.0, (step - warm_up) / max(1, steps - warm_up))
    return highest * (lowest_share + (1 - lowest_share) * 0.5 * (1 + math.cos(math.pi * done)))


@dataclass(slots=True)
class AdamW:
    """Kingma & Ba 2015 with decoupled weight decay (Loshchilov & Hutter 2019). Changes the weights in place."""

    weight_decay: float = 0.1
    step: int = 0
    means: dict[str, Array] = field(default_factory=dict)
    squares: dict[str, Array] = field(default_factory=dict)

    def update(self, weights: dict[str, Array], gradients: dict[str, Array], rate: float) -> float:
        """Move `weights` by one step and return the length that the gradient had. Matrices decay, vectors do not."""
        length = math.sqrt(sum(float(np.vdot(gradient, gradient)) for gradient in gradients.values()))
        shortened = np.float32(min(1.0, GRADIENT_NORM / (length + TINY)))
        self.step += 1
        first, second = BETAS
        scale = rate * math.sqrt(1 - second**self.step) / (1 - first**self.step)
        for name, weight in weights.items():
            gradient = gradients[name] * shortened
            mean = self.means.setdefault(name, np.zeros_like(weight))
            square = self.squares.setdefault(name, np.zeros_like(weight))
            mean += (1 - first) * (gradient - mean)
            square += (1 - second) * (gradient * gradient - square)
            if weight.ndim > 1:
                weight *= 1 - rate * self.weight_decay
            weight -= scale * mean / (np.sqrt(square) + TINY)
        return length
