"""Whether a model sees pictures, how large they are sent, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil

from chatbot_app.core.pictures import Picture, ShownPicture

SENT_SIDE = 2048  # pixels of the longer side, at most: what OpenAI and others scale down to themselves
# Pixels of the shorter side, at least: vision encoders cut pictures into patches of 14 to 32, and some refuse less.
LEAST_SIDE = 32

# OpenAI's rule for GPT-4o ("Images and vision", calculating costs): a base, and so much for each square of 512 pixels
# that the picture fills once its shorter side has 768. Others count otherwise: the server's own count corrects it.
_BASE_TOKENS, _TILE_TOKENS, _TILE, _SHORTER = 85, 170, 512, 768


class Sight(StrEnum):
    """What is known of a model and pictures."""

    SEES = "sees"
    BLIND = "blind"
    UNKNOWN = "unknown"  # it can be tried


@dataclass(frozen=True, slots=True)
class PlannedPicture:
    """A picture in a plan: the `ordinal`-th of its message, of `width` × `height` pixels as it is sent.

    `why_not` is the reason for people where it is not sent, "" where it is.
    """

    ordinal: int
    name: str
    width: int
    height: int
    tokens: int
    why_not: str = ""

    @property
    def is_sent(self) -> bool:
        """Whether it goes with its message."""
        return not self.why_not


@dataclass(frozen=True, slots=True)
class Eye:
    """How a model takes pictures; `factor` is by how much its server counts more than `picture_tokens`."""

    sight: Sight = Sight.UNKNOWN
    model: str = ""
    factor: float = 1.0
    _known: dict[ShownPicture, PlannedPicture] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def planned(self, pictures: Sequence[ShownPicture]) -> tuple[PlannedPicture, ...]:
        """Return the pictures of a message as a plan has them."""
        return tuple(self._planned(one) for one in pictures)

    def _planned(self, picture: ShownPicture) -> PlannedPicture:
        known = self._known.get(picture)
        if known is None:
            width, height = sent_size(picture.width, picture.height)
            tokens = max(1, round(picture_tokens(width, height) * self.factor))
            why_not = f"{self.model or 'The model'} cannot see pictures" if self.is_blind else ""
            known = PlannedPicture(picture.ordinal, picture.name, width, height, tokens, why_not)
            self._known[picture] = known
        return known

    @property
    def is_blind(self) -> bool:
        """Whether it is known that no picture can be sent."""
        return self.sight is Sight.BLIND

    def text_of(self, text: str, pictures: Sequence[ShownPicture]) -> str:
        """Return the text that is sent of a message: what it says, or which pictures stood alone and are not sent."""
        if text.strip() or not pictures or not self.is_blind:
            return text
        return "\n".join(f"[Picture: {one.name}]" for one in pictures)


def sent_size(width: int, height: int) -> tuple[int, int]:
    """Return the size in pixels that a picture is sent in."""
    longest = max(width, height)
    if longest > SENT_SIDE:
        width, height = round(width * SENT_SIDE / longest), round(height * SENT_SIDE / longest)
    return max(width, LEAST_SIDE), max(height, LEAST_SIDE)


def picture_tokens(width: int, height: int) -> int:
    """Return the tokens of a picture of at most `SENT_SIDE` pixels, estimated by OpenAI's tiles."""
    scale = min(1.0, _SHORTER / min(width, height))
    tiles = ceil(round(width * scale) / _TILE) * ceil(round(height * scale) / _TILE)
    return _BASE_TOKENS + _TILE_TOKENS * tiles


def shown_pictures(pictures: Sequence[Picture]) -> tuple[ShownPicture, ...]:
    """Return pictures as the metadata of their message will name them."""
    return tuple(ShownPicture(n, one.name, one.width, one.height) for n, one in enumerate(pictures))
