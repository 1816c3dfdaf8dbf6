"""Messages and conversations: the values that the store keeps and the window shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chatbot_app.core.generation import GenerationSettings

FROM_DOCUMENTS = "from_documents"  # in the metadata of a person's version of an answer from documents


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class MessageStatus(StrEnum):
    """The states of an assistant message; a user's message is always `COMPLETE`."""

    STREAMING = "streaming"
    COMPLETE = "complete"  # only when a finish_reason was seen
    STOPPED = "stopped"  # by the person
    FAILED = "failed"  # the server or the network said no
    INTERRUPTED = "interrupted"  # the stream ended or the application died before the end


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them; `None` where it did not say."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds from sending the request; `None` where the moment never came.

    `reasoning_seconds` is how long the model thought, `None` where it did not.
    """

    first_token_seconds: float | None = None
    total_seconds: float | None = None
    reasoning_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the person, kept with an answer: what happened and what to do next.

    `kind` is the name of the error or event (`KeyRejected`, `ParameterDropped`), `action` one of
    `core.errors.Action`'s values or "".
    """

    kind: str
    summary: str
    next_step: str = ""
    action: str = ""

    @property
    def words(self) -> str:
        """What happened and what to do next, in one paragraph."""
        return f"{self.summary} {self.next_step}".strip()


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation's tree.

    `sequence` orders messages by sending, never by the clock; `created_at` is ISO 8601 in UTC.
    `notices` holds the error that ended a failed answer (last) and anything said on the way.
    """

    id: str
    conversation_id: str
    parent_id: str | None
    sequence: int
    role: Role
    text: str
    status: MessageStatus = MessageStatus.COMPLETE
    created_at: str = ""
    reasoning: str = ""
    server_id: str | None = None
    model: str | None = None
    settings: GenerationSettings | None = None
    usage: Usage | None = None
    timings: Timings | None = None
    finish_reason: str | None = None
    notices: tuple[Notice, ...] = ()
    pinned: bool = False
    excluded: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A tree of messages with its settings; `leaf_id` is the end of the branch that is shown.

    `activity` is greater than that of every conversation that was used before: the order of the list.
    """

    id: str
    title: str
    settings: GenerationSettings
    leaf_id: str | None = None
    title_is_automatic: bool = True
    created_at: str = ""
    updated_at: str = ""
    message_count: int = 0
    activity: int = 0
    folder_id: str | None = None
    pinned: bool = False
    archived: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands in for the start of a branch: everything down to the message `through_id`, with it.

    `model` made the text, unless `edited` by the person; where `pinned` it is always sent.
    """

    id: str
    conversation_id: str
    through_id: str
    text: str
    model: str = ""
    edited: bool = False
    pinned: bool = False
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A place in the history that a search found; `snippet` marks matches with \\x02 and \\x03."""

    conversation_id: str
    message_id: str | None
    title: str
    snippet: str
