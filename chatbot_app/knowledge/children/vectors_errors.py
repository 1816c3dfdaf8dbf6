"""What goes wrong with the process that makes vectors, and with what it was asked."""

from __future__ import annotations

from typing import Any

from chatbot_app.core.errors import AppError
from chatbot_app.core.model_errors import ModelFileError, ModelFileGone, ModelMakesNoVectors, ModelNotWhole


class EmbeddingModelMissing(AppError):
    """The file of the built-in embedding model is not there."""

    summary_template = "The embedding model cannot be opened: {detail}"
    next_step_template = "Install the program again; search by keywords works meanwhile."


class EmbeddingInterrupted(AppError):
    """The program ends."""

    summary_template = "The vectors were not finished: the program ends."
    next_step_template = "They are made at the next start."


class VectorsStopped(AppError):
    """The process that makes vectors does not answer."""

    summary_template = "The embedding model's process stopped: {detail}."
    next_step_template = "Retry; search by keywords works meanwhile."


def error_of(message: dict[str, Any]) -> AppError:
    """Return the error that the child tells of."""
    kinds: tuple[type[AppError], ...] = (
        EmbeddingModelMissing,
        ModelFileError,
        ModelFileGone,
        ModelNotWhole,
        ModelMakesNoVectors,
    )
    known = {kind.__name__: kind for kind in kinds}
    return known.get(message["error"], VectorsStopped)(**message["details"])
