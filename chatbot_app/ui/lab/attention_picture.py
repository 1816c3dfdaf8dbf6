"""What the three views of attention draw: one text or two, a layer and a head, as panels of tokens and weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor

from chatbot_app.core.visible_text import visible_text
from chatbot_app.lab.attention import FloatArray
from chatbot_app.lab.attention_look import AttentionLook
from chatbot_app.lab.sentence_pairs import difference, matched_tokens
from chatbot_app.ui.palettes import Colors

ALL_HEADS = -1
DIFFERENCE = 2  # the side that is neither the first text nor the second
_SIGNS = str.maketrans({" ": "·", "\n": "⏎", "\r": "␍", "\t": "⇥"})
_LONGEST = 60  # characters of a token
_INKS = (
    "part_history",
    "part_question",
    "part_passage",
    "part_system",
    "part_summary",
    "part_pinned",
    "danger",
)


@dataclass(frozen=True)
class Panel:
    """What each of the tokens takes from each that is asked. `weights`: (H, n, m).

    A panel that `is_signed` shows differences, −1 to 1; others shares, 0 to 1.
    """

    tokens: tuple[str, ...]
    asked: tuple[str, ...]
    weights: FloatArray
    is_signed: bool = False
    first_head: int = 0

    @property
    def columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The tokens that look, and those that are looked at."""
        return self.tokens, self.asked


@dataclass(frozen=True)
class AttentionPicture:
    """One or two looks at the same model. `head` may be ALL_HEADS."""

    looks: tuple[AttentionLook, ...]
    layer: int = 0
    head: int = 0

    @property
    def is_comparing(self) -> bool:
        """Whether there are two texts."""
        return len(self.looks) > 1

    @property
    def layers(self) -> int:
        """L."""
        return int(self.looks[0].record.weights.shape[0])

    @property
    def heads(self) -> int:
        """H."""
        return int(self.looks[0].record.weights.shape[1])

    @property
    def sides(self) -> tuple[int, ...]:
        """Return what is drawn beside each other: the texts, and their difference where there are two."""
        return (0, 1, DIFFERENCE) if self.is_comparing else (0,)

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """Which of the tokens that look correspond in the two texts."""
        return matched_tokens(self.looks[0].tokens, self.looks[1].tokens)

    @cached_property
    def asked_pairs(self) -> list[tuple[int, int]]:
        """Which of the tokens that are looked at correspond."""
        return matched_tokens(self.looks[0].asked, self.looks[1].asked)

    def tokens(self, side: int) -> tuple[str, ...]:
        """Return the tokens of a text that look, or those of both that correspond: “She/He”."""
        if side != DIFFERENCE:
            return self.looks[side].tokens
        return _paired(self.looks[0].tokens, self.looks[1].tokens, self.pairs)

    def asked(self, side: int) -> tuple[str, ...]:
        """Return the tokens that are looked at in the same way."""
        if side != DIFFERENCE:
            return self.looks[side].asked
        return _paired(self.looks[0].asked, self.looks[1].asked, self.asked_pairs)

    def weights(self, side: int, layer: int, head: int) -> FloatArray:
        """Return the weights of one head, or (H, n, m) for ALL_HEADS."""
        which: tuple[int | slice, ...] = (layer, slice(None) if head == ALL_HEADS else head)
        if side != DIFFERENCE:
            return self.looks[side].record.weights[which]
        first, second = (look.record.weights[which] for look in self.looks)
        return difference(first, second, self.pairs, self.asked_pairs)

    def panel(self, side: int) -> Panel:
        """Return what is drawn of the chosen layer and head."""
        found = self.weights(side, self.layer, self.head)
        several = found if found.ndim == 3 else found[None]
        return Panel(self.tokens(side), self.asked(side), several, side == DIFFERENCE, max(0, self.head))


def _paired(first: Sequence[str], second: Sequence[str], pairs: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(
        first[left] if first[left] == second[right] else f"{first[left]}/{second[right].lstrip()}"
        for left, right in pairs
    )


def strongest(
    weights: FloatArray, least: float, most: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return (heads, asking, asked) of the weights of at least `least` in size, the `most` strongest, weakest first."""
    sizes = np.abs(weights).reshape(-1)
    found = np.flatnonzero(sizes >= least)
    if len(found) > most:
        found = found[np.argpartition(sizes[found], -most)[-most:]]
    found = found[np.argsort(sizes[found], kind="stable")]
    heads, asking, asked = np.unravel_index(found, weights.shape)
    return heads, asking, asked


def shown_token(text: str) -> str:
    """Return a token as it is drawn: on one line, spaces to be seen."""
    return visible_text(text[:_LONGEST].translate(_SIGNS)).translate(_SIGNS) + (
        "…" if len(text) > _LONGEST else ""
    )


def quoted(text: str) -> str:
    """Return a token as it is named in a sentence."""
    return f"“{shown_token(text.strip() or text)}”"


def head_ink(shown: Colors, head: int) -> QColor:
    """Return the colour of a head."""
    return QColor(getattr(shown, _INKS[head % len(_INKS)]))


def sign_ink(shown: Colors, value: float) -> QColor:
    """Return the colour of what is more than nothing, or less."""
    return QColor(shown.part_summary if value >= 0 else shown.part_question)


def line_strength(weight: float, is_difference: bool) -> float:
    """Return how strongly a line is drawn, 0 to 1; differences are small and drawn thrice as strongly."""
    return min(1.0, 0.1 + abs(weight) * (3 if is_difference else 1))


def most_looked_at(tokens: Sequence[str], row: FloatArray, count: int = 5) -> list[tuple[str, float]]:
    """Return the tokens with the greatest weights of a row, (n,), greatest first."""
    order = np.argsort(-np.abs(row), kind="stable")[:count]
    return [(tokens[place], float(row[place])) for place in order if abs(row[place]) >= 0.005]
