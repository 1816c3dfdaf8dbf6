"""How an answer is made: the settings of a conversation, each declared once, and kept with each answer.

The fields of `GenerationSettings` are the table: the panel, the options of `ask`, the request, the presets and the
stored form are made from what is declared there. A new parameter of the request is one more field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from chatbot_app.core.document_filter import NO_FILTER, DocumentFilter
from chatbot_app.core.generation_choices import ANSWER_MODES, HISTORY_STRATEGIES, AnswerMode, HistoryStrategy
from chatbot_app.core.presets import Preset
from chatbot_app.core.setting import REFUSED, Setting

__all__ = [
    "DEFAULT_SYSTEM_PROMPT",
    "GENERATION_SETTINGS",
    "SAMPLING_FIELDS",
    "STEP_BY_STEP_TRIGGER",
    "GenerationSettings",
    "HistoryStrategy",
]

DEFAULT_SYSTEM_PROMPT = "You are a helpful assistant."

STEP_BY_STEP_TRIGGER = (
    "Let's think step by step."  # Kojima et al. 2022, "Large Language Models are Zero-Shot Reasoners"
)

_Number = TypeVar("_Number", int, float)


def _declared(kind: type, default: Any, title: str = "", explanation: str = "", **details: Any) -> Any:
    """Return a field with its setting; one without a title is chosen at a place of its own."""
    setting = Setting("", kind, default, title, explanation, **details)
    return field(default=default, metadata={"setting": setting})


def _parameter(
    kind: type[_Number],
    title: str,
    explanation: str,
    *,
    minimum: _Number,
    maximum: _Number,
    step: _Number,
    suggested: _Number,
    in_presets: bool = True,
    is_folded: bool = True,
) -> _Number | None:
    """Return the field of a number that is sent under its own name where it is set."""
    made: _Number | None = _declared(
        kind,
        None,
        title,
        explanation,
        minimum=minimum,
        maximum=maximum,
        step=step,
        suggested=suggested,
        is_sent=True,
        in_presets=in_presets,
        is_folded=is_folded,
    )
    return made


@dataclass(frozen=True, slots=True)
class GenerationSettings:
    """The settings of a conversation; `None` everywhere means "the server's default, not sent".

    `max_tokens` is in tokens, `stop` holds the stop sequences. `collections` says which documents answers
    may use: None for none, () for all, else the ids of collections; `document_filter` keeps to some of them by
    their fields. `history_strategy` says what gives way when the history is longer than the window.
    `answer_mode` is what a question to the documents is answered with, None: by the model (see
    `core.answer_modes`). Panel and options have them in this order.
    """

    server_id: str | None = _declared(str, None)
    model: str | None = _declared(str, None)
    collections: tuple[str, ...] | None = _declared(tuple, None)
    document_filter: DocumentFilter = _declared(DocumentFilter, NO_FILTER)
    character_id: str | None = _declared(str, None)
    system_prompt: str = _declared(
        str,
        DEFAULT_SYSTEM_PROMPT,
        "System prompt",
        "Role and task of the model, sent before everything else and never trimmed.",
        option="system",
        lines=5,
        placeholder="No system prompt",
    )
    think_step_by_step: bool = _declared(
        bool,
        False,
        "Think step by step",
        "Appends “Let's think step by step.” to the question: reasoning before the answer helps on tasks with several steps.",
    )
    history_strategy: HistoryStrategy = _declared(
        HistoryStrategy,
        HistoryStrategy.OLDEST_EXCHANGES,
        "When the history is too long",
        "What gives way when the conversation no longer fits into the model's window.",
        choices=HISTORY_STRATEGIES,
        option="strategy",
    )
    answer_mode: AnswerMode | None = _declared(
        AnswerMode,
        None,
        "Answers from documents",
        "What a question to your documents is answered with.",
        choices=ANSWER_MODES,
        option="mode",
    )
    temperature: float | None = _parameter(
        float,
        "Temperature",
        "Divides the logits before sampling: higher flattens the distribution over the next token, 0 always takes the likeliest.",
        minimum=0.0,
        maximum=2.0,
        step=0.05,
        suggested=0.7,
        is_folded=False,
    )
    max_tokens: int | None = _parameter(
        int,
        "Max tokens",
        "The longest answer, in tokens. It is reserved inside the context window, which the history shares.",
        minimum=1,
        maximum=1_000_000,
        step=64,
        suggested=1024,
        in_presets=False,
        is_folded=False,
    )
    top_p: float | None = _parameter(
        float,
        "Top p",
        "Samples from the smallest set of tokens whose probabilities reach p together.",
        minimum=0.0,
        maximum=1.0,
        step=0.01,
        suggested=0.95,
        is_folded=False,
    )
    top_k: int | None = _parameter(
        int,
        "Top k",
        "Samples from the k likeliest tokens; 1 is greedy decoding. OpenAI's own servers do not take it.",
        minimum=1,
        maximum=200,
        step=1,
        suggested=40,
        is_folded=False,
    )
    min_p: float | None = _parameter(
        float,
        "Min p",
        "Leaves out tokens less likely than this share of the likeliest one. Local servers take it.",
        minimum=0.0,
        maximum=1.0,
        step=0.01,
        suggested=0.05,
    )
    frequency_penalty: float | None = _parameter(
        float,
        "Frequency penalty",
        "Lowers tokens by how often they were used already: helps against repetition, common in small models.",
        minimum=-2.0,
        maximum=2.0,
        step=0.05,
        suggested=0.0,
    )
    presence_penalty: float | None = _parameter(
        float,
        "Presence penalty",
        "Lowers tokens that were used at all, once: pushes the answer towards new topics.",
        minimum=-2.0,
        maximum=2.0,
        step=0.05,
        suggested=0.0,
    )
    seed: int | None = _parameter(
        int,
        "Seed",
        "The same seed with the same prompt and settings repeats the answer, where the server supports it.",
        minimum=0,
        maximum=2_147_483_647,
        step=1,
        suggested=0,
        in_presets=False,
    )
    top_logprobs: int | None = _parameter(
        int,
        "Alternatives",
        "Asks for the so many likeliest tokens at each place of an answer and keeps them with it: “Show alternatives” draws them. Models of this computer need it not.",
        minimum=0,
        maximum=20,
        step=1,
        suggested=5,
        in_presets=False,
    )
    stop: tuple[str, ...] = _declared(
        tuple,
        (),
        "Stop sequences",
        "The answer ends before any of these texts; one a line, four at most on OpenAI's servers.",
        is_sent=True,
        is_folded=True,
        lines=2,
        placeholder="One a line; \\n is a line break",
    )

    def request_parameters(self) -> dict[str, Any]:
        """Return the sampling parameters that are set, under their OpenAI (or llama.cpp) names."""
        sent = ((s, getattr(self, s.name)) for s in GENERATION_SETTINGS if s.is_sent)
        named = {setting.name: setting.stored(value) for setting, value in sent if value not in (None, ())}
        if self.top_logprobs is not None:
            named["logprobs"] = True  # without which servers refuse the number
        return named

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping of everything that differs from the default."""
        values = ((setting, getattr(self, setting.name)) for setting in _DECLARED.values())
        return {s.name: s.stored(value) for s, value in values if value != s.default}

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> GenerationSettings:
        """Build settings from stored JSON; unknown names and values of a wrong type are left out."""
        read = {name: _DECLARED[name].read(value) for name, value in mapping.items() if name in _DECLARED}
        return cls(**{name: value for name, value in read.items() if value is not REFUSED})

    def with_preset(self, preset: Preset) -> GenerationSettings:
        """Return these settings with the preset's sampling parameters in place of their own."""
        chosen: dict[str, Any] = {**dict.fromkeys(SAMPLING_FIELDS), **dict(preset.parameters)}
        return replace(self, **chosen)


# What a conversation begins with that nobody chose anything for: all documents may be used, also before there are any.
USUAL_SETTINGS = GenerationSettings(collections=())

_DECLARED: dict[str, Setting] = {
    one.name: replace(one.metadata["setting"], key=f"generation.{one.name}")
    for one in fields(GenerationSettings)
}

# Those with a field in the panel and an option of the command line, in their order.
GENERATION_SETTINGS = tuple(setting for setting in _DECLARED.values() if setting.title)
SAMPLING_FIELDS = tuple(setting.name for setting in GENERATION_SETTINGS if setting.in_presets)
