"""Downloads of models in threads of their own, several at once, while the window shows how far they are."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.chat.model_downloads import ModelReady
from chatbot_app.core.hub_models import DownloadStage, DownloadState, download_id
from chatbot_app.core.local_models import LocalModel, Origin
from chatbot_app.core.messages import Notice
from chatbot_app.llm.hub.events import DownloadStarted, HubEvent
from chatbot_app.llm.hub.hub import title_of
from chatbot_app.workers.download_states import after
from chatbot_app.workers.lane import Lane

AT_ONCE = 3  # more only share the line


class Downloads(Protocol):
    """What downloads: `chat.model_downloads.ModelDownloads`."""

    def fetch(self, origin: Origin) -> Generator[HubEvent | ModelReady, None, None]:
        """Download a model into the list."""

    def unfinished(self) -> list[DownloadState]:
        """Return what was begun and not ended."""

    def discard(self, state: DownloadState) -> None:
        """Remove what there is of a download."""


@dataclass
class _Entry:
    """One download; `wish` is the person's last word: what happens when its thread lets go of it."""

    state: DownloadState
    wish: DownloadStage = DownloadStage.QUEUED  # or PAUSED, or FAILED for “away with it”
    stop: threading.Event = field(default_factory=threading.Event)
    is_running: bool = False
    journal: DownloadState | None = None  # as it is kept on the disk


class ModelDownloadQueue(QObject):
    """Downloads by their ids; every method is for the owner's thread, and every signal comes there.

    Pausing and cancelling show at once; a thread that waits for a server lets go of it some seconds later.
    """

    changed = Signal(object)  # DownloadState: of a new one, of one that got on, waits, paused or failed
    finished = Signal(str, object)  # id, LocalModel: it can be talked to
    failed = Signal(
        str, object
    )  # id, Notice: what has arrived is kept where the notice does not say otherwise
    discarded = Signal(str)  # id: nothing of it is left
    _told = Signal(str, object)  # id, DownloadState: in the thread of a download

    def __init__(
        self, downloads: Downloads, parent: QObject | None = None, *, at_once: int = AT_ONCE
    ) -> None:
        super().__init__(parent)
        self.downloads = downloads
        self._at_once = at_once
        self._entries: dict[str, _Entry] = {}
        self._waiting: deque[str] = deque()
        self._free: list[Lane] = []
        self._lanes: list[Lane] = []
        self._errands: Lane | None = None  # the short looks at the disk
        self._told.connect(self._take)

    # --- asked for by the window ---------------------------------------------------------------------------

    def states(self) -> list[DownloadState]:
        """Return the downloads that are under way, wait, are paused or failed, in the order in which they came."""
        return [entry.state for entry in self._entries.values()]

    def load_unfinished(self) -> None:
        """List what an earlier run left, paused; each is told by `changed`. The hub is not contacted."""
        self._errand().do(self.downloads.unfinished, self._list_unfinished, self._ignore)

    @Slot(object)
    def start(self, origin: Origin) -> str:
        """Download what `origin` names and return the download's id; one that is paused goes on."""
        wanted = download_id(origin)
        if wanted not in self._entries:
            title = title_of(origin.repository, origin.file)
            self._entries[wanted] = _Entry(DownloadState(wanted, title, origin, DownloadStage.PAUSED))
        self.resume(wanted)
        return wanted

    @Slot(str)
    def pause(self, wanted: str) -> None:
        """Stop for now; what has arrived stays, also when the program ends."""
        entry = self._entries.get(wanted)
        if entry is None or entry.state.stage is DownloadStage.FAILED:
            return
        self._stop(wanted, entry, DownloadStage.PAUSED)
        self._show(entry, stage=DownloadStage.PAUSED, note="", bytes_per_second=0.0, seconds_left=None)

    @Slot(str)
    def resume(self, wanted: str) -> None:
        """Go on with one that is paused or failed."""
        entry = self._entries.get(wanted)
        if entry is None or entry.state.stage not in (DownloadStage.PAUSED, DownloadStage.FAILED):
            return
        entry.wish = DownloadStage.QUEUED
        self._show(entry, stage=DownloadStage.QUEUED, note="")
        if not entry.is_running:
            self._enqueue(wanted)

    @Slot(str)
    def cancel(self, wanted: str) -> None:
        """Stop and remove what has arrived; `discarded` tells when that is done."""
        entry = self._entries.get(wanted)
        if entry is None:
            return
        self._stop(wanted, entry, DownloadStage.FAILED)
        self._show(entry, stage=DownloadStage.PAUSED, note="", bytes_per_second=0.0, seconds_left=None)
        if not entry.is_running:
            self._discard(wanted, entry)

    def shutdown(self, timeout_seconds: float = 2.0) -> bool:
        """End every thread after the packet that is arriving; return whether they ended in time."""
        self._waiting.clear()
        for entry in self._entries.values():
            entry.stop.set()
        lanes = [*self._lanes, *([self._errands] if self._errands is not None else [])]
        for lane in lanes:
            lane.stop(0)
        ended = [lane.stop(timeout_seconds) for lane in lanes]  # each of them is waited for
        return all(ended)

    # --- in the owner's thread -------------------------------------------------------------------------------

    def _stop(self, wanted: str, entry: _Entry, wish: DownloadStage) -> None:
        entry.wish = wish
        entry.stop.set()
        if wanted in self._waiting:
            self._waiting.remove(wanted)

    def _enqueue(self, wanted: str) -> None:
        self._waiting.append(wanted)
        self._begin_next()

    def _begin_next(self) -> None:
        while self._waiting and (self._free or len(self._lanes) < self._at_once):
            if not self._free:
                lane = Lane(f"model_download_{len(self._lanes) + 1}", self)
                lane.start()
                self._lanes.append(lane)
                self._free.append(lane)
            wanted = self._waiting.popleft()
            entry = self._entries[wanted]
            lane = self._free.pop()
            entry.stop = threading.Event()
            entry.is_running = True
            self._show(entry, stage=DownloadStage.ASKING)
            run = _Run(self, wanted, entry, lane)
            lane.do(run.work, run.end, run.fail)

    def _list_unfinished(self, states: list[DownloadState]) -> None:
        for state in states:
            if state.id in self._entries:
                continue
            entry = _Entry(replace(state, stage=DownloadStage.PAUSED), DownloadStage.PAUSED, journal=state)
            self._entries[state.id] = entry
            self.changed.emit(entry.state)

    @Slot(str, object)
    def _take(self, wanted: str, state: DownloadState) -> None:
        entry = self._entries.get(wanted)
        if entry is None or entry.wish is not DownloadStage.QUEUED or not entry.is_running:
            return
        if not entry.stop.is_set():
            entry.state = state
            self.changed.emit(state)

    def _show(self, entry: _Entry, **changes: Any) -> None:
        entry.state = replace(entry.state, **changes)
        self.changed.emit(entry.state)

    def release(self, wanted: str, lane: Lane, model: LocalModel | None, notice: Notice | None) -> None:
        """Take back what a thread had: the model, or a notice, or neither where it was stopped."""
        self._free.append(lane)
        entry = self._entries[wanted]
        entry.is_running = False
        if model is not None:
            del self._entries[wanted]
            self.finished.emit(wanted, model)
        elif entry.wish is DownloadStage.FAILED:
            self._discard(wanted, entry)
        elif notice is not None and not entry.stop.is_set():
            entry.wish = DownloadStage.PAUSED
            self._show(entry, stage=DownloadStage.FAILED, note=notice.summary, seconds_left=None)
            self.failed.emit(wanted, notice)
        elif entry.wish is DownloadStage.QUEUED:
            self._waiting.append(wanted)  # paused and gone on with before the thread noticed
        self._begin_next()

    def _discard(self, wanted: str, entry: _Entry) -> None:
        state = entry.journal or entry.state
        self._errand().do(
            lambda: self.downloads.discard(state),
            lambda _: self._forget(wanted),
            lambda notice: self._keep(wanted, notice),
        )

    def _forget(self, wanted: str) -> None:
        entry = self._entries.get(wanted)
        if entry is not None and not entry.is_running and entry.wish is DownloadStage.FAILED:
            del self._entries[wanted]
        self.discarded.emit(wanted)

    def _keep(self, wanted: str, notice: Notice) -> None:
        entry = self._entries.get(wanted)
        if entry is not None:
            entry.wish = DownloadStage.PAUSED
            self._show(entry, stage=DownloadStage.FAILED, note=notice.summary)
        self.failed.emit(wanted, notice)

    def _errand(self) -> Lane:
        if self._errands is None:
            self._errands = Lane("model_download_errands", self)
            self._errands.start()
        return self._errands

    def _ignore(self, notice: Notice) -> None:
        """What cannot be read of earlier downloads is none."""

    # --- in the thread of a download -----------------------------------------------------------------------

    def tell(self, wanted: str, state: DownloadState) -> None:
        """Show how far a download is."""
        with suppress(RuntimeError):  # the window has gone
            self._told.emit(wanted, state)


class _Run:
    """One download on one lane."""

    def __init__(self, queue: ModelDownloadQueue, wanted: str, entry: _Entry, lane: Lane) -> None:
        self._queue = queue
        self._wanted = wanted
        self._entry = entry
        self._lane = lane
        self._stop = entry.stop
        self.downloads = queue.downloads

    def work(self) -> LocalModel | None:
        """Download, in the thread; return the model, None where it was stopped."""
        state = self._entry.state
        events = self.downloads.fetch(state.origin)
        try:
            for event in events:
                if isinstance(event, ModelReady):
                    return event.model
                if isinstance(event, DownloadStarted):
                    self._entry.journal = DownloadState(
                        event.id, event.name, event.origin, DownloadStage.PAUSED, event.received, event.total
                    )
                state = after(state, event)
                self._queue.tell(self._wanted, state)
                if self._stop.is_set() or self._lane.is_stopping():
                    return None
        finally:
            events.close()
        return None

    def end(self, model: LocalModel | None) -> None:
        """It ended."""
        self._queue.release(self._wanted, self._lane, model, None)

    def fail(self, notice: Notice) -> None:
        """It failed."""
        self._queue.release(self._wanted, self._lane, None, notice)
