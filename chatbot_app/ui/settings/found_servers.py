"""Servers that already run on this computer, each with a button that uses it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from chatbot_app.core.model_names import shown_name
from chatbot_app.core.text import shortened
from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.found_servers import FoundServer
from chatbot_app.ui.theme import em, set_look

_NAMED = 3  # models that the tooltip names
_LONGEST_NAME = 40


def words_of(found: FoundServer) -> str:
    """Return the sentence that offers a server, and says which of its models is in memory."""
    name, count = visible_text(found.name), len(found.models)
    if found.needs_key:
        words = QCoreApplication.translate("FoundServers", "{name} runs on this computer and asks for a key.")
    elif count == 0:
        words = QCoreApplication.translate(
            "FoundServers", "{name} runs on this computer and has no model yet."
        )
    elif count == 1:
        words = QCoreApplication.translate("FoundServers", "{name} runs on this computer, with one model.")
    else:
        words = QCoreApplication.translate("FoundServers", "{name} runs on this computer, with {n} models.")
    if found.loaded and not found.needs_key:
        words += " " + QCoreApplication.translate("FoundServers", "{model} is loaded.")
    return words.format(name=name, n=count, model=_short(found.loaded[0] if found.loaded else ""))


def models_of(found: FoundServer) -> str:
    """Return the first names of a server's models, loaded ones before others; "" where it has none."""
    ordered = list(dict.fromkeys((*found.loaded, *found.models)))
    return ", ".join(map(_short, ordered[:_NAMED])) + (", …" if len(found.models) > _NAMED else "")


def _short(name: str) -> str:
    return shortened(shown_name(name), _LONGEST_NAME)


class FoundServers(QFrame):
    """Takes no room while there is nothing to offer."""

    chosen = Signal(object)  # FoundServer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("found_servers")
        self.setAccessibleName(self.tr("Servers that run on this computer"))
        set_look(self, "notice-info")
        self._found: tuple[FoundServer, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(em(self, 0.7), em(self, 0.5), em(self, 0.5), em(self, 0.5))
        self._column.setSpacing(em(self, 0.3))
        self.hide()

    @property
    def found(self) -> tuple[FoundServer, ...]:
        """What is offered."""
        return self._found

    def show_found(self, found: Sequence[FoundServer]) -> None:
        """Offer these, and nothing else."""
        if tuple(found) == self._found:
            return
        self._found = tuple(found)
        while self._column.count():
            item = self._column.takeAt(0)
            row = item.widget() if item is not None else None
            if row is not None:
                row.hide()
                row.deleteLater()
        for place, server in enumerate(self._found):
            self._column.addWidget(_Row(place, server, self))
        self.setVisible(bool(self._found))

    @Slot()
    def choose_sender(self) -> None:
        """Use the server whose button was pressed."""
        button = self.sender()
        place = button.property("place") if button is not None else None
        if isinstance(place, int) and place < len(self._found):
            self.chosen.emit(self._found[place])


class _Row(QWidget):
    def __init__(self, place: int, server: FoundServer, owner: FoundServers) -> None:
        super().__init__(owner)
        words = QLabel(words_of(server), self)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setToolTip(models_of(server))
        use = QPushButton(
            owner.tr("Enter the key…") if server.needs_key else owner.tr("Use it"),
            self,
        )
        use.setObjectName(f"found_server_{place}")
        use.setAccessibleName(owner.tr("Use {name}").format(name=visible_text(server.name)))
        use.setAccessibleDescription(words.text())
        use.setAutoDefault(False)
        use.setProperty("place", place)
        use.clicked.connect(owner.choose_sender)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(words, 1)
        row.addWidget(use)
