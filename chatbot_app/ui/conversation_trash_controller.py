"""Carries out what a person does in the trash, and empties it in time, away from the GUI thread."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from chatbot_app.core.messages import Conversation, Notice
from chatbot_app.storage.backups import BackupStore
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.purging import Kind, Purged
from chatbot_app.storage.trash import Scrubbed, Trash, TrashedConversation
from chatbot_app.ui.chat.drafts_controller import DraftsController
from chatbot_app.ui.conversation_list import ConversationList
from chatbot_app.ui.conversation_trash_dialog import ConversationTrashDialog
from chatbot_app.ui.notice_bar import NoticeBar
from chatbot_app.workers.task_runner import TaskRunner

logger = logging.getLogger(__name__)

FIRST_AFTER_MS = 20_000  # when the launch is long over
EVERY_MS = 60 * 60 * 1000  # the day may turn, or a computer wake, at any time
AGAIN_AFTER_MS = 30_000  # after a scrub that gave way to an answer


class ConversationTrashController(QObject):
    """Owns the dialog and the hours at which the trash is looked at; the daily backup goes with them."""

    restored = Signal(str)  # conversation id, of the last one
    documents_purged = Signal()  # their thirty days were over

    def __init__(
        self,
        conversation_list: ConversationList,
        notice_bar: NoticeBar,
        drafts: DraftsController,
        store: ConversationStore,
        trash: Trash,
        backups: BackupStore,
        runner: TaskRunner,
        housekeeping: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        """`runner` is the window's queue for the store, `housekeeping` one for what takes seconds."""
        super().__init__(parent)
        self._list = conversation_list
        self._notice_bar = notice_bar
        self._drafts = drafts
        self._store = store
        self._trash = trash
        self._backups = backups
        self._runner = runner
        self._housekeeping = housekeeping
        self._dialog: ConversationTrashDialog | None = None
        self._is_purging = False  # by the person, who is told how it went
        self._hours = QTimer(self, interval=EVERY_MS)
        self._again = QTimer(self, interval=AGAIN_AFTER_MS, singleShot=True)
        self._hours.timeout.connect(self.keep_house)
        self._again.timeout.connect(self.scrub)
        conversation_list.trash_requested.connect(self.open_trash)

    def start(self) -> None:
        """Count what is in the trash, and look after it now and then from now on."""
        self.count()
        self._hours.start()
        QTimer.singleShot(FIRST_AFTER_MS, self, self.keep_house)

    @Slot()
    def count(self) -> None:
        """Say in the list how many conversations are in the trash."""
        self._runner.run(
            lambda: self._trash.count(Kind.CONVERSATION), self._list.set_trash_count, self._log_failure
        )

    @Slot()
    def keep_house(self) -> None:
        """Make the daily backup, delete for good what has been in the trash for 30 days, and scrub."""
        self._housekeeping.run(self._backups.create_if_due, None, self._log_failure)
        self._housekeeping.run(self._trash.purge_expired, self._forget, self._log_failure)
        self.scrub()

    @Slot()
    def scrub(self) -> None:
        """Take what was purged from the file's bytes and the backups."""
        self._housekeeping.run(self._trash.scrub, self._scrubbed, self._scrub_failed)

    # --- the dialog ------------------------------------------------------------------------------------------

    @Slot()
    def open_trash(self) -> None:
        """Show what is in the trash."""
        if self._dialog is None:
            self._dialog = dialog = ConversationTrashDialog(self._list.window())
            dialog.restore_requested.connect(self._restore)
            dialog.purge_requested.connect(self._purge)
            dialog.empty_requested.connect(self._empty)
        self._dialog.say("")
        self._read()
        self._dialog.open()

    def _read(self) -> None:
        self._runner.run(self._trash.conversations, self._show, self._complain)

    def _show(self, entries: list[TrashedConversation]) -> None:
        self._list.set_trash_count(len(entries))
        if self._dialog is not None:
            self._dialog.show_entries(entries)

    @Slot(list)
    def _restore(self, ids: list[str]) -> None:
        def restore() -> list[Conversation]:
            return [self._store.restore(conversation_id) for conversation_id in ids]

        def show(conversations: list[Conversation]) -> None:
            self._notice_bar.hide_undo()
            self._read()
            words = (
                self.tr("“{title}” is back in the list.").format(title=conversations[0].title)
                if len(conversations) == 1
                else self.tr("{n} conversations are back in the list.").format(n=len(conversations))
            )
            self._say(words)
            self.restored.emit(conversations[-1].id)

        self._runner.run(restore, show, self._complain)

    @Slot(list)
    def _purge(self, ids: list[str]) -> None:
        self._begin_purge()
        self._housekeeping.run(
            lambda: self._trash.purge(Kind.CONVERSATION, ids), self._purged, self._complain
        )

    @Slot()
    def _empty(self) -> None:
        self._begin_purge()
        self._housekeeping.run(lambda: self._trash.empty(Kind.CONVERSATION), self._purged, self._complain)

    def _begin_purge(self) -> None:
        self._notice_bar.hide_undo()  # what is about to go cannot be taken back
        self._is_purging = True
        self._say(self.tr("Being deleted for good…"))

    def _purged(self, purged: list[Purged]) -> None:
        self._forget(purged)
        self._read()
        self._say(self.tr("Deleted. The text is being removed from the backups, too…"))
        self.scrub()

    def _forget(self, purged: list[Purged]) -> None:
        for item in purged:
            if item.kind is Kind.CONVERSATION:
                self._drafts.forget(item.item_id)
        if purged:
            self.count()
        if any(item.kind is Kind.DOCUMENT for item in purged):
            self.documents_purged.emit()

    def _scrubbed(self, result: Scrubbed) -> None:
        if not result.done:
            self._again.start()
        elif result.unreadable and self._is_purging:
            names = ", ".join(result.unreadable)
            words = self.tr(
                "Deleted for good. These damaged files could not be cleaned and were kept: {names}."
            )
            self._is_purging = False
            self._say(words.replace("{names}", names), "warning")
        elif self._is_purging:
            self._is_purging = False
            self._say(self.tr("Deleted for good, from the backups too."), "success")

    def _scrub_failed(self, notice: Notice) -> None:
        self._again.start()
        self._log_failure(notice)

    def _say(self, words: str, look: str = "muted") -> None:
        if self._dialog is not None:
            self._dialog.say(words, look)

    def _complain(self, notice: Notice) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.say(notice.words, "danger")
            self._read_quietly()
        else:
            self._notice_bar.show_notice(notice)

    def _read_quietly(self) -> None:
        self._runner.run(self._trash.conversations, self._show, self._log_failure)

    def _log_failure(self, notice: Notice) -> None:
        logger.warning("the trash could not be looked after: %s", notice.summary)
