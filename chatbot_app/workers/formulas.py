"""What is asked of the process that draws mathematics, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FORMULAS_FLAG = "--formulas"
FORMULA_SECONDS = 0.7  # of a core for one formula; the dearest that people write take a third of it


class Refusal(StrEnum):
    """Why a formula is not drawn."""

    WRONG = "wrong"  # no LaTeX that we can read
    DEEP = "deep"  # nested too deep, or it took too long
    LARGE = "large"  # too long, or its picture is
    MANY = "many"  # the formulas before it took what a message may take
    NO_PROCESS = "no process"  # nothing here can draw


@dataclass(frozen=True, slots=True)
class Formula:
    """What to draw: LaTeX, display or inline style, size in pixels, colour, device pixels per pixel."""

    tex: str
    display: bool
    size: float
    colour: str
    ratio: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """An answer: SVG, or why there is none, and the seconds of a core that it took, with a start before it."""

    svg: str = ""
    refusal: Refusal | None = None
    seconds: float = 0.0
