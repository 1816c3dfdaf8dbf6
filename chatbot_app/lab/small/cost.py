"""What reading and writing cost a recurrence and attention, by the length of the text: measured on this computer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from chatbot_app.lab.small.gpt import GPT
from chatbot_app.lab.small.gru import GRU
from chatbot_app.lab.small.model_shape import Kind, ModelShape

LENGTHS = (16, 32, 64, 128, 256, 512, 1024)
_REPEATS = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the processor at one length: to read so many tokens at once, and to write one more after them."""

    kind: Kind
    length: int  # tokens
    reading: float
    writing: float


def costs(width: int, layers: int, heads: int, lengths: Sequence[int] = LENGTHS) -> Iterator[Cost]:
    """Yield what a GRU and a GPT of the same width and depth cost at each length, shortest first.

    Reading costs a GRU O(n), attention O(n²). One token more costs a GRU the same at any length, for its state is all
    that it keeps; a GPT looks at everything again, and `GPT.generate` computes it again. (Large models keep the keys and
    values of what was read, and pay O(n) for a token.)
    """
    random = np.random.default_rng(0)
    for length in lengths:
        shape = ModelShape(256, Kind.GRU, length, width, layers, heads, heads)
        ids = random.integers(0, 256, (1, length))
        gru, gpt = GRU(shape), GPT(shape)
        weights = gru.initial(random)
        reading = _seconds(partial(gru.logits, weights, ids))
        yield Cost(Kind.GRU, length, reading, _seconds(partial(gru.step, weights, 1, gru.first_states())))
        again = _seconds(partial(gpt.logits, gpt.initial(random), ids))
        yield Cost(Kind.GPT, length, again, again)


def _seconds(work: Callable[[], object]) -> float:
    """Return the shortest of some runs, in seconds of this process's processor."""
    work()
    seconds = []
    for _ in range(_REPEATS):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return min(seconds)
