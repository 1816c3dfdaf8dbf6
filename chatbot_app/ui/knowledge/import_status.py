"""The strip below the documents: how far the import is, what came of it, and how many vectors are left."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from chatbot_app.knowledge.importing.events import ImportProgress
from chatbot_app.ui.dialog_parts import plain_label
from chatbot_app.ui.icons import RETINT_EVENTS, IconButton, icon
from chatbot_app.ui.knowledge.document_words import counted
from chatbot_app.ui.knowledge.library_actions import LibraryActions
from chatbot_app.ui.theme import colors, em, scale_font, set_look
from chatbot_app.ui.thin_bar import ThinBar


class ImportStatus(QFrame):
    """Takes no room while there is nothing to say."""

    failures_requested = Signal()  # show me what failed

    def __init__(self, actions: LibraryActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setObjectName("import_status")
        self._progress = ImportProgress()
        self._dismissed: ImportProgress | None = None
        set_look(self, "card")
        self._words = plain_label(self, "import_words", shrinks=True)
        self._more = plain_label(self, "import_more", shrinks=True)
        set_look(self._more, "muted")
        scale_font(self._more, 0.9)
        self.failed_button = QPushButton(self)
        self.failed_button.setObjectName("import_failed_button")
        self.failed_button.setToolTip(self.tr("Show what failed and why"))
        set_look(self.failed_button, "quiet")
        self.bar = ThinBar("import_bar", self)
        self.pause_button = IconButton("pause", self.tr("Pause the import"), "pause_import_button", self)
        self.cancel_button = IconButton(
            "close", self.tr("Cancel what is waiting"), "cancel_import_button", self, size=0.9
        )
        row = QHBoxLayout()
        row.setSpacing(em(self, 0.2))
        row.addWidget(self._words, 1)
        row.addWidget(self.failed_button)
        row.addWidget(self.pause_button)
        row.addWidget(self.cancel_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(em(self, 0.6), em(self, 0.35), em(self, 0.4), em(self, 0.45))
        column.setSpacing(em(self, 0.2))
        column.addLayout(row)
        column.addWidget(self.bar)
        column.addWidget(self._more)
        self.pause_button.clicked.connect(self._toggle)
        self.cancel_button.clicked.connect(self._close)
        self.failed_button.clicked.connect(self.failures_requested)
        self._tint()
        self.hide()

    @property
    def progress(self) -> ImportProgress:
        """How the import stands, as it was last told."""
        return self._progress

    def words(self) -> str:
        """Return what is said."""
        if self.isHidden():
            return ""
        said = (self._words.text(), "" if self.failed_button.isHidden() else self.failed_button.text())
        return " ".join((" · ".join(part for part in said if part), self._more.text())).strip()

    def set_progress(self, progress: ImportProgress) -> None:
        """Show how the import is getting on."""
        self._progress = progress
        behind = (progress.pending_vectors, progress.to_read_again, progress.vectors_to_renew)
        busy = progress.is_running or any(behind)
        self._words.setText(self._headline(progress))
        failed = counted(progress.failed, self.tr("1 failed"), self.tr("{n} failed"))
        self.failed_button.setText(failed)
        self.failed_button.setAccessibleName(failed)
        self.failed_button.setVisible(progress.failed > 0)
        more = self._vectors_left(progress) if progress.is_running else ""
        more = " ".join(part for part in (more, self._left_out(progress)) if part)
        self._more.setText(more)
        self._more.setToolTip("")
        self._more.setVisible(bool(more))
        self.bar.setVisible(progress.is_running)
        self.bar.set_share(progress.done / progress.total if progress.total else 0.0)
        self.pause_button.setVisible(busy)
        self.pause_button.set_icon("play" if progress.paused else "pause")
        self.pause_button.set_words(self.tr("Go on") if progress.paused else self.tr("Pause the import"))
        self.cancel_button.setVisible(progress.is_running or not busy)
        self.cancel_button.set_words(
            self.tr("Cancel what is waiting") if progress.is_running else self.tr("Close")
        )
        said = (bool(self._words.text()) or progress.failed > 0) and (busy or progress != self._dismissed)
        self.setVisible(said)

    def _headline(self, progress: ImportProgress) -> str:
        if progress.is_running:
            at = self.tr("{done} of {total} files").format(done=progress.done, total=progress.total)
            return (self.tr("Paused: {at}") if progress.paused else self.tr("Importing: {at}")).format(at=at)
        parts = []
        if progress.added:
            parts.append(counted(progress.added, self.tr("1 document added"), self.tr("{n} documents added")))
        if progress.already_there:
            parts.append(
                counted(
                    progress.already_there, self.tr("1 was there already"), self.tr("{n} were there already")
                )
            )
        if progress.pending_vectors:
            parts.append(self._vectors_left(progress))
        if progress.to_read_again:
            parts.append(self._read_again(progress))
        if progress.vectors_to_renew:
            parts.append(self._renewed(progress))
        return " · ".join(parts)

    def _read_again(self, progress: ImportProgress) -> str:
        if progress.paused:
            return counted(
                progress.to_read_again,
                self.tr("Paused: 1 document is to be read again for its tables."),
                self.tr("Paused: {n} documents are to be read again for their tables."),
            )
        return counted(
            progress.to_read_again,
            self.tr("1 document is read again for its tables; you can go on asking."),
            self.tr("{n} documents are read again for their tables; you can go on asking."),
        )

    def _renewed(self, progress: ImportProgress) -> str:
        if progress.paused:
            return counted(
                progress.vectors_to_renew,
                self.tr("Paused: 1 vector is to be made anew for a better search."),
                self.tr("Paused: {n} vectors are to be made anew for a better search."),
            )
        return counted(
            progress.vectors_to_renew,
            self.tr("1 vector is made anew for a better search; you can go on asking."),
            self.tr("{n} vectors are made anew for a better search; you can go on asking."),
        )

    def _vectors_left(self, progress: ImportProgress) -> str:
        if not progress.pending_vectors:
            return ""
        return counted(
            progress.pending_vectors,
            self.tr("1 vector left; its words are searched already."),
            self.tr("{n} vectors left; words are searched already."),
        )

    def _left_out(self, progress: ImportProgress) -> str:
        if not progress.left_out:
            return ""
        named = ", ".join(progress.named[:3])
        more = progress.left_out - min(3, len(progress.named))
        names = f"{named} …" if more > 0 else named
        one = self.tr("1 file was left out, its format is not read: {names}")
        many = self.tr("{count} files were left out, their formats are not read: {names}")
        words = one if progress.left_out == 1 else many
        return words.format(count=progress.left_out, names=names)

    def _tint(self) -> None:
        self.failed_button.setIcon(icon("warning", colors(self).danger))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "failed_button"):
            self._tint()

    @Slot()
    def _toggle(self) -> None:
        self._actions.pause_toggled.emit(not self._progress.paused)

    @Slot()
    def _close(self) -> None:
        if self._progress.is_running:
            self._actions.cancel_requested.emit()
        else:
            self._dismissed = self._progress
            self.hide()
