"""Downloads under way: how far each is, how fast, how long it takes, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from chatbot_app.core.hub_models import DownloadStage, DownloadState
from chatbot_app.ui.dialog_parts import plain_label
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.models.hub_actions import HubActions
from chatbot_app.ui.models.model_words import DOT, one_line, size_words, time_words
from chatbot_app.ui.theme import em, scale_font, set_look
from chatbot_app.ui.thin_bar import ThinBar

_STOPPED = (DownloadStage.PAUSED, DownloadStage.FAILED)
_ENDED = (DownloadStage.FINISHED, DownloadStage.FAILED)


class DownloadRow(QFrame):
    """One download; it changes some times a second, and only its words and its bar do."""

    def __init__(self, state: DownloadState, number: int, actions: HubActions, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._state = state
        self.setObjectName(f"download_{number}")
        set_look(self, "card")
        self._title = plain_label(self, "", shrinks=True)
        self._words = plain_label(self, "", shrinks=True)
        self._words.setObjectName(f"download_words_{number}")
        scale_font(self._words, 0.9)
        self._bar = ThinBar(f"download_bar_{number}", self)
        self._toggle = IconButton("pause", self.tr("Pause"), f"download_toggle_{number}", self)
        self._cancel = IconButton("close", self.tr("Cancel"), f"download_cancel_{number}", self, size=0.9)
        self._use = QPushButton(self.tr("Use it"), self)
        self._use.setObjectName(f"download_use_{number}")
        self._use.setAutoDefault(False)
        set_look(self._use, "primary")
        row = QHBoxLayout()
        row.setSpacing(em(self, 0.2))
        row.addWidget(self._title, 1)
        for button in (self._use, self._toggle, self._cancel):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(em(self, 0.6), em(self, 0.3), em(self, 0.4), em(self, 0.4))
        column.setSpacing(em(self, 0.2))
        column.addLayout(row)
        column.addWidget(self._bar)
        column.addWidget(self._words)
        self._toggle.clicked.connect(self._pause_or_go_on)
        self._cancel.clicked.connect(self._cancel_or_dismiss)
        self._use.clicked.connect(self._ask_use)
        self.show_state(state)

    def show_state(self, state: DownloadState) -> None:
        """Show how it stands."""
        self._state = state
        title, stage = one_line(state.title), state.stage
        self._title.setText(title)
        words = self._describe(state)
        self._words.setText(words)
        self.setAccessibleName(f"{title}: {words}")
        self._bar.set_share(state.received / state.total if state.total else 0.0)
        self._bar.setVisible(stage is not DownloadStage.FINISHED)
        set_look(
            self._words,
            {DownloadStage.FAILED: "danger", DownloadStage.FINISHED: "success"}.get(stage, "muted"),
        )
        is_stopped = stage in _STOPPED
        again = self.tr("Try again") if stage is DownloadStage.FAILED else self.tr("Go on")
        self._toggle.set_icon(
            "refresh" if stage is DownloadStage.FAILED else "play" if is_stopped else "pause"
        )
        self._toggle.set_words(f"{again if is_stopped else self.tr('Pause')}: {title}")
        self._toggle.setVisible(stage not in (DownloadStage.FINISHED, DownloadStage.CHECKING))
        self._use.setVisible(stage is DownloadStage.FINISHED)
        self._use.setAccessibleName(self.tr("Use {name}").replace("{name}", title))
        dismiss = self.tr("Close") if stage in _ENDED else self.tr("Cancel and delete what has arrived")
        self._cancel.set_words(f"{dismiss}: {title}")

    def _describe(self, state: DownloadState) -> str:
        note = one_line(state.note)
        received, total = size_words(state.received), size_words(state.total)
        of = (
            self.tr("{received} of {total}").format(received=received, total=total)
            if state.total
            else received
        )
        match state.stage:
            case DownloadStage.QUEUED:
                return self.tr("Waits for the others.")
            case DownloadStage.ASKING:
                return note or self.tr("Asking for size and checksum…")
            case DownloadStage.RECEIVING:
                speed = ""
                if state.bytes_per_second > 0:
                    speed = self.tr("{size}/s").format(size=size_words(round(state.bytes_per_second)))
                left = state.seconds_left
                time_left = self.tr("{time} left").format(time=time_words(left)) if left is not None else ""
                return DOT.join(filter(None, (of, speed, time_left, note)))
            case DownloadStage.PAUSED_BY_SERVER:
                return DOT.join(filter(None, (of, note or self.tr("The server asks for a pause."))))
            case DownloadStage.CHECKING:
                return self.tr("All is here; it is being checked…")
            case DownloadStage.PAUSED:
                return DOT.join(filter(None, (self.tr("Paused"), of, note)))
            case DownloadStage.FINISHED:
                return note or self.tr("Ready: {size}").format(size=total)
            case DownloadStage.FAILED:
                return note or self.tr("It failed.")

    @Slot()
    def _pause_or_go_on(self) -> None:
        is_stopped = self._state.stage in _STOPPED
        wish = self._actions.resume_requested if is_stopped else self._actions.pause_requested
        wish.emit(self._state.id)

    @Slot()
    def _cancel_or_dismiss(self) -> None:
        has_ended = self._state.stage in _ENDED
        (self._actions.dismissed if has_ended else self._actions.cancel_requested).emit(self._state.id)

    @Slot()
    def _ask_use(self) -> None:
        self._actions.use_requested.emit(self._state.id)


class DownloadsView(QWidget):
    """All of them, the newest last; takes no room while there is none."""

    def __init__(self, actions: HubActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("downloads_view")
        self.setAccessibleName(self.tr("Downloads"))
        self._actions = actions
        self._rows: dict[str, DownloadRow] = {}
        self._made = 0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(em(self, 0.4))
        self.hide()

    def show_downloads(self, states: Sequence[DownloadState]) -> None:
        """Show these, in their order."""
        wanted = {state.id: state for state in states}
        for id_ in [id_ for id_ in self._rows if id_ not in wanted]:
            row = self._rows.pop(id_)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for id_, state in wanted.items():
            if id_ in self._rows:
                self._rows[id_].show_state(state)
            else:
                self._rows[id_] = DownloadRow(state, self._made, self._actions, self)
                self._made += 1
                self._column.addWidget(self._rows[id_])
        self.setVisible(bool(wanted))
