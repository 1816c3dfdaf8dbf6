"""What the process of the small models sends as codes, in words: why something failed, and what is compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from chatbot_app.core.visible_text import visible_text
from chatbot_app.lab.small.refusals import Refused, Why

_CONTEXT = "SmallModels"
_LONGEST_VALUE = 300  # characters

_REASONS: dict[str, object] = {
    Why.VOCABULARY: QT_TRANSLATE_NOOP(
        "SmallModels", "A vocabulary of byte pairs has {least} to {most} tokens."
    ),
    Why.SUMS_BY_CHARACTER: QT_TRANSLATE_NOOP("SmallModels", "Sums are read by character."),
    Why.DIGITS: QT_TRANSLATE_NOOP("SmallModels", "Numbers have 1 to {most} digits."),
    Why.TOO_LITTLE_TRAINING: QT_TRANSLATE_NOOP(
        "SmallModels", "A training has one step and one sequence at least."
    ),
    Why.LEARNING_RATE: QT_TRANSLATE_NOOP("SmallModels", "A learning rate lies between 0 and 1."),
    Why.MEMORY_NEEDED: QT_TRANSLATE_NOOP(
        "SmallModels", "This model would need about {gigabytes} GB to train; make it or its batch smaller."
    ),
    Why.SIZES: QT_TRANSLATE_NOOP("SmallModels", "Every size is at least 1."),
    Why.HEADS: QT_TRANSLATE_NOOP("SmallModels", "{heads} heads do not divide a width of {width}."),
    Why.KEY_HEADS: QT_TRANSLATE_NOOP("SmallModels", "{key_heads} heads of keys do not divide {heads} heads."),
    Why.ROTARY: QT_TRANSLATE_NOOP(
        "SmallModels", "Rotary positions turn pairs of channels: width divided by heads must be even."
    ),
    Why.DROPOUT: QT_TRANSLATE_NOOP("SmallModels", "Dropout is a share from 0 to below 1."),
    Why.SHORT_TEXT: QT_TRANSLATE_NOOP("SmallModels", "The text is shorter than what the model sees at once."),
    Why.NOTHING_LEARNED: QT_TRANSLATE_NOOP("SmallModels", "This model has learned nothing yet."),
    Why.NO_NUMBER: QT_TRANSLATE_NOOP(
        "SmallModels", "The loss is no number any more: learn more slowly, with a lower rate."
    ),
    Why.DAMAGED: QT_TRANSLATE_NOOP("SmallModels", "What is stored of the model is damaged."),
    Why.OTHER_WEIGHTS: QT_TRANSLATE_NOOP("SmallModels", "The stored weights do not fit the model."),
    Why.OTHER_VERSION: QT_TRANSLATE_NOOP(
        "SmallModels", "The model was stored by another version of this program."
    ),
    Why.NO_MEMORY: QT_TRANSLATE_NOOP("SmallModels", "The memory for this model was not to be had."),
    Why.SYSTEM: QT_TRANSLATE_NOOP("SmallModels", "A file or a process could not be used: {reason}"),
    Why.ENDED: QT_TRANSLATE_NOOP(
        "SmallModels", "The process of the small models has ended; what it saved last is kept."
    ),
    Why.UNEXPECTED: QT_TRANSLATE_NOOP(
        "SmallModels", "The small model met something that it was not made for."
    ),
}

_VARIANTS: dict[str, object] = {
    "gpt": QT_TRANSLATE_NOOP("SmallModels", "GPT"),
    "gru": QT_TRANSLATE_NOOP("SmallModels", "GRU"),
    "encoder-decoder": QT_TRANSLATE_NOOP("SmallModels", "encoder and decoder"),
    "dot": QT_TRANSLATE_NOOP("SmallModels", "dot product"),
    "general": QT_TRANSLATE_NOOP("SmallModels", "general"),
    "additive": QT_TRANSLATE_NOOP("SmallModels", "additive"),
    "multi-head": QT_TRANSLATE_NOOP("SmallModels", "multi-head"),
    "multi-query": QT_TRANSLATE_NOOP("SmallModels", "multi-query"),
    "one-head": QT_TRANSLATE_NOOP("SmallModels", "one head"),
    "cross-attention": QT_TRANSLATE_NOOP("SmallModels", "cross-attention"),
    "no-cross-attention": QT_TRANSLATE_NOOP("SmallModels", "no cross-attention"),
    "causal-mask": QT_TRANSLATE_NOOP("SmallModels", "causal mask"),
    "no-mask": QT_TRANSLATE_NOOP("SmallModels", "no mask"),
    "none": QT_TRANSLATE_NOOP("SmallModels", "no positions"),
    "learned": QT_TRANSLATE_NOOP("SmallModels", "learned positions"),
    "sinusoidal": QT_TRANSLATE_NOOP("SmallModels", "sinusoidal positions"),
    "rotary": QT_TRANSLATE_NOOP("SmallModels", "rotary positions"),
    "whole": QT_TRANSLATE_NOOP("SmallModels", "with both"),
    "no-layer-norm": QT_TRANSLATE_NOOP("SmallModels", "without layer norm"),
    "no-skip-connections": QT_TRANSLATE_NOOP("SmallModels", "without skip connections"),
    "neither": QT_TRANSLATE_NOOP("SmallModels", "without both"),
}


def failure_words(event: Mapping[str, Any]) -> str:
    """Return the sentence of an event that says why something failed."""
    return _words(str(event["why"]), event["values"])


def refusal_words(refused: Refused) -> str:
    """Return the sentence of what was refused in this process."""
    return _words(refused.why, refused.values)


def variant_words(name: str) -> str:
    """Return what one of the models that are compared is called."""
    return QCoreApplication.translate(_CONTEXT, str(_VARIANTS[name]))


def _words(why: str, values: Mapping[str, str]) -> str:
    words = QCoreApplication.translate(_CONTEXT, str(_REASONS.get(why, _REASONS[Why.UNEXPECTED])))
    for name, value in values.items():  # a path may hold braces
        words = words.replace(f"{{{name}}}", visible_text(value)[:_LONGEST_VALUE])
    return words
