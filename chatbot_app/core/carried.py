"""A conversation on its way in from a file, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation, Message, Summary
from chatbot_app.core.prompt_plan import PromptPlan

UNANSWERED = {"unanswered": True}


def no_plans() -> Iterable[tuple[str, PromptPlan]]:
    """Return the plans of a conversation that came without."""
    return ()


@dataclass(frozen=True, slots=True)
class CarriedFolder:
    """The folder that a conversation lay in; one of this id, or else of this name, is the same folder."""

    id: str
    name: str
    settings: GenerationSettings | None = None


@dataclass(frozen=True, slots=True)
class CarriedPicture:
    """A picture on its way in; `read` returns its bytes, None where they cannot be had."""

    name: str
    read: Callable[[], bytes | None]


@dataclass(frozen=True, slots=True)
class CarriedConversation:
    """A conversation that was read from a file and is not stored yet.

    In `messages` a parent stands before its children, all are of this conversation, questions and answers follow each
    other in turn, and `sequence` says nothing. Ids are made of those of the source, so that the same conversation has the
    same ids whenever it is read. `plans` makes what was sent for its answers, by message id; `pictures` has those of
    messages, in order, by message id. An answer with the metadata
    `UNANSWERED` only stands where a question had none yet.
    """

    conversation: Conversation
    messages: tuple[Message, ...]
    summaries: tuple[Summary, ...] = ()
    folder: CarriedFolder | None = None
    plans: Callable[[], Iterable[tuple[str, PromptPlan]]] = no_plans
    pictures: Mapping[str, tuple[CarriedPicture, ...]] = field(default_factory=dict)


class Arrival(StrEnum):
    """How a conversation that comes in stands to what is here."""

    NEW = "new"
    GROWN = "grown"  # it is here, and messages of it are new
    KNOWN = "known"  # it is here with everything
    IN_TRASH = "in the trash"  # it was deleted here: it stays so


@dataclass(frozen=True, slots=True)
class Arrived:
    """What comes, or came, of one conversation; `new_messages` were not here."""

    conversation_id: str
    title: str
    arrival: Arrival
    messages: int
    new_messages: int
    created_at: str = ""
    updated_at: str = ""
