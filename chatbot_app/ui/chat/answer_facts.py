"""The quiet line below an answer, and the one while it is being written."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFontMetricsF

from chatbot_app.core.messages import Message
from chatbot_app.core.model_names import shown_name
from chatbot_app.core.model_prices import Price, amount_words, price_of
from chatbot_app.core.trust import AnswerMode, trust_of
from chatbot_app.core.visible_text import visible_text

_BETWEEN = "  ·  "


def _tr(text: str) -> str:
    return QCoreApplication.translate("AnswerFacts", text)


def tokens_a_second(message: Message) -> float | None:
    """Return how fast the answer was written after its first token, or None where it cannot be known."""
    usage, timings = message.usage, message.timings
    if usage is None or timings is None or not usage.completion_tokens or timings.total_seconds is None:
        return None
    seconds = timings.total_seconds - (timings.first_token_seconds or 0.0)
    return usage.completion_tokens / seconds if seconds > 0 else None


def cost_of(message: Message, price: Price | None) -> str:
    """Return what an answer cost at a price, "" where that is not known."""
    cost = None if price is None else price.cost(message.usage)
    if price is None or cost is None:
        return ""
    return _tr("cost {amount}").format(amount=amount_words(cost, visible_text(price.currency)))


def facts_of(message: Message, *, with_cost: bool = True) -> str:
    """Return "model · tokens · tokens/s · time to first token · cost", with what is known."""
    trust = trust_of(message.metadata)
    if trust is not None and (trust.refused or trust.mode is AnswerMode.QUOTES):
        return ""  # no model was asked
    parts = [shown_name(message.model)] if message.model else []
    if message.usage is not None and message.usage.completion_tokens is not None:
        count = message.usage.completion_tokens
        parts.append(_tr("1 token") if count == 1 else _tr("{count} tokens").format(count=f"{count:,}"))
    speed = tokens_a_second(message)
    if speed is not None:
        parts.append(_tr("{speed} tokens/s").format(speed=_short(speed)))
    if message.timings is not None and message.timings.first_token_seconds is not None:
        seconds = _short(message.timings.first_token_seconds)
        parts.append(_tr("first token after {seconds} s").format(seconds=seconds))
    if with_cost and (cost := cost_of(message, price_of(message))):
        parts.append(cost)
    return _BETWEEN.join(parts)


def lines_of(facts: str, metrics: QFontMetricsF, width: int) -> list[str]:
    """Break the facts between two of them into lines that fit a width in pixels; a longer one loses its middle."""
    lines: list[str] = []
    for fact in filter(None, facts.split(_BETWEEN)):
        joined = f"{lines[-1]}{_BETWEEN}{fact}" if lines else fact
        if lines and metrics.horizontalAdvance(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(metrics.elidedText(fact, Qt.TextElideMode.ElideMiddle, width))
    return lines


def progress(seconds: float, tokens: int, writing_seconds: float) -> str:
    """Return the elapsed time and, once there is something to measure, the tokens per second."""
    parts = [_tr("{seconds} s").format(seconds=int(seconds))]
    if tokens > 1 and writing_seconds > 0.2:
        parts.append(_tr("{speed} tokens/s").format(speed=_short(tokens / writing_seconds)))
    return _BETWEEN.join(parts)


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 20 else f"{value:.1f}"
