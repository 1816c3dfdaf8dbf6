"""Says once that a part of the history file is damaged, and offers the newest good backup."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from chatbot_app.core.errors import Action
from chatbot_app.core.messages import Notice
from chatbot_app.storage.backup_files import Backup
from chatbot_app.storage.backups import BackupStore
from chatbot_app.storage.database import Database
from chatbot_app.workers.task_runner import TaskRunner

logger = logging.getLogger(__name__)

LOOK_AFTER_MS = 10_000  # when the launch is long over, and before the day's backup


class DamageController(QObject):
    """Listens to the store, whose readers are in several threads, and has it look where a launch does not."""

    damage_found = Signal()  # in the thread that read

    def __init__(
        self,
        database: Database,
        backups: BackupStore,
        housekeeping: TaskRunner,
        offer: Callable[[Notice, Backup | None], None],
        parent: QObject | None = None,
    ) -> None:
        """`offer` shows a notice whose button restores the backup."""
        super().__init__(parent)
        self._database = database
        self._backups = backups
        self._housekeeping = housekeeping
        self._offer = offer
        self._is_told = False
        self.damage_found.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        database.on_damaged_value = self.damage_found.emit
        QTimer.singleShot(LOOK_AFTER_MS, self, self.look)

    @Slot()
    def look(self) -> None:
        """Look at the part of the file that the launch left out."""
        self._housekeeping.run(self._database.look_for_damage, None, self._log_failure)

    def _log_failure(self, notice: Notice) -> None:
        logger.warning("the history could not be examined: %s", notice.summary)

    @Slot()
    def _tell(self) -> None:
        if self._is_told:
            return
        self._is_told = True
        self._housekeeping.run(self._backups.newest_good, self._show, lambda _: self._show(None))

    def _show(self, backup: Backup | None) -> None:
        words = self.tr(
            "A part of the history file is damaged. What can be read is shown, and messages are marked."
        )
        if backup is None:
            self._offer(Notice("DamagedValues", words, self.tr("There is no good backup yet.")), None)
            return
        next_step = self.tr(
            "You can restore {backup}; the present history is kept as a backup of its own before that."
        ).format(backup=backup.describe())
        self._offer(Notice("DamagedValues", words, next_step, Action.RESTORE_BACKUP.value), backup)
