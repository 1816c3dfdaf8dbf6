"""Where a comparison begins: in the open conversation, or in none."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chatbot_app.chat.comparing import without_documents
from chatbot_app.core.compared import ComparedQuestion
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.temporary import is_temporary


@dataclass(frozen=True, slots=True)
class CompareStart:
    """The end of the shown branch of a conversation, and its settings; `conversation_id` "" is a new one without messages.

    `is_busy` says that an answer is under way in it. `again` is a question of it that is answered once more.
    """

    settings: GenerationSettings
    conversation_id: str = ""
    parent_id: str | None = None
    title: str = ""
    is_busy: bool = False
    again: ComparedQuestion | None = None

    @property
    def can_be_continued(self) -> bool:
        """Whether there is anything to continue, or nothing may be kept elsewhere."""
        has_place = self.parent_id is not None or self.again is not None
        return self.must_be_continued or (bool(self.conversation_id) and has_place)

    @property
    def must_be_continued(self) -> bool:
        """Whether it is temporary: a conversation of its own would be written to disk."""
        return is_temporary(self.conversation_id)

    def question(self, text: str) -> ComparedQuestion:
        """Return what is asked; other words than those that are answered once more stand beside them, as an edit does."""
        if self.again is None:
            return ComparedQuestion(text, self.conversation_id, self.parent_id)
        return replace(
            self.again, text=text, question_id=self.again.question_id if text == self.again.text else ""
        )

    def alone(self) -> CompareStart:
        """Return the start of a conversation of its own with the same settings, but without documents."""
        return CompareStart(without_documents(self.settings))
