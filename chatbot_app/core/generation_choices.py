"""The few values between which a conversation's settings choose, each with the sentence that explains it."""

from __future__ import annotations

from enum import StrEnum

from chatbot_app.core.setting import Choice


class HistoryStrategy(StrEnum):
    """What is done when the history no longer fits into the model's window."""

    OLDEST_MESSAGES = "oldest-messages"
    OLDEST_EXCHANGES = "oldest-exchanges"
    SUMMARISE = "summarise"
    RECALL = "recall"
    KEEP_EVERYTHING = "keep-everything"


class AnswerMode(StrEnum):
    """What a question to the documents is answered with."""

    QUOTES = "quotes"  # sentences of the documents, word for word, and no model
    ANSWER = "answer"  # the model's words with their sources
    BOTH = "both"


HISTORY_STRATEGIES = (
    Choice(
        HistoryStrategy.OLDEST_MESSAGES,
        "Drop oldest messages",
        "The oldest messages are left out one by one, so that an answer may stay without its question.",
    ),
    Choice(
        HistoryStrategy.OLDEST_EXCHANGES,
        "Drop oldest exchanges",
        "The oldest questions are left out together with their answers; the system prompt stays.",
    ),
    Choice(
        HistoryStrategy.SUMMARISE,
        "Summarise what is dropped",
        "The model writes a summary of the oldest exchanges, which is sent in their place; you can edit it.",
    ),
    Choice(
        HistoryStrategy.RECALL,
        "Recall",
        "The oldest exchanges are left out, and those that resemble the question come back as evidence.",
    ),
    Choice(
        HistoryStrategy.KEEP_EVERYTHING,
        "Keep everything",
        "Nothing is left out: a question that no longer fits is not sent, and you are told by how much.",
    ),
)

# Of a conversation that uses documents: `GenerationSettings.answer_mode`.
ANSWER_MODES = (
    Choice(
        None,
        "By model",
        "Quotes where the model is too small to be trusted with documents, else quotes and an answer.",
    ),
    Choice(
        AnswerMode.QUOTES,
        "Quotes",
        "The sentences of your documents that answer the question, word for word. No model is asked.",
    ),
    Choice(
        AnswerMode.ANSWER,
        "Answer with sources",
        "The model answers in its own words, and every sentence is checked against the sources.",
    ),
    Choice(AnswerMode.BOTH, "Both", "The model's answer, and the quotes folded under it."),
)
