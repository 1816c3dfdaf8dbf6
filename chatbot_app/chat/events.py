"""What happens during one exchange, in order: the only thing that flows up from it."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot_app.core.documents import Retrieval
from chatbot_app.core.messages import Conversation, Message, Notice, Summary
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.trust import Quotes


@dataclass(frozen=True, slots=True)
class UserMessageStored:
    """The question is safe on disk, and an empty answer in state *streaming* stands below it.

    `conversation` is as it was stored with them.
    """

    question: Message
    answer: Message
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class PassagesFound:
    """The documents were searched; what fits of the passages goes into the prompt."""

    retrieval: Retrieval


@dataclass(frozen=True, slots=True)
class QuotesFound:
    """What the documents say to the question, word for word; no model has been asked yet."""

    quotes: Quotes


@dataclass(frozen=True, slots=True)
class PromptPlanned:
    """The prompt is decided; nothing has been sent yet."""

    plan: PromptPlan


@dataclass(frozen=True, slots=True)
class FirstToken:
    """The first text arrived, `seconds` after the request left."""

    seconds: float


@dataclass(frozen=True, slots=True)
class TextAppended:
    """More of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningAppended:
    """More of what a reasoning model thinks before it answers."""

    text: str


@dataclass(frozen=True, slots=True)
class WaitingToRetry:
    """The request failed in a passing way and goes out again in `seconds`; cancelling ends the wait."""

    seconds: float
    notice: Notice


@dataclass(frozen=True, slots=True)
class NoticeAdded:
    """Something worth saying that did not end the answer (a parameter was left out)."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class TurnFinished:
    """The answer reached its last state; `answer` carries text, status, usage, timings and notices."""

    answer: Message


TurnEvent = (
    UserMessageStored
    | PassagesFound
    | QuotesFound
    | PromptPlanned
    | FirstToken
    | TextAppended
    | ReasoningAppended
    | WaitingToRetry
    | NoticeAdded
    | TurnFinished
)


@dataclass(frozen=True, slots=True)
class SummaryStarted:
    """What left the window of a conversation is being summarised, in the background."""

    conversation_id: str


@dataclass(frozen=True, slots=True)
class SummaryWritten:
    """The next question is sent with this summary."""

    conversation_id: str
    summary: Summary


@dataclass(frozen=True, slots=True)
class SummaryFailed:
    """There is no new summary; it is tried again after the next answer."""

    conversation_id: str
    notice: Notice


BackgroundEvent = SummaryStarted | SummaryWritten | SummaryFailed
