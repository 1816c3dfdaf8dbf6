"""Why a small model cannot be built, learn or write: a code with values, which whoever shows it puts into words.

The child process sends the code and the values (`to_event`); the window has sentences of its own for them, in the
person's language. The English ones here are for a log and the command line.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Why(StrEnum):
    """The reasons. Each has its sentence in `SENTENCES`, and in the window."""

    VOCABULARY = "vocabulary"  # values: least, most
    SUMS_BY_CHARACTER = "sums-by-character"
    DIGITS = "digits"  # most
    TOO_LITTLE_TRAINING = "too-little-training"
    LEARNING_RATE = "learning-rate"
    MEMORY_NEEDED = "memory-needed"  # gigabytes
    SIZES = "sizes"
    HEADS = "heads"  # heads, width
    KEY_HEADS = "key-heads"  # key_heads, heads
    ROTARY = "rotary"
    DROPOUT = "dropout"
    SHORT_TEXT = "short-text"
    NOTHING_LEARNED = "nothing-learned"
    NO_NUMBER = "no-number"
    DAMAGED = "damaged"
    OTHER_WEIGHTS = "other-weights"
    OTHER_VERSION = "other-version"
    # Not refused by the models themselves:
    NO_MEMORY = "no-memory"
    SYSTEM = "system"  # reason: what the operating system said
    ENDED = "ended"
    UNEXPECTED = "unexpected"


SENTENCES: dict[Why, str] = {
    Why.VOCABULARY: "A vocabulary of byte pairs has {least} to {most} tokens.",
    Why.SUMS_BY_CHARACTER: "Sums are read by character.",
    Why.DIGITS: "Numbers have 1 to {most} digits.",
    Why.TOO_LITTLE_TRAINING: "A training has one step and one sequence at least.",
    Why.LEARNING_RATE: "A learning rate lies between 0 and 1.",
    Why.MEMORY_NEEDED: "This model would need about {gigabytes} GB to train; make it or its batch smaller.",
    Why.SIZES: "Every size is at least 1.",
    Why.HEADS: "{heads} heads do not divide a width of {width}.",
    Why.KEY_HEADS: "{key_heads} heads of keys do not divide {heads} heads.",
    Why.ROTARY: "Rotary positions turn pairs of channels: width divided by heads must be even.",
    Why.DROPOUT: "Dropout is a share from 0 to below 1.",
    Why.SHORT_TEXT: "The text is shorter than what the model sees at once.",
    Why.NOTHING_LEARNED: "This model has learned nothing yet.",
    Why.NO_NUMBER: "The loss is no number any more: learn more slowly, with a lower rate.",
    Why.DAMAGED: "What is stored of the model is damaged.",
    Why.OTHER_WEIGHTS: "The stored weights do not fit the model.",
    Why.OTHER_VERSION: "The model was stored by another version of this program.",
    Why.NO_MEMORY: "The memory for this model was not to be had.",
    Why.SYSTEM: "A file or a process could not be used: {reason}",
    Why.ENDED: "The process of the small models has ended; what it saved last is kept.",
    Why.UNEXPECTED: "The small model met something that it was not made for.",
}


class Refused(ValueError):
    """Something that cannot be done, and why; as a text it is the English sentence."""

    def __init__(self, why: Why, **values: Any) -> None:
        self.why = why
        self.values = {name: str(value) for name, value in values.items()}
        super().__init__(SENTENCES[why].format(**self.values))


def reason_of(error: Exception) -> Refused:
    """Return any error of the work as one that has a code. What has none is `UNEXPECTED`."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, MemoryError):
        return Refused(Why.NO_MEMORY)
    if isinstance(error, OSError):
        return Refused(Why.SYSTEM, reason=error.strerror or str(error))
    return Refused(Why.UNEXPECTED)


def to_event(kind: str, refused: Refused) -> dict[str, Any]:
    """Return an event with the code and the values, no sentence."""
    return {"event": kind, "why": refused.why.value, "values": refused.values}
