"""Which models are too small to be trusted with documents, and what is answered with because of it."""

from __future__ import annotations

from collections.abc import Set

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.servers import Server, is_shipped_model
from chatbot_app.core.trust import AnswerMode

MarkedModels = Set[tuple[str, str]]  # (server id, model) that the person called small


def is_small_model(server: Server, model: str | None, marked: MarkedModels) -> bool:
    """Whether a model is too small to be trusted with documents: the one that ships, or one that is `marked`.

    `model` is None where a server with a single model was not asked for its name yet: any mark is that one's.
    """
    if is_shipped_model(server, model):
        return True
    model = model or server.default_model
    if not model:
        return any(server_id == server.id for server_id, _model in marked)
    return (server.id, model) in marked


def answer_mode(settings: GenerationSettings, *, small_model: bool) -> AnswerMode:
    """Return what a question to the documents is answered with in a conversation."""
    if settings.answer_mode is not None:
        return settings.answer_mode
    return AnswerMode.QUOTES if small_model else AnswerMode.BOTH
