"""What is looked into, and what is seen there: the values that go between the page, its child and the models."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chatbot_app.lab.attention import AttentionRecord, Part

MOST_TOKENS = 128  # of a text: no screen shows more rows, and all layers and heads of them take 18 to 100 MB
CHARACTERS_OF_A_TOKEN = 128  # at most: the longest tokens are runs of spaces


class SourceKind(StrEnum):
    """How the weights of a model lie on this computer."""

    FILE = "file"  # GGUF
    EMBEDDING = "embedding"  # the model that ships for passages
    SMALL = "small"  # the folder of one that learned on “Build one”


@dataclass(frozen=True, slots=True)
class AttentionSource:
    """A model that can be asked for; `path` is its (first) file or its folder.

    `example` and `second_example` are texts that it can read, "" where any will do; `stamp` is another one when the model
    is no longer what it was.
    """

    name: str
    path: str
    kind: SourceKind = SourceKind.FILE
    example: str = ""
    second_example: str = ""
    stamp: int = 0


@dataclass(frozen=True, slots=True)
class AttentionLook:
    """The attention of one text. `tokens` are n parts of it, special ones spelled as the vocabulary does.

    `was_cut` tells that the text goes on behind them; `is_causal`, whether a token sees only what stands before it;
    `has_both_masks`, whether it may be asked for otherwise: of an encoder.
    `read` are the m tokens that are looked at where they are others than `tokens`: those that the encoder has read.
    `part` is which attention of `parts` this is; a model that has one kind alone names none.
    `written` of the last tokens are what the model went on with itself; `unknown` are characters that it has no tokens for.
    `limit` is how many tokens of a text are looked at, at most.
    """

    tokens: tuple[str, ...]
    record: AttentionRecord
    is_causal: bool
    has_both_masks: bool
    was_cut: bool
    read: tuple[str, ...] | None = None
    part: Part | None = None
    parts: tuple[Part, ...] = ()
    written: int = 0
    unknown: str = ""
    limit: int = MOST_TOKENS

    @property
    def asked(self) -> tuple[str, ...]:
        """The tokens that are looked at."""
        return self.tokens if self.read is None else self.read
