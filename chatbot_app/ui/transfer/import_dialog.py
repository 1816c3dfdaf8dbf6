"""The import of conversations: what will come, the import under way, and what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.messages import Notice
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.theme import em, set_look
from chatbot_app.ui.thin_bar import ThinBar
from chatbot_app.ui.transfer import import_words
from chatbot_app.ui.transfer.arrived_choice import ArrivedChoice
from chatbot_app.workers.transfer_lane import Preview

if TYPE_CHECKING:
    from chatbot_app.chat.transfer.importing import ImportSummary


class ImportDialog(QDialog):
    """Says what the person wants and does none of it. Closing it while something is under way stops that."""

    import_wanted = Signal(
        object, object
    )  # Preview, and the ids of what is wanted of it, None for everything
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_dialog")
        self.setWindowTitle(self.tr("Import conversations"))
        self._preview: Preview | None = None
        self._is_working = True
        self._found = plain_label(self, "import_found")
        self._comes = plain_label(self, "import_comes")
        self._bar = ThinBar("import_progress", self)
        self._choice = ArrivedChoice(self)
        self._left_title = plain_label(self, "import_left_out_title", self.tr("Left out"))
        self._left_out = QPlainTextEdit(self)
        self._import = dialog_button(self, "import_button", self.tr("Import"))
        self._close = dialog_button(self, "import_close_button", self.tr("Cancel"))
        self._build()
        self._import.clicked.connect(self._ask)
        self._choice.changed.connect(self._allow)
        self._close.clicked.connect(self.reject)
        self.begin()

    def _build(self) -> None:
        self._left_out.setObjectName("import_left_out")
        self._left_out.setAccessibleName(self.tr("What is left out, and why"))
        self._left_out.setReadOnly(True)
        self._left_out.setTabChangesFocus(True)
        self._left_out.setMaximumHeight(em(self, 7))
        set_look(self._import, "primary")
        set_look(self._left_title, "muted")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._import)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        margin = em(self, 1)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(em(self, 0.7))
        for widget in (self._found, self._comes, self._bar):
            column.addWidget(widget)
        column.addWidget(self._choice, 1)
        column.addWidget(self._left_title)
        column.addWidget(self._left_out)
        column.addLayout(buttons)
        self.resize(em(self, 44), em(self, 32))

    def begin(self) -> None:
        """Say that the files are looked into."""
        self._preview = None
        self._work(self.tr("Looking into the files…"))
        self._choice.set_rows(())
        self._show_left_out("")

    @Slot(int, int)
    def show_progress(self, done: int, total: int) -> None:
        """Say how far what is under way is."""
        if not self._is_working:
            return
        number = QLocale().toString(done)
        if total:
            self._bar.set_share(done / total)
            of = QLocale().toString(total)
            self._comes.setText(
                self.tr("{n} of {total} conversations").replace("{n}", number).replace("{total}", of)
            )
        else:
            self._comes.setText(self.tr("{n} conversation(s) so far").replace("{n}", number))

    @Slot(object)
    def show_preview(self, preview: Preview) -> None:
        """Say what would come, and offer to import it."""
        self._preview = preview
        self._choice.set_rows(preview.arrived, unlisted=preview.summary.conversations - len(preview.arrived))
        self._rest(preview.summary, is_done=False)
        self._import.setVisible(True)
        self._allow()
        self._close.setText(self.tr("Cancel") if preview.summary.coming else self.tr("Close"))
        (self._import if preview.summary.coming else self._close).setFocus()

    @Slot(object)
    def show_done(self, summary: ImportSummary) -> None:
        """Say what came."""
        self._rest(summary, is_done=True)
        if not summary.is_complete:
            stopped = self.tr(
                "The import was stopped. What came in stays; the same import again completes it."
            )
            self._found.setText(stopped)
        self._import.setVisible(False)
        self._close.setText(self.tr("Close"))
        self._close.setFocus()

    @Slot(object)
    def show_failure(self, notice: Notice) -> None:
        """Say why it ended."""
        self._is_working = False
        self._bar.setVisible(False)
        self._found.setText(notice.summary)
        self._comes.setText(notice.next_step)
        self._import.setVisible(False)
        self._close.setText(self.tr("Close"))
        self._close.setFocus()

    @property
    def is_working(self) -> bool:
        """Whether something is under way."""
        return self._is_working

    @Slot()
    def _ask(self) -> None:
        preview = self._preview
        if preview is None or self._is_working:
            return
        chosen = self._choice.chosen_ids()
        self._work(self.tr("Importing…"))
        self._choice.close_choice()
        self.import_wanted.emit(preview, chosen)

    @Slot()
    def _allow(self) -> None:
        preview = self._preview
        if preview is not None and not self._is_working:
            self._import.setEnabled(preview.summary.coming > 0 and self._choice.ticked > 0)

    def _work(self, words: str) -> None:
        self._is_working = True
        self._found.setText(words)
        self._comes.setText("")
        self._bar.set_share(0)
        self._bar.setVisible(True)
        self._import.setVisible(False)
        self._close.setText(self.tr("Cancel"))

    def _rest(self, summary: ImportSummary, *, is_done: bool) -> None:
        self._is_working = False
        self._bar.setVisible(False)
        self._found.setText(import_words.what_is_there(summary))
        self._comes.setText(import_words.what_comes(summary, is_done=is_done))
        self._comes.setVisible(bool(self._comes.text()))
        self._show_left_out(import_words.what_is_left_out(summary))

    def _show_left_out(self, words: str) -> None:
        self._left_out.setPlainText(words)
        self._left_title.setVisible(bool(words))
        self._left_out.setVisible(bool(words))

    def done(self, result: int) -> None:
        if self._is_working:
            self.stop_wanted.emit()
        super().done(result)
