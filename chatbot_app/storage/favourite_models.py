"""Models that the person keeps at hand."""

from __future__ import annotations

from chatbot_app.storage.json_columns import dump_json, load_json
from chatbot_app.storage.settings import SettingsStore

_SETTING = "models.favourites"


class FavouriteModelStore:
    """Favourites by server and model, the newest last. Methods raise StoreError where SQLite refuses."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    def list(self) -> tuple[tuple[str, str], ...]:
        """Return (server id, model) of each; what is damaged is none."""
        stored = load_json(self._settings.get(_SETTING))
        pairs = [
            (entry[0], entry[1])
            for entry in (stored if isinstance(stored, list) else [])
            if isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) for part in entry)
        ]
        return tuple(dict.fromkeys(pairs))

    def mark(self, server_id: str, model: str, *, favourite: bool) -> tuple[tuple[str, str], ...]:
        """Keep a model among them or not, and return all."""
        kept = [pair for pair in self.list() if pair != (server_id, model)]
        if favourite:
            kept.append((server_id, model))
        self._settings.set(_SETTING, dump_json(kept))
        return tuple(kept)
