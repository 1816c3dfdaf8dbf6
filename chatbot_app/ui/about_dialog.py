"""What this program is, whose work is in it, and what to send with the report of a fault."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from chatbot_app import __version__
from chatbot_app.core.paths import APPLICATION_NAME
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.icons import application_icon
from chatbot_app.ui.theme import em, scale_font, set_look


class AboutDialog(QDialog):
    """Name, version and licence; the texts of the licences and the diagnostics come when they have been read."""

    copy_requested = Signal()  # the diagnostics, to the clipboard

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about_dialog")
        self.setWindowTitle(self.tr("About {name}").format(name=APPLICATION_NAME))
        self._picture = QLabel(self)
        self._name = plain_label(self, "about_name", f"{APPLICATION_NAME} {__version__}")
        scale_font(self._name, 1.5, bold=True)
        self._purpose = plain_label(
            self,
            "about_purpose",
            self.tr("Answers from your own documents, and shows where every statement comes from."),
        )
        self._licence = plain_label(self, "about_licence", self.tr("Free software under the MIT licence."))
        set_look(self._licence, "muted")
        waiting = self.tr("Being read…")
        self._own = self._text("about_licence_text", self.tr("Licence"), waiting)
        self._third_party = self._text("about_third_party_text", self.tr("Licences of others"), waiting)
        self._diagnostics = self._text("about_diagnostics_text", self.tr("Diagnostics"), waiting)
        self._diagnostics.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("about_tabs")
        self._tabs.setAccessibleName(self.tr("Licences and diagnostics"))
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setObjectName("about_tab_bar")
        self._tabs.tabBar().setAccessibleName(self.tr("Licences and diagnostics"))
        for view in (self._third_party, self._own, self._diagnostics):
            self._tabs.addTab(view, view.accessibleName())
        self._copied = plain_label(self, "about_copied", "")
        set_look(self._copied, "muted")
        self._copy = dialog_button(self, "copy_diagnostics_button", self.tr("Copy diagnostics"))
        self._copy.setEnabled(False)
        self._copy.setToolTip(
            self.tr("Versions, counts and the newest lines of the log: no keys, nothing that you wrote.")
        )
        self._close = dialog_button(self, "close_about_button", self.tr("Close"))
        self._close.setDefault(True)
        self._build()
        self._connect()
        self._close.setFocus()  # not the first text: it would be framed as if it were to be written in

    def _text(self, name: str, title: str, words: str) -> QPlainTextEdit:
        view = QPlainTextEdit(words, self)
        view.setObjectName(name)
        view.setAccessibleName(title)
        view.setReadOnly(True)
        # Read with the keyboard: arrows scroll and select, Tab leaves.
        view.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        view.setTabChangesFocus(True)
        view.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        return view

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(em(self, 0.2))
        for label in (self._name, self._purpose, self._licence):
            words.addWidget(label)
        head = QHBoxLayout()
        head.setSpacing(em(self, 1))
        head.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(em(self, 0.5))
        buttons.addWidget(self._copy)
        buttons.addWidget(self._copied, 1)
        buttons.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(em(self, 1.2), em(self, 1.2), em(self, 1.2), em(self, 1))
        layout.setSpacing(em(self, 0.8))
        layout.addLayout(head)
        layout.addWidget(self._tabs, 1)
        layout.addLayout(buttons)
        self.resize(em(self, 46), em(self, 32))
        self._show_picture()

    def _connect(self) -> None:
        self._copy.clicked.connect(self.copy_requested)
        self._close.clicked.connect(self.accept)

    def show_licences(self, own: str, third_party: str) -> None:
        """Show the texts of the licences, literally."""
        self._own.setPlainText(own)
        self._third_party.setPlainText(third_party)

    def show_diagnostics(self, text: str) -> None:
        """Show the diagnostics: exactly what Copy puts onto the clipboard."""
        self._diagnostics.setPlainText(text)
        self._copy.setEnabled(True)

    def show_problem(self, words: str) -> None:
        """Say why what was to be read could not be."""
        self._copied.setText(words)

    @Slot()
    def show_copied(self) -> None:
        """Say that the diagnostics are on the clipboard."""
        self._copied.setText(self.tr("Copied."))

    def _show_picture(self) -> None:
        side = em(self, 4)
        self._picture.setPixmap(application_icon().pixmap(side, side))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_picture"):
            self._show_picture()
