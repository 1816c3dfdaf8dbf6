"""Data sets that a model makes of documents: what is wanted, how far it is, and the rows that came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any


class DataKind(StrEnum):
    """What a row is."""

    BACKTRANSLATION = "backtranslation"  # what a model would have been asked, and a passage as the answer
    QUESTIONS = "questions"  # a question, and an answer that the passage bears out
    FEEDBACK = "feedback"  # two answers to a question, the better one by a principle first


class RowState(StrEnum):
    """Which rows are looked at."""

    ALL = "all"
    ACCEPTED = "accepted"
    LEFT_OUT = "left-out"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class DataWish:
    """What is to be made: of which documents, by which model, how much.

    `collection_id` "" is the whole library. `passages` are taken at most, spread over the documents; `each` is how
    many questions are asked of a passage. `is_rated`: the model says of each instruction how well the passage answers
    it. `principles` are those of feedback, in the person's words; one is drawn for each pair.
    """

    kind: DataKind
    collection_id: str = ""
    collection: str = ""
    server_id: str | None = None
    model: str | None = None
    passages: int = 100
    each: int = 1
    is_rated: bool = True
    principles: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {**asdict(self), "kind": self.kind.value, "principles": list(self.principles)}

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> DataWish:
        """Rebuild a stored wish. Raises KeyError, ValueError or TypeError where it is not one."""
        names = mapping["server_id"], mapping["model"]
        return cls(
            DataKind(mapping["kind"]),
            str(mapping["collection_id"]),
            str(mapping["collection"]),
            None if names[0] is None else str(names[0]),
            None if names[1] is None else str(names[1]),
            int(mapping["passages"]),
            int(mapping["each"]),
            bool(mapping["is_rated"]),
            tuple(str(one) for one in mapping["principles"]),
        )


@dataclass(frozen=True, slots=True)
class DataJob:
    """A data set under way or done. Of its `passages`, `waiting` are not looked at yet, `failed` made no row."""

    id: str
    wish: DataWish
    created_at: str
    passages: int = 0
    waiting: int = 0
    failed: int = 0
    rows: int = 0
    accepted: int = 0

    @property
    def is_done(self) -> bool:
        """Whether every passage was looked at."""
        return self.waiting == 0


@dataclass(frozen=True, slots=True)
class PassageTask:
    """A passage that waits for its rows; `place` is its page or heading, for people."""

    number: int
    passage_id: int
    document_id: str
    title: str
    text: str
    context: str
    place: str


@dataclass(frozen=True, slots=True)
class RowDraft:
    """What was made of a passage. `rejected` is the worse answer of a pair.

    `verdict` is what a check found (a word), `reason` why, in a sentence; a row that is not `accepted` is kept for the
    person to decide. `details` are JSON-ready: model, prompt version, principle, judgement, rating.
    """

    prompt: str
    completion: str
    rejected: str = ""
    verdict: str = ""
    reason: str = ""
    accepted: bool = True
    details: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class MadeRow:
    """A row that is kept, with the passage it was made of."""

    number: int
    draft: RowDraft
    passage_id: int
    document_id: str
    title: str
    place: str
    passage: str
    edited: bool = False
    decided: bool = False  # accepted or left out by the person

    def with_texts(self, prompt: str, completion: str, rejected: str) -> MadeRow:
        """Return it as the person wrote it."""
        texts = replace(self.draft, prompt=prompt, completion=completion, rejected=rejected)
        return replace(self, draft=texts, edited=True)


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row as a table shows it: the beginnings of its texts."""

    number: int
    accepted: bool
    edited: bool
    verdict: str
    reason: str
    prompt: str
    completion: str
    passage: str
    title: str
    place: str
