"""The kept models in the head of the page: choose, begin a new one, rename, delete."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QLabel, QWidget

from chatbot_app.core.messages import Notice
from chatbot_app.lab.small import kept_models
from chatbot_app.lab.small.kept_models import KeptModel
from chatbot_app.lab.small.model_shape import Kind
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.dialog_parts import dialog_button, question_box
from chatbot_app.ui.theme import set_least_size
from chatbot_app.workers.lab_services import LabServices


class KeptModelsBar(QWidget):
    """The first entry is a new model; files are read and written in the page's thread."""

    chosen = Signal(object)  # KeptModel, or None for a new one
    failed = Signal(str)  # a sentence
    attention_wanted = Signal(object)  # KeptModel

    def __init__(self, services: LabServices, root: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._root = root
        self._models: list[KeptModel] = []
        self._wanted: Path | None = None  # the folder that is chosen when the models have been read
        self._busy: Path | None = None  # the folder of the model that learns
        self._combo = ComboBox(self)
        self._combo.setObjectName("build_models")
        self._combo.setAccessibleName(self.tr("Model"))
        self._combo.addItem(self.tr("New model"))
        set_least_size(self._combo, 14)
        label = QLabel(self.tr("Model"), self)
        label.setBuddy(self._combo)
        self._attention = dialog_button(self, "build_attention", self.tr("Attention"))
        self._attention.setToolTip(self.tr("Who looks at whom in this model, on the page Attention"))
        self._rename = dialog_button(self, "build_rename", self.tr("Rename…"))
        self._delete = dialog_button(self, "build_delete", self.tr("Delete…"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self._combo, 1)
        row.addWidget(self._attention)
        row.addWidget(self._rename)
        row.addWidget(self._delete)
        self._combo.currentIndexChanged.connect(self._choose)
        self._attention.clicked.connect(self._want_attention)
        self._rename.clicked.connect(self._ask_name)
        self._delete.clicked.connect(self._ask_deletion)
        self._follow()

    @property
    def current(self) -> KeptModel | None:
        """The model that is chosen; None for a new one."""
        row = self._combo.currentIndex() - 1
        return self._models[row] if 0 <= row < len(self._models) else None

    def refresh(self, select: Path | None = None) -> None:
        """Read the models anew and keep the choice, or make another one."""
        self._wanted = select or self._wanted or (self.current.folder if self.current else None)
        root = self._root

        def show(models: list[KeptModel]) -> None:
            wanted, self._wanted = self._wanted, None
            self._fill(models, wanted)

        self._services.run(lambda _: kept_models.models_in(root), show, self._fail, topic="models")

    def set_learning(self, folder: Path | None) -> None:
        """Say which model learns: it cannot be deleted meanwhile."""
        self._busy = folder
        self._follow()

    def _fill(self, models: list[KeptModel], wanted: Path | None) -> None:
        before = self.current
        self._models = models
        self._combo.blockSignals(True)
        self._combo.clear()
        self._combo.addItem(self.tr("New model"))
        self._combo.addItems([model.name for model in models])
        places = [place for place, model in enumerate(models, 1) if model.folder == wanted]
        self._combo.setCurrentIndex(places[0] if places else 0)
        self._combo.blockSignals(False)
        self._follow()
        if self.current != before:
            self.chosen.emit(self.current)

    @Slot()
    def _choose(self) -> None:
        self._wanted = None
        self._follow()
        self.chosen.emit(self.current)

    @Slot()
    def _want_attention(self) -> None:
        if self.current is not None:
            self.attention_wanted.emit(self.current)

    @Slot()
    def _ask_name(self) -> None:
        model = self.current
        if model is None:
            return
        dialog = QInputDialog(self)
        dialog.setObjectName("build_rename_dialog")
        dialog.setWindowTitle(self.tr("Rename model"))
        dialog.setLabelText(self.tr("Name"))
        dialog.setTextValue(model.name)
        dialog.textValueSelected.connect(self._give_name)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _give_name(self, name: str) -> None:
        model, name = self.current, name.strip()
        if model is not None and name:
            self._services.run(
                lambda _: _renamed(model, name), lambda _: self.refresh(), self._fail, topic="rename"
            )

    @Slot()
    def _ask_deletion(self) -> None:
        model = self.current
        if model is None:
            return
        box, delete = question_box(
            self,
            "build_delete_dialog",
            self.tr("Delete “{name}” and all that it learned?").format(name=model.name),
            self.tr("Delete"),
            "build_delete_confirmed",
        )
        delete.clicked.connect(self._remove)
        box.open()

    @Slot()
    def _remove(self) -> None:
        model = self.current
        if model is not None and model.folder != self._busy:
            self._services.run(
                lambda _: kept_models.remove(model), lambda _: self.refresh(), self._fail, topic="remove"
            )

    def _fail(self, notice: Notice) -> None:
        self.failed.emit(notice.summary)
        self.refresh()

    def _follow(self) -> None:
        model = self.current
        self._attention.setEnabled(
            model is not None and model.step > 0 and model.plan.shape.kind is not Kind.GRU
        )
        self._rename.setEnabled(model is not None)
        self._delete.setEnabled(model is not None and model.folder != self._busy)


def _renamed(model: KeptModel, name: str) -> None:
    kept_models.rename(model, name)
