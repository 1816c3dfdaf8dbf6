"""What of the conversations becomes a data set."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chatbot_app.core.compared import Outcome, vote_of
from chatbot_app.core.feedback import Rating, feedback_of
from chatbot_app.core.messages import FROM_DOCUMENTS, Conversation, Message, MessageStatus

_OF_DOCUMENTS = (
    "retrieval",
    "sources",
    "quotes",
    FROM_DOCUMENTS,
)  # in the metadata of answers from documents


class Answers(StrEnum):
    """Which answers are learnt from. One that was called bad never is."""

    UP = "up"  # called good
    EDITED = "edited"  # written anew by the person
    GOOD = "good"  # either of them
    ALL = "all"  # also those that nobody rated


@dataclass(frozen=True, slots=True)
class Selection:
    """Which answers of which conversations.

    `folder_id` None is every folder; `since` and `until` are ISO 8601, of the answer, both included; "" is open.
    `shown_branch_only` leaves out the branches that are not shown. Answers from documents are taken
    `with_documents` only: a row holds the question without the passages that the model was given.
    """

    answers: Answers = Answers.GOOD
    conversation_ids: frozenset[str] | None = None
    folder_id: str | None = None
    since: str = ""
    until: str = ""
    shown_branch_only: bool = False
    with_documents: bool = False

    def takes(self, conversation: Conversation) -> bool:
        """Whether a conversation is looked into."""
        return (self.conversation_ids is None or conversation.id in self.conversation_ids) and (
            self.folder_id is None or conversation.folder_id == self.folder_id
        )

    def refusal(self, answer: Message, replaced: frozenset[str]) -> str:
        """Return why an answer is not learnt from, "" where it is; `replaced` are those that the person wrote anew."""
        return self.unusable(answer) or self._unwanted(answer, replaced)

    def unusable(self, answer: Message) -> str:
        """Return why an answer can be in no row, whatever the person thinks of it; "" where it can."""
        if not is_whole(answer):
            return "The answer is not whole."
        day = answer.created_at[:10]
        if (self.since and day < self.since[:10]) or (self.until and day > self.until[:10]):
            return "The answer is from another time."
        if not self.with_documents and any(name in answer.metadata for name in _OF_DOCUMENTS):
            return "The answer is from documents, whose passages would not be in the row."
        return ""

    def _unwanted(self, answer: Message, replaced: frozenset[str]) -> str:
        rating = rating_of(answer)
        if rating is Rating.DOWN:
            return "The answer was called bad."
        edited = is_edited(answer)
        wanted = {
            Answers.UP: rating is Rating.UP,
            Answers.EDITED: edited,
            Answers.GOOD: edited or rating is Rating.UP,
            Answers.ALL: True,
        }
        if not wanted[self.answers]:
            return "The answer was neither called good nor edited, as was asked for."
        if answer.id in replaced and rating is not Rating.UP:
            return "The person wrote this answer anew; the new one is taken."
        return ""


def is_whole(answer: Message) -> bool:
    """Whether an answer came to its own end and says something."""
    ended = answer.status is MessageStatus.COMPLETE and answer.finish_reason != "length"
    return ended and bool(answer.text.strip())


def is_edited(answer: Message) -> bool:
    """Whether the person wrote it."""
    return isinstance(answer.metadata.get("edited_from"), str)


def rating_of(answer: Message) -> Rating | None:
    """Return what the person called it: with a thumb, else by a vote that all that were compared are bad."""
    feedback, vote = feedback_of(answer.metadata), vote_of(answer.metadata)
    if feedback is None and vote is not None and vote.outcome is Outcome.BAD:
        return Rating.DOWN
    return feedback.rating if feedback is not None else None
