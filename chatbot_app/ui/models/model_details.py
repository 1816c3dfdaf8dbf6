"""Everything about one model of this computer, what can be done with it, and how it is run."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QGridLayout,
    QInputDialog,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.local_models import ModelKind
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.models.engine_form import EngineForm
from chatbot_app.ui.models.local_actions import LocalActions
from chatbot_app.ui.models.model_removal import removal_question
from chatbot_app.ui.models.model_row import FIT_INKS, ModelRow
from chatbot_app.ui.models.model_words import (
    kind_words,
    one_line,
    parameter_words,
    size_words,
    speed_words,
    token_words,
)
from chatbot_app.ui.theme import em, scale_font, set_look


class ModelDetails(QScrollArea):
    """Shows one row; what is chosen here is emitted on `actions`."""

    def __init__(self, actions: LocalActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("model_details")
        self.setAccessibleName(self.tr("About the model"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._actions = actions
        self._row: ModelRow | None = None
        inside = QWidget(self)
        self._name = self._label("model_name", selectable=True)
        scale_font(self._name, 1.15, bold=True)
        self._state = self._label("model_state")
        set_look(self._state, "muted")
        self._fit = self._label("model_fit")
        self._facts = {name: self._label(f"model_fact_{name}", selectable=True) for name in self._titles()}
        self._use = dialog_button(self, "model_use_button", self.tr("Use it"))
        set_look(self._use, "primary")
        self._load = dialog_button(self, "model_load_button", self.tr("Load"))
        self._default = dialog_button(self, "model_default_button", self.tr("Make default"))
        self._rename = dialog_button(self, "model_rename_button", self.tr("Rename…"))
        self._folder = dialog_button(self, "model_folder_button", self.tr("Open folder"))
        self._remove = dialog_button(self, "model_remove_button", self.tr("Delete…"))
        self._fold = dialog_button(self, "engine_fold_button", self.tr("How it is run"))
        self._fold.setCheckable(True)
        set_look(self._fold, "fold")
        self.engine = EngineForm(self)
        self.engine.hide()
        self._build(inside)
        self._connect()
        self.setWidget(inside)
        self.hide()

    def _titles(self) -> dict[str, str]:
        return {
            "size": self.tr("Size"),
            "parameters": self.tr("Parameters"),
            "quantisation": self.tr("Quantisation"),
            "window": self.tr("Window"),
            "memory": self.tr("Memory"),
            "speed": self.tr("Speed"),
            "licence": self.tr("Licence"),
            "architecture": self.tr("Architecture"),
            "origin": self.tr("From"),
            "file": self.tr("File"),
        }

    def _label(self, name: str, *, selectable: bool = False) -> QLabel:
        label = plain_label(self, name, shrinks=True)
        if selectable:
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _build(self, inside: QWidget) -> None:
        self._form = QFormLayout()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(em(self, 0.8))
        self._form.setVerticalSpacing(em(self, 0.3))
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, title in self._titles().items():
            heading = QLabel(title, self)
            set_look(heading, "muted")
            self._form.addRow(heading, self._facts[name])
        buttons = QGridLayout()
        buttons.setSpacing(em(self, 0.4))
        order = (self._use, self._load, self._default, self._rename, self._folder, self._remove)
        for place, button in enumerate(order):
            buttons.addWidget(button, place // 3, place % 3)
        line = QFrame(self)
        line.setFixedHeight(1)
        set_look(line, "line")
        column = QVBoxLayout(inside)
        column.setContentsMargins(em(self, 0.8), 0, em(self, 0.8), 0)
        column.setSpacing(em(self, 0.5))
        for widget in (self._name, self._state, self._fit):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addLayout(self._form)
        column.addWidget(line)
        column.addWidget(self._fold)
        column.addWidget(self.engine)
        column.addStretch(1)

    def _connect(self) -> None:
        self._use.clicked.connect(self._ask_use)
        self._load.clicked.connect(self._ask_load)
        self._default.clicked.connect(self._ask_default)
        self._rename.clicked.connect(self._ask_name)
        self._folder.clicked.connect(self._ask_folder)
        self._remove.clicked.connect(self._ask_removal)
        self._fold.toggled.connect(self.engine.setVisible)
        self.engine.changed.connect(self._actions.settings_changed)

    def show_row(self, row: ModelRow | None, threads: int | None = None) -> None:
        """Show a model, None for none; `threads` is what automatic is here."""
        self.setVisible(row is not None)
        if row is None:
            return
        is_other = self._row is None or self._row.id != row.id
        self._row = row
        model, facts = row.model, row.model.facts
        talks = facts.kind is ModelKind.CHAT and not row.problem
        self._name.setText(one_line(model.name))
        self._say_state(row)
        self._say_facts(row)
        makes_vectors = facts.kind is ModelKind.EMBEDDING
        self._use.setText(self.tr("Search documents…") if makes_vectors else self.tr("Use it"))
        self._use.setAccessibleName(self._use.text().removesuffix("…"))
        self._use.setEnabled(talks or (makes_vectors and not row.problem))
        self._load.setText(self.tr("Unload") if row.is_loaded else self.tr("Load"))
        self._load.setAccessibleName(self._load.text())
        self._load.setEnabled((talks or row.is_loaded) and not row.is_busy)
        self._default.setEnabled(talks and not row.is_default)
        self._rename.setEnabled(not model.ships)
        self._folder.setEnabled(model.path is not None)
        self._remove.setEnabled(not model.ships)
        self._remove.setText(self.tr("Delete…") if row.has_own_files else self.tr("Take off the list…"))
        self._remove.setAccessibleName(self._remove.text().removesuffix("…"))
        self._fold.setVisible(facts.kind is ModelKind.CHAT)
        self.engine.setVisible(self._fold.isChecked() and facts.kind is ModelKind.CHAT)
        self.engine.show_model(model, row.fit.context if row.fit is not None else None, threads)
        if is_other:
            self.verticalScrollBar().setValue(0)

    def _say_state(self, row: ModelRow) -> None:
        parts = []
        if row.is_default:
            parts.append(self.tr("Answers where a conversation names no other model of this computer."))
        if row.is_busy:
            parts.append(self.tr("Working…"))
        elif row.is_asleep:
            parts.append(self.tr("It was idle and gave its memory back; the next question wakes it."))
        elif row.is_loaded:
            parts.append(self.tr("It is loaded."))
        if row.model.ships:
            parts.append(self.tr("It ships with the program."))
        if row.model.facts.kind is not ModelKind.CHAT:
            parts.append(self.tr("This file is {use}.").format(use=kind_words(row.model.facts.kind)))
        self._state.setText(" ".join(parts))
        self._state.setVisible(bool(parts))
        reason = row.problem or (row.fit.reason if row.fit is not None else "")
        self._fit.setText(one_line(reason))
        self._fit.setVisible(bool(reason))
        look = "danger" if row.problem else FIT_INKS[row.fit.verdict] if row.fit is not None else "muted"
        set_look(self._fit, look)

    def _say_facts(self, row: ModelRow) -> None:
        model, facts = row.model, row.model.facts
        parts = self.tr("{size}, in {n} files")
        size = size_words(facts.bytes) if facts.bytes else ""
        window = token_words(facts.context_length) if facts.context_length else ""
        if row.fit is not None and window and facts.context_length != row.fit.context and row.fit.context:
            window = self.tr("{trained} trained, {here} here").format(
                trained=window, here=token_words(row.fit.context)
            )
        origin = model.origin
        values = {
            "size": parts.format(size=size, n=facts.parts) if facts.parts > 1 else size,
            "parameters": parameter_words(facts.parameters),
            "quantisation": one_line(facts.quantisation),
            "window": window,
            "memory": size_words(row.fit.memory) if row.fit is not None and row.fit.memory else "",
            "speed": speed_words(model) if facts.kind is ModelKind.CHAT else "",
            "licence": one_line(facts.licence) or self.tr("The file names none"),
            "architecture": one_line(facts.architecture),
            "origin": one_line(f"{origin.repository} / {origin.file}") if origin is not None else "",
            "file": one_line(str(model.path)) if model.path is not None else "",
        }
        for name, words in values.items():
            label = self._facts[name]
            # A path is one word: without places to break it would be cut off.
            label.setText(words.replace("/", "/\u200b") if name in ("file", "origin") else words)
            self._form.setRowVisible(label, bool(words))

    def _id(self) -> str:
        return self._row.id if self._row is not None else ""

    @Slot()
    def _ask_use(self) -> None:
        makes_vectors = self._row is not None and self._row.model.facts.kind is ModelKind.EMBEDDING
        wish = self._actions.embedding_requested if makes_vectors else self._actions.use_requested
        wish.emit(self._id())

    @Slot()
    def _ask_load(self) -> None:
        if self._row is not None:
            wish = self._actions.unload_requested if self._row.is_loaded else self._actions.load_requested
            wish.emit(self._row.id)

    @Slot()
    def _ask_default(self) -> None:
        self._actions.default_requested.emit(self._id())

    @Slot()
    def _ask_folder(self) -> None:
        self._actions.folder_requested.emit(self._id())

    @Slot()
    def _ask_name(self) -> None:
        row = self._row
        if row is None:
            return
        dialog = QInputDialog(self)
        dialog.setObjectName("model_rename_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Rename model"))
        dialog.setLabelText(self.tr("Name"))
        dialog.setTextValue(row.model.name)
        model_id = row.id
        dialog.textValueSelected.connect(lambda name: self._actions.rename_requested.emit(model_id, name))
        dialog.open()

    @Slot()
    def _ask_removal(self) -> None:
        if self._row is not None:
            removal_question(self._row, self._actions, self).open()
