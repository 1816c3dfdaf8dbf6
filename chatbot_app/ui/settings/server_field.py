"""Which server answers, with which model."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from chatbot_app.core.servers import Server
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.settings.fields import ModelComboBox, NamedComboBox
from chatbot_app.ui.theme import em, scale_font, set_look


class ServerField(QWidget):
    """A list of servers and an editable list of the models of the one that is chosen."""

    server_chosen = Signal(object)  # server id, or None for the default server; by the person only
    model_changed = Signal(object)  # name, or None for the server's own; by the person only
    models_refresh_requested = Signal()
    servers_dialog_requested = Signal()
    small_model_marked = Signal(
        str, str, bool
    )  # server id, model, whether it is called small; by the person only

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._servers: dict[str, Server] = {}
        self._default_id: str | None = None
        self._chosen: str | None = None
        self.servers = NamedComboBox("server_combo", self.tr("Server"), self)
        self.models = ModelComboBox("model_combo", self.tr("Model"), "model_name_edit", self)
        manage = IconButton("server", self.tr("Servers…"), "servers_button", self)
        self._refresh = IconButton(
            "refresh", self.tr("Fetch the list of models"), "models_refresh_button", self
        )
        self.small = QCheckBox(self.tr("Very small: answer with quotes"), self)
        self.small.setObjectName("small_model_check")
        self.small.setAccessibleName(self.small.text())
        scale_font(self.small, 0.9)
        self._status = QLabel(self)
        self._status.setObjectName("models_status")
        self._status.setTextFormat(Qt.TextFormat.PlainText)
        self._status.setWordWrap(True)
        scale_font(self._status, 0.9)
        set_look(self._status, "muted")
        self._status.hide()
        server_label, model_label = QLabel(self.tr("Server"), self), QLabel(self.tr("Model"), self)
        server_label.setBuddy(self.servers)
        model_label.setBuddy(self.models)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(em(self, 0.3))
        grid.setVerticalSpacing(em(self, 0.25))
        for row, (label, field, button) in enumerate(
            ((server_label, self.servers, manage), (model_label, self.models, self._refresh))
        ):
            grid.addWidget(label, 2 * row, 0, 1, 2)
            grid.addWidget(field, 2 * row + 1, 0)
            grid.addWidget(button, 2 * row + 1, 1)
        grid.addWidget(self._status, 4, 0, 1, 2)
        grid.addWidget(self.small, 5, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        self.servers.activated.connect(self._server_activated)
        self.models.currentTextChanged.connect(self._model_typed)
        self._refresh.clicked.connect(self.models_refresh_requested)
        self.small.toggled.connect(self._mark_small)
        manage.clicked.connect(self.servers_dialog_requested)

    def set_servers(self, servers: Sequence[Server], default_id: str | None) -> None:
        """Offer these; `default_id` names the one that conversations without a choice use."""
        self._servers = {server.id: server for server in servers}
        self._default_id = default_id
        self.show_choice(self._chosen, self.model())

    def show_choice(self, server_id: str | None, model: str | None) -> None:
        """Show what a conversation uses, silently."""
        self._chosen = server_id
        with QSignalBlocker(self.servers):
            self.servers.clear()
            default = self._servers.get(self._default_id or "")
            if default is not None:
                self.servers.addItem(
                    self.tr("Default ({name})").format(name=visible_text(default.name)), None
                )
            for server in self._servers.values():
                self.servers.addItem(visible_text(server.name), server.id)
            known = [self.servers.itemData(row) for row in range(self.servers.count())]
            if server_id is not None and server_id not in known:
                self.servers.addItem(self.tr("A server that was removed"), server_id)
                known.append(server_id)
            self.servers.setCurrentIndex(known.index(server_id) if server_id in known else -1)
        self.models.show_name(model or "")
        self._show_placeholder()

    def set_models(self, names: Sequence[str]) -> None:
        """Offer these names; what is written stays."""
        self.models.offer(names)

    def set_status(self, sentence: str) -> None:
        """Say how fetching the list went; "" says nothing."""
        self._status.setText(visible_text(sentence))
        self._status.setVisible(bool(sentence))

    def set_refreshing(self, refreshing: bool) -> None:
        """Show that the list is on its way."""
        self._refresh.setEnabled(not refreshing)

    def show_small(self, *, is_small: bool, is_fixed: bool) -> None:
        """Show whether the model is called small, silently; `is_fixed`: nobody can say otherwise."""
        with QSignalBlocker(self.small):
            self.small.setChecked(is_small)
        name = self._known_model()
        self.small.setEnabled(bool(name) and not is_fixed)
        if is_fixed:
            words = self.tr("The model that ships is very small: questions to your documents get quotes.")
        elif not name:
            words = self.tr("Write or choose the name of the model first.")
        else:
            words = self.tr(
                "Questions to your documents then get quotes, and this model's own words only on demand."
            )
        self.small.setToolTip(words)
        self.small.setAccessibleDescription(words)

    def _known_model(self) -> str:
        """Return the name of the model that answers, as far as it is known without asking."""
        server = self._servers.get(self._chosen or self._default_id or "")
        named = self.model() or (server.default_model if server is not None else "")
        return named or (self.models.itemText(0) if self.models.count() == 1 else "")

    @Slot(bool)
    def _mark_small(self, is_small: bool) -> None:
        server_id, model = self._chosen or self._default_id, self._known_model()
        if server_id and model:
            self.small_model_marked.emit(server_id, model, is_small)

    def model(self) -> str | None:
        """Return the name that is written, or None for the server's own choice."""
        return self.models.currentText().strip() or None

    @Slot(int)
    def _server_activated(self, row: int) -> None:
        chosen = self.servers.itemData(row)
        if chosen == self._chosen:
            return
        self._chosen = chosen
        self.models.show_name("")  # a model's name means nothing on another server
        self.models.offer(())
        self.set_status("")
        self._show_placeholder()
        self.server_chosen.emit(chosen)

    @Slot()
    def _model_typed(self) -> None:
        self.model_changed.emit(self.model())

    def _show_placeholder(self) -> None:
        server = self._servers.get(self._chosen or self._default_id or "")
        own = server.default_model if server else ""
        self.models.name_edit.setPlaceholderText(
            self.tr("Server default ({model})").format(model=own) if own else self.tr("Server default")
        )
