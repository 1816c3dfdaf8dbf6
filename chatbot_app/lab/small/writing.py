"""A small model that was kept writes: token by token, as sampling's settings say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from chatbot_app.lab.sampling import Sampling
from chatbot_app.lab.small import checkpoint
from chatbot_app.lab.small.choosing import chooser
from chatbot_app.lab.small.kept_models import KeptModel
from chatbot_app.lab.small.refusals import Refused, Why

MOST_TOKENS = 2_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be written."""

    begin_with: str
    tokens: int = 200
    seed: int = 1
    sampling: Sampling = field(default_factory=Sampling)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Wish:
        """Raises ValueError, KeyError or TypeError where `stored` is no wish."""
        names = {field.name for field in fields(Sampling)}
        values = {key: value for key, value in dict(stored["sampling"]).items() if key in names}
        tokens = max(1, min(int(stored["tokens"]), MOST_TOKENS))
        return cls(str(stored["begin_with"]), tokens, int(stored["seed"]), Sampling(**values))

    def to_dict(self) -> dict[str, Any]:
        """Return what `from_dict` reads."""
        return asdict(self)


def write(model: KeptModel, wish: Wish, stop: Callable[[], bool]) -> Iterator[dict[str, Any]]:
    """Yield the whole text after each token, and at last done or stopped.

    Events: written (text), and unknown (characters) first where the model has no tokens for some. Raises OSError, and
    Refused where it has learned nothing yet.
    """
    if not (model.folder / checkpoint.STATE).exists():
        raise Refused(Why.NOTHING_LEARNED)
    state = checkpoint.load(model.folder, model.text())
    unknown = state.mapping.unknown(wish.begin_with)
    if unknown:
        yield {"event": "unknown", "characters": unknown}
    begun = state.mapping.decode(state.mapping.encode(wish.begin_with)) or state.mapping.decode([0])
    written: list[int] = []
    for token in state.sample(begun, wish.tokens, chooser(wish.sampling, wish.seed)):
        if stop():
            yield {"event": "stopped"}
            return
        written.append(token)
        yield {"event": "written", "begun": begun, "text": state.mapping.decode(written)}
    yield {"event": "done"}


def values_of(value: Any) -> dict[str, Any]:
    """Return a dataclass for JSON."""
    return asdict(value)
