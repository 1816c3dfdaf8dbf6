"""Asks before an address from an answer is opened, and shows where it really leads."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.links import TrueAddress, true_address
from chatbot_app.ui.theme import em, scale_font, set_look


class LinkDialog(QDialog):
    """Shows the true host of an http(s) address; accepted means "open it". It opens nothing itself."""

    def __init__(self, address: TrueAddress, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("link_dialog")
        self.setWindowTitle(self.tr("Open a link"))
        self._address = address
        layout = QVBoxLayout(self)
        layout.setSpacing(em(self, 0.6))
        layout.setContentsMargins(em(self, 1.2), em(self, 1.2), em(self, 1.2), em(self, 1))
        layout.addWidget(self._label(self.tr("This link opens in your browser. It leads to:")))
        host = self._label(address.host, "link_host")
        scale_font(host, 1.35, bold=True)
        layout.addWidget(host)
        for words in self._warnings():
            warning = self._label(words, "link_warning")
            set_look(warning, "warning")
            layout.addWidget(warning)
        whole = self._label(_breakable(address.address), "link_address")
        set_look(whole, "muted")
        layout.addWidget(whole)
        buttons = QDialogButtonBox(self)
        opening = buttons.addButton(self.tr("Open in browser"), QDialogButtonBox.ButtonRole.AcceptRole)
        copying = buttons.addButton(self.tr("Copy address"), QDialogButtonBox.ButtonRole.ActionRole)
        cancel = buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        for button, name in ((opening, "open_link_button"), (copying, "copy_link_button")):
            button.setObjectName(name)
            button.setAccessibleName(button.text())
        cancel.setObjectName("cancel_link_button")
        cancel.setAccessibleName(cancel.text())
        cancel.setDefault(True)
        copying.clicked.connect(self._copy)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addSpacing(em(self, 0.4))
        layout.addWidget(buttons)
        self.setMinimumWidth(em(self, 26))

    @property
    def url(self) -> QUrl:
        """The address to open, as the network sees it."""
        return _as_url(self._address)

    def _label(self, text: str, name: str = "") -> QLabel:
        label = QLabel(text, self)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _warnings(self) -> list[str]:
        found = []
        if "international" in self._address.warnings:
            found.append(
                self.tr("The name is written “{name}”; letters that look alike may not be the same.").format(
                    name=visible_text(self._address.shown_host)
                )
            )
        if "user" in self._address.warnings:
            found.append(self.tr("What stands before the @ is not the place that it leads to."))
        if "plain" in self._address.warnings:
            found.append(self.tr("The connection is not encrypted."))
        return found

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._address.address)


def link_dialog(address: str, parent: QWidget | None = None) -> LinkDialog | None:
    """Return the dialog for an address, or None if it is one that is never opened."""
    found = true_address(address)
    if found is None or _as_url(found).host(QUrl.ComponentFormattingOption.FullyEncoded) != found.host:
        return None  # nothing is opened whose host two readers of addresses see differently
    return LinkDialog(found, parent)


def offer_link(address: str, window: QWidget) -> None:
    """Ask above a window whether to open an address in the browser; one that is never opened is not asked about."""
    dialog = link_dialog(address, window)
    if dialog is not None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: QDesktopServices.openUrl(dialog.url))
        dialog.open()


def _as_url(address: TrueAddress) -> QUrl:
    # From the encoded form: Qt would map the letters of a host by itself.
    return QUrl.fromEncoded(address.address.encode("ascii"))


def _breakable(address: str) -> str:
    """Return the address with places where a line may end; at most 600 characters of it."""
    shown = visible_text(address[:600]) + ("…" if len(address) > 600 else "")
    return "".join(character + "\u200b" if character in "/?&=-_." else character for character in shown)
