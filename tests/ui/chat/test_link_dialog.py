"""An address from a text is opened when a person says so, and never else."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.ui.chat.link_dialog import LinkDialog, offer_link


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[QUrl]:
    addresses: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", addresses.append)
    return addresses


@pytest.mark.parametrize("is_wanted", [True, False])
def test_an_address_is_opened_when_the_dialog_is_accepted(
    is_wanted: bool, opened: list[QUrl], qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    offer_link("https://example.org/a?b=c", window)
    [dialog] = window.findChildren(LinkDialog)
    assert opened == []
    if is_wanted:
        dialog.accept()
    else:
        dialog.reject()
    qtbot.waitUntil(lambda: window.findChildren(LinkDialog) == [])
    assert opened == ([QUrl("https://example.org/a?b=c")] if is_wanted else [])


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)"])
def test_what_is_never_opened_is_not_asked_about(address: str, opened: list[QUrl], qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    offer_link(address, window)
    assert window.findChildren(LinkDialog) == []
    assert opened == []
