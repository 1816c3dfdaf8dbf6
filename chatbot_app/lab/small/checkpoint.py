"""Where a model that learns is kept: a folder with its plan, its text and its newest state.

A state takes the place of the one before at once, so that a process may be killed at any time: what is there is whole.
"""

from __future__ import annotations

import json
import os
import zipfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from chatbot_app.lab.small.models import make_model
from chatbot_app.lab.small.operations import Array
from chatbot_app.lab.small.optimiser import AdamW
from chatbot_app.lab.small.parameters import flattened, unflattened
from chatbot_app.lab.small.refusals import Refused, Why
from chatbot_app.lab.small.token_mapping import TokenMapping
from chatbot_app.lab.small.training import Look, Training, data_of
from chatbot_app.lab.small.training_plan import TrainingPlan

STATE = "state.npz"
_NOTES = "notes"  # JSON, beside the arrays
_FORMAT = 1


class StateDamaged(Refused):
    """What is stored is no state of a model."""

    def __init__(self, why: Why = Why.DAMAGED) -> None:
        super().__init__(why)


def save(training: Training, folder: Path) -> None:
    """Store the state in `folder`, which exists. Raises OSError."""
    notes = {
        "format": _FORMAT,
        "plan": training.plan.to_dict(),
        "mapping": training.mapping.to_json(),
        "step": training.step,
        "updates": training.optimiser.step,
        "random": training.random.bit_generator.state,
        "looks": [asdict(look) for look in training.looks],
        "losses": training.losses,
    }
    arrays: dict[str, Array] = {_NOTES: np.frombuffer(json.dumps(notes).encode(), np.uint8)}
    for name, array in flattened(training.weights):
        arrays[f"weights/{name}"] = array
    for kind, moments in (("means", training.optimiser.means), ("squares", training.optimiser.squares)):
        for name, array in moments.items():
            arrays[f"{kind}/{name}"] = array
    whole, part = folder / STATE, folder / f"{STATE}.part"
    try:
        with part.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for its own option `allow_pickle`
            file.flush()
            os.fsync(file.fileno())
        part.replace(whole)
    except OSError:
        with suppress(OSError):
            part.unlink()  # half a state takes room, which may be what was missing
        raise


def load(folder: Path, text: str) -> Training:
    """Return the state that was saved last; `text` is what it learned from. Raises OSError and Refused."""
    notes, arrays = _read(folder)
    try:
        plan = TrainingPlan.from_dict(notes["plan"])
        mapping = TokenMapping.from_json(notes["mapping"])
        random = np.random.default_rng(plan.seed)
        plan, data = data_of(plan, text, mapping)
        model = make_model(plan.shape)
        expected = {name: array.shape for name, array in flattened(model.initial(random))}
        found = _branch(arrays, "weights")
        if {name: array.shape for name, array in found.items()} != expected:
            raise StateDamaged(Why.OTHER_WEIGHTS)
        random.bit_generator.state = notes["random"]
        means, squares = _branch(arrays, "means"), _branch(arrays, "squares")
        optimiser = AdamW(plan.weight_decay, int(notes["updates"]), means, squares)
        looks = [Look(**look) for look in notes["looks"]]
        losses = [float(loss) for loss in notes["losses"]]
        return Training(
            plan,
            mapping,
            data,
            model,
            unflattened(found),
            random,
            optimiser,
            int(notes["step"]),
            looks,
            losses,
        )
    except Refused:
        raise  # says more
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise StateDamaged from exc


def _read(folder: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    try:
        # Opened here: numpy leaves a file open that is no archive.
        with (folder / STATE).open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        notes = json.loads(arrays.pop(_NOTES).tobytes())
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as exc:
        raise StateDamaged from exc
    if not isinstance(notes, dict) or notes.get("format") != _FORMAT:
        raise StateDamaged(Why.OTHER_VERSION)
    return notes, arrays


def _branch(arrays: dict[str, Array], kind: str) -> dict[str, Array]:
    return {
        name.removeprefix(f"{kind}/"): np.array(array)
        for name, array in arrays.items()
        if name.startswith(f"{kind}/")
    }
