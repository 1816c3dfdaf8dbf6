"""The words that we add to what a person wrote."""

from __future__ import annotations

from chatbot_app.core.generation import STEP_BY_STEP_TRIGGER, GenerationSettings

CONTINUE_REQUEST = "Continue your last answer exactly where it stopped. Do not repeat any of it."

TITLE_REQUEST = "Write a title of two to six words for the conversation above. Answer with the title alone."


def question_text(question: str, settings: GenerationSettings) -> str:
    """Return the question as it is sent: with the trigger for step-by-step reasoning where it is on."""
    return f"{question}\n\n{STEP_BY_STEP_TRIGGER}" if settings.think_step_by_step else question
