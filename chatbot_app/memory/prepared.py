"""A history counted and laid out once, so that planning again while somebody types takes no time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from chatbot_app.core.messages import Message, MessageStatus, Role, Summary
from chatbot_app.core.pictures import pictures_of
from chatbot_app.core.prompt_plan import PartKind, PlanPart, TemplateCosts
from chatbot_app.core.sight import Eye, Sight
from chatbot_app.memory.exchanges import exchange_ranges, group_exchanges


class Layout:
    """The parts of a history and where it may be cut.

    `parts` has one part per message, as it stands where the message is inside the window. `cuts` are the
    places, in messages, where the history may be cut, its end last; `starts` the tokens before each that
    dropping frees. `pinned_tokens` is what stays whatever is dropped.
    """

    def __init__(self, parts: Sequence[PlanPart], cuts: Sequence[int]) -> None:
        self.parts = tuple(parts)
        self.cuts = (*cuts, len(self.parts))
        before = [0, *accumulate(part.tokens if _is_loose(part) else 0 for part in self.parts)]
        self.starts = [before[cut] for cut in self.cuts]
        self.pinned_tokens = sum(part.tokens for part in self.parts if part.kind is PartKind.PINNED)
        self._dropped: dict[str, tuple[PlanPart, ...]] = {}

    @property
    def loose_tokens(self) -> int:
        """Tokens that dropping everything frees."""
        return self.starts[-1]

    def dropped(self, reason: str) -> tuple[PlanPart, ...]:
        """Return the parts as they stand where all messages left the window for `reason`."""
        if reason not in self._dropped:
            self._dropped[reason] = tuple(
                replace(part, included=False, reason=reason, over_budget=True) if _is_loose(part) else part
                for part in self.parts
            )
        return self._dropped[reason]


@dataclass(frozen=True)
class PreparedHistory:
    """What planning needs to know of a history; the same history and counts give the same."""

    messages: tuple[Message, ...]
    parts: tuple[PlanPart, ...]

    @cached_property
    def exchanges(self) -> list[range]:
        """The places of the messages of each exchange."""
        return exchange_ranges(self.messages)

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each message by its id."""
        return {message.id: place for place, message in enumerate(self.messages)}

    @cached_property
    def in_exchanges(self) -> Layout:
        """The history cut between exchanges only: what stands with a pinned message stays with it."""
        parts = list(self.parts)
        for exchange in self.exchanges:
            if any(self.messages[place].pinned and not self.messages[place].excluded for place in exchange):
                for place in exchange:
                    parts[place] = _beside_pinned(parts[place])
        return Layout(parts, [exchange.start for exchange in self.exchanges])

    @cached_property
    def in_messages(self) -> Layout:
        """The history cut before any message."""
        return Layout(self.parts, range(len(self.parts)))

    def common_start(self, source: Sequence[Message], other: Sequence[Message]) -> int:
        """Return with how many messages, in whole exchanges, `other` begins like `source`, which this was made of.

        They are the same where they are the same objects. The last exchange may still grow and does not count.
        """
        shorter = min(len(source), len(other))
        place = next((n for n in range(shorter) if source[n] is not other[n]), shorter)
        starts = self.exchanges
        index = bisect_right(starts, place, key=lambda exchange: exchange.start) - 1
        return starts[index].start if index >= 0 else 0

    def extended(self, start: int, rest: PreparedHistory) -> PreparedHistory:
        """Return the first `start` messages, whole exchanges, followed by another history."""
        return PreparedHistory(self.messages[:start] + rest.messages, self.parts[:start] + rest.parts)

    def exchange_of(self, message_id: str) -> range | None:
        """Return the places of the exchange that a message stands in; None where it is of another branch."""
        place = self.places.get(message_id)
        if place is None:
            return None
        return self.exchanges[bisect_right(self.exchanges, place, key=lambda exchange: exchange.start) - 1]

    def covered_by(self, summary: Summary | None) -> int:
        """Return how many messages from the start the summary stands for; 0 where it is of another branch."""
        place = self.places.get(summary.through_id) if summary is not None else None
        return 0 if place is None else place + 1


def prepare(
    history: Sequence[Message], count: Callable[[str], int], costs: TemplateCosts, eye: Eye | None = None
) -> PreparedHistory:
    """Count a history, oldest message first, and decide what of it may be sent at all.

    `eye` says how the model takes pictures; without it they are not sent.
    """
    eye = eye or Eye(Sight.BLIND)
    parts: list[PlanPart] = []
    for messages in group_exchanges(history):
        answered = any(m.role is Role.ASSISTANT and m.text and not m.excluded for m in messages)
        asked = (
            any(not m.excluded for m in messages if m.role is Role.USER) or messages[0].role is not Role.USER
        )
        parts += [_part(message, asked, answered, count, costs, eye) for message in messages]
    return PreparedHistory(tuple(history), tuple(parts))


def _part(
    message: Message,
    asked: bool,
    answered: bool,
    count: Callable[[str], int],
    costs: TemplateCosts,
    eye: Eye,
) -> PlanPart:
    shown = pictures_of(message.metadata) if message.role is Role.USER else ()  # no model is sent its own
    pictures, text = eye.planned(shown), eye.text_of(message.text, shown)
    tokens = count(text) + costs.around(message.role) + sum(one.tokens for one in pictures if one.is_sent)
    kind, included, reason = PartKind.HISTORY, True, "earlier exchange"
    if message.excluded:
        included, reason = False, "excluded by you"
    elif message.pinned:
        kind, reason = PartKind.PINNED, "pinned by you"
    elif message.role is Role.SYSTEM:
        kind, reason = PartKind.PINNED, "system message"
    elif message.role is Role.ASSISTANT and not message.text:
        included, reason = False, "no answer arrived"
    elif message.role is Role.ASSISTANT and not asked:
        included, reason = False, "its question is excluded"
    elif message.role is Role.USER and not answered:
        # Two questions in a row are refused by templates that insist on alternating roles.
        included, reason = False, "was never answered"
    elif message.status is not MessageStatus.COMPLETE:
        reason = f"earlier exchange ({message.status.value})"
    return PlanPart(
        kind,
        message.role,
        text,
        tokens,
        included,
        reason,
        message.id,
        excluded=message.excluded,
        pictures=pictures,
    )


def _beside_pinned(part: PlanPart) -> PlanPart:
    # A pinned question without its answer would stand above the next question: roles must alternate.
    return (
        replace(part, kind=PartKind.PINNED, reason="belongs to a pinned message") if _is_loose(part) else part
    )


def _is_loose(part: PlanPart) -> bool:
    """Whether a part is sent where there is room, and may be dropped where there is not."""
    return part.included and part.kind is PartKind.HISTORY
