"""Every setting, declared once: read by the panel, the tooltips, the store and the documentation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatbot_app.core.generation import DEFAULT_SYSTEM_PROMPT, HistoryStrategy
from chatbot_app.core.trust import AnswerMode


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that a setting can have: its name and the sentence that explains it."""

    value: Any
    title: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its key, type, default, range and the sentence that explains it.

    A `default` of None means "the server's default": what is not set is not sent. Where there are
    `choices`, no other value is taken.
    """

    key: str
    type: type
    default: Any
    title: str
    explanation: str
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    suggested: float | None = None  # where the slider stands before it is set
    choices: tuple[Choice, ...] = ()

    @property
    def name(self) -> str:
        """The last part of the key: the field's name."""
        return self.key.rsplit(".", 1)[-1]

    def accepts(self, value: Any) -> bool:
        """Whether `value` has the type and lies in the range."""
        if value is None:
            return self.default is None
        if self.choices:
            return any(choice.value == value for choice in self.choices)
        if self.type is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, self.type) or (self.type is int and isinstance(value, bool)):
            return False
        if isinstance(value, int | float) and not isinstance(value, bool):
            return (self.minimum is None or value >= self.minimum) and (
                self.maximum is None or value <= self.maximum
            )
        return True


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

GENERATION_SETTINGS = (
    Setting(
        "generation.temperature",
        float,
        None,
        "Temperature",
        "Divides the logits before sampling: higher flattens the distribution over the next token, 0 always takes the likeliest.",
        minimum=0.0,
        maximum=2.0,
        step=0.05,
        suggested=0.7,
    ),
    Setting(
        "generation.max_tokens",
        int,
        None,
        "Max tokens",
        "The longest answer, in tokens. It is reserved inside the context window, which the history shares.",
        minimum=1,
        maximum=131_072,
        step=64,
        suggested=1024,
    ),
    Setting(
        "generation.top_p",
        float,
        None,
        "Top p",
        "Samples from the smallest set of tokens whose probabilities reach p together.",
        minimum=0.0,
        maximum=1.0,
        step=0.01,
        suggested=0.95,
    ),
    Setting(
        "generation.top_k",
        int,
        None,
        "Top k",
        "Samples from the k likeliest tokens; 1 is greedy decoding. OpenAI's own servers do not take it.",
        minimum=1,
        maximum=200,
        step=1,
        suggested=40,
    ),
    Setting(
        "generation.min_p",
        float,
        None,
        "Min p",
        "Leaves out tokens less likely than this share of the likeliest one. Local servers take it.",
        minimum=0.0,
        maximum=1.0,
        step=0.01,
        suggested=0.05,
    ),
    Setting(
        "generation.frequency_penalty",
        float,
        None,
        "Frequency penalty",
        "Lowers tokens by how often they were used already: helps against repetition, common in small models.",
        minimum=-2.0,
        maximum=2.0,
        step=0.05,
        suggested=0.0,
    ),
    Setting(
        "generation.presence_penalty",
        float,
        None,
        "Presence penalty",
        "Lowers tokens that were used at all, once: pushes the answer towards new topics.",
        minimum=-2.0,
        maximum=2.0,
        step=0.05,
        suggested=0.0,
    ),
    Setting(
        "generation.seed",
        int,
        None,
        "Seed",
        "The same seed with the same prompt and settings repeats the answer, where the server supports it.",
        minimum=0,
        maximum=2_147_483_647,
        step=1,
        suggested=0,
    ),
    Setting(
        "generation.stop",
        tuple,
        (),
        "Stop sequences",
        "The answer ends before any of these texts; one a line, four at most on OpenAI's servers.",
    ),
    Setting(
        "generation.system_prompt",
        str,
        DEFAULT_SYSTEM_PROMPT,
        "System prompt",
        "Role and task of the model, sent before everything else and never trimmed.",
    ),
    Setting(
        "generation.think_step_by_step",
        bool,
        False,
        "Think step by step",
        "Appends “Let's think step by step.” to the question: reasoning before the answer helps on tasks with several steps.",
    ),
    Setting(
        "generation.history_strategy",
        HistoryStrategy,
        HistoryStrategy.OLDEST_EXCHANGES,
        "When the history is too long",
        "What gives way when the conversation no longer fits into the model's window.",
        choices=HISTORY_STRATEGIES,
    ),
    Setting(
        "generation.answer_mode",
        AnswerMode,
        None,
        "Answers from documents",
        "What a question to your documents is answered with.",
        choices=ANSWER_MODES,
    ),
)

APPLICATION_SETTINGS = (
    Setting("ui.theme", str, "system", "Appearance", "Light, dark, or as the system says."),
    Setting(
        "ui.font_scale",
        float,
        1.0,
        "Text size",
        "Scales the text of the conversation.",
        minimum=0.7,
        maximum=2.0,
        step=0.1,
    ),
    Setting("ui.document_order", str, "newest", "Order of documents", "How the documents are sorted."),
    Setting("ui.welcomed", bool, False, "Welcomed", "The welcome of the first launch was shown."),
    Setting("ui.geometry", str, "", "Window", "Geometry and panels of the window, as Qt saves them."),
    Setting("ui.open_conversation", str, "", "Open conversation", "The conversation that was open last."),
    Setting("ui.export_folder", str, "", "Folder of exports", "Where a conversation was exported to last."),
    Setting("ui.drafts", str, "", "Drafts", "What was written and not sent yet, by conversation, as JSON."),
    Setting(
        "chat.automatic_titles",
        bool,
        True,
        "Automatic titles",
        "A short title is asked from the model when it is idle.",
    ),
    Setting(
        "servers.small_models",
        str,
        "[]",
        "Small models",
        "Models that you called too small to be trusted with documents, as JSON.",
    ),
    Setting(
        "servers.environment_offered",
        bool,
        False,
        "Server of the environment",
        "Whether the server that OPENAI_API_KEY describes was offered.",
    ),
    Setting(
        "knowledge.embedding",
        str,
        "",
        "Embedding model",
        "The server and model that make vectors, as JSON; empty for the built-in one.",
    ),
    Setting("chat.default_server", str, "built-in", "Default server", "The server of new conversations."),
)

SETTINGS = {setting.key: setting for setting in GENERATION_SETTINGS + APPLICATION_SETTINGS}
