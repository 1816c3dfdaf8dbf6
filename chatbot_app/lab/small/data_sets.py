"""What a small model learns from: windows of a text, or sums, as batches of ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from chatbot_app.lab.small import additions
from chatbot_app.lab.small.operations import Array, Ids
from chatbot_app.lab.small.refusals import Refused, Why
from chatbot_app.lab.small.token_mapping import TokenMapping

HELD_OUT_SHARE = 0.1  # the end of a text


@dataclass(frozen=True, slots=True)
class Batch:
    """ids (B, T) and the targets (B, T) that follow them; weights (B, T) are 1 where a target counts."""

    ids: Ids
    targets: Ids
    weights: Array
    source: Ids | None = None  # (B, S), for an encoder


class DataSet(Protocol):
    """Where batches come from."""

    def batch(self, random: np.random.Generator, size: int) -> Batch:
        """Return `size` sequences to learn from, drawn at random."""

    def held_out(self, most: int) -> Iterator[Batch]:
        """Yield what is never learned from, `most` sequences of it, always the same."""

    @property
    def tokens_per_character(self) -> float:
        """Return how many tokens a character is: times nats a token this is nats a character."""


class TextData:
    """A text: its last tenth is held out."""

    def __init__(self, text: str, mapping: TokenMapping, context: int, *, has_source: bool = False) -> None:
        """Where there is an encoder, it reads the first half of each window. Raises Refused for a short text."""
        cut = held_out_from(text)
        self.training_ids = np.array(mapping.encode(text[:cut]))
        self.held_out_ids = np.array(mapping.encode(text[cut:]))
        self._source = context // 2 if has_source else 0
        self._length = context - self._source
        self._characters = len(text) - cut
        if min(len(self.training_ids), len(self.held_out_ids)) < context + 2:
            raise Refused(Why.SHORT_TEXT)

    @property
    def tokens_per_character(self) -> float:
        """Return tokens / characters of the part that is held out."""
        return len(self.held_out_ids) / self._characters

    def batch(self, random: np.random.Generator, size: int) -> Batch:
        """Return windows that begin anywhere in the first nine tenths."""
        most = len(self.training_ids) - self._source - self._length
        return self._windows(self.training_ids, random.integers(0, most, size))

    def held_out(self, most: int) -> Iterator[Batch]:
        """Yield windows that lie beside each other, spread over the last tenth where `most` are fewer than all.

        Only the later half of a window counts, so that each token that counts has half a window before it.
        """
        half = max(1, self._length // 2)
        starts = np.arange(0, len(self.held_out_ids) - self._source - self._length, half)
        if len(starts) > most:
            starts = starts[np.linspace(0, len(starts) - 1, most).astype(int)]
        for place in range(0, len(starts), 64):
            batch = self._windows(self.held_out_ids, starts[place : place + 64])
            batch.weights[:, : self._length - half] = 0
            yield batch

    def _windows(self, ids: Ids, starts: Ids) -> Batch:
        places = starts[:, None] + self._source + np.arange(self._length)
        source = ids[starts[:, None] + np.arange(self._source)] if self._source else None
        return Batch(ids[places], ids[places + 1], np.ones(places.shape, np.float32), source)


def held_out_from(text: str) -> int:
    """Return the place in `text` where the part begins that is held out."""
    return int(len(text) * (1 - HELD_OUT_SHARE))


class AdditionData:
    """Sums of two numbers; only the tokens of the answer count, the question cannot be foretold."""

    def __init__(
        self, digits: int, *, is_staged: bool, random: np.random.Generator, has_source: bool = False
    ) -> None:
        """Where there is an encoder, it reads the question, and the decoder writes the answer."""
        self.mapping = TokenMapping.of_characters("0123456789 +=\n")
        self._is_staged = is_staged
        self._has_source = has_source
        self.training_pairs, self.held_out_pairs = additions.pairs(digits, random)
        largest = 10**digits - 1
        self.longest = len(additions.question(largest, largest) + self._answer(largest, largest)) + 2

    @property
    def tokens_per_character(self) -> float:
        """Return 1: sums are read by character."""
        return 1.0

    def batch(self, random: np.random.Generator, size: int) -> Batch:
        """Return sums from those that are not held out."""
        chosen = random.integers(0, len(self.training_pairs), size)
        return self.encoded([self.training_pairs[place] for place in chosen])

    def held_out(self, most: int) -> Iterator[Batch]:
        """Yield sums that are never learned from."""
        held_out = self.held_out_pairs[:most]
        for place in range(0, len(held_out), 256):
            yield self.encoded(held_out[place : place + 256])

    def encoded(self, pairs: Sequence[tuple[int, int]]) -> Batch:
        """Return sums as ids: each begins after a line break and ends with one, line breaks fill the rest."""
        questions = [additions.question(*pair) for pair in pairs]
        answers = [self._answer(*pair) for pair in pairs]
        before = [""] * len(pairs) if self._has_source else questions
        lines = [f"\n{asked}{said}\n" for asked, said in zip(before, answers, strict=True)]
        longest = max(map(len, lines))
        ids = np.array([self.mapping.encode(line.ljust(longest, "\n")) for line in lines])
        weights = np.zeros((len(pairs), longest - 1), np.float32)
        for row, (line, asked) in enumerate(zip(lines, before, strict=True)):
            weights[row, len(asked) : len(line) - 1] = 1
        source = np.array([self.mapping.encode(asked) for asked in questions]) if self._has_source else None
        return Batch(ids[:, :-1], ids[:, 1:], weights, source)

    def asked_and_wanted(self, first: int, second: int) -> tuple[str, str]:
        """Return what a model is asked, and the answer that is right."""
        return additions.question(first, second), self._answer(first, second)

    def _answer(self, first: int, second: int) -> str:
        return additions.answer(first, second, is_staged=self._is_staged)
