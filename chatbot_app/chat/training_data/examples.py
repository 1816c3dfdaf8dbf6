"""What a row of a data set is made of, before it takes the form of a format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

Words = Callable[[str], str]


class RowSource(Protocol):
    """Where a row comes from."""

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping; the same keys with values of the same types for every row."""
        ...

    def reworded(self, words: Words) -> Self:
        """Return it with each of its texts as `words` returns it."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer. `is_trained`: the answer is one to learn from, and no earlier row has it.

    `is_sound`: the answer is whole, and the person did not call it bad.
    """

    question: str
    answer: str
    is_trained: bool = True
    is_sound: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row comes from: the conversation and the answer (of a pair, the chosen one) by their ids."""

    conversation: str
    message: str
    model: str = ""
    created_at: str = ""
    rating: str = ""
    note: str = ""
    is_edited: bool = False
    rejected_message: str = ""  # of a pair

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping; the same keys for every row, as `datasets` wants them."""
        return {
            "conversation": self.conversation,
            "message": self.message,
            "model": self.model,
            "created_at": self.created_at,
            "rating": self.rating,
            "note": self.note,
            "edited": self.is_edited,
            "rejected_message": self.rejected_message,
        }

    def reworded(self, words: Words) -> Source:
        """Return it with the note as `words` returns it."""
        return replace(self, note=words(self.note))


@dataclass(frozen=True, slots=True)
class Example:
    """A branch down to an answer; of a pair `rejected` is the answer to the last question that was worse.

    `passage` is what the last question is asked about: the model is shown it above the question.
    """

    source: RowSource
    system: str
    exchanges: tuple[Exchange, ...]
    rejected: str | None = None
    passage: str = ""

    @property
    def asked(self) -> tuple[Exchange, ...]:
        """The exchanges as a model is sent them: the passage stands in the last question."""
        if not self.passage:
            return self.exchanges
        *before, last = self.exchanges
        return (*before, replace(last, question=f"{self.passage}\n\n{last.question}"))

    def texts(self) -> list[str]:
        """Return every text of the row."""
        said = [text for one in self.asked for text in (one.question, one.answer)]
        return [self.system, *said, *([] if self.rejected is None else [self.rejected])]

    def reworded(self, words: Words) -> Example:
        """Return the row with each of its texts, and those of its source, as `words` returns it."""
        return Example(
            self.source.reworded(words),
            words(self.system),
            tuple(
                replace(one, question=words(one.question), answer=words(one.answer)) for one in self.exchanges
            ),
            None if self.rejected is None else words(self.rejected),
            words(self.passage),
        )
