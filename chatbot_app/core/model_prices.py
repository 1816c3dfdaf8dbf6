"""What tokens cost: prices that the person has given for models. None ships, for no table of prices stays true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chatbot_app.core.messages import Message, Usage

PRICE = "price"  # its name in the metadata of an answer
LONGEST_CURRENCY = 8  # characters
HIGHEST_PRICE = 1_000_000.0
_MILLION = 1_000_000
_LEAST = 0.000001  # of an amount that is written


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a million tokens that are sent, and of a million that are written, in `currency` ("" names none)."""

    sent: float
    written: float
    currency: str = ""

    def cost(self, usage: Usage | None) -> float | None:
        """Return what an answer cost, None where the server did not say how many tokens it was."""
        if usage is None or usage.prompt_tokens is None or usage.completion_tokens is None:
            return None
        return (usage.prompt_tokens * self.sent + usage.completion_tokens * self.written) / _MILLION

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready value, which `read_price` reads."""
        return {"sent": self.sent, "written": self.written, "currency": self.currency}


def read_price(kept: object) -> Price | None:
    """Return the price that `Price.to_dict` wrote; None where it did not, or it is damaged."""
    if not isinstance(kept, Mapping):
        return None
    sent, written, currency = kept.get("sent"), kept.get("written"), kept.get("currency", "")
    amounts = [_amount(sent), _amount(written)]
    if amounts[0] is None or amounts[1] is None or not isinstance(currency, str):
        return None
    return Price(amounts[0], amounts[1], currency[:LONGEST_CURRENCY])


def _amount(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= HIGHEST_PRICE:
        return None
    return float(value)


def price_of(message: Message) -> Price | None:
    """Return the price that counted when an answer was made; None where none was known."""
    return read_price(message.metadata.get(PRICE))


@dataclass(frozen=True, slots=True)
class PriceBook:
    """All prices, by (server id, model)."""

    prices: Mapping[tuple[str, str], Price] = field(default_factory=dict)

    def of(self, server_id: str | None, model: str | None) -> Price | None:
        """Return the price of a model at a server, None where none is known."""
        return self.prices.get((server_id or "", model or ""))

    @property
    def currency(self) -> str:
        """The currency that was given last, "" while none was."""
        return next((price.currency for price in reversed(list(self.prices.values()))), "")


def amount_words(amount: float, currency: str) -> str:
    """Return an amount as it is read, as exact as it is told: "0.00042 €"; one too small to write says so."""
    if 0 < amount < _LEAST:
        words = f"< {_LEAST:.6f}"
    else:
        decimals = 2 if amount >= 1 else 6
        words = f"{amount:,.{decimals}f}".rstrip("0").rstrip(".") if decimals > 2 else f"{amount:,.2f}"
    return f"{words} {currency}".rstrip()
