"""What a model says to the sentences of an answer, beside our own checks (`core.trust`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chatbot_app.core.trust import Verdict

MODEL_CHECK = "model_check"  # the name in an answer's metadata


@dataclass(frozen=True, slots=True)
class ModelVerdict:
    """A model's verdict on the characters `start` to `end` of an answer.

    `source` is the number of the source (from 1) whose `sentence`, found there word for word, shows it; None and
    "" where none does. `reason` says in one sentence for people why it was not checked. `asked` is the statement
    as it was sent.
    """

    start: int
    end: int
    verdict: Verdict
    source: int | None = None
    sentence: str = ""
    reason: str = ""
    asked: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {
            "start": self.start,
            "end": self.end,
            "verdict": self.verdict.value,
            "source": self.source,
            "sentence": self.sentence,
            "reason": self.reason,
            "asked": self.asked,
        }

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> ModelVerdict:
        """Rebuild a stored verdict. Raises KeyError, ValueError or TypeError where it is not one."""
        source = mapping["source"]
        return cls(
            int(mapping["start"]),
            int(mapping["end"]),
            Verdict(mapping["verdict"]),
            None if source is None else int(source),
            str(mapping["sentence"]),
            str(mapping["reason"]),
            str(mapping.get("asked", "")),
        )


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """What the model of a name says to an answer of `statements` statements; fewer verdicts: it was stopped.

    `instructions` is what stood above each statement, `refused` names the parameters that the
    server does not take, each with the name that its value is sent under, None for none.
    """

    model: str
    statements: int
    verdicts: tuple[ModelVerdict, ...] = ()
    instructions: str = ""
    refused: Mapping[str, str | None] = field(default_factory=dict)

    def at(self, start: int, end: int) -> ModelVerdict | None:
        """Return the verdict on just these characters, None where there is none."""
        return next((one for one in self.verdicts if (one.start, one.end) == (start, end)), None)

    def count(self, verdict: Verdict) -> int:
        """Return how many statements have a verdict."""
        return sum(one.verdict is verdict for one in self.verdicts)

    def after(self, before: ModelCheck | None) -> ModelCheck:
        """Return this check with the verdicts of an earlier one by the same model, where it has none itself."""
        if before is None or before.model != self.model:
            return self
        known = {(one.start, one.end) for one in self.verdicts}
        kept = [one for one in before.verdicts if (one.start, one.end) not in known]
        return replace(self, verdicts=tuple(sorted((*self.verdicts, *kept), key=lambda one: one.start)))

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {
            "model": self.model,
            "statements": self.statements,
            "verdicts": [verdict.to_dict() for verdict in self.verdicts],
            "instructions": self.instructions,
            "refused": dict(self.refused),
        }


def model_check_of(metadata: Mapping[str, Any]) -> ModelCheck | None:
    """Return what an answer's metadata holds of a model's check; None where there is none, or a damaged one."""
    stored: Any = metadata.get(MODEL_CHECK)
    try:
        return ModelCheck(
            str(stored["model"]),
            int(stored["statements"]),
            tuple(ModelVerdict.from_dict(one) for one in stored["verdicts"]),
            str(stored.get("instructions", "")),
            dict(stored.get("refused", {})),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
