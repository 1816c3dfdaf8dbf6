"""The library as a map: a point is a passage, and what means the same lies near."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout, QWidget

from chatbot_app.core.messages import Notice
from chatbot_app.core.text import clean_text
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.icons import RETINT_EVENTS
from chatbot_app.ui.lab.map_labels import map_inks
from chatbot_app.ui.lab.map_words import map_words
from chatbot_app.ui.lab.point_cloud import PointCloud
from chatbot_app.ui.lab.standing_out import StandingOut
from chatbot_app.ui.models.model_words import one_line
from chatbot_app.ui.settings.fields import NamedComboBox
from chatbot_app.ui.theme import colors, em, set_least_size, set_look
from chatbot_app.workers.lab_services import LabServices
from chatbot_app.workers.library_map import (
    LibraryMap,
    QuestionOnMap,
    ask_map,
    make_map,
    place_of_question,
    words_of,
)

FLAT, NEIGHBOURS = "flat", "neighbours"
BY_DOCUMENT, BY_COLLECTION = "document", "collection"


class PassageMapTab(QWidget):
    """Drawn when it is first seen, and anew when the person asks for it."""

    def __init__(self, services: LabServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._background = services.beside()
        self._map: LibraryMap | None = None
        self._asked: QuestionOnMap | None = None
        self._wanted = ""  # a question, before there is a map
        self._is_making = False
        self.cloud = PointCloud("passage_map", self.tr("Map of the passages"), self)
        self._layout = NamedComboBox("map_layout", self.tr("How points are laid out"), self)
        self._layout.addItem(self.tr("Neighbours (t-SNE)"), NEIGHBOURS)
        self._layout.addItem(self.tr("Main directions (PCA)"), FLAT)
        self._color = NamedComboBox("map_color", self.tr("What colours mean"), self)
        self._color.addItem(self.tr("By document"), BY_DOCUMENT)
        self._color.addItem(self.tr("By collection"), BY_COLLECTION)
        self._names = QCheckBox(self.tr("Names"), self)
        self._names.setObjectName("map_names")
        self._names.setToolTip(self.tr("What lies where: documents or collections, as far as there is room"))
        self._names.setChecked(True)
        self.question = QLineEdit(self)
        self.question.setObjectName("map_question")
        self.question.setAccessibleName(self.tr("A question to find on the map"))
        self.question.setPlaceholderText(self.tr("Ask a question: where does it lie?"))
        self.question.setMaxLength(2000)
        self._fit = dialog_button(self, "map_fit", self.tr("See all"))
        self._again = dialog_button(self, "map_again", self.tr("Draw anew"))
        self._halt = dialog_button(self, "map_stop", self.tr("Stop"))
        self._halt.setToolTip(self.tr("Keep the map as it is drawn now"))
        self._halt.setEnabled(False)
        self._said = plain_label(self, "map_said", shrinks=True)
        self._pointed = plain_label(self, "map_pointed", shrinks=True)
        set_least_size(self._pointed, height=2)
        for label in (self._said, self._pointed):
            set_look(label, "muted")
        self.side = StandingOut(self)
        self._build()
        self._connect()

    def _build(self) -> None:
        above = QHBoxLayout()
        above.setSpacing(em(self, 0.5))
        for widget in (self._layout, self._color, self._names):
            above.addWidget(widget)
        below = QHBoxLayout()
        below.setSpacing(em(self, 0.5))
        below.addWidget(self.question, 1)
        below.addWidget(self._fit)
        below.addWidget(self._again)
        below.addWidget(self._halt)
        parts = QSplitter(self)
        parts.setObjectName("map_splitter")
        parts.setHandleWidth(1)
        parts.addWidget(self.cloud)
        parts.addWidget(self.side)
        parts.setStretchFactor(0, 4)
        parts.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.6), 0, 0)
        column.setSpacing(em(self, 0.5))
        column.addLayout(above)
        column.addWidget(parts, 1)
        column.addLayout(below)
        column.addWidget(self._pointed)
        column.addWidget(self._said)

    def _connect(self) -> None:
        self._layout.currentIndexChanged.connect(self._show_points)
        self._color.currentIndexChanged.connect(self._show_colors)
        self._names.toggled.connect(self.cloud.show_names)
        self._fit.clicked.connect(self.cloud.fit)
        self._again.clicked.connect(self.make)
        self._halt.clicked.connect(self.stop)
        self.question.returnPressed.connect(self._ask)
        self.cloud.pointed.connect(self._point)
        self.cloud.activated.connect(self._open)
        self.side.looked_at.connect(self.cloud.look_at)
        self.side.opened.connect(self._open)
        self._background.given_up.connect(self._forget)

    # --- what a person does ------------------------------------------------------------------------------

    @Slot()
    def make(self) -> None:
        """Read the library and draw it."""
        self._set_making(True)
        self._asked = None
        self._said.setText(map_words(None))
        house = self._background.house
        self._background.run(
            lambda progress: make_map(house, progress),
            self._finish,
            self._fail,
            topic="map",
            progress=self._take,
        )

    @Slot()
    def stop(self) -> None:
        """Lay out no further: what is drawn stays as it is."""
        self._background.cancel("map")
        self._set_making(False)
        self._say()

    def ask(self, question: str) -> None:
        """Show where a question lies, as soon as there is a map."""
        self.question.setText(question)
        self._ask()

    @Slot()
    def _ask(self) -> None:
        text = clean_text(self.question.text().strip())
        made = self._map
        self._wanted = text if made is None else ""
        if not text:
            self._asked = None
            self.cloud.show_star(None)
        elif made is not None:
            house = self._services.house
            self._services.run(
                lambda progress: ask_map(house, made.library, text),
                self._show_question,
                self._fail_question,
                topic="question",
            )

    def _show_question(self, asked: QuestionOnMap) -> None:
        self._asked = asked
        self._place_star()
        made = self._map
        if made is None:
            return
        title = made.library.titles[made.library.documents[asked.rows[0]]]
        near = self.tr("The nearest passage, with a cosine of {near}, stands in “{title}”.")
        self._pointed.setText(near.format(near=f"{asked.cosines[0]:.2f}", title=one_line(title)))

    def _fail_question(self, notice: Notice) -> None:
        self._pointed.setText(notice.words)

    # --- what is shown -----------------------------------------------------------------------------------

    def _take(self, made: LibraryMap) -> None:
        is_first = self._map is None or self._map.library is not made.library
        self._map = made
        if is_first or made.embedded is not None:
            self._show_points()
        if is_first:
            self._show_colors()
        self.side.show_map(made)
        self._say()
        if self._wanted:
            self._ask()

    def _finish(self, made: LibraryMap) -> None:
        self._set_making(False)
        self._take(made)

    def _fail(self, notice: Notice) -> None:
        self._set_making(False)
        self._said.setText(notice.words)

    @Slot()
    def _forget(self) -> None:
        if self._is_making:  # it was given up halfway: the next look begins anew
            self._set_making(False)
            self._map = None

    def _set_making(self, is_making: bool) -> None:
        self._is_making = is_making
        self._halt.setEnabled(is_making)

    def _is_flat(self) -> bool:
        made = self._map
        return self._layout.currentData() == FLAT or made is None or made.embedded is None

    @Slot()
    def _show_points(self) -> None:
        if self._map is None:
            return
        embedded = self._map.embedded
        self.cloud.show_points(self._map.flat if self._is_flat() or embedded is None else embedded)
        self._place_star()

    def _place_star(self) -> None:
        if self._map is not None and self._asked is not None:
            place = place_of_question(self._map, self._asked, is_flat=self._is_flat())
            self.cloud.show_star(place, self._asked.rows)

    @Slot()
    def _show_colors(self) -> None:
        if self._map is None:
            return
        library = self._map.library
        kinds, names = library.documents, library.titles
        if self._color.currentData() == BY_COLLECTION:
            kinds = library.in_collection[library.documents]
            names = (*library.collections[:-1], self.tr("In no collection"))
        self.cloud.color_by(kinds, map_inks(colors(self)), [one_line(name) for name in names])

    def _say(self) -> None:
        self._said.setText(map_words(self._map, is_stopped=not self._is_making))

    # --- points ------------------------------------------------------------------------------------------

    @Slot(int)
    def _point(self, row: int) -> None:
        made = self._map
        if made is None or row < 0:
            self._pointed.setText("")
            return
        house, library = self._services.house, made.library
        self._services.run(
            lambda progress: words_of(house, library, row),
            self._show_words,
            self._fail_question,
            topic="words",
        )

    def _show_words(self, words: str) -> None:
        self._pointed.setText(words or self.tr("This passage is gone: draw the map anew."))

    @Slot(int)
    def _open(self, row: int) -> None:
        """Open a passage in the viewer of the main window."""
        made = self._map
        if made is None:
            return
        house, passage = self._services.house, int(made.library.ids[row])
        self._services.run(
            lambda progress: house.library.passages.passages([passage]).get(passage),
            self._open_placed,
            self._fail_question,
            topic="open",
        )

    def _open_placed(self, placed: Any) -> None:
        from chatbot_app.ui.knowledge.passage_controller import PassageController

        if placed is None:
            self._show_words("")
            return
        owner: QObject | None = self
        while owner is not None:
            opener = owner.findChild(PassageController)
            if opener is not None:
                opener.open_passage(placed.passage, placed.title, placed.path)
                return
            owner = owner.parent()

    # --- Qt ----------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "side"):
            self._show_colors()  # inks that are seen on another ground

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._map is None and not self._is_making:
            self.make()
