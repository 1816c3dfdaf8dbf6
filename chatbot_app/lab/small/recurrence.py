"""The recurrence of a GRU over a whole sequence, with its backward pass through time.

Gated recurrent unit: Cho et al. 2014, "Learning Phrase Representations using RNN Encoder-Decoder"; here with the
reset gate after the product (as in cuDNN), so that a step is one product. For position t, with h the state:

    r = sigmoid(x_r + h U_r + b_r)        reset: how much of the state the proposal sees
    z = sigmoid(x_z + h U_z + b_z)        update: how much of the state stays
    n = tanh(x_n + r * (h U_n + b_n))     the proposal
    h = (1 - z) * n + z * h
"""

from __future__ import annotations

from typing import Any

import numpy as np
from autograd.extend import defvjp_argnums, primitive

from chatbot_app.lab.small.operations import Array, linear


def gru_step(projected: Array, state: Array, recurrent: Array, bias: Array) -> Array:
    """Return the next state (…, H).

    projected (…, 3H): what the input adds to r, z and n; state (…, H); recurrent (H, 3H) is U, bias (3H) is b.
    """
    _, update, proposal, _ = _gates(projected, state, recurrent, bias)
    return proposal + update * (state - proposal)


def _gates(projected: Array, state: Array, recurrent: Array, bias: Array) -> tuple[Array, ...]:
    """Return r, z, n and h U_n + b_n, each (…, H)."""
    width = state.shape[-1]
    from_state = linear(state, recurrent) + bias
    gates = _sigmoid(projected[..., : 2 * width] + from_state[..., : 2 * width])
    reset, update = gates[..., :width], gates[..., width:]
    inner = from_state[..., 2 * width :]
    return reset, update, np.tanh(projected[..., 2 * width :] + reset * inner), inner


@primitive
def gru_states(projected: Array, first: Array, recurrent: Array, bias: Array) -> Array:
    """Return the state after each position: projected (B, T, 3H) and first (B, H) give (B, T, H)."""
    states = np.empty((*projected.shape[:2], first.shape[1]), projected.dtype)
    state = first
    for position in range(projected.shape[1]):
        states[:, position] = state = gru_step(projected[:, position], state, recurrent, bias)
    return states


def _back_through_time(
    states: Array, projected: Array, first: Array, recurrent: Array, bias: Array, g: Array
) -> tuple[Array, Array, Array, Array]:
    """Return the gradients by projected, first, recurrent and bias (Werbos 1990)."""
    before = np.concatenate([first[:, None], states[:, :-1]], axis=1)
    # The states are known: the gates of all positions come from one product.
    reset, update, proposal, inner = _gates(projected, before, recurrent, bias)
    width = first.shape[1]
    to_proposal = (1 - update) * (1 - proposal * proposal)
    to_reset = inner * reset * (1 - reset)
    to_update = (before - proposal) * update * (1 - update)
    by_projected = np.empty_like(projected)
    by_products = np.empty_like(projected)  # by h U + b
    by_state = np.zeros_like(first)
    for position in reversed(range(projected.shape[1])):
        by_state = by_state + g[:, position]
        by_proposal = by_state * to_proposal[:, position]
        step, product = by_projected[:, position], by_products[:, position]
        step[:, :width] = by_proposal * to_reset[:, position]
        step[:, width : 2 * width] = by_state * to_update[:, position]
        step[:, 2 * width :] = by_proposal
        product[:, : 2 * width] = step[:, : 2 * width]
        product[:, 2 * width :] = by_proposal * reset[:, position]
        by_state = by_state * update[:, position] + product @ recurrent.T
    products = by_products.reshape(-1, 3 * width)
    return by_projected, by_state, before.reshape(-1, width).T @ products, products.sum(axis=0)


def _gru_vjps(argnums: tuple[int, ...], states: Array, values: tuple[Any, ...], _: dict[str, Any]) -> Any:
    def vjp(g: Array) -> tuple[Array, ...]:
        projected, first, recurrent, bias = values
        gradients = _back_through_time(states, projected, first, recurrent, bias, g)
        return tuple(gradients[argument] for argument in argnums)

    return vjp


defvjp_argnums(gru_states, _gru_vjps)


def _sigmoid(x: Array) -> Array:
    return 0.5 * (1 + np.tanh(0.5 * x))
