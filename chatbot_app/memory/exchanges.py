"""Exchanges: a question and everything up to the next one, as they stand in a history."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from chatbot_app.core.messages import Message, Role


def exchange_ranges(history: Sequence[Message]) -> list[range]:
    """Return the places of the messages of each exchange, in order."""
    starts = [place for place, message in enumerate(history) if place == 0 or message.role is Role.USER]
    return [range(start, end) for start, end in pairwise([*starts, len(history)])]


def group_exchanges(history: Sequence[Message]) -> list[list[Message]]:
    """Split a path of messages into exchanges."""
    return [list(history[places.start : places.stop]) for places in exchange_ranges(history)]
