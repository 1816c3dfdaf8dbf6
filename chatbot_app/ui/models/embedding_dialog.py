"""The window in which a person chooses what searches the documents: try a model, move the library, go back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.dropped_files import DroppedFiles
from chatbot_app.ui.models.embedding_form import EmbeddingForm
from chatbot_app.ui.models.embedding_offers import EmbeddingOffer, EmbeddingWish
from chatbot_app.ui.models.kept_vectors import KeptVectorsView
from chatbot_app.ui.models.model_words import one_line, time_words
from chatbot_app.ui.models.said_line import SaidLine
from chatbot_app.ui.theme import em, scale_font, set_look

if TYPE_CHECKING:
    from chatbot_app.chat.library_move import KeptVectors
    from chatbot_app.knowledge.embedding_choice import EmbeddingTrial

_WIDTH, _HEIGHT = 44, 48  # lines of text, where there is room


class EmbeddingDialog(QDialog):
    """Not modal: a move takes minutes, and one may go on asking meanwhile."""

    try_requested = Signal(object)  # EmbeddingWish
    move_requested = Signal()  # to what was tried, or to the model that ships
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("embedding_dialog")
        self.setWindowTitle(self.tr("Model for searching documents"))
        self._now = plain_label(self, "embedding_now", shrinks=True)
        scale_font(self._now, 1.1, bold=True)
        intro = self.tr(
            "An embedding model turns texts into vectors: what means the same lies near. It is tried first; then vectors of"
            " all documents are made beside the old ones, which are searched until the new ones are whole."
        )
        self._intro = plain_label(self, "embedding_intro", intro, shrinks=True)
        set_look(self._intro, "muted")
        self.form = EmbeddingForm(self)
        self._warning = plain_label(self, "embedding_warning", shrinks=True)
        set_look(self._warning, "warning")
        self._try = dialog_button(self, "embedding_try_button", self.tr("Try it"))
        self._move = dialog_button(self, "embedding_move_button", self.tr("Move the library"))
        set_look(self._move, "primary")
        self._said = SaidLine("embedding_said", self)
        self._progress = QProgressBar(self)
        self._progress.setObjectName("embedding_progress")
        self._progress.setAccessibleName(self.tr("Passages that have their new vectors"))
        self._progress.setTextVisible(False)
        self._told = plain_label(self, "embedding_told", shrinks=True)
        self._stop = dialog_button(self, "embedding_stop_button", self.tr("Stop"))
        self.kept = KeptVectorsView(self)
        self._close = dialog_button(self, "embedding_close_button", self.tr("Close"))
        self._tried: EmbeddingWish | None = None
        self._is_trying = self._is_moving = False
        self._build()
        self._connect()
        room = self.screen().availableGeometry().size() if self.screen() is not None else self.size()
        self.resize(min(em(self, _WIDTH), room.width()), min(em(self, _HEIGHT), room.height()))
        self._allow()

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(em(self, 0.5))
        buttons.addStretch(1)
        buttons.addWidget(self._try)
        buttons.addWidget(self._move)
        moving = QHBoxLayout()
        moving.setSpacing(em(self, 0.5))
        moving.addWidget(self._progress, 1)
        moving.addWidget(self._stop)
        line = QFrame(self)
        line.setFixedHeight(1)
        set_look(line, "line")
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self._close)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        margin = em(self, 0.9)
        column.setContentsMargins(margin, margin, margin, 0)
        column.setSpacing(em(self, 0.55))
        for widget in (self._now, self._intro, self.form, self._warning):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addWidget(self._said)
        column.addLayout(moving)
        column.addWidget(self._told)
        column.addWidget(line)
        column.addWidget(self.kept, 1)
        scroll = QScrollArea(self)
        scroll.setObjectName("embedding_scroll")
        scroll.setAccessibleName(self.windowTitle())
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, margin)
        whole.addWidget(scroll, 1)
        last.setContentsMargins(margin, 0, margin, 0)
        whole.addLayout(last)

    def _connect(self) -> None:
        self.form.changed.connect(self._forget_trial)
        self._try.clicked.connect(self._ask_try)
        self._move.clicked.connect(self.move_requested)
        self._stop.clicked.connect(self.stop_requested)
        self._close.clicked.connect(self.close)
        DroppedFiles(self).dropped.connect(self.form.files_chosen)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self).activated.connect(self.close)

    # --- what is shown -----------------------------------------------------------------------------------

    def show_offers(self, offers: Sequence[EmbeddingOffer], now: str, chosen: str = "") -> None:
        """Offer models; `now` is the name of the one that makes the vectors."""
        name = one_line(now)[:80]
        self._now.setText(self.tr("Documents are searched with {name}").replace("{name}", name))
        self.form.show_offers(offers, chosen)
        self._allow()

    def show_kept(self, kept: Sequence[tuple[KeptVectors, str]]) -> None:
        """Show which vectors are stored, each with the name of its model."""
        self.kept.show_kept(kept, is_moving=self._is_moving)

    def show_trying(self) -> None:
        """Say that a model is being asked."""
        self._is_trying = True
        self.say(self.tr("The model is loaded and tried…"))
        self._allow()

    def show_trial(self, wish: EmbeddingWish, trial: EmbeddingTrial) -> None:
        """Say how a model did."""
        self._is_trying = False
        self._tried = wish if wish == self.form.wish() else None
        number = QLocale().toString
        words = self.tr(
            "{dimension} numbers a vector, {time} ms a text. Nearness of the sentence to the one that says the same:"
            " {near}, to the other one: {far}."
        ).format(
            dimension=trial.choice.dimension,
            time=number(1000 * trial.seconds, "f", 1),
            near=number(trial.near, "f", 2),
            far=number(trial.far, "f", 2),
        )
        tells = trial.near > trial.far
        if not tells:
            words += " " + self.tr("It does not tell your sentences apart.")
        self.say(words, "success" if tells else "warning")
        self._allow()

    def show_failure(self, words: str) -> None:
        """Say what went wrong with a trial or a move."""
        self._is_trying = False
        self.say(words, "danger")
        self._allow()

    def show_moving(self, name: str, done: int, total: int, seconds_left: float | None) -> None:
        """Show how far a move is, in passages."""
        self._is_moving = True
        self._progress.setRange(0, max(total, 1))
        self._progress.setValue(done)
        locale = QLocale()
        words = self.tr("Moving to {name}: {done} of {total} passages").replace("{name}", one_line(name)[:60])
        words = words.replace("{done}", locale.toString(done)).replace("{total}", locale.toString(total))
        if seconds_left is not None and done < total:
            words += self.tr(", {time} left").format(time=time_words(seconds_left))
        self._told.setText(words)
        self._allow()

    def show_rest(self) -> None:
        """Show that no move is under way."""
        self._is_moving = False
        self._tried = None
        self._allow()

    def say(self, words: str, look: str = "muted") -> None:
        """Show a sentence, "" none."""
        self._said.say(words, look)

    @Slot()
    def _forget_trial(self) -> None:
        self._tried = None
        self._allow()

    def _allow(self) -> None:
        wish = self.form.wish()
        is_free = not self._is_moving and not self._is_trying
        self._try.setEnabled(is_free and wish is not None)
        self._move.setEnabled(
            is_free and (self.form.is_shipping() or (wish is not None and wish == self._tried))
        )
        needs = "" if self._move.isEnabled() or not is_free else self.tr("Try it first.")
        self._move.setToolTip(needs)
        for widget in (self._progress, self._told, self._stop):
            widget.setVisible(self._is_moving)
        offer = self.form.offer()
        leaves = offer is not None and offer.server is not None and offer.leaves_computer()
        self._warning.setVisible(leaves)
        if leaves and offer is not None and offer.server is not None:
            words = self.tr("The texts of all documents, and your questions, are sent to {server}.")
            self._warning.setText(words.replace("{server}", one_line(offer.server.name)))

    @Slot()
    def _ask_try(self) -> None:
        wish = self.form.wish()
        if wish is not None:
            self.try_requested.emit(wish)
