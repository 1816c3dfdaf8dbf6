"""How an answer is made: the parameters of a request, per conversation and kept with each answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from chatbot_app.core.document_filter import NO_FILTER, DocumentFilter
from chatbot_app.core.trust import AnswerMode

DEFAULT_SYSTEM_PROMPT = "You are a helpful assistant."

STEP_BY_STEP_TRIGGER = (
    "Let's think step by step."  # Kojima et al. 2022, "Large Language Models are Zero-Shot Reasoners"
)


class HistoryStrategy(StrEnum):
    """What is done when the history no longer fits into the model's window."""

    OLDEST_MESSAGES = "oldest-messages"
    OLDEST_EXCHANGES = "oldest-exchanges"
    SUMMARISE = "summarise"
    RECALL = "recall"
    KEEP_EVERYTHING = "keep-everything"


@dataclass(frozen=True, slots=True)
class GenerationSettings:
    """The settings of a conversation; `None` everywhere means "the server's default, not sent".

    `max_tokens` is in tokens, `stop` holds the stop sequences. `collections` says which documents answers
    may use: None for none, () for all, else the ids of collections; `document_filter` keeps to some of them by
    their fields. `history_strategy` says what gives way when the history is longer than the window.
    `answer_mode` is what a question to the documents is answered with, None: by the model (see
    `core.answer_modes`).
    """

    server_id: str | None = None
    model: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    system_prompt: str = DEFAULT_SYSTEM_PROMPT
    think_step_by_step: bool = False
    collections: tuple[str, ...] | None = None
    history_strategy: HistoryStrategy = HistoryStrategy.OLDEST_EXCHANGES
    answer_mode: AnswerMode | None = None
    document_filter: DocumentFilter = NO_FILTER

    def request_parameters(self) -> dict[str, Any]:
        """Return the sampling parameters that are set, under their OpenAI (or llama.cpp) names."""
        names = (
            "temperature",
            "max_tokens",
            "top_p",
            "top_k",
            "min_p",
            "frequency_penalty",
            "presence_penalty",
            "seed",
        )
        chosen = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        if self.stop:
            chosen["stop"] = list(self.stop)
        return chosen

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping of everything that differs from the default."""
        default = GenerationSettings()
        mapping = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != getattr(default, field.name)
        }
        for name in ("stop", "collections"):
            if name in mapping:
                mapping[name] = list(mapping[name])
        if self.document_filter:
            mapping["document_filter"] = self.document_filter.to_dict()
        return mapping

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> GenerationSettings:
        """Build settings from stored JSON; unknown names and values of a wrong type are left out."""
        known: dict[str, Any] = {}
        for name, value in mapping.items():
            accepted = _accepted(name, value)
            if accepted is not _REFUSED:
                known[name] = accepted
        return cls(**known)

    def with_preset(self, preset: Preset) -> GenerationSettings:
        """Return these settings with the preset's sampling parameters in place of their own."""
        chosen: dict[str, Any] = {**dict.fromkeys(SAMPLING_FIELDS), **dict(preset.parameters)}
        return replace(self, **chosen)


SAMPLING_FIELDS = ("temperature", "top_p", "top_k", "min_p", "frequency_penalty", "presence_penalty")

_REFUSED = object()
_INTEGERS = {"max_tokens", "top_k", "seed"}
_NUMBERS = {"temperature", "top_p", "min_p", "frequency_penalty", "presence_penalty"}
_STRINGS = {"server_id", "model"}


def _accepted(name: str, value: Any) -> Any:
    if name in _INTEGERS and (value is None or (isinstance(value, int) and not isinstance(value, bool))):
        return value
    if name in _NUMBERS and value is None:
        return value
    if name in _NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if value == value and abs(value) != float("inf") else _REFUSED
    if name in _STRINGS and (value is None or isinstance(value, str)):
        return value
    if name == "stop" and isinstance(value, list | tuple) and all(isinstance(s, str) for s in value):
        return tuple(value)
    if name == "collections" and value is None:
        return value
    if name == "collections" and isinstance(value, list | tuple) and all(isinstance(s, str) for s in value):
        return tuple(value)
    if name == "document_filter" and isinstance(value, dict):
        return DocumentFilter.from_dict(value)
    if name == "history_strategy" and value in tuple(HistoryStrategy):
        return HistoryStrategy(value)
    if name == "answer_mode" and value is None:
        return value
    if name == "answer_mode" and value in tuple(AnswerMode):
        return AnswerMode(value)
    if name == "system_prompt" and isinstance(value, str):
        return value
    if name == "think_step_by_step" and isinstance(value, bool):
        return value
    return _REFUSED


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of sampling parameters; what it does not name goes back to the server's default."""

    name: str
    parameters: tuple[tuple[str, float | int], ...]
    built_in: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {**asdict(self), "parameters": dict(self.parameters)}


PRESETS = (
    Preset("Precise", (("temperature", 0.2), ("top_p", 0.9)), built_in=True),
    Preset("Balanced", (("temperature", 0.7), ("top_p", 0.95)), built_in=True),
    Preset("Creative", (("temperature", 1.1), ("top_p", 0.98), ("presence_penalty", 0.3)), built_in=True),
    Preset("Greedy", (("temperature", 0.0), ("top_k", 1)), built_in=True),
)
