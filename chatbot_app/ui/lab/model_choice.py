"""Which model a page asks: a server, and one of its models."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QLabel, QSizePolicy, QWidget

from chatbot_app.core.messages import Notice
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.lab.raw_model import SMALL_MODELS
from chatbot_app.lab.small.kept_models import offered
from chatbot_app.ui.settings.fields import ModelComboBox, NamedComboBox
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.lab_services import LabServices

_PAUSE_MS = 500  # after the last key in the name of a model


class LabModelChoice(QWidget):
    """The built-in server first, then the person's own; models are asked for when a server is chosen."""

    changed = Signal()

    def __init__(
        self,
        services: LabServices,
        parent: QWidget | None = None,
        *,
        name: str = "lab",
        within: str = "",
        is_narrow: bool = False,
        small_models: Path | None = None,
    ) -> None:
        """`name` begins the names of its widgets; several with the same services have one each. `within` is what they
        belong to, said before them where there is more than one choice. A narrow one stands in two rows.
        `small_models` is the folder of models that learned on “Build one”, where they are offered as well."""
        super().__init__(parent)
        self._services = services
        self._topic = name
        self._servers: tuple[Server, ...] = ()
        self._root = small_models
        self._small: tuple[str, ...] = ()  # names of the models there
        self._wanted: str | None = None  # a server that was chosen before they were known
        said = f"{within}: {{}}" if within else "{}"
        self._server = NamedComboBox(f"{name}_server", said.format(self.tr("Server")), self)
        self._server.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._server.setMinimumContentsLength(12)
        self._model = ModelComboBox(
            f"{name}_model", said.format(self.tr("Model")), f"{name}_model_name", self
        )
        self._model.name_edit.setPlaceholderText(self.tr("The server's own choice"))
        self._problem = QLabel(self)
        self._problem.setObjectName(f"{name}_model_problem")
        set_look(self._problem, "muted")
        self._problem.hide()
        words = QLabel(self.tr("Model"), self)
        words.setBuddy(self._server)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        words.setVisible(not is_narrow)
        row = QBoxLayout(
            QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight, self
        )
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.5))
        row.addWidget(words)
        row.addWidget(self._server)
        row.addWidget(self._model, 1)
        row.addWidget(self._problem, 1)
        self._server.currentIndexChanged.connect(self._choose_server)
        self._model.activated.connect(self._choose_model)
        self._model.name_edit.textEdited.connect(self._pause.start)
        self._pause.timeout.connect(self.changed)
        self.refresh()

    @property
    def server(self) -> Server | None:
        """The chosen server, None before they are known."""
        place = self._server.currentIndex()
        return self._servers[place] if 0 <= place < len(self._servers) else None

    def server_of(self, server_id: str | None) -> Server | None:
        """Return a server by its id, None where it is not known."""
        return next((server for server in self._servers if server.id == server_id), None)

    @property
    def server_id(self) -> str | None:
        """The chosen server, None before they are known: then the default one answers."""
        return self.server.id if self.server is not None else None

    @property
    def model(self) -> str | None:
        """The chosen model, None where the server is to choose."""
        return self._model.currentText().strip() or None

    @Slot()
    def refresh(self) -> None:
        """Read the servers again; the choice stays where it is still there."""
        self._services.run(
            lambda _: (self._services.house.servers.list(), self._services.house.servers.default().id),
            self._show_servers,
            self._say,
            topic=f"{self._topic} servers",
        )

    @Slot()
    def refresh_small(self) -> None:
        """Read anew which models have learned on “Build one”."""
        root = self._root
        if root is not None:
            self._services.run(
                lambda _: tuple(offered(root)), self._show_small, self._say, topic=f"{self._topic} small"
            )

    def _show_small(self, names: tuple[str, ...]) -> None:
        self._small = names
        if not self._servers:
            return  # they come later, and these with them
        is_there = self._servers[-1] is SMALL_MODELS
        if names and not is_there:
            self._servers += (SMALL_MODELS,)
            self._server.addItem(self.tr("Build one"))
        elif is_there and not names:
            self._servers = self._servers[:-1]
            self._server.removeItem(len(self._servers))
        elif self.server is SMALL_MODELS:
            self._model.offer(names)

    @Slot(str, str)
    def choose(self, server_id: str, model: str) -> None:
        """Choose a model from elsewhere, silently; "" leaves it to the server."""
        self._wanted = server_id or None
        places = [server.id for server in self._servers]
        with QSignalBlocker(self._server):
            if server_id in places:
                self._server.setCurrentIndex(places.index(server_id))
        self._model.show_name(model)
        self._ask_models()

    def _show_servers(self, found: tuple[Sequence[Server], str]) -> None:
        listed, default = found
        before = self.server_id
        self._servers = tuple(sorted(listed, key=lambda server: server.kind is not ServerKind.BUILT_IN))
        self._servers += (SMALL_MODELS,) if self._small else ()
        wanted = self._wanted or before or default
        with QSignalBlocker(self._server):
            self._server.clear()
            self._server.addItems(
                [self.tr("Build one") if one is SMALL_MODELS else one.name for one in self._servers]
            )
            places = [server.id for server in self._servers]
            self._server.setCurrentIndex(places.index(wanted) if wanted in places else 0)
        self._ask_models()
        if before is None:
            self.changed.emit()

    @Slot()
    def _choose_server(self) -> None:
        self._model.show_name(self._small[0] if self.server is SMALL_MODELS and self._small else "")
        self._ask_models()
        self.changed.emit()

    @Slot()
    def _choose_model(self) -> None:
        self._pause.stop()
        self.changed.emit()

    def _ask_models(self) -> None:
        self._problem.hide()
        if self.server is SMALL_MODELS:
            self._services.cancel(f"{self._topic} models")
            self._model.offer(self._small)
            return
        self._model.offer(())
        self._services.ask(
            partial(self._services.house.gateway.list_models, self.server_id),
            self._model.offer,
            self._say,
            topic=f"{self._topic} models",
        )

    def _say(self, notice: Notice) -> None:
        """Say why a list cannot be had; a name can still be written."""
        self._problem.setToolTip(notice.words)
        self._problem.setText(self.tr("Its models are not known"))
        self._problem.show()
