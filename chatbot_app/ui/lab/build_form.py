"""What is built, as a form: data, tokens, every switch of the model, and how it learns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.lab.small.model_shape import Kind, ModelShape, Positions, Score
from chatbot_app.lab.small.presets import preset
from chatbot_app.lab.small.training_plan import Source, TrainingPlan
from chatbot_app.ui.calm_fields import CalmDoubleSpinBox, CalmSpinBox
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.theme import em, set_least_size

W = TypeVar("W", bound=QWidget)


class BuildForm(QScrollArea):
    """Gives a TrainingPlan; another source of data brings sizes that suit it."""

    source_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("build_form")
        self.setAccessibleName(self.tr("What is built"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fields = QWidget(self)
        self._layout = QFormLayout()
        self._layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._layout.setVerticalSpacing(em(self, 0.3))
        column = QVBoxLayout(self._fields)
        column.setContentsMargins(0, 0, em(self, 0.8), 0)
        column.addLayout(self._layout)
        column.addStretch(1)
        self._make_data()
        self._make_model()
        self._make_learning()
        self.setWidget(self._fields)
        self.show_plan(preset(Source.BOOK))
        self._source.currentIndexChanged.connect(self._use_preset)
        for combo in (self._kind, self._tokens):
            combo.currentIndexChanged.connect(self._follow)

    def _make_data(self) -> None:
        self._source = self._choice(
            "build_source",
            self.tr("Data"),
            (
                (self.tr("Novel (Emma)"), Source.BOOK),
                (self.tr("My documents"), Source.DOCUMENTS),
                (self.tr("Sums"), Source.ADDITIONS),
            ),
        )
        self._source.setToolTip(self.tr("A copy of the text of your documents is kept with the model."))
        self._tokens = self._choice(
            "build_tokens",
            self.tr("Tokens"),
            ((self.tr("Byte pairs"), "pairs"), (self.tr("Characters"), "characters")),
        )
        self._vocabulary = self._number("build_vocabulary", self.tr("Vocabulary"), 64, 4096, 64)
        self._digits = self._number("build_digits", self.tr("Digits of the numbers"), 1, 3)
        self._staged = self._switch(
            "build_staged",
            self.tr("Answer in stages"),
            self.tr("111 + 222 = 3 + 30 + 300 = 333 instead of 111 + 222 = 333"),
        )

    def _make_model(self) -> None:
        self._kind = self._choice(
            "build_kind",
            self.tr("Model"),
            (
                (self.tr("GPT"), Kind.GPT),
                (self.tr("GRU"), Kind.GRU),
                (self.tr("Encoder, decoder"), Kind.ENCODER_DECODER),
            ),
        )
        self._kind.setToolTip(
            self.tr("Self-attention, a recurrence, or cross-attention to what an encoder has read")
        )
        self._layers = self._number("build_layers", self.tr("Layers"), 1, 12)
        self._width = self._number("build_width", self.tr("Width"), 8, 1024, 8)
        self._heads = self._number("build_heads", self.tr("Heads"), 1, 16)
        self._context = self._number("build_context", self.tr("Context"), 8, 1024, 8)
        self._shared = self._choice(
            "build_shared_keys",
            self.tr("Attention"),
            ((self.tr("Multi-head"), False), (self.tr("Multi-query"), True)),
        )
        self._shared.setToolTip(self.tr("Multi-query: all heads share one head of keys and values"))
        self._score = self._choice(
            "build_score",
            self.tr("Scores"),
            (
                (self.tr("Dot product"), Score.DOT),
                (self.tr("General"), Score.GENERAL),
                (self.tr("Additive"), Score.ADDITIVE),
            ),
        )
        self._positions = self._choice(
            "build_positions",
            self.tr("Positions"),
            (
                (self.tr("Rotary"), Positions.ROTARY),
                (self.tr("Sinusoidal"), Positions.SINUSOIDAL),
                (self.tr("Learned"), Positions.LEARNED),
                (self.tr("None"), Positions.NONE),
            ),
        )
        self._causal = self._switch(
            "build_causal",
            self.tr("Causal mask"),
            self.tr("Without it a token sees those that follow: the model reads what it is to foretell."),
        )
        self._cross = self._switch(
            "build_cross",
            self.tr("Cross-attention"),
            self.tr("Without it the decoder sees nothing of what the encoder has read."),
        )
        self._norm = self._switch("build_norm", self.tr("Layer norm"), "")
        self._skip = self._switch("build_skip", self.tr("Skip connections"), "")
        self._dropout = self._fraction("build_dropout", self.tr("Dropout"), 0.0, 0.9, 0.05, 2)

    def _make_learning(self) -> None:
        self._steps = self._number("build_steps", self.tr("Steps"), 1, 100_000, 100)
        self._batch = self._number("build_batch", self.tr("Batch"), 1, 512, 8)
        self._rate = self._fraction("build_rate", self.tr("Learning rate"), 0.0001, 0.1, 0.001, 4)
        self._seed = self._number("build_seed", self.tr("Seed"), 0, 1_000_000)

    # --- values --------------------------------------------------------------------------------------

    @property
    def source(self) -> Source:
        """Where the data comes from."""
        return Source(self._source.currentData())

    def plan(self) -> TrainingPlan:
        """Return what is chosen. Raises Refused where the parts do not fit each other."""
        heads = self._heads.value()
        shape = ModelShape(
            vocabulary=1,
            kind=Kind(self._kind.currentData()),
            context=self._context.value(),
            width=self._width.value(),
            layers=self._layers.value(),
            heads=heads,
            key_value_heads=1 if self._shared.currentData() else heads,
            score=Score(self._score.currentData()),
            positions=Positions(self._positions.currentData()),
            is_causal=self._causal.isChecked(),
            has_cross_attention=self._cross.isChecked(),
            has_layer_norm=self._norm.isChecked(),
            has_skip_connections=self._skip.isChecked(),
            dropout=self._dropout.value(),
        )
        pairs = self._tokens.currentData() == "pairs" and self.source is not Source.ADDITIONS
        return TrainingPlan(
            shape=shape,
            source=self.source,
            byte_pair_tokens=self._vocabulary.value() if pairs else 0,
            digits=self._digits.value(),
            is_staged=self._staged.isChecked(),
            steps=self._steps.value(),
            batch=self._batch.value(),
            learning_rate=self._rate.value(),
            seed=self._seed.value(),
        )

    def show_plan(self, plan: TrainingPlan) -> None:
        """Show a plan; nothing is emitted."""
        shape = plan.shape
        self.blockSignals(True)
        self._source.blockSignals(True)
        _select(self._source, plan.source)
        self._source.blockSignals(False)
        _select(self._tokens, "pairs" if plan.byte_pair_tokens else "characters")
        if plan.byte_pair_tokens:
            self._vocabulary.setValue(plan.byte_pair_tokens)
        _select(self._kind, shape.kind)
        _select(self._shared, shape.key_value_heads < shape.heads)
        _select(self._score, shape.score)
        _select(self._positions, shape.positions)
        for spin, value in (
            (self._digits, plan.digits),
            (self._layers, shape.layers),
            (self._width, shape.width),
            (self._heads, shape.heads),
            (self._context, shape.context),
            (self._steps, plan.steps),
            (self._batch, plan.batch),
            (self._seed, plan.seed),
        ):
            spin.setValue(value)
        self._dropout.setValue(shape.dropout)
        self._rate.setValue(plan.learning_rate)
        for box, is_on in (
            (self._staged, plan.is_staged),
            (self._causal, shape.is_causal),
            (self._cross, shape.has_cross_attention),
            (self._norm, shape.has_layer_norm),
            (self._skip, shape.has_skip_connections),
        ):
            box.setChecked(is_on)
        self.blockSignals(False)
        self._follow()

    def set_editable(self, is_editable: bool) -> None:
        """Let the form be changed, or only read: a model that has begun is what it is."""
        self._fields.setEnabled(is_editable)

    @Slot()
    def _use_preset(self) -> None:
        self.show_plan(preset(self.source))
        self.source_changed.emit()

    @Slot()
    def _follow(self) -> None:
        """Show the fields that say something about what is chosen."""
        sums = self.source is Source.ADDITIONS
        attends = self._kind.currentData() != Kind.GRU
        pairs = self._tokens.currentData() == "pairs"
        for field, is_shown in (
            (self._tokens, not sums),
            (self._vocabulary, not sums and pairs),
            (self._context, not sums),
            (self._digits, sums),
            (self._staged, sums),
            *((field, attends) for field in (self._heads, self._shared, self._score, self._positions)),
            (self._causal, attends),
            (self._cross, self._kind.currentData() == Kind.ENCODER_DECODER),
        ):
            self._layout.setRowVisible(field, is_shown)

    def minimumSizeHint(self) -> QSize:
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self._fields.minimumSizeHint().width() + bar, em(self, 8))

    # --- making --------------------------------------------------------------------------------------

    def _choice(self, name: str, title: str, choices: Sequence[tuple[str, object]]) -> QComboBox:
        combo = ComboBox(self._fields)
        for words, value in choices:
            combo.addItem(words, value)
        return self._row(combo, name, title)

    def _number(self, name: str, title: str, least: int, most: int, step: int = 1) -> QSpinBox:
        spin = CalmSpinBox(self._fields)
        spin.setRange(least, most)
        spin.setSingleStep(step)
        spin.lineEdit().setAccessibleName(title)
        return self._row(spin, name, title)

    def _fraction(
        self, name: str, title: str, least: float, most: float, step: float, decimals: int
    ) -> QDoubleSpinBox:
        spin = CalmDoubleSpinBox(self._fields)
        spin.setDecimals(decimals)
        spin.setRange(least, most)
        spin.setSingleStep(step)
        spin.lineEdit().setAccessibleName(title)
        return self._row(spin, name, title)

    def _switch(self, name: str, title: str, tip: str) -> QCheckBox:
        box = QCheckBox(title, self._fields)
        box.setObjectName(name)
        box.setToolTip(tip)
        self._layout.addRow(box)
        return box

    def _row(self, field: W, name: str, title: str) -> W:
        field.setObjectName(name)
        field.setAccessibleName(title)
        # As narrow as the window wants it: a long entry is cut, not the field.
        field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        set_least_size(field, 8)
        self._layout.addRow(title, field)
        return field


def _select(combo: QComboBox, value: object) -> None:
    combo.setCurrentIndex(max(0, combo.findData(value)))
