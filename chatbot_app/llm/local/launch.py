"""What a child is started with, and what is looked at before: its model has to be there, whole, and small enough."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from chatbot_app.core.available_memory import whole_memory
from chatbot_app.core.local_models import (
    BUILT_IN_LOCAL_MODEL,
    EngineSettings,
    LocalModel,
    ModelFacts,
    ModelKind,
)
from chatbot_app.core.model_errors import (
    ModelFileError,
    ModelForAnotherUse,
    ModelMakesNoVectors,
    ModelTooLarge,
)
from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.local.examine import examine
from chatbot_app.llm.local.machine import read_machine
from chatbot_app.llm.local.window import local_window, memory_needed
from chatbot_app.llm.model_files import BUILT_IN_MODEL, gguf_file

_USES = {
    ModelKind.CHAT: "it answers questions, and makes no vectors.",
    ModelKind.EMBEDDING: "it makes vectors, and finds passages.",
    ModelKind.RERANKING: "it orders passages.",
    ModelKind.PROJECTOR: "it shows pictures to a chat model: set it as that one's projector.",
    ModelKind.ADAPTER: "it changes a chat model: set it as that one's LoRA file.",
    ModelKind.OTHER: "it is made for something else.",
}


@dataclass(frozen=True, slots=True)
class EngineLaunch:
    """Which model is served, and how; `path` "" is the one that ships, `alias` "" is called as its file."""

    path: str = ""
    alias: str = ""
    settings: EngineSettings = field(default_factory=EngineSettings)
    idle_seconds: int = field(
        default=0, compare=False
    )  # without a question, then it gives its memory back; 0: never
    for_vectors: bool = False  # it embeds texts and answers nothing
    pooling: str = ""  # of POOLINGS, in the place of what the file says

    @classmethod
    def of(cls, model: LocalModel, idle_seconds: int = 0) -> EngineLaunch:
        """Return how a model of this computer is launched."""
        path = str(model.path) if model.path is not None else ""
        return cls(path, model.name, model.settings, idle_seconds)


@dataclass(frozen=True, slots=True)
class LaunchFile:
    """The file to load, with the facts of the whole model."""

    path: Path
    facts: ModelFacts
    alias: str

    @property
    def ships(self) -> bool:
        """Whether it is the model that ships, also where the person chose its file."""
        return self.path.name == BUILT_IN_MODEL.name


def launch_file(launch: EngineLaunch) -> LaunchFile:
    """Return what to load.

    Raises ModelFileMissing where the model that ships is absent, else ModelFileError with what is wrong with the file,
    with what the person set beside it, or that this computer has too little memory for it.
    """
    if not launch.path:
        if launch.for_vectors:
            raise wrong_use("", ModelKind.CHAT, for_vectors=True)
        path = gguf_file("")
        return LaunchFile(path, BUILT_IN_LOCAL_MODEL.facts, launch.alias or BUILT_IN_MODEL.model_id)
    found = examine(Path(launch.path).expanduser())
    path = found.path.resolve()
    if found.facts.kind is not (ModelKind.EMBEDDING if launch.for_vectors else ModelKind.CHAT):
        raise wrong_use(str(path), found.facts.kind, for_vectors=launch.for_vectors)
    if launch.for_vectors:
        _check_memory(path, found.facts, launch.settings)
        return LaunchFile(path, found.facts, launch.alias or found.path.stem)
    for beside, kind in _beside(launch.settings):
        _check_beside(beside, kind)
    _check_memory(path, found.facts, launch.settings)
    is_shipped = path.name == BUILT_IN_MODEL.name
    alias = launch.alias or (BUILT_IN_MODEL.model_id if is_shipped else found.path.stem)
    return LaunchFile(path, found.facts, alias)


def wrong_use(path: str, kind: ModelKind, *, for_vectors: bool = False) -> ModelForAnotherUse:
    """Return the error for a model of this kind that is to answer, or to make vectors."""
    error = ModelMakesNoVectors if for_vectors else ModelForAnotherUse
    return error(path=visible_text(path or BUILT_IN_MODEL.name), detail=_USES[kind])


def _beside(settings: EngineSettings) -> list[tuple[str, ModelKind]]:
    files = [(path, ModelKind.ADAPTER) for path in settings.loras]
    return files + ([(settings.projector, ModelKind.PROJECTOR)] if settings.projector else [])


def _check_beside(path: str, kind: ModelKind) -> None:
    found = examine(Path(path).expanduser())
    if found.facts.kind is not kind:
        wanted = "a LoRA file" if kind is ModelKind.ADAPTER else "a projector for pictures"
        raise ModelFileError(path=visible_text(path), detail=f"it is not {wanted}.")


def _check_memory(path: Path, facts: ModelFacts, settings: EngineSettings) -> None:
    whole = whole_memory()
    needed = memory_needed(facts, settings, local_window(facts, settings, 0).tokens)
    if whole is None or needed <= whole:
        return
    # Only now: a child has to be asked for them.
    whole += sum(device.memory for device in read_machine().devices)
    if needed > whole:
        raise ModelTooLarge(
            path=visible_text(str(path)),
            detail=f"it takes {needed / 1e9:.1f} GB of memory, and there are {whole / 1e9:.1f} GB.",
        )
