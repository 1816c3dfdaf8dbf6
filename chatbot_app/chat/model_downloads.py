"""Downloads that become models of the list: from a hub, looked at, kept; and how they go again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.core.errors import UsageError
from chatbot_app.core.hub_errors import DownloadRuns, DownloadUnusable, ModelFilesRemain
from chatbot_app.core.hub_models import DownloadStage, DownloadState, download_id
from chatbot_app.core.local_models import LocalModel, ModelFacts, Origin
from chatbot_app.core.model_errors import ModelFileError
from chatbot_app.core.paths import hub_models_dir
from chatbot_app.llm.hub.download import discard, download, is_running, unfinished
from chatbot_app.llm.hub.events import HubEvent, ModelArrived
from chatbot_app.llm.hub.hub import Hub, title_of
from chatbot_app.llm.local.examine import parts_of
from chatbot_app.llm.local.sentence_folder import files_of_set, folder_title
from chatbot_app.llm.split_names import read_split_name

if TYPE_CHECKING:
    from chatbot_app.storage.models import LocalModelStore


@dataclass(frozen=True, slots=True)
class ModelReady:
    """The model is in the list and can be talked to; `fetched` where it was not here before."""

    model: LocalModel
    fetched: bool


class ModelDownloads:
    """What is downloaded lies in one folder of the program's own; files of a person's are never touched."""

    def __init__(
        self,
        hub: Hub,
        store: LocalModelStore,
        examine: Callable[[Path], ModelFacts],
        folder: Callable[[], Path] = hub_models_dir,
        is_in_use: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """`examine` returns what a file says of itself, or raises ModelFileError; `is_in_use` says of a model's id
        whether the library cannot be searched without it."""
        self.hub = hub
        self._store = store
        self._examine = examine
        self._folder_now = folder
        self._is_in_use = is_in_use

    def _folder(self) -> Path:
        return self._folder_now().absolute()

    def fetch(self, origin: Origin) -> Generator[HubEvent | ModelReady, None, None]:
        """Download a model and put it into the list; the last event is ModelReady. Going on works as in `download`.

        Raises HubError, ProxyUnusable, StoreError.
        """
        ready: ModelReady | None = None
        with contextlib.closing(download(self.hub, origin, self._folder())) as events:
            for event in events:
                yield event
                if isinstance(event, ModelArrived):
                    try:
                        facts = self._examine(event.path)
                    except ModelFileError as exc:
                        events.close()  # it holds the lock
                        if event.fetched:
                            discard(self._folder(), download_id(event.origin), lambda _: False)
                        raise DownloadUnusable(title=event.name, detail=exc.summary) from exc
                    # Before the next event is asked for: then it is forgotten that it was under way.
                    # A GGUF file may name one, an ONNX file has no place for it.
                    facts = replace(facts, licence=facts.licence or event.licence)
                    name = folder_title(event.path) if event.path.suffix == ".onnx" else ""
                    model = self._store.add(event.path, facts, name=name, origin=event.origin)
                    ready = ModelReady(model, event.fetched)
        assert ready is not None
        yield ready

    def unfinished(self) -> list[DownloadState]:
        """Return the downloads that were begun and not ended, also by other runs and by other programs."""
        return [
            DownloadState(
                journal.id,
                title_of(journal.origin.repository, journal.parts[0].path),
                journal.arrived,
                DownloadStage.RECEIVING if is_running(journal) else DownloadStage.PAUSED,
                journal.received,
                journal.total,
            )
            for journal in unfinished(self._folder())
        ]

    def discard(self, state: DownloadState) -> None:
        """Remove what there is of an unfinished download. Raises DownloadRuns, ModelFilesRemain."""
        try:
            gone = discard(self._folder(), state.id, lambda path: self._store.at_path(path) is not None)
        except OSError as exc:
            raise ModelFilesRemain(path=state.title, detail=exc.strerror or type(exc).__name__) from exc
        if not gone:
            raise DownloadRuns(title=state.title)

    def remove(self, model: LocalModel) -> tuple[Path, ...]:
        """Take a model off the list; return the files that were deleted with it: only what was downloaded.

        Raises UsageError for the model that ships and one that makes the vectors of the library, StoreError,
        ModelFilesRemain.
        """
        if self._is_in_use(model.id):
            raise UsageError(
                detail="It makes the vectors of your documents. Let another model search them first (Tools › Models)."
            )
        files = self.files_of(model)
        self._store.remove(model.id)
        deleted = []
        for path in files:
            try:
                path.unlink(missing_ok=True)
            except OSError as exc:
                raise ModelFilesRemain(path=path, detail=exc.strerror or type(exc).__name__) from exc
            deleted.append(path)
        if files:
            folders = {parent for file in files for parent in file.parents}
            for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
                if self._folder() in folder.parents:
                    with contextlib.suppress(OSError):  # others of its repository are there
                        folder.rmdir()
        return tuple(deleted)

    def files_of(self, model: LocalModel) -> tuple[Path, ...]:
        """Return the files that go with a model: all that was downloaded with it, none of a person's own."""
        path = model.path
        if path is None or model.origin is None or self._folder().absolute() not in path.absolute().parents:
            return ()
        if model.is_onnx:
            return files_of_set(path)
        if read_split_name(path.name) is None:
            return (path,)
        return tuple(part for part in parts_of(path) if part.exists())
