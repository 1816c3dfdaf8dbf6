"""Says that the program made a mistake, and lets the person go on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from chatbot_app.core.paths import APPLICATION_NAME
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.icons import icon
from chatbot_app.ui.theme import colors, em, scale_font, set_look


class CrashDialog(QDialog):
    """What happened in one sentence, whether everything is saved, and the ways on; Escape continues."""

    quit_requested = Signal()
    copy_requested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is that of the exception."""
        super().__init__(parent)
        self.setObjectName("crash_dialog")
        self.setWindowTitle(APPLICATION_NAME)
        self._sentence = plain_label(
            self,
            "crash_sentence",
            self.tr("The program made a mistake of its own ({name}).").format(name=name),
        )
        scale_font(self._sentence, 1.15, bold=True)
        self._saved = plain_label(self, "crash_saved", self.tr("Saving what you wrote…"))
        self._hint = plain_label(
            self,
            "crash_hint",
            self.tr(
                "You can continue. If something looks wrong, quit and start again. To report the mistake, "
                "copy the diagnostics: they hold no keys and nothing that you wrote."
            ),
        )
        set_look(self._hint, "muted")
        self._count = plain_label(self, "crash_count", "")
        set_look(self._count, "muted")
        self._count.hide()
        self._copy = dialog_button(self, "crash_copy_button", self.tr("Copy diagnostics"))
        self._quit = dialog_button(self, "crash_quit_button", self.tr("Quit"))
        self._continue = dialog_button(self, "crash_continue_button", self.tr("Continue"))
        self._continue.setDefault(True)
        self._build()
        self._connect()
        self._continue.setFocus()

    def _build(self) -> None:
        picture = QLabel(self)
        side = em(self, 2.2)
        picture.setPixmap(icon("warning", colors(self).warning).pixmap(side, side))
        words = QVBoxLayout()
        words.setSpacing(em(self, 0.5))
        for label in (self._sentence, self._saved, self._hint, self._count):
            words.addWidget(label)
        head = QHBoxLayout()
        head.setSpacing(em(self, 1))
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(em(self, 0.5))
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        buttons.addWidget(self._quit)
        buttons.addWidget(self._continue)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(em(self, 1.2), em(self, 1.2), em(self, 1.2), em(self, 1))
        layout.setSpacing(em(self, 1))
        layout.addLayout(head)
        layout.addLayout(buttons)
        self.setMinimumWidth(em(self, 34))

    def _connect(self) -> None:
        self._copy.clicked.connect(self.copy_requested)
        self._quit.clicked.connect(self.quit_requested)
        self._continue.clicked.connect(self.accept)

    def show_saved(self, *, is_saved: bool) -> None:
        """Say whether what was written is safe."""
        self._saved.setText(
            self.tr("Your conversations are saved, and so is what you were writing.")
            if is_saved
            else self.tr("What you were writing could not be saved: copy it before you quit.")
        )

    def show_count(self, count: int) -> None:
        """Say how many mistakes there were while this was open."""
        self._count.setText(self.tr("It has happened %n times.", "", count))
        self._count.setVisible(count > 1)

    @Slot(bool)
    def show_copied(self, is_copied: bool) -> None:
        """Say that the diagnostics are on the clipboard, or that they are not."""
        self._copy.setText(self.tr("Copied") if is_copied else self.tr("Could not be copied"))
        self._copy.setAccessibleName(self._copy.text())
