"""One question to several models at once, of which nothing is stored unless the person goes on with it, or votes."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message
from chatbot_app.storage.unsaved_answers import AnswerState


class Nowhere:
    """Takes the states of an answer and stores none of them."""

    def save(self, state: AnswerState) -> Future[Message]:
        """Return the answer as it is, at once."""
        saved: Future[Message] = Future()
        saved.set_result(state.answer)
        return saved


def without_documents(settings: GenerationSettings) -> GenerationSettings:
    """Return the settings of a comparison that continues no conversation: what that has, but no documents."""
    plain = GenerationSettings()
    return replace(
        settings,
        collections=None,
        document_filter=plain.document_filter,
        answer_mode=None,
    )
