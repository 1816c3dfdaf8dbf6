"""Answers of several models to one question, and which of them a person preferred."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chatbot_app.core.messages import Message
from chatbot_app.core.prompt_plan import PromptPlan

VOTE = "vote"  # its name in the metadata of an answer


@dataclass(frozen=True, slots=True)
class ComparedQuestion:
    """What all models are asked, and where: below `parent_id` (None: at the start) of a conversation, "" for a new one.

    `question_id` is that of a question that stands there already, "" for one that does not.
    """

    text: str
    conversation_id: str = ""
    parent_id: str | None = None
    question_id: str = ""


@dataclass(frozen=True, slots=True)
class ComparedAnswer:
    """An answer as it ended, and what was sent for it; None where nothing was."""

    answer: Message
    plan: PromptPlan | None = None


class Outcome(StrEnum):
    """What a person's vote means for one of the answers."""

    WON = "won"  # the best of them
    LOST = "lost"  # another one is
    TIE = "tie"  # none is better than another
    BAD = "bad"  # all are bad


@dataclass(frozen=True, slots=True)
class Vote:
    """Kept with each answer that took part; those of one vote have the same `comparison`.

    `is_blind`: the models' names were hidden until then.
    """

    comparison: str
    outcome: Outcome
    is_blind: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready value, which `vote_of` reads."""
        kept = {"comparison": self.comparison, "outcome": self.outcome.value}
        return {**kept, **({"blind": True} if self.is_blind else {})}


def vote_of(metadata: Mapping[str, Any]) -> Vote | None:
    """Return the vote in the metadata of an answer; None where there is none, or it is damaged."""
    kept = metadata.get(VOTE)
    if not isinstance(kept, Mapping) or kept.get("outcome") not in list(Outcome):
        return None
    comparison = kept.get("comparison")
    if not isinstance(comparison, str) or not comparison:
        return None
    return Vote(comparison, Outcome(kept["outcome"]), kept.get("blind") is True)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a model won, of the votes between it and other models."""

    model: str
    won: int
    votes: int


def tally(votes: Iterable[tuple[str, Vote]]) -> tuple[Tally, ...]:
    """Count (model, vote) pairs, the model with the largest share first.

    Each comparison counts once for a model, however many settings of it took part; one in which a single model
    took part says nothing about models and does not count.
    """
    by_comparison: dict[str, dict[str, bool]] = {}
    for model, vote in votes:
        part = by_comparison.setdefault(vote.comparison, {})
        part[model] = part.get(model, False) or vote.outcome is Outcome.WON
    won: dict[str, int] = {}
    count: dict[str, int] = {}
    for part in by_comparison.values():
        if len(part) < 2:
            continue
        for model, has_won in part.items():
            won[model] = won.get(model, 0) + has_won
            count[model] = count.get(model, 0) + 1
    found = [Tally(model, won[model], votes) for model, votes in count.items()]
    return tuple(sorted(found, key=lambda one: (-one.won / one.votes, -one.votes, one.model)))
