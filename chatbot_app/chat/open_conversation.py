"""The conversation that is open in a window: what is known of it, and the messages of it that are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chatbot_app.chat.requests import PlanRequest
from chatbot_app.core.generation import USUAL_SETTINGS, GenerationSettings
from chatbot_app.core.messages import Conversation, Message, Role
from chatbot_app.core.pictures import ShownPicture


class OpenConversation:
    """A stored conversation, or a new one, which has no id before its first question is on its way.

    `beginning` is the id of a new one while its first question is being stored, "" else.
    """

    def __init__(self) -> None:
        self.stored: Conversation | None = None
        self.beginning = ""
        self._new_settings = USUAL_SETTINGS
        self._messages: list[Message] = []  # of the shown branch, oldest first

    @property
    def id(self) -> str | None:
        """Its id in the store; None while it has no message there."""
        return self.stored.id if self.stored is not None else None

    @property
    def key(self) -> str:
        """What exchanges of it are known by: its id, that which it is about to have, or ""."""
        return self.id or self.beginning

    @property
    def settings(self) -> GenerationSettings:
        """The settings that the next message will use."""
        return self.stored.settings if self.stored is not None else self._new_settings

    @property
    def leaf_id(self) -> str | None:
        """The message below which the next question will stand; None at the start."""
        if self._messages:
            return self._messages[-1].id
        return self.stored.leaf_id if self.stored is not None else None

    def plan_request(self, draft: str, pictures: tuple[ShownPicture, ...] = ()) -> PlanRequest:
        """Return what to plan for a draft below the shown branch."""
        if self.stored is None:
            return PlanRequest("", None, draft, settings=self._new_settings, pictures=pictures)
        return PlanRequest(self.stored.id, self.leaf_id, draft, pictures=pictures)

    # --- which one ---------------------------------------------------------------------------------------

    def begin_new(self, settings: GenerationSettings) -> None:
        """Be an empty conversation that is not stored."""
        self.stored, self.beginning = None, ""
        self._new_settings = settings
        self._messages = []

    def show(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        """Be a stored conversation, of which these messages are shown."""
        self.stored, self.beginning = conversation, ""
        self._messages = list(messages)

    def has_begun(self, conversation: Conversation) -> None:
        """The first question of the new conversation is stored."""
        self.stored, self.beginning = conversation, ""

    # --- what is known of it -----------------------------------------------------------------------------

    def set_settings(self, settings: GenerationSettings) -> None:
        """Use other settings from the next message on."""
        if self.stored is None:
            self._new_settings = settings
        else:
            self.stored = replace(self.stored, settings=settings)

    def take(self, conversation: Conversation) -> bool:
        """Take over a newer state of title, order and leaf; False where another conversation is open.

        Settings are chosen here, so they are newer than any that were read.
        """
        if conversation.id != self.id:
            return False
        self.stored = replace(conversation, settings=self.settings)
        return True

    def rename(self, conversation: Conversation) -> bool:
        """Take over a title that changed elsewhere; False where another conversation is open."""
        if self.stored is None or conversation.id != self.stored.id:
            return False
        self.stored = replace(self.stored, title=conversation.title)
        return True

    # --- messages ----------------------------------------------------------------------------------------

    def message(self, message_id: str) -> Message | None:
        """Return a message that is shown, None where it is not."""
        return next((message for message in self._messages if message.id == message_id), None)

    def messages(self) -> Sequence[Message]:
        """Return what is shown, oldest first."""
        return tuple(self._messages)

    def last_question(self) -> str:
        """Return the newest question that is shown, "" where none is."""
        questions = (message.text for message in reversed(self._messages) if message.role is Role.USER)
        return next(questions, "")

    def put_above(self, older: Sequence[Message]) -> None:
        """Show older messages above the others."""
        self._messages[:0] = older

    def put_below(self, question: Message, answer: Message) -> bool:
        """Show another exchange at the end; False where it stands on another branch than the shown one."""
        if question.parent_id != (self._messages[-1].id if self._messages else None):
            return False
        self._messages += [question, answer]
        return True

    def set_message(self, message: Message) -> None:
        """Know another state of a message that is shown."""
        self._messages = [message if one.id == message.id else one for one in self._messages]
