"""Models that the person called too small to be trusted with documents."""

from __future__ import annotations

from chatbot_app.core.answer_modes import MarkedModels, is_small_model
from chatbot_app.core.servers import Server
from chatbot_app.storage.json_columns import dump_json, load_json
from chatbot_app.storage.settings import SettingsStore

_SETTING = "servers.small_models"


class SmallModelStore:
    """The person's word on models, by server and model. Methods raise StoreError where SQLite refuses.

    Not among a server's traits, which are forgotten with its address or key.
    """

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    def marked(self) -> MarkedModels:
        """Return (server id, model) of every model that was marked; a damaged setting marks none."""
        stored = load_json(self._settings.get(_SETTING))
        return frozenset(
            (entry[0], entry[1])
            for entry in (stored if isinstance(stored, list) else [])
            if isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) for part in entry)
        )

    def mark(self, server_id: str, model: str, *, small: bool) -> None:
        """Call a model small, or take that back."""
        known = set(self.marked()) - {(server_id, model)}
        if small:
            known.add((server_id, model))
        self._settings.set(_SETTING, dump_json(sorted(known)))

    def is_small(self, server: Server, model: str | None) -> bool:
        """Whether a model is too small to be trusted with documents (see `core.answer_modes`)."""
        return is_small_model(server, model, self.marked())
