"""What is typed while a message has the focus goes to the composer: nothing that is typed is lost."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Qt, Slot
from PySide6.QtGui import QInputMethodEvent, QKeyEvent

from chatbot_app.ui.chat.composer import Composer

_COMMANDS = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def is_typing(event: QKeyEvent) -> bool:
    """Whether a key writes something: letters, signs and space; AltGr is Control and Alt together."""
    text = event.text()
    if not text or not text.isprintable():
        return False
    held = event.modifiers()
    control = bool(held & Qt.KeyboardModifier.ControlModifier)
    return control == bool(held & Qt.KeyboardModifier.AltModifier) or not (control or held & _COMMANDS)


class TypingRedirect(QObject):
    """Gives the composer what was typed elsewhere, and the focus with the first text that is whole."""

    def __init__(self, composer: Composer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._composer = composer

    @Slot(str)
    def take_text(self, text: str) -> None:
        """Write text as if it had been typed in the composer."""
        self._composer.type_text(text)

    @Slot(object)
    def take_composition(self, event: object) -> None:
        """Show what an input method composes in the composer, and move there once it is done."""
        if not isinstance(event, QInputMethodEvent):
            return
        QCoreApplication.sendEvent(self._composer.text_field, event)
        if event.commitString() and not event.preeditString():
            self._composer.focus_text()
