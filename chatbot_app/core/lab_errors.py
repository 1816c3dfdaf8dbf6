"""What can be wrong with vectors that the laboratory is to show."""

from __future__ import annotations

from chatbot_app.core.errors import AppError


class EmbeddingModelMissing(AppError):
    summary_template = "The embedding model is not on this machine."
    next_step_template = "Run “chatbot-app models fetch”, or choose another one in Tools › Models."


class NoVectorsYet(AppError):
    summary_template = "No passage has a vector yet."
    next_step_template = "Add documents, or wait until theirs are made."


class MapOutdated(AppError):
    summary_template = "Another model makes the vectors by now."
    next_step_template = "Draw the map anew."


class SumUnreadable(AppError):
    """A sum of words, as it was written, is none."""

    summary_template = "This is no sum of words."
    next_step_template = "Write words with + and − between them: king − man + woman."


class SumTooLong(SumUnreadable):
    summary_template = "This sum has too many words."
    next_step_template = "Write at most {most} words with + and − between them."


class SumEmpty(SumUnreadable):
    """A word taken away from itself."""

    summary_template = "Nothing is left of this sum."
