"""Keeps what is written and not sent on disk: in the store, and in a file beside it while the store lags."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, QTimer, Slot

from chatbot_app.chat.drafts import recovered_drafts
from chatbot_app.core.messages import Notice
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.draft_file import DraftFile, KeptDrafts
from chatbot_app.storage.purging import DRAFTS_SETTING
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.chat.drafts_controller import DraftsController
from chatbot_app.workers.task_runner import TaskRunner

SAVE_EVERY_MS = 5_000


class DraftKeeper(QObject):
    """Saves the drafts now and then, when a question leaves or comes back, and at the end."""

    def __init__(
        self,
        drafts: DraftsController,
        settings: SettingsStore,
        store: ConversationStore,
        draft_file: DraftFile,
        runner: TaskRunner,
        file_runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        """`file_runner` writes `draft_file`: `runner` may have to wait for the store."""
        super().__init__(parent)
        self._drafts = drafts
        self._settings = settings
        self._store = store
        self._draft_file = draft_file
        self._runner = runner
        self._file_runner = file_runner
        self._saved = ""
        self._in_file: KeptDrafts | None = None
        self._store_lags = False  # it did not take the drafts when it was asked last
        self._timer = QTimer(self, interval=SAVE_EVERY_MS)
        self._soon = QTimer(self, interval=0, singleShot=True)  # when what changes them is through
        self._timer.timeout.connect(self.save)
        self._soon.timeout.connect(self.save)
        drafts.changed.connect(self._soon.start)

    @property
    def is_keeping(self) -> bool:
        """Whether the drafts are saved now and then."""
        return self._timer.isActive()

    def bring_back(self, stored: str) -> str:
        """Show the drafts of before the last end, of which the store had these; return that of a new conversation."""
        drafts = recovered_drafts(drafts_from(stored), self._draft_file.read(), self._store)
        self._drafts.bring_back(drafts)
        return drafts.get("", "")

    def start(self) -> None:
        """Save the drafts from now on."""
        self._timer.start()

    def stop(self) -> None:
        """Save no more by itself."""
        self._timer.stop()

    @Slot()
    def save(self) -> None:
        """Save what changed since the last time."""
        kept = self._kept()
        drafts = json.dumps(kept.drafts, ensure_ascii=False)
        if kept.sent:  # until the question is stored the file stands in for the store
            if kept != self._in_file:
                self._write_file(kept)
            return
        if drafts == self._saved:
            if self._in_file is not None:
                self._in_file = None
                self._file_runner.run(self._draft_file.remove)
            return
        if self._store_lags:
            self._write_file(kept)
        self._saved = drafts
        in_file, self._in_file = self._in_file, None

        def write() -> None:
            self._settings.set(DRAFTS_SETTING, drafts)

        def written(_: object) -> None:
            self._store_lags = False
            if self._in_file is None:  # else it holds what was sent while the store was busy
                self._file_runner.run(self._draft_file.remove)

        def refused(_: Notice) -> None:
            self._store_lags, self._saved = True, "?"  # the timer tries again
            self._in_file = in_file

        self._runner.run(write, written, refused)

    def last_write(self) -> Callable[[], None]:
        """Return what saves the drafts as they are now, to be called in the thread of the store."""
        kept = self._kept()
        drafts = self._saved = json.dumps(kept.drafts, ensure_ascii=False)
        if kept.drafts:
            self._write_file(kept)  # whatever becomes of the store

        def write() -> None:
            self._settings.set(DRAFTS_SETTING, drafts)
            if not kept.sent:
                self._draft_file.remove()

        return write

    def try_again(self) -> None:
        """The store refused what `last_write` wrote: the timer tries again."""
        self._saved = ""

    def _kept(self) -> KeptDrafts:
        return KeptDrafts(self._drafts.all(), self._drafts.sent_questions()).lasting()

    def _write_file(self, kept: KeptDrafts) -> None:
        self._in_file = kept

        def write() -> None:
            with suppress(OSError):  # a folder that cannot be written: the store says so
                self._draft_file.write(kept)

        self._file_runner.run(write)


def drafts_from(stored: str) -> dict[str, str]:
    """Return the drafts of a stored setting by conversation; what is damaged is left out."""
    try:
        drafts = json.loads(stored or "{}")
    except ValueError:
        return {}
    if not isinstance(drafts, dict):
        return {}
    return {key: text for key, text in drafts.items() if isinstance(text, str)}
