"""The small models that are kept: a folder each, with what it is called and how far it has learned."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from chatbot_app.core.ids import new_id
from chatbot_app.core.paths import resources_dir
from chatbot_app.lab.small.refusals import Refused, Why
from chatbot_app.lab.small.training_plan import Source, TrainingPlan, text_limited

ABOUT = "about.json"
BOOK = ("texts", "emma.txt")  # of the resources: Jane Austen, Emma, 1815
TEXT = "text.txt"  # what a model learns from, where that may change or go


@dataclass(frozen=True, slots=True)
class KeptModel:
    """A model that learns or has learned. `loss` is nats a character on what is held out, None before the first look."""

    folder: Path
    name: str
    plan: TrainingPlan
    step: int = 0
    loss: float | None = None
    exact: float | None = None  # share of held-out sums
    curves: dict[str, Any] | None = None  # as the event "begun" of a training has them

    @property
    def is_done(self) -> bool:
        """Return whether nothing is left to learn."""
        return self.step >= self.plan.steps

    def write(self) -> None:
        """Store what is known of it. Raises OSError."""
        values: dict[str, Any] = {
            "name": self.name,
            "plan": self.plan.to_dict(),
            "step": self.step,
            "loss": self.loss,
            "exact": self.exact,
            "curves": self.curves,
        }
        part = self.folder / f"{ABOUT}.part"
        with part.open("w", encoding="utf-8") as file:
            json.dump(values, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.folder / ABOUT)

    def write_progress(self) -> None:
        """Store how far it has learned; it keeps the name that it was given meanwhile. Raises OSError."""
        try:
            name = read(self.folder).name
        except ValueError:
            name = self.name
        replace(self, name=name).write()

    def text(self) -> str:
        """Return what it learns from, "" for sums. Raises OSError and Refused."""
        if self.plan.source is Source.ADDITIONS:
            return ""
        try:
            return book() if self.plan.source is Source.BOOK else (self.folder / TEXT).read_text("utf-8")
        except UnicodeDecodeError as exc:
            raise Refused(Why.DAMAGED) from exc


def book() -> str:
    """Return the novel that ships. Raises OSError."""
    return book_path().read_text("utf-8")


def book_path() -> Path:
    """Return where it lies."""
    return resources_dir().joinpath(*BOOK)


def read(folder: Path) -> KeptModel:
    """Return the model of a folder. Raises OSError, and Refused where nothing sensible is stored."""
    try:
        values = json.loads((folder / ABOUT).read_text("utf-8"))
        plan = TrainingPlan.from_dict(values["plan"])
        loss, exact = (None if values[key] is None else float(values[key]) for key in ("loss", "exact"))
        curves = values.get("curves")
        curves = (
            curves if isinstance(curves, dict) and {"steps", "looks", "counting"} <= curves.keys() else None
        )
        return KeptModel(folder, str(values["name"]), plan, int(values["step"]), loss, exact, curves)
    except Refused:
        raise  # says more
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise Refused(Why.DAMAGED) from exc


def models_in(root: Path) -> list[KeptModel]:
    """Return the models below `root`, by name; what cannot be read is left out, and left where it is."""
    found = []
    for folder in root.iterdir() if root.is_dir() else ():
        try:
            found.append(read(folder))
        except (OSError, ValueError):
            continue
    return sorted(found, key=lambda model: (model.name.casefold(), model.folder.name))


def offered(root: Path) -> dict[str, KeptModel]:
    """Return the models below `root` that have learned something, by names of which none stands there twice."""
    found: dict[str, KeptModel] = {}
    for model in models_in(root):
        if not model.step:
            continue
        name, number = model.name, 1
        while name in found:
            number += 1
            name = f"{model.name} ({number})"
        found[name] = model
    return found


def create(root: Path, name: str, plan: TrainingPlan, text: str) -> KeptModel:
    """Make the folder of a model that has learned nothing yet; it keeps its own copy of the text. Raises OSError."""
    folder = root / new_id()
    folder.mkdir(parents=True)
    try:
        if plan.source is Source.DOCUMENTS:
            (folder / TEXT).write_text(text_limited(text), "utf-8")
        model = KeptModel(folder, name, plan)
        model.write()
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return model


def rename(model: KeptModel, name: str) -> KeptModel:
    """Store another name, beside whatever was learned meanwhile. Raises OSError and ValueError."""
    renamed = replace(read(model.folder), name=name)
    renamed.write()
    return renamed


def remove(model: KeptModel) -> None:
    """Delete a model with its copy of the text. Raises OSError."""
    shutil.rmtree(model.folder)
