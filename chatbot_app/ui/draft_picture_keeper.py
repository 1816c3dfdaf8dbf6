"""Keeps the pictures of what is written and not sent on disk, as `draft_keeper` keeps the words."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QObject, QTimer, Slot

from chatbot_app.chat.drafts import recovered_pictures
from chatbot_app.core.pictures import Picture
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.draft_pictures import DraftPicture, DraftPictureFolder
from chatbot_app.ui.chat.composer import Composer
from chatbot_app.ui.chat.drafts_controller import DraftsController
from chatbot_app.workers.task_runner import TaskRunner


class DraftPictureKeeper(QObject):
    """Writes whenever pictures come, go, or leave with a question; brings them back at the start."""

    def __init__(
        self,
        composer: Composer,
        drafts: DraftsController,
        folder: DraftPictureFolder,
        store: ConversationStore,
        file_runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._drafts = drafts
        self._folder = folder
        self._store = store
        self._runner = file_runner
        self._is_back = False  # until then what is there must not be written over
        self._kept: list[DraftPicture] = []
        self._soon = QTimer(self, interval=0, singleShot=True)  # when what changes them is through
        self._soon.timeout.connect(self.save)
        composer.pictures.changed.connect(self._soon.start)
        drafts.changed.connect(self._soon.start)

    @Slot()
    def bring_back(self) -> None:
        """Show the pictures of before the last end, as soon as they are read."""

        def read() -> tuple[list[DraftPicture], dict[str, tuple[Picture, ...]]]:
            kept = self._folder.read()
            return kept, recovered_pictures(kept, self._store)

        def show(found: tuple[list[DraftPicture], dict[str, tuple[Picture, ...]]]) -> None:
            self._kept, recovered = found
            self._is_back = True
            if recovered:
                self._drafts.bring_back_pictures(recovered)
            self.save()

        self._runner.run(read, show, lambda _: show(([], {})))

    @Slot()
    def save(self) -> None:
        """Write what changed."""
        kept = self._drafts.all_pictures() if self._is_back else self._kept
        if kept == self._kept:
            return
        self._kept = kept

        def write() -> None:
            with suppress(OSError):  # a folder that cannot be written: the store says so
                self._folder.write(kept)

        self._runner.run(write)
