"""Offers prompts by name while /name is typed at the start of a line of the composer, and characters in a new conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from chatbot_app.core.characters import Character
from chatbot_app.core.saved_prompts import SavedPrompt, offered
from chatbot_app.core.text import first_words
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.composer import Composer
from chatbot_app.ui.theme import em, set_look

_MOST_ROWS = 8  # that are seen at once
_BEGINNING = 60  # characters of a prompt beside its name
_TAKING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_OFFERED = Qt.ItemDataRole.UserRole


class PromptOffers(QObject):
    """A list above the line that is written. The composer keeps the keyboard: what is not offered is typed and sent."""

    prompt_chosen = Signal(object, int, int)  # SavedPrompt, and the positions between which /name stands
    character_chosen = Signal(object, int, int)  # Character, and the same

    def __init__(self, composer: Composer, takes_character: Callable[[], bool], parent: QObject) -> None:
        """`takes_character` says whether the open conversation is one to choose a character for."""
        super().__init__(parent)
        self._composer = composer
        self._edit = composer.text_field
        self._prompts: Sequence[SavedPrompt] = ()
        self._characters: Sequence[Character] = ()
        self._takes_character = takes_character
        self._is_typing = False  # what is recalled or given back is offered nothing
        self._refused: str | None = None  # what Escape was pressed at
        self._list = QListWidget(self._edit.window())
        self._list.setObjectName("prompt_offers")
        self._list.setAccessibleName(self.tr("Prompts and characters"))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setUniformItemSizes(True)
        set_look(self._list, "boxed")
        self._list.hide()
        self._list.itemClicked.connect(self._take)
        self._edit.installEventFilter(self)
        self._edit.textChanged.connect(self._offer)
        self._edit.cursorPositionChanged.connect(self._follow)

    def set_prompts(self, prompts: Sequence[SavedPrompt]) -> None:
        """Offer these."""
        self._prompts = tuple(prompts)

    def set_characters(self, characters: Sequence[Character]) -> None:
        """Offer these as well, in front of the prompts."""
        self._characters = tuple(characters)

    def _typed(self) -> tuple[str, int, int] | None:
        """Return what is typed behind the / and where it stands, / included; None where there is none."""
        cursor = self._edit.textCursor()
        before = self._edit.text_between(cursor.block().position(), cursor.position())
        if cursor.hasSelection() or not before.startswith("/"):
            return None
        return before[1:], cursor.block().position(), cursor.position()

    @Slot()
    def _offer(self) -> None:
        was_typing, self._is_typing = self._is_typing, False
        typed = self._typed()
        if typed is None or self._refused is None or not typed[0].startswith(self._refused):
            self._refused = None
        if typed is None or not was_typing or self._refused is not None:
            self._list.hide()
            return
        characters = self._characters if self._takes_character() else ()
        found: list[Character | SavedPrompt] = [
            *offered(characters, typed[0]),
            *offered(self._prompts, typed[0]),
        ]
        self._list.clear()
        for one in found:
            item = QListWidgetItem(self._words(one))
            item.setData(_OFFERED, one)
            self._list.addItem(item)
        self._list.setVisible(bool(found))
        if found:
            self._list.setCurrentRow(0)
            self._place()
            self._composer.show_hint(self.tr("Enter takes what is marked, Esc closes the list."))
        elif not self._prompts and not typed[0]:
            self._composer.show_hint(self.tr("You keep no prompts yet: Tools, Prompts… adds one."))

    def _words(self, one: Character | SavedPrompt) -> str:
        if isinstance(one, SavedPrompt):
            return f"{visible_text(one.name)}  ·  {visible_text(first_words(one.text, _BEGINNING))}"
        more = visible_text(first_words(one.description or one.settings.system_prompt, _BEGINNING))
        return "  ·  ".join(filter(None, (visible_text(one.name), self.tr("character"), more)))

    def _place(self) -> None:
        window = self._edit.window()
        self._list.raise_()
        corner = self._edit.mapTo(window, QPoint(0, self._edit.cursorRect().top()))
        frame = 2 * self._list.frameWidth() + em(self._edit, 0.3)
        height = min(self._list.count(), _MOST_ROWS) * self._list.sizeHintForRow(0) + frame
        gap = em(self._edit, 1)
        height = min(height, max(corner.y() - gap, frame))
        width = min(self._edit.width(), em(self._edit, 40))
        self._list.setGeometry(corner.x(), corner.y() - gap - height, width, height)

    @Slot()
    def _follow(self) -> None:
        if not self._list.isHidden() and self._typed() is None:
            self._list.hide()

    @Slot()
    def _take(self) -> None:
        item, typed = self._list.currentItem(), self._typed()
        self._list.hide()
        self._composer.clear_hint()
        if item is not None and typed is not None:
            one = item.data(_OFFERED)
            chosen = self.prompt_chosen if isinstance(one, SavedPrompt) else self.character_chosen
            chosen.emit(one, typed[1], typed[2])

    def _pressed(self, event: QKeyEvent) -> bool:
        """Take the keys of the list while it is shown."""
        self._is_typing = bool(event.text())
        if self._list.isHidden():
            return False
        key = Qt.Key(event.key())
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if not plain:
            return False
        if key in _STEPS:
            self._list.setCurrentRow((self._list.currentRow() + _STEPS[key]) % self._list.count())
        elif key in _TAKING:
            self._take()
        elif key == Qt.Key.Key_Escape:
            typed = self._typed()
            self._refused = typed[0] if typed is not None else None
            self._list.hide()
            self._composer.clear_hint()
        else:
            return False
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._edit:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._pressed(event)
            if event.type() == QEvent.Type.InputMethod:
                self._is_typing = True
            elif event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
                self._list.hide()
            elif event.type() == QEvent.Type.Resize and not self._list.isHidden():
                self._place()
        return super().eventFilter(watched, event)
