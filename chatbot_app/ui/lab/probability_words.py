"""Tokens and numbers as people read them."""

from __future__ import annotations

import math

from chatbot_app.llm.logprobs import Token

_SHOWN = str.maketrans({" ": "·", "\n": "↵", "\t": "⇥", "\r": "␍"})


def token_words(token: Token) -> str:
    """Return a token in one line, with its blanks and line ends seen."""
    if token.is_special:
        return token.text or f"⟨{token.id}⟩"
    return "".join(one if one.isprintable() else "�" for one in token.text.translate(_SHOWN))


def percent(probability: float) -> str:
    """Return a probability between 0 and 1 with three digits that say something."""
    share = probability * 100
    if share >= 99.95 or share == 0:
        return f"{share:.0f} %"
    if share >= 10:
        return f"{share:.1f} %"
    if share >= 0.01:
        return f"{share:.2f} %"
    return f"10^{math.floor(math.log10(share))} %"


def bits(nats: float) -> float:
    """Return an entropy in bits."""
    return nats / math.log(2)
