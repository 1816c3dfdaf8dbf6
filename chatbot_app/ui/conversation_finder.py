"""The line in which conversations are looked for: reports what is typed after a pause, and offers filters."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QStringListModel, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QCompleter, QListView, QWidget

from chatbot_app.core.conversation_filter import (
    HAS_VALUES,
    IS_VALUES,
    NO_FOLDER,
    Field,
    filter_being_typed,
    written,
)
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.search_line import SearchLine

SEARCH_PAUSE_MS = 150
_MOST_OFFERED = 12
_DAYS = ("today", "yesterday", "7d", "30d", "1y")


class ConversationFinder(QObject):
    """Owns the line. `names` are what exists to be filtered by."""

    changed = Signal(str)  # "" when the search ended

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.line = SearchLine("conversation_search", words, parent)
        self.line.setToolTip(
            self.tr("Filters: folder: tag: model: before: after: has:sources is:pinned; - in front excludes.")
        )
        self._names: dict[Field, Sequence[str]] = {}
        self._pause = QTimer(self, interval=SEARCH_PAUSE_MS, singleShot=True)
        self._offered = QStringListModel(self)
        self._completer = QCompleter(self._offered, self)
        self._completer.setWidget(self.line)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._popup = QListView()
        self._popup.setObjectName("filter_offers")
        self._popup.setAccessibleName(self.tr("Filters"))
        self._completer.setPopup(self._popup)
        self._completer.activated.connect(self._take_offer)
        self.line.textChanged.connect(self._typed)
        self.line.textEdited.connect(self._offer)
        self._pause.timeout.connect(self._report)

    @property
    def words(self) -> str:
        """What is looked for."""
        return self.line.text().strip()

    def set_names(
        self,
        *,
        folders: Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
        models: Sequence[str] | None = None,
    ) -> None:
        """Say what there is to be filtered by; None leaves what was said."""
        for field, names in ((Field.FOLDER, folders), (Field.TAG, tags), (Field.MODEL, models)):
            if names is not None:
                self._names[field] = tuple(names)

    def offers(self) -> list[str]:
        """Return the filters that what is typed may become, as they are written."""
        _start, name, value = filter_being_typed(self.line.text(), self.line.cursorPosition())
        if value is None:
            fields = [field for field in Field if len(name) > 1 and field.startswith(name)]
            return [f"{field}:" for field in fields]
        if name not in {field.value for field in Field}:
            return []
        field = Field(name)
        known = [
            known for known in self._values(field) if value in known.casefold() and value != known.casefold()
        ]
        return [written(field, one) for one in known[:_MOST_OFFERED]]

    def _values(self, field: Field) -> Sequence[str]:
        match field:
            case Field.HAS:
                return HAS_VALUES
            case Field.IS:
                return IS_VALUES
            case Field.BEFORE | Field.AFTER:
                return _DAYS
            case Field.FOLDER:
                return (*self._names.get(field, ()), NO_FOLDER)
            case _:
                return self._names.get(field, ())

    @Slot(str)
    def _offer(self, _: str) -> None:
        offered = self.offers()
        self._offered.setStringList([visible_text(one) for one in offered])
        if offered:
            self._completer.complete()
        else:
            self._popup.hide()

    @Slot(str)
    def _take_offer(self, offer: str) -> None:
        text, cursor = self.line.text(), self.line.cursorPosition()
        start = filter_being_typed(text, cursor)[0]
        sign = "-" if text[start : start + 1] == "-" else ""
        end = "" if offer.endswith(":") else " "
        before = f"{text[:start]}{sign}{offer}{end}"
        self.line.setText(before + text[cursor:].lstrip())
        self.line.setCursorPosition(len(before))
        if not end:
            self._offer("")

    @Slot(str)
    def _typed(self, text: str) -> None:
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self._report()

    @Slot()
    def _report(self) -> None:
        self.changed.emit(self.words)
