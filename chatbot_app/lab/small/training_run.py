"""One training from its beginning, or from where it stopped, to its end, as events; its state is saved as it goes."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from chatbot_app.lab.sampling import Sampling
from chatbot_app.lab.small import checkpoint, training
from chatbot_app.lab.small.choosing import chooser
from chatbot_app.lab.small.data_sets import AdditionData, TextData
from chatbot_app.lab.small.kept_models import KeptModel
from chatbot_app.lab.small.n_grams import NGramModel
from chatbot_app.lab.small.parameters import count
from chatbot_app.lab.small.refusals import Refused, Why, reason_of, to_event
from chatbot_app.lab.small.training import Look, Training

logger = logging.getLogger(__name__)

SAVE_SECONDS = 10.0  # of work that a sudden end may cost
TELL_SECONDS = 0.2
LOOKS = 40  # in a whole training
MOST_STEPS_BETWEEN_LOOKS = 50
SAMPLED_TOKENS = 80
SAMPLED_WITH = Sampling(temperature=0.8, top_p=0.95)
_SUMS = 3  # in a sample

Event = dict[str, Any]  # "event" says which


@dataclass(slots=True)
class Orders:
    """What whoever waits may want between two steps."""

    stop: Callable[[], bool]  # True: save and end
    save: Callable[[], bool]  # True once for each time that saving was asked for
    try_again: Callable[[], bool]  # waits; True: what could not be saved at the end is to be saved again


def train(model: KeptModel, orders: Orders, begin_with: str = "") -> Iterator[Event]:
    """Train until the end, or until it is stopped, and yield what happens; `begin_with` is what samples go on from.

    Events: begun (steps made, the curves so far, the sizes, the loss of counting alone), step, look, sample, saved,
    not_saved, and at last done or stopped (is_saved: whether the last step is). Raises Refused where nothing can be learned, and OSError.
    """
    text = model.text()
    state = checkpoint.load(model.folder, text) if _is_begun(model) else training.begin(model.plan, text)
    begun_with = _begun(state)
    yield begun_with
    every = max(1, min(MOST_STEPS_BETWEEN_LOOKS, state.plan.steps // LOOKS))
    if state.step == 0:
        yield from _look(state, begin_with)
    saved = told = time.monotonic()
    first, begun = state.step, saved
    while not state.is_done and not orders.stop():
        loss = state.advance()
        if not math.isfinite(loss):
            raise Refused(Why.NO_NUMBER)
        now = time.monotonic()
        if now - told >= TELL_SECONDS:
            told = now
            left = (state.plan.steps - state.step) * (now - begun) / (state.step - first)
            yield {
                "event": "step",
                "step": state.step,
                "loss": loss * state.data.tokens_per_character,
                "left": left,
            }
        if state.step % every == 0 or state.is_done:
            yield from _look(state, begin_with)
        if orders.save() or now - saved >= SAVE_SECONDS:
            yield _save(state, model, begun_with)
            saved = time.monotonic()
    ended = _save(state, model, begun_with)
    yield ended
    while ended["event"] != "saved" and orders.try_again():  # what was learned is nowhere but here
        ended = _save(state, model, begun_with)
        yield ended
    is_saved = ended["event"] == "saved"
    yield {"event": "done" if state.is_done else "stopped", "step": state.step, "is_saved": is_saved}


def _is_begun(model: KeptModel) -> bool:
    return (model.folder / checkpoint.STATE).exists()


def _begun(state: Training) -> Event:
    return {
        "event": "begun",
        "step": state.step,
        "steps": state.plan.steps,
        "parameters": count(state.weights),
        "vocabulary": state.mapping.size,
        "looks": [look_values(look) for look in state.looks],
        "counting": counting_loss(state),
    }


def counting_loss(state: Training) -> float | None:
    """Return the loss of a 5-gram model of the same tokens on what is held out, nats a character; None for sums."""
    if not isinstance(state.data, TextData):
        return None
    try:
        model = NGramModel(state.data.training_ids, state.mapping.size)
    except ValueError:  # too many different tokens
        return None
    losses = model.losses(state.data.held_out_ids)
    return float(losses.mean()) * state.data.tokens_per_character if len(losses) else None


def look_values(look: Look) -> dict[str, Any]:
    """Return a look for JSON, which knows no NaN."""
    return {key: None if value != value else value for key, value in asdict(look).items()}


def _look(state: Training, begin_with: str) -> Iterator[Event]:
    yield {"event": "look", **look_values(state.look())}
    yield {"event": "sample", "step": state.step, "text": sample(state, begin_with)}


def sample(state: Training, begin_with: str) -> str:
    """Return what the model writes now: a text that goes on from `begin_with`, or some held-out sums."""
    if isinstance(state.data, AdditionData):
        lines = []
        for pair in state.data.held_out_pairs[:_SUMS]:
            asked, wanted = state.data.asked_and_wanted(*pair)
            said = state.mapping.decode(list(state.sample(asked, len(wanted) + 8)))
            lines.append(f"{asked}{said}  {'✓' if said == wanted else '✗'}")
        return "\n".join(lines)
    choose = chooser(SAMPLED_WITH, state.step)
    begun = begin_with if state.mapping.encode(begin_with) else state.mapping.decode([0])
    written = list(state.sample(begun, SAMPLED_TOKENS, choose))
    return begun + state.mapping.decode(written)


def _save(state: Training, model: KeptModel, begun_with: Event) -> Event:
    look = state.looks[-1] if state.looks else None
    try:
        checkpoint.save(state, model.folder)
        curves = {**begun_with, "looks": [look_values(look) for look in state.looks]}
        about = replace(model, plan=state.plan, step=state.step, curves=curves)
        if look is not None:
            about = replace(about, loss=look.held_out_loss, exact=look.exact)
        about.write_progress()
    except OSError as exc:
        logger.warning("a small model was not saved: %s", exc)
        return to_event("not_saved", reason_of(exc))
    return {"event": "saved", "step": state.step}
