"""The three views of attention, each on a page of its own, and a line below that says what is pointed at."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.lab.attention_head_view import AttentionHeadView, Place
from chatbot_app.ui.lab.attention_model_view import AttentionModelView
from chatbot_app.ui.lab.attention_neuron_view import AttentionNeuronView
from chatbot_app.ui.lab.attention_picture import (
    ALL_HEADS,
    DIFFERENCE,
    AttentionPicture,
    most_looked_at,
    quoted,
    shown_token,
)
from chatbot_app.ui.lab.head_legend import HeadLegend
from chatbot_app.ui.lab.view_tabs import ViewTabs
from chatbot_app.ui.theme import em, set_least_size, set_look


class AttentionViews(ViewTabs):
    """Shows one picture; `head_opened` tells of a head that was chosen among all."""

    head_opened = Signal(int, int)  # layer, head

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("attention_views", QCoreApplication.translate("AttentionViews", "Attention"), parent)
        self._picture: AttentionPicture | None = None
        self._head = AttentionHeadView(self)
        self._model = AttentionModelView(self)
        self._neuron = AttentionNeuronView(self)
        self._legend = HeadLegend(self)
        self._pointed = self._label("attention_pointed")
        self._all = self._label("attention_of_model")
        self._explained = self._label("attention_explained")
        self._side = self._box("attention_side", self.tr("Text of the small pictures"))
        self._token = self._box("attention_token", self.tr("Token that looks"))
        side, token = (self._named(box) for box in (self._side, self._token))
        self.add(self._tab(self._head, self._pointed, self._legend), self.tr("Head"))
        self.add(self._tab(self._model, self._all, side), self.tr("Model"))
        self.add(self._tab(self._neuron, self._explained, token), self.tr("Neuron"))
        self._head.pointed.connect(self._say_pointed)
        self._legend.head_chosen.connect(self._choose_head)
        self._model.head_opened.connect(self._open_head)
        self._model.pointed.connect(self._say_head)
        self._neuron.pair_chosen.connect(self._explain)
        self._side.currentIndexChanged.connect(self._draw_model)
        self._token.currentIndexChanged.connect(self._draw_neurons)

    def show_picture(self, picture: AttentionPicture | None) -> None:
        """Draw another picture; None draws nothing."""
        is_other = picture is None or self._picture is None or picture.looks is not self._picture.looks
        self._picture = picture
        self._fill_boxes(is_other)
        has_all = picture is not None and picture.head == ALL_HEADS
        self._legend.show_heads(picture.heads if picture is not None and has_all else 0)
        self._head.show_picture(picture, self._titles())
        self._say_pointed(self._head.current)
        self._draw_model()
        self._draw_neurons()

    # --- the parts -------------------------------------------------------------------------------------

    def _label(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        set_least_size(label, height=2.4)
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        set_look(label, "muted")
        return label

    def _box(self, name: str, words: str) -> ComboBox:
        box = ComboBox(self)
        box.setObjectName(name)
        box.setAccessibleName(words)
        box.setMinimumContentsLength(12)
        return box

    def _named(self, box: ComboBox) -> QWidget:
        """Return a row with the box and its name."""
        choice = QWidget(self)
        row = QHBoxLayout(choice)
        row.setContentsMargins(0, 0, 0, 0)
        name = QLabel(box.accessibleName(), choice)
        name.setBuddy(box)
        row.addWidget(name)
        row.addWidget(box)
        row.addStretch(1)
        return choice

    def _tab(self, view: QWidget, label: QLabel, head: QWidget) -> QWidget:
        tab = QWidget(self)
        area = QScrollArea(tab)
        area.setObjectName(f"{view.objectName()}_area")
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setWidget(view)
        column = QVBoxLayout(tab)
        column.setContentsMargins(0, em(self, 0.5), 0, 0)
        column.setSpacing(em(self, 0.4))
        column.addWidget(head)
        column.addWidget(area, 1)
        column.addWidget(label)
        return tab

    def _titles(self) -> tuple[str, ...]:
        return self.tr("First text"), self.tr("Second text"), self.tr("Second − first")

    def _fill_boxes(self, is_other: bool) -> None:
        if not is_other:
            return
        picture = self._picture
        sides = picture.sides if picture is not None else ()
        self._refill(self._side, [self._titles()[side] for side in sides])
        row = self._side.parentWidget()
        if row is not None:
            row.setVisible(len(sides) > 1)
        names = []
        for number, look in enumerate(picture.looks if picture is not None else ()):
            mark = f"{number + 1}: " if len(sides) > 1 else ""
            names += [f"{mark}{place} {shown_token(text)}" for place, text in enumerate(look.tokens)]
        self._refill(self._token, names, last=len(picture.looks[0].tokens) - 1 if picture is not None else 0)

    @staticmethod
    def _refill(box: ComboBox, names: list[str], last: int = 0) -> None:
        box.blockSignals(True)
        box.clear()
        box.addItems(names)
        box.setCurrentIndex(min(last, len(names) - 1))
        box.setEnabled(len(names) > 1)
        box.blockSignals(False)

    # --- drawing ---------------------------------------------------------------------------------------

    @Slot()
    def _draw_model(self) -> None:
        self._model.show_picture(self._picture, max(0, self._side.currentIndex()))
        self._say_head(*self._model.current)

    @Slot()
    def _draw_neurons(self) -> None:
        picture, row = self._picture, self._token.currentIndex()
        if picture is None or row < 0:
            self._neuron.show_token(None, 0, 0, 0)
            self._explained.clear()
            return
        first = len(picture.looks[0].tokens)
        look = picture.looks[0 if row < first else 1]
        self._neuron.show_token(
            look, picture.layer, max(0, picture.head), row if row < first else row - first
        )

    @Slot(int)
    def _choose_head(self, head: int) -> None:
        if self._picture is not None:
            self.head_opened.emit(self._picture.layer, head)

    @Slot(int, int)
    def _open_head(self, layer: int, head: int) -> None:
        self.head_opened.emit(layer, head)
        self.setCurrentIndex(0)

    # --- words -----------------------------------------------------------------------------------------

    @Slot(object)
    def _say_pointed(self, place: Place | None) -> None:
        words = self._words_of(place) if place is not None else self._hint()
        self._pointed.setText(words)
        self._head.setAccessibleDescription(words if place is not None else "")

    def _hint(self) -> str:
        if self._picture is None:
            return ""
        if self._picture.is_comparing:
            return self.tr(
                "Point at a token to see its lines alone. In the difference, teal is what the second text looks at more,"
                " orange what it looks at less."
            )
        return self.tr("Point at a token, or go to it with the arrow keys, to see its lines alone.")

    def _words_of(self, place: Place) -> str:
        picture = self._picture
        assert picture is not None
        panel = self._head.panels[place[0]]
        weights = panel.weights.mean(axis=0)  # of all heads that are drawn
        row = weights[place[2]] if place[1] == 0 else weights[:, place[2]]
        form = "{:+.0f} %" if panel.is_signed else "{:.0f} %"
        found = ", ".join(
            f"{quoted(text)} {form.format(100 * weight)}"
            for text, weight in most_looked_at(panel.columns[1 - place[1]], row)
        )
        words = (
            self.tr("{token} looks at {found}.")
            if place[1] == 0
            else self.tr("{token} is looked at by {found}.")
        )
        said = words.format(
            token=quoted(panel.columns[place[1]][place[2]]), found=found or self.tr("nothing")
        )
        if picture.head == ALL_HEADS:
            said += " " + self.tr("(Mean of all heads.)")
        return said

    @Slot(int, int)
    def _say_head(self, layer: int, head: int) -> None:
        words = self.tr("Layer {layer}, head {head}. Enter or a click opens it.").format(
            layer=layer, head=head
        )
        if self._picture is not None and self._side.currentIndex() == DIFFERENCE:
            change = abs(self._picture.weights(DIFFERENCE, layer, head)).max(initial=0.0)
            words += " " + self.tr("Its largest difference is {change}.").format(
                change=f"{100 * change:.0f} %"
            )
        self._all.setText(words if self._picture is not None else "")
        self._model.setAccessibleDescription(self._all.text())

    @Slot(int)
    def _explain(self, asked: int) -> None:
        picture, pair, row = self._picture, self._neuron.pair, self._token.currentIndex()
        if picture is None or pair is None or row < 0:
            return
        first = len(picture.looks[0].tokens)
        look, asking = (picture.looks[0], row) if row < first else (picture.looks[1], row - first)
        total = float(pair.product.sum())
        words = (
            self.tr(
                "Layer {layer}, head {head}: {query} → {key}. The products of query and key sum to {total}; times {scale} that"
                " is {score}; softmax over all that is seen makes {share} of it."
            )
            if look.record.additive is None
            else self.tr(
                "Layer {layer}, head {head}: {query} → {key}. Query and key are added, bent by tanh and multiplied with a vector"
                " of the head; that sums to {score}, and softmax over all that is seen makes {share} of it."
            )
        ).format(
            layer=picture.layer,
            head=max(0, picture.head),
            query=quoted(look.tokens[asking]),
            key=quoted(look.asked[asked]),
            total=f"{total:.2f}",
            scale=f"{look.record.scale:.3f}",
            score=f"{pair.scores[asked]:.2f}",
            share=f"{100 * pair.weights[asked]:.1f} %",
        )
        self._explained.setText(words)
        self._neuron.setAccessibleDescription(words)
