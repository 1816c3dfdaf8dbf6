"""Conversations go out into files, and come in, in the background; one after the other, each can be stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.chat.services import Services
from chatbot_app.core.carried import Arrived
from chatbot_app.core.messages import Notice
from chatbot_app.storage.database import utc_now
from chatbot_app.workers.lane import Lane

if TYPE_CHECKING:
    from chatbot_app.chat.transfer.importing import ImportSummary
    from chatbot_app.chat.transfer.own_json import BesideConversations
    from chatbot_app.workers.formula_drawer import FormulaDrawer

_TOLD_EVERY_SECONDS = 0.1  # the window hears ten times a second how far it is
_LISTED = 100_000  # conversations that a preview names one by one


@dataclass(slots=True)
class Preview:
    """What files hold: the sums, and the first conversations one by one."""

    paths: tuple[Path, ...]
    summary: ImportSummary
    arrived: list[Arrived] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExportDone:
    """A file that was written, with how many conversations; those that were deleted meanwhile are `gone`."""

    path: Path
    written: int
    gone: int


class TransferLane(QObject):
    """Its thread starts with the first thing that it is given; signals reach the owner's thread."""

    progressed = Signal(int, int)  # conversations done, of how many; 0 where nobody knows
    previewed = Signal(object)  # Preview; not complete where it was stopped
    imported = Signal(object)  # ImportSummary; not complete where it was stopped
    exported = Signal(object)  # ExportDone
    import_failed = Signal(object)  # Notice
    export_failed = Signal(object)  # Notice

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._lane: Lane | None = None
        self._importing = threading.Event()  # set: the latest import, or look into files, is to end
        self._exporting = threading.Event()  # likewise
        self._told = 0.0

    def preview(self, paths: Sequence[Path]) -> None:
        """Look into files; `previewed` or `import_failed` tells what came of it."""
        self._importing = stop = threading.Event()
        self._do(lambda: self._preview(tuple(paths), stop), self.previewed.emit, self.import_failed.emit)

    def import_files(
        self, paths: Sequence[Path], expected: int, chosen: frozenset[str] | None = None
    ) -> None:
        """Import files, of their conversations the `chosen` ones; `imported` or `import_failed` tells what came of it."""
        self._importing = stop = threading.Event()
        self._do(
            lambda: self._import(tuple(paths), expected, chosen, stop),
            self.imported.emit,
            self.import_failed.emit,
        )

    def export(self, conversation_ids: Sequence[str], path: Path) -> None:
        """Write conversations into a file; `exported` or `export_failed` tells what came of it."""
        self._exporting = stop = threading.Event()
        self._do(
            lambda: self._export(tuple(conversation_ids), path, stop),
            self.exported.emit,
            self.export_failed.emit,
        )

    @Slot()
    def stop_import(self) -> None:
        """End the import, or the look into files: what came in stays."""
        self._importing.set()

    @Slot()
    def stop_export(self) -> None:
        """End the export: a file that is not whole is not written."""
        self._exporting.set()

    def shutdown(self, timeout_seconds: float = 3.0) -> bool:
        """End what is under way, and the thread; return whether it ended in time."""
        self.stop_import()
        self.stop_export()
        return self._lane is None or self._lane.stop(timeout_seconds)

    # --- in the owner's thread ---------------------------------------------------------------------------

    def _do(
        self,
        work: Callable[[], object],
        then: Callable[[object], None],
        otherwise: Callable[[Notice], None],
    ) -> None:
        if self._lane is None:
            self._lane = Lane("transfer", self)
            self._lane.start()
        self._lane.do(work, then, otherwise)

    # --- in the thread -----------------------------------------------------------------------------------

    def _preview(self, paths: tuple[Path, ...], stop: threading.Event) -> Preview:
        from chatbot_app.chat.transfer import importing
        from chatbot_app.chat.transfer.reading import ConversationReader
        from chatbot_app.storage.conversation_merging import ConversationMerger

        summary = importing.ImportSummary()
        preview = Preview(paths, summary)
        merger = ConversationMerger(self._services.database, now=utc_now)
        for arrived in importing.preview(ConversationReader(paths), merger, summary):
            if len(preview.arrived) < _LISTED:
                preview.arrived.append(arrived)
            self._tell(summary.conversations, 0)
            if stop.is_set():
                break
        return preview

    def _import(
        self,
        paths: tuple[Path, ...],
        expected: int,
        chosen: frozenset[str] | None,
        stop: threading.Event,
    ) -> ImportSummary:
        from chatbot_app.chat.transfer import importing
        from chatbot_app.chat.transfer.reading import ConversationReader
        from chatbot_app.storage.conversation_merging import ConversationMerger

        summary = importing.ImportSummary()
        merger = ConversationMerger(self._services.database, now=utc_now)
        reader = ConversationReader(paths)
        for _ in importing.import_conversations(reader, merger, summary, stop.is_set, chosen):
            self._tell(summary.conversations, expected)
        return summary

    def _export(self, conversation_ids: tuple[str, ...], path: Path, stop: threading.Event) -> ExportDone:
        from chatbot_app.chat.transfer.export_files import Exported, write_conversations
        from chatbot_app.workers.formula_drawer import FormulaDrawer
        from chatbot_app.workers.pdf_process import write_pdf

        done = Exported(len(conversation_ids))
        store = self._services.conversations
        with FormulaDrawer() as drawer:
            beside = self._beside(drawer)
            write = write_pdf if path.suffix.lower() == ".pdf" else write_conversations
            for done in write(store, beside, conversation_ids, path, stop.is_set):
                self._tell(done.written + done.gone, done.total)
        return ExportDone(path, done.written, done.gone)

    def _beside(self, drawer: FormulaDrawer) -> BesideConversations:
        from chatbot_app.chat.transfer.own_json import BesideConversations
        from chatbot_app.storage.conversation_order import ConversationOrder

        order = ConversationOrder(self._services.database)
        return BesideConversations.of(self._services.summaries, order, drawer.draw)

    def _tell(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told >= _TOLD_EVERY_SECONDS:
            self._told = now
            self.progressed.emit(done, total)
