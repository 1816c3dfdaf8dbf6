"""A vocabulary that is learnt from the person's text, and looked at piece by piece."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.messages import Notice
from chatbot_app.lab.token_counts import sentences
from chatbot_app.lab.training_tokens import Learner, LearntVocabulary, learn, text_of
from chatbot_app.ui.calm_fields import CalmSlider
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.file_dialogs import opening_dialog, saving_dialog
from chatbot_app.ui.lab.box_flow import Box, BoxFlow
from chatbot_app.ui.lab.long_text_edit import LongTextField
from chatbot_app.ui.lab.token_words import piece_words
from chatbot_app.ui.theme import em, set_least_size, set_look
from chatbot_app.workers.lab_services import LabServices, Progress

_PAUSE_MS = 300
_HEAD = 1_500  # characters that are drawn
_SIZES = (50, 10_000, 500)  # least, most and usual vocabulary


class TrainTokensTab(QWidget):
    """Learns off the GUI thread when text, method or size change; a slider goes through what was learnt."""

    def __init__(self, services: LabServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._learnt: LearntVocabulary | None = None
        self._text = LongTextField("train_text", self.tr("Text to learn from"), self)
        self._open = QPushButton(self.tr("Open a text…"), self)
        self._open.setObjectName("train_open")
        self._learner = ComboBox(self)
        self._learner.setObjectName("train_learner")
        self._learner.setAccessibleName(self.tr("Method"))
        for learner, words in (
            (Learner.BYTE_PAIRS, self.tr("Byte-pair encoding")),
            (Learner.WORD_PIECE, self.tr("WordPiece")),
            (Learner.UNIGRAM, self.tr("Unigram")),
        ):
            self._learner.addItem(words, learner)
        self._size, self._size_words = self._slider("train_size", self.tr("Size of the vocabulary"))
        self._size.setRange(*_SIZES[:2])
        self._size.setPageStep(500)
        self._size.setValue(_SIZES[2])
        self._said = QLabel(self)
        self._said.setObjectName("train_said")
        self._said.setWordWrap(True)
        self._step, self._step_words = self._slider("train_step", self.tr("Learnt so far"))
        self._names = QStringListModel(self)
        self._list = QListView(self)
        self._list.setObjectName("train_pieces")
        self._list.setAccessibleName(self.tr("What was learnt, in order"))
        self._list.setModel(self._names)
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        set_look(self._list, "boxed")
        self._boxes = BoxFlow("train_boxes", self.tr("The text with what is learnt so far"), self)
        self._keep = QPushButton(self.tr("Save as tokenizer.json…"), self)
        self._keep.setObjectName("train_save")
        for button in (self._open, self._keep):
            button.setAccessibleName(button.text())
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._build()
        self._connect()
        self._text.edit.setPlainText("\n".join(text for _, text in sentences()[:8]))
        self._show_size(self._size.value())

    def _slider(self, name: str, words: str) -> tuple[QSlider, QLabel]:
        slider = CalmSlider(Qt.Orientation.Horizontal, self)
        slider.setObjectName(name)
        slider.setAccessibleName(words)
        label = QLabel(self)
        label.setObjectName(f"{name}_words")
        set_least_size(label, 11)
        return slider, label

    def _build(self) -> None:
        head, below = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._learner)
        head.addWidget(self._size_words)
        head.addWidget(self._size, 1)
        head.addWidget(self._open)
        below.addWidget(self._step_words)
        below.addWidget(self._step, 1)
        below.addWidget(self._keep)
        area = QScrollArea(self)
        area.setObjectName("train_area")
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget(area)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, em(self, 0.4), 0)
        column.addWidget(self._boxes)
        column.addStretch(1)
        area.setWidget(inside)
        halves = QHBoxLayout()
        halves.addWidget(self._list, 2)
        halves.addWidget(area, 3)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, em(self, 0.6), 0, 0)
        whole.setSpacing(em(self, 0.5))
        whole.addLayout(head)
        whole.addWidget(self._text, 1)
        whole.addWidget(self._said)
        whole.addLayout(below)
        whole.addLayout(halves, 3)

    def _connect(self) -> None:
        self._text.edit.textChanged.connect(self._pause.start)
        self._learner.currentIndexChanged.connect(self._begin)
        self._size.valueChanged.connect(self._show_size)
        self._pause.timeout.connect(self._begin)
        self._step.valueChanged.connect(self._show_step)
        self._list.selectionModel().currentChanged.connect(self._follow_list)
        self._open.clicked.connect(self._ask_text)
        self._keep.clicked.connect(self._ask_place)

    @Slot(int)
    def _show_size(self, size: int) -> None:
        self._size_words.setText(self.tr("Vocabulary of {size}").format(size=f"{size:,}"))
        self._pause.start()

    @Slot()
    def _begin(self) -> None:
        if not self.isVisible():
            return
        self._pause.stop()
        text, size = self._text.edit.toPlainText(), self._size.value()
        if not text.strip():
            self._services.cancel("train")
            self._show_nothing()
            return
        learner = Learner(self._learner.currentData())
        set_look(self._said, "muted")
        self._said.setText(self.tr("Learning…"))

        def job(progress: Progress) -> tuple[LearntVocabulary, list[str]]:
            learnt = learn(text, learner, size, progress.check)
            return learnt, [piece_words(number, piece) for number, piece in enumerate(learnt.pieces, start=1)]

        self._services.run(job, self._show, self._fail, topic="train")

    def _show(self, found: tuple[LearntVocabulary, list[str]]) -> None:
        self._learnt, names = found
        pieces = len(self._learnt.pieces)
        set_look(self._said, "")
        self._said.setText(
            self.tr("{letters} letters, and {pieces} pieces that were learnt.").format(
                letters=f"{self._learnt.letters:,}", pieces=f"{pieces:,}"
            )
        )
        self._names.setStringList(names)
        self._step.setRange(0, pieces)
        self._step.setValue(pieces)
        self._keep.setEnabled(True)
        self._show_step(pieces)

    def _fail(self, notice: Notice) -> None:
        self._show_nothing()
        set_look(self._said, "danger")
        self._said.setText(notice.summary)

    def _show_nothing(self) -> None:
        self._learnt = None
        self._names.setStringList([])
        self._step.setRange(0, 0)
        self._step_words.setText("")
        self._boxes.show_boxes([])
        self._keep.setEnabled(False)
        set_look(self._said, "muted")
        self._said.setText(self.tr("Write a text to learn from, or open one."))

    @Slot(int)
    def _show_step(self, count: int) -> None:
        learnt = self._learnt
        if learnt is None:
            return
        self._step_words.setText(
            self.tr("Learnt {count} of {all}").format(count=f"{count:,}", all=f"{len(learnt.pieces):,}")
        )
        if count:
            self._list.setCurrentIndex(self._names.index(count - 1))
        text = self._text.edit.toPlainText()
        newest = learnt.pieces[count - 1] if count else None

        def job(_: Progress) -> tuple[list[Box], int, int]:
            tokenizer = learnt.after(count)
            head = tokenizer.encode(text[:_HEAD])
            boxes = [Box(token.text, f"Id {token.id}") for token in tokenizer.shown(head, 0, len(head))]
            return boxes, tokenizer.count(text), text.count(newest.as_text()) if newest else 0

        self._services.run(job, self._show_text, self._fail, topic="step")

    def _show_text(self, found: tuple[list[Box], int, int]) -> None:
        boxes, tokens, times = found
        self._boxes.show_boxes(boxes)
        words = [self.tr("{tokens} tokens for the whole text").format(tokens=f"{tokens:,}")]
        if times:
            words.append(self.tr("the newest piece stands in it: {times} ×").format(times=f"{times:,}"))
        learnt = self._learnt
        if learnt is not None:
            head = self.tr("{letters} letters, and {pieces} pieces that were learnt").format(
                letters=f"{learnt.letters:,}", pieces=f"{len(learnt.pieces):,}"
            )
            self._said.setText(" · ".join([head, *words]))

    @Slot(QModelIndex, QModelIndex)
    def _follow_list(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self._step.setValue(current.row() + 1)

    @Slot()
    def _ask_text(self) -> None:
        kinds = [self.tr("Texts (*.txt *.md *.csv)"), self.tr("All files (*)")]
        dialog = opening_dialog(self, "train_text_dialog", self.tr("Open a text"), kinds)
        dialog.fileSelected.connect(self._read_chosen)
        dialog.open()

    @Slot(str)
    def _read_chosen(self, path: str) -> None:
        self.read_text(Path(path))

    def read_text(self, path: Path) -> None:
        """Learn from a file: UTF-8, or what else it can be read as; at most 20 MB of it."""
        self._services.run(lambda _: text_of(path), self._text.edit.setPlainText, self._fail, topic="file")

    @Slot()
    def _ask_place(self) -> None:
        title, kind = self.tr("Save the tokenizer"), self.tr("Tokenizers (*.json)")
        dialog = saving_dialog(self, "train_save_dialog", title, kind, "tokenizer.json")
        dialog.fileSelected.connect(self._save_chosen)
        dialog.open()

    @Slot(str)
    def _save_chosen(self, path: str) -> None:
        self.save(Path(path))

    def save(self, path: Path) -> None:
        """Write what was learnt as a tokenizer.json."""
        learnt = self._learnt
        if learnt is not None:
            self._services.run(
                lambda _: path.write_text(learnt.to_json(), encoding="utf-8"),
                self._say_saved,
                self._say_unsaved,
                topic="save",
            )

    def _say_saved(self, _: object) -> None:
        set_look(self._said, "success")
        self._said.setText(self.tr("Saved. It can be chosen as a tokenizer from a file."))

    def _say_unsaved(self, notice: Notice) -> None:
        set_look(self._said, "danger")
        self._said.setText(notice.summary)

    # --- Qt ------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._learnt is None:
            self._pause.start()
