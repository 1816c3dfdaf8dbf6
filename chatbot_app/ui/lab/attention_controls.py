"""What is looked at on the page of attention: a model, a text or two, a mask, a layer and a head."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from chatbot_app.lab.attention import Part
from chatbot_app.lab.attention_look import AttentionSource, SourceKind
from chatbot_app.ui.calm_fields import CalmSpinBox
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.lab.attention_picture import ALL_HEADS
from chatbot_app.ui.lab.long_text_edit import LongTextField
from chatbot_app.ui.theme import em, set_least_size

_PAUSE_MS = 300  # after the last key
# Vig 2019, figure 5: one word decides whom the model takes for whom.
_FIRST = "The doctor asked the nurse a question. She"
_SECOND = "The doctor asked the nurse a question. He"


class AttentionControls(QWidget):
    """`text_changed` comes when the typing pauses; the other signals come at once."""

    text_changed = Signal()  # model, texts, mask or part: attention has to be computed anew
    place_changed = Signal()  # layer or head

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources: list[AttentionSource] = []
        self._wanted = ""  # the path of a model that is chosen as soon as it is known
        self._examples = (_FIRST, _SECOND)  # that were written into the fields
        self._parts: tuple[Part, ...] = ()
        self._model = ComboBox(self)
        self._model.setObjectName("attention_models")
        self._model.setAccessibleName(self.tr("Model"))
        self._model.setMinimumContentsLength(18)
        self._model.setToolTip(
            self.tr("Models whose file is on this computer: a server keeps its weights to itself.")
        )
        self._mask = QCheckBox(self.tr("Look back only"), self)
        self._mask.setObjectName("attention_mask")
        self._mask.setToolTip(
            self.tr(
                "Puts the mask of a model that writes into a model that reads: what then is lost is the view ahead."
            )
        )
        self._part = ComboBox(self)
        self._part.setObjectName("attention_part")
        self._part.setAccessibleName(self.tr("Which attention"))
        self._part.setToolTip(
            self.tr(
                "A model with an encoder and a decoder attends in three ways: from one to the other, and in each."
            )
        )
        self._part.hide()
        self._compare = QCheckBox(self.tr("Compare two texts"), self)
        self._compare.setObjectName("attention_compare")
        self._first, self._second = (
            LongTextField(name, words, self, is_read_whole=False)
            for name, words in (
                ("attention_text", self.tr("Text")),
                ("attention_second_text", self.tr("Second text")),
            )
        )
        self._layer = self._spin("attention_layer", self.tr("Layer"))
        self._head = self._spin("attention_head", self.tr("Head"))
        self._head.setMinimum(ALL_HEADS)
        self._head.setSpecialValueText(self.tr("all"))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._build()
        self._first.edit.setPlainText(_FIRST)
        self._second.edit.setPlainText(_SECOND)
        self._show_second(False)
        self._mask.setVisible(False)
        self._connect()

    def _spin(self, name: str, words: str) -> QSpinBox:
        box = CalmSpinBox(self)
        box.setObjectName(name)
        box.setAccessibleName(words)
        box.setMaximum(0)
        set_least_size(box, 4)
        return box

    def _build(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(em(self, 0.6))
        first.addWidget(self._model, 1)
        first.addWidget(self._part)
        first.addWidget(self._mask)
        first.addWidget(self._compare)
        texts = QHBoxLayout()
        texts.setSpacing(em(self, 0.6))
        for field in (self._first, self._second):
            field.edit.setFixedHeight(em(self, 3.6))
            texts.addWidget(field, 1)
        place = QHBoxLayout()
        place.setSpacing(em(self, 0.5))
        for words, box in ((self.tr("&Layer"), self._layer), (self.tr("&Head"), self._head)):
            label = QLabel(words, self)
            label.setBuddy(box)
            place.addWidget(label)
            place.addWidget(box)
            place.addSpacing(em(self, 0.6))
        self._beside = place
        place.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.5))
        for row in (first, texts, place):
            column.addLayout(row)

    def _connect(self) -> None:
        for field in (self._first, self._second):
            field.edit.textChanged.connect(self._wait)
            field.edit.held.connect(self._wait)
        self._compare.toggled.connect(self._show_second)
        self._model.currentIndexChanged.connect(self._choose_model)
        for changed in (self._compare.toggled, self._mask.toggled, self._part.currentIndexChanged):
            changed.connect(self._tell)
        self._pause.timeout.connect(self._tell)
        for box in (self._layer, self._head):
            box.valueChanged.connect(self.place_changed)

    # --- what is chosen --------------------------------------------------------------------------------

    @property
    def source(self) -> AttentionSource | None:
        """The chosen model; None before any is known."""
        place = self._model.currentIndex()
        return self._sources[place] if 0 <= place < len(self._sources) else None

    @property
    def texts(self) -> list[str]:
        """The one text, or the two that are compared; one that is empty is left out."""
        fields = (self._first, self._second) if self._compare.isChecked() else (self._first,)
        return [text for text in (field.edit.toPlainText() for field in fields) if text]

    @property
    def causal(self) -> bool | None:
        """Whether an encoder's mask is changed."""
        return True if self._mask.isChecked() else None

    @property
    def part(self) -> Part | None:
        """Which attention of a model that has several kinds; None before it is known which."""
        place = self._part.currentIndex()
        return self._parts[place] if 0 <= place < len(self._parts) else None

    @property
    def layer(self) -> int:
        """The chosen layer."""
        return self._layer.value()

    @property
    def head(self) -> int:
        """The chosen head, or ALL_HEADS."""
        return self._head.value()

    # --- what is shown ---------------------------------------------------------------------------------

    def show_sources(self, sources: list[AttentionSource]) -> None:
        """Offer these models; the chosen one stays where it is still there."""
        chosen = self.source
        wanted, self._wanted = self._wanted or (chosen.path if chosen is not None else ""), ""
        paths = [source.path for source in sources]
        with QSignalBlocker(self._model):
            self._model.clear()
            self._sources = list(sources)
            self._model.addItems([self._words(source) for source in sources])
            self._model.setCurrentIndex(paths.index(wanted) if wanted in paths else 0)
        if self.source != chosen:
            self._choose_model()

    def want(self, path: str) -> None:
        """Choose the model that lies there when the models are read next."""
        self._wanted = path

    def _words(self, source: AttentionSource) -> str:
        match source.kind:
            case SourceKind.EMBEDDING:
                return self.tr("{name} (finds passages)").format(name=source.name)
            case SourceKind.SMALL:
                return self.tr("{name} (Build one)").format(name=source.name)
            case SourceKind.FILE:
                return source.name

    def show_shape(self, layers: int, heads: int) -> None:
        """Offer the layers and heads of a model; a choice that it does not have becomes its last one."""
        with QSignalBlocker(self._layer), QSignalBlocker(self._head):
            self._layer.setMaximum(layers - 1)
            self._head.setMaximum(heads - 1)

    def offer_mask(self, is_encoder: bool) -> None:
        """Show the choice of a mask where the model has one."""
        self._mask.setVisible(is_encoder)
        if not is_encoder:
            with QSignalBlocker(self._mask):
                self._mask.setChecked(False)

    def offer_parts(self, parts: tuple[Part, ...], shown: Part | None) -> None:
        """Show the choice of attention where the model has several kinds; `shown` is the one that was computed."""
        names = {
            Part.CROSS: self.tr("Cross-attention"),
            Part.DECODER: self.tr("Decoder"),
            Part.ENCODER: self.tr("Encoder"),
        }
        with QSignalBlocker(self._part):
            if parts != self._parts:
                self._parts = parts
                self._part.clear()
                self._part.addItems([names[part] for part in parts])
            if shown is not None:
                self._part.setCurrentIndex(parts.index(shown))
        self._part.setVisible(bool(parts))

    def choose(self, layer: int, head: int) -> None:
        """Choose a head of a layer."""
        with QSignalBlocker(self._layer), QSignalBlocker(self._head):
            self._layer.setValue(layer)
            self._head.setValue(head)
        self.place_changed.emit()

    def set_texts(self, first: str, second: str | None = None) -> None:
        """Look at a text, or at two."""
        self._first.edit.setPlainText(first)
        if second is not None:
            self._second.edit.setPlainText(second)
        self._compare.setChecked(second is not None)

    @Slot()
    def _choose_model(self) -> None:
        """A model of another kind begins with its own examples, unless a person has written something."""
        self.offer_parts((), None)
        source = self.source
        examples = (
            (source.example or _FIRST, source.second_example or _SECOND) if source is not None else ("", "")
        )
        for field, before, now in zip((self._first, self._second), self._examples, examples, strict=True):
            if now and now != before and field.edit.toPlainText() == before:
                field.edit.setPlainText(now)
        self._examples = examples if source is not None else self._examples
        self._tell()

    @Slot(bool)
    def _show_second(self, is_shown: bool) -> None:
        self._second.setVisible(is_shown)

    @Slot()
    def _wait(self) -> None:
        self._pause.start()

    @Slot()
    def _tell(self) -> None:
        self._pause.stop()
        self.text_changed.emit()
