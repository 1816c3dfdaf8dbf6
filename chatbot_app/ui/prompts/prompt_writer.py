"""Puts a chosen prompt into the composer: asks for its variables first, where it has any."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QDate, QLocale, QObject, Slot
from PySide6.QtGui import QGuiApplication

from chatbot_app.core.prompt_template import CLIPBOARD, DATE, fill, variables
from chatbot_app.core.saved_prompts import SavedPrompt, template_of
from chatbot_app.core.text import clean_text
from chatbot_app.ui.chat.composer import Composer


class PromptWriter(QObject):
    """`today` is what {{date}} stands for."""

    def __init__(
        self, composer: Composer, parent: QObject, today: Callable[[], QDate] = QDate.currentDate
    ) -> None:
        super().__init__(parent)
        self._composer = composer
        self._today = today

    @Slot(object, int, int)
    def write(self, prompt: SavedPrompt, start: int, end: int) -> None:
        """Put the text of a prompt in place of what stands between two positions."""
        template = template_of(prompt)
        asked = variables(template)
        typed = self._composer.text_field.text_between(start, end)

        def put(values: dict[str, str]) -> None:
            self._put(fill(template, values, {CLIPBOARD: _copied, DATE: self._date}), start, end, typed)

        if not asked:
            put({})
            return
        from chatbot_app.ui.prompts.fill_dialog import PromptFillDialog

        dialog = PromptFillDialog(prompt.name, asked, self._composer.window())
        dialog.filled.connect(put)
        dialog.finished.connect(self._composer.focus_text)
        dialog.open()

    def _put(self, text: str, start: int, end: int, typed: str) -> None:
        edit = self._composer.text_field
        # The draft may have changed while the dialog was open; then nothing of it is replaced.
        if edit.text_between(start, end) != typed:
            start = end = edit.textCursor().position()
        edit.replace_between(start, end, text)
        self._composer.focus_text()

    def _date(self) -> str:
        return QLocale().toString(self._today(), QLocale.FormatType.LongFormat)


def _copied() -> str:
    return clean_text(QGuiApplication.clipboard().text())
