"""Where the models of this computer are looked up: the store, or nothing but the one that ships."""

from __future__ import annotations

from typing import Protocol

from chatbot_app.core.local_models import BUILT_IN_LOCAL_MODEL, LocalModel


class LocalModels(Protocol):
    """What is asked of the models of this computer (`storage.models.LocalModelStore`)."""

    def list(self) -> list[LocalModel]:
        """Return all, the one that ships first."""

    def find(self, id_or_name: str) -> LocalModel | None:
        """Return one by its id, its name or a name that it had."""

    def default(self) -> LocalModel:
        """Return the one of conversations that name none."""

    def note_speed(self, model_id: str, tokens_per_second: float) -> object:
        """Keep how fast an answer came. Raises StoreError, and UsageError where the model is gone."""


class BuiltInAlone:
    """No other model than the one that ships: where there is no store."""

    def list(self) -> list[LocalModel]:
        """Return it."""
        return [BUILT_IN_LOCAL_MODEL]

    def find(self, id_or_name: str) -> LocalModel | None:
        """Return it where it is meant."""
        mine = (BUILT_IN_LOCAL_MODEL.id, BUILT_IN_LOCAL_MODEL.name)
        return BUILT_IN_LOCAL_MODEL if id_or_name in mine else None

    def default(self) -> LocalModel:
        """Return it."""
        return BUILT_IN_LOCAL_MODEL

    def note_speed(self, model_id: str, tokens_per_second: float) -> object:
        """Keep nothing."""
