"""Sums as text, with the answer in stages: a model of a few layers adds what it cannot add at once.

Nye et al. 2021, "Show Your Work: Scratchpads for Intermediate Computation with Language Models"; with the ones first,
carries go the way of the text (Lee et al. 2023, "Teaching Arithmetic to Small Transformers").
"""

from __future__ import annotations

import numpy as np

from chatbot_app.lab.small.refusals import Refused, Why

MOST_DIGITS = 3
_HELD_OUT_SHARE = 10  # a tenth of all sums
_HELD_OUT_MOST = 1_000


def question(first: int, second: int) -> str:
    """Return "111 + 222 =", what a model is asked."""
    return f"{first} + {second} ="


def answer(first: int, second: int, *, is_staged: bool) -> str:
    """Return " 3 + 30 + 300 = 333": the sums of the digits by place, ones first, then the sum; or " 333" alone."""
    total = f" {first + second}"
    if not is_staged:
        return total
    places = range(max(len(str(first)), len(str(second))))
    stages = [(first // 10**place % 10 + second // 10**place % 10) * 10**place for place in places]
    return f" {' + '.join(map(str, stages))} ={total}"


def pairs(digits: int, random: np.random.Generator) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return pairs of numbers with so many digits, shuffled: those to learn from, and those that are held out.

    A tenth of all, at most 1,000, is held out; no sum that is held out is learned from, nor with its terms exchanged. Raises
    Refused for numbers of no digits, or of more than MOST_DIGITS.
    """
    if not 1 <= digits <= MOST_DIGITS:
        raise Refused(Why.DIGITS, most=MOST_DIGITS)
    lowest, count = (10 ** (digits - 1), 9 * 10 ** (digits - 1))
    shuffled = random.permutation(count * count)
    firsts, seconds = lowest + shuffled // count, lowest + shuffled % count
    held = min(_HELD_OUT_MOST, len(shuffled) // _HELD_OUT_SHARE)
    held_out = list(zip(firsts[:held].tolist(), seconds[:held].tolist(), strict=True))
    exchanged = {(second, first) for first, second in held_out}
    rest = zip(firsts[held:].tolist(), seconds[held:].tolist(), strict=True)
    return [pair for pair in rest if pair not in exchanged], held_out
