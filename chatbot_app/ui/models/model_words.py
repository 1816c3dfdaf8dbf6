"""Models of this computer in words: sizes, parameters, what they take. Names come from outside and are shown literally."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from chatbot_app.core.local_models import LocalModel, ModelFacts, ModelKind
from chatbot_app.core.text import shortened
from chatbot_app.core.visible_text import visible_text

DOT = "  ·  "
_LONGEST = 200  # characters of what a file says of itself


def _tr(words: str) -> str:
    return QCoreApplication.translate("Models", words)


def one_line(text: str) -> str:
    """Return what a stranger wrote on one line, of some length."""
    return shortened(" ".join(visible_text(text[: 4 * _LONGEST]).split()), _LONGEST)


def size_words(count: int) -> str:
    """Return a number of bytes, in units of a thousand as file managers and hubs have them."""
    locale = QLocale()
    if count >= 1_000_000_000:
        return _tr("{n} GB").format(n=locale.toString(count / 1e9, "f", 1 if count < 100e9 else 0))
    if count >= 1_000_000:
        return _tr("{n} MB").format(n=locale.toString(round(count / 1e6)))
    return _tr("{n} KB").format(n=locale.toString(max(1, round(count / 1e3))) if count else "0")


def parameter_words(count: int) -> str:
    """Return a number of parameters as models are called by it: 135 M, 8.0 B; "" for none."""
    if not count:
        return ""
    locale = QLocale()
    if count >= 1_000_000_000:
        return _tr("{n} B").format(n=locale.toString(count / 1e9, "f", 1))
    return _tr("{n} M").format(n=locale.toString(max(1, round(count / 1e6))))


def token_words(count: int) -> str:
    """Return a number of tokens."""
    return _tr("{n} tokens").format(n=QLocale().toString(count))


def kind_words(kind: ModelKind) -> str:
    """Return what a file is good for where that is not talking, "" where it is."""
    return {
        ModelKind.CHAT: "",
        ModelKind.EMBEDDING: _tr("for vectors"),
        ModelKind.RERANKING: _tr("for ranking"),
        ModelKind.PROJECTOR: _tr("for pictures, beside a model"),
        ModelKind.ADAPTER: _tr("LoRA, beside a model"),
        ModelKind.OTHER: _tr("not for talking"),
    }[kind]


def short_facts(facts: ModelFacts) -> str:
    """Return the line below a model's name."""
    parts = (
        parameter_words(facts.parameters),
        one_line(facts.quantisation),
        size_words(facts.bytes) if facts.bytes else "",
        kind_words(facts.kind),
    )
    return DOT.join(filter(None, parts))


def speed_words(model: LocalModel) -> str:
    """Return how fast its last answer came."""
    if model.tokens_per_second is None:
        return _tr("Measured with its first answer")
    number = QLocale().toString(model.tokens_per_second, "f", 1 if model.tokens_per_second < 100 else 0)
    return _tr("{n} tokens/s in its last answer").format(n=number)


def time_words(seconds: float) -> str:
    """Return how long something still takes, roughly."""
    if seconds < 1.5:
        return _tr("a moment")
    if seconds < 90:
        return _tr("{n} s").format(n=round(seconds))
    if seconds < 90 * 60:
        return _tr("{n} min").format(n=round(seconds / 60))
    return _tr("{n} h").format(n=round(seconds / 3600))
