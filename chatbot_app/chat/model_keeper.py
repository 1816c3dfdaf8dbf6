"""The models of this computer, as they are looked after: what each is now, and how one comes and goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from chatbot_app.core.errors import UsageError
from chatbot_app.core.local_models import Fit, LocalModel, Machine, ModelFacts
from chatbot_app.core.model_errors import ModelFileError, ModelFileGone
from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.local.engines import EngineState
from chatbot_app.llm.local.examine import examine, parts_of
from chatbot_app.llm.local.fit import fit
from chatbot_app.llm.local.other_programs import find_model_files
from chatbot_app.storage.models import LocalModelStore


class Engines(Protocol):
    """What runs the models; models are named by their ids."""

    def states(self) -> Sequence[EngineState]:
        """Return those that are loaded or being loaded, and which of them sleep."""
        ...

    def load(self, model_id: str) -> object:
        """Load one and wait until it can answer. Raises ModelFileError, LocalServerFailed."""
        ...

    def unload(self, model_id: str) -> None:
        """Give back its memory; a question brings it back."""
        ...


class Downloads(Protocol):
    """Who knows which files the program downloaded: `chat.model_downloads.ModelDownloads`."""

    def files_of(self, model: LocalModel) -> tuple[Path, ...]:
        """Return the files that go with a model, none of a person's own."""
        ...

    def remove(self, model: LocalModel) -> tuple[Path, ...]:
        """Take a model off the list; return the files that were deleted with it."""
        ...


@dataclass(frozen=True, slots=True)
class LocalModelState:
    """A model and what holds of it now; `problem` says why it cannot be used, "" where it can."""

    model: LocalModel
    is_default: bool
    is_loaded: bool
    fit: Fit | None
    problem: str = ""
    has_own_files: bool = False  # that the program downloaded, and deletes with it
    is_asleep: bool = False  # loaded, but it gave its memory back until the next question


@dataclass(frozen=True, slots=True)
class Added:
    """What became of files that were offered: models, and sentences about those that are none."""

    models: tuple[LocalModel, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A model file of another program."""

    path: Path
    facts: ModelFacts
    problem: str = ""
    is_listed: bool = False

    @property
    def is_usable(self) -> bool:
        """Whether it can be put onto the list."""
        return not self.problem and not self.is_listed


class ModelKeeper:
    """Methods block for some milliseconds a model, `states` for some hundred when it is first called: off the GUI thread.

    They raise StoreError where nothing could be saved.
    """

    def __init__(
        self,
        store: LocalModelStore,
        engines: Engines,
        downloads: Downloads,
        machine: Callable[[], Machine],
    ) -> None:
        self.store = store
        self.engines = engines
        self.machine = machine
        self._downloads = downloads

    def states(self) -> list[LocalModelState]:
        """Return every model with what holds of it now."""
        default, machine = self.store.default().id, self.machine()
        loaded = {state.model_id: state for state in self.engines.states() if not state.is_loading}
        return [
            LocalModelState(
                model,
                model.id == default,
                model.id in loaded,
                _fit_of(model, machine),
                _problem_of(model),
                bool(self._downloads.files_of(model)),
                model.id in loaded and loaded[model.id].is_asleep,
            )
            for model in self.store.list()
        ]

    def add(self, paths: Sequence[Path]) -> Added:
        """Put files onto the list where they lie; the parts of a split model are one, and what is no model is told."""
        models: dict[str, LocalModel] = {}
        problems: list[str] = []
        for path in paths:
            try:
                examined = examine(path.absolute())
                model = self.store.add(examined.path, examined.facts, name=examined.name)
                models[model.id] = model
            except ModelFileError as error:
                problems.append(str(error))
        return Added(tuple(models.values()), tuple(dict.fromkeys(problems)))

    def look(
        self, folders: Sequence[Path], is_stopping: Callable[[], bool] = lambda: False
    ) -> list[FoundFile]:
        """Return the model files in folders of other programs; a file is read for some milliseconds each."""
        listed = {model.path for model in self.store.list()}
        found: dict[Path, FoundFile] = {}
        for folder in folders:
            for path in find_model_files(folder, is_stopping):
                try:
                    facts, problem = examine(path).facts, ""
                except ModelFileError as error:
                    facts, problem = ModelFacts(), error.summary
                found.setdefault(path, FoundFile(path, facts, problem, path in listed))
        return list(found.values())

    def remove(self, model_id: str) -> tuple[Path, ...]:
        """Take a model off the list and return the files that went with it: what the program downloaded.

        Raises UsageError for the one that ships, ModelFilesRemain where a file cannot be deleted.
        """
        model = self.store.find(model_id)
        if model is None or model.id != model_id:
            raise UsageError(detail="There is no such model.")
        if not model.ships:
            self.engines.unload(model_id)
        return self._downloads.remove(model)


def _fit_of(model: LocalModel, machine: Machine) -> Fit | None:
    return fit(model.facts, machine, model.settings, tokens_per_second=model.tokens_per_second)


def _problem_of(model: LocalModel) -> str:
    """Return what is wrong with a model's files, at a glance."""
    if model.path is None:
        return ""
    try:
        missing = [part for part in parts_of(model.path) if not part.exists()]
    except (OSError, ValueError) as exc:
        return str(ModelFileError(path=visible_text(str(model.path)), detail=f"{exc}."))
    if not missing:
        return ""
    return str(ModelFileGone(path=visible_text(str(missing[0]))))
