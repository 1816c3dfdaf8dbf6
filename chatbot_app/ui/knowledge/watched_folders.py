"""The watched folders below the documents: how each stands, when it was looked at, and Stop watching."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.knowledge.importing.folder_looks import FolderLook, FolderProblem
from chatbot_app.ui.dialog_parts import plain_label
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.knowledge.document_words import counted, one_line
from chatbot_app.ui.theme import em, scale_font, set_look

_SHOWN_ROWS = 3.5  # more are scrolled to


class WatchedFolderRow(QWidget):
    """One folder."""

    stop_requested = Signal(object)  # path, str

    def __init__(self, path: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("watched_folder")
        self._path = path
        name = one_line(PurePath(path).name or path)
        self._name = plain_label(self, "watched_name", name, shrinks=True)
        self._name.setToolTip("")
        self._state = plain_label(self, "watched_state", "", shrinks=True)
        scale_font(self._state, 0.9)
        self.stop_button = QPushButton(self.tr("Stop watching"), self)
        self.stop_button.setObjectName("stop_watching_button")
        self.stop_button.setAccessibleName(self.tr("Stop watching {name}").format(name=name))
        self.stop_button.setToolTip(self.tr("Its documents stay."))
        top = QHBoxLayout()
        top.setSpacing(em(self, 0.4))
        top.addWidget(self._name, 1)
        top.addWidget(self.stop_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.15), em(self, 0.2), em(self, 0.15))
        column.setSpacing(em(self, 0.1))
        column.addLayout(top)
        column.addWidget(self._state)
        self.stop_button.clicked.connect(self._stop)

    def words(self) -> str:
        """Return what is said of the folder."""
        return f"{self._name.text()} {self._state.text()}"

    def show_look(self, look: FolderLook) -> None:
        """Say how the folder stood at the last look."""
        words = self._words_of(look)
        if words != self._state.text():
            self._state.setText(words)
            self._state.setAccessibleName(words)
        set_look(self._state, "muted" if look.problem is FolderProblem.NONE else "warning")

    def _words_of(self, look: FolderLook) -> str:
        if look.looked_at is None:
            return self.tr("Not looked at yet.")
        moment = QDateTime.fromSecsSinceEpoch(int(look.looked_at.timestamp())).time()
        at = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        if look.problem is FolderProblem.UNREADABLE:
            return self.tr(
                "Cannot be read: {reason}. Its documents stay, nothing is removed. Looked at {at}."
            ).format(reason=one_line(look.detail), at=at)
        parts = [
            counted(look.documents, self.tr("1 file"), self.tr("{n} files")),
            self.tr("looked at {at}").format(at=at),
        ]
        if look.waiting:
            parts.append(
                counted(look.waiting, self.tr("1 is being written"), self.tr("{n} are being written"))
            )
        words = " · ".join(parts)
        if look.problem is FolderProblem.PARTLY:
            away = counted(
                look.out_of_reach, self.tr("1 file is out of reach"), self.tr("{n} files are out of reach")
            )
            why = (
                self.tr("“{folder}” cannot be read").format(folder=one_line(PurePath(look.detail).name))
                if look.detail
                else self.tr("another drive was here")
            )
            rest = self.tr("nothing is removed.")
            words += f"\n{away}: {why}; {rest}" if look.out_of_reach else f"\n{why}; {rest}"
        return words

    @Slot()
    def _stop(self) -> None:
        self.stop_requested.emit(self._path)


class WatchedFolders(QFrame):
    """Takes no room while no folder is watched; folded to one line until the person opens it."""

    stop_requested = Signal(object)  # path, str
    look_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("watched_folders")
        set_look(self, "card")
        self._rows: dict[str, WatchedFolderRow] = {}
        self._looks: list[FolderLook] = []
        self.fold_button = QToolButton(self)
        self.fold_button.setObjectName("watched_fold_button")
        self.fold_button.setCheckable(True)
        self.fold_button.setAutoRaise(True)
        self.fold_button.setArrowType(Qt.ArrowType.RightArrow)
        self.fold_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.fold_button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.look_button = IconButton(
            "refresh", self.tr("Look at the folders now"), "look_now_button", self, size=0.9
        )
        top = QHBoxLayout()
        top.addWidget(self.fold_button, 1)
        top.addWidget(self.look_button)
        inside = QWidget(self)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(em(self, 0.3), 0, 0, 0)
        self._column.setSpacing(em(self, 0.2))
        self._column.addStretch()
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("watched_scroll")
        self._scroll.setWidget(inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The card shows through.
        self._scroll.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self._scroll.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(em(self, 0.3), em(self, 0.2), em(self, 0.3), em(self, 0.2))
        column.setSpacing(em(self, 0.2))
        column.addLayout(top)
        column.addWidget(self._scroll)
        self.fold_button.toggled.connect(self._unfold)
        self.look_button.clicked.connect(self.look_requested)
        self.hide()

    @property
    def paths(self) -> list[str]:
        """The folders that are shown."""
        return list(self._rows)

    def row_of(self, path: str) -> WatchedFolderRow | None:
        """Return the row of a folder."""
        return self._rows.get(path)

    def words(self) -> str:
        """Return all that is said."""
        return " ".join([self.fold_button.text(), *(row.words() for row in self._rows.values())])

    def show_looks(self, looks: Sequence[FolderLook]) -> None:
        """Show how the folders stood at the last look; none hides the strip."""
        self._looks = list(looks)
        wanted = {look.folder.path for look in looks}
        for path in [path for path in self._rows if path not in wanted]:
            row = self._rows.pop(path)
            row.hide()
            row.deleteLater()
        for place, look in enumerate(looks):
            row = self._rows.get(look.folder.path) or self._new_row(place, look.folder.path)
            row.show_look(look)
        self.fold_button.setText(self._headline())
        self.fold_button.setAccessibleName(self._headline())
        self._fit()
        self.setVisible(bool(looks))

    def _headline(self) -> str:
        watched = counted(
            len(self._looks), self.tr("1 folder is watched"), self.tr("{n} folders are watched")
        )
        troubled = sum(look.problem is not FolderProblem.NONE for look in self._looks)
        if not troubled:
            return watched
        return (
            watched + " · " + counted(troubled, self.tr("1 is out of reach"), self.tr("{n} are out of reach"))
        )

    def _new_row(self, place: int, path: str) -> WatchedFolderRow:
        row = WatchedFolderRow(path, self._scroll.widget())
        row.stop_requested.connect(self.stop_requested)
        self._column.insertWidget(place, row)
        self._rows[path] = row
        return row

    def _fit(self) -> None:
        heights = [row.heightForWidth(max(1, self._scroll.viewport().width())) for row in self._rows.values()]
        heights = [
            max(height, row.sizeHint().height())
            for height, row in zip(heights, self._rows.values(), strict=True)
        ]
        most = round(_SHOWN_ROWS * em(self, 3.2))
        self._scroll.setFixedHeight(min(most, sum(heights) + em(self, 0.4) * max(1, len(heights))))

    @Slot(bool)
    def _unfold(self, unfolded: bool) -> None:
        arrow = Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow
        self.fold_button.setArrowType(arrow)
        self._scroll.setVisible(unfolded)
        self._fit()
