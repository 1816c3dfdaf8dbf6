"""What the panel offers for a while: to bring back what was removed, and to keep watching a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chatbot_app.ui.banner import Banner
from chatbot_app.ui.knowledge.document_words import counted, one_line
from chatbot_app.ui.knowledge.library_actions import LibraryActions
from chatbot_app.ui.notice_bar import UNDO_SECONDS
from chatbot_app.ui.severity import Severity
from chatbot_app.ui.theme import em

WATCH_SECONDS = 30.0  # long enough to read both sentences twice
_LONGEST_NAME = 60


class PanelOffers(QWidget):
    """Banners that leave by themselves; takes no room while there is nothing to offer."""

    def __init__(self, actions: LibraryActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setObjectName("panel_offers")
        self._removed: list[str] = []
        self._watchable: list[Path] = []
        self._undo = Banner("knowledge_undo", self)
        self._watch = Banner("watch_offer", self)
        self._fields = Banner("fields_undo", self)
        self._corrected: tuple[str, dict[str, str | None]] = ("", {})
        self.undo_time = self._timer(UNDO_SECONDS)
        self.watch_time = self._timer(WATCH_SECONDS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.5))
        column.addWidget(self._undo)
        column.addWidget(self._watch)
        column.addWidget(self._fields)
        self.fields_time = self._timer(UNDO_SECONDS)
        self._fields.acted.connect(self._take_back_fields)
        self._fields.dismissed.connect(self._end_fields)
        self.fields_time.timeout.connect(self._end_fields)
        self._undo.acted.connect(self._take_back)
        self._undo.dismissed.connect(self._end_undo)
        self.undo_time.timeout.connect(self._end_undo)
        self._watch.acted.connect(self._accept)
        self._watch.dismissed.connect(self._end_watch)
        self.watch_time.timeout.connect(self._end_watch)
        self.hide()

    def _timer(self, seconds: float) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(round(seconds * 1000))
        return timer

    def offer_undo(
        self, titles: Sequence[str], document_ids: Sequence[str], *, vanished_from: str = ""
    ) -> None:
        """Say what was removed, or what vanished from a watched folder, and offer to bring it back."""
        self._removed = list(document_ids)
        one = self.tr("“{title}” was moved to the trash.")
        many = self.tr("{n} documents were moved to the trash.")
        if vanished_from:
            one = self.tr("“{title}” is gone from “{folder}” and was moved to the trash.")
            many = self.tr("{n} files are gone from “{folder}”; their documents were moved to the trash.")
        # Names come last: they may hold braces.
        folder = vanished_from[:_LONGEST_NAME]
        one = one.format(title=one_line(titles[0])[:_LONGEST_NAME], folder=folder)
        many = many.replace("{folder}", folder.replace("{", "{{").replace("}", "}}"))
        self._undo.show_words(counted(len(titles), one, many), "", self.tr("Undo"), Severity.INFO)
        self.undo_time.start()
        self.show()

    def offer_watch(self, folders: Sequence[Path]) -> None:
        """Offer to keep watching folders that were added."""
        self._watchable = list(folders)
        name = one_line(folders[0].name or str(folders[0]))[:_LONGEST_NAME]
        words = (
            self.tr("“{name}” was added once.").format(name=name)
            if len(folders) == 1
            else self.tr("{n} folders were added once.").format(n=len(folders))
        )
        why = self.tr(
            "Watched, it stays up to date: what changes is read again, what vanishes goes to the trash."
        )
        self._watch.show_words(words, why, self.tr("Keep watching"), Severity.INFO)
        self.watch_time.start()
        self.show()

    def offer_fields_undo(self, title: str, document_id: str, before: dict[str, str | None]) -> None:
        """Say that the fields of a document were changed, and offer what was there before."""
        self._corrected = document_id, before
        words = self.tr("The details of “{title}” were changed.")
        words = words.replace("{title}", one_line(title)[:_LONGEST_NAME])
        self._fields.show_words(words, "", self.tr("Undo"), Severity.INFO)
        self.fields_time.start()
        self.show()

    @Slot()
    def _take_back_fields(self) -> None:
        self._end_fields()
        self._actions.fields_undo_requested.emit(*self._corrected)

    @Slot()
    def _end_fields(self) -> None:
        self.fields_time.stop()
        self._end(self._fields)

    @Slot()
    def _take_back(self) -> None:
        self._end_undo()
        self._actions.undo_requested.emit(self._removed)

    @Slot()
    def _accept(self) -> None:
        self._end_watch()
        self._actions.watch_requested.emit(self._watchable)

    @Slot()
    def _end_undo(self) -> None:
        self.undo_time.stop()
        self._end(self._undo)

    @Slot()
    def _end_watch(self) -> None:
        self.watch_time.stop()
        self._end(self._watch)

    def _end(self, banner: Banner) -> None:
        banner.hide()
        self.setVisible(not all(one.isHidden() for one in (self._undo, self._watch, self._fields)))
