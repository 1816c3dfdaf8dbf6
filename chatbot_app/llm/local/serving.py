"""The built-in server: which model of this computer answers a conversation, and where it does."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chatbot_app.core.errors import StoreError, UsageError
from chatbot_app.core.local_models import LocalModel
from chatbot_app.core.servers import Server
from chatbot_app.llm.local.engines import Engines
from chatbot_app.llm.local.examine import projectors_beside

logger = logging.getLogger(__name__)

MEASURED_TOKENS = 16  # an answer has at least: the speed of a shorter one says little


class LocalServing:
    """Chooses among the models of this computer, and has them started. Methods that look models up read the store."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._models = engines.models

    def names(self) -> list[str]:
        """Return the names of all models."""
        return [model.name for model in self._models.list()]

    def has(self, name: str) -> bool:
        """Whether there is a model of that name, or one that had it."""
        return self._models.find(name) is not None

    def model(self, name: str | None) -> LocalModel:
        """Return the model that a conversation names; the default one where it names none, or one that is gone."""
        return (self._models.find(name) if name else None) or self._models.default()

    def described(self, server: Server, model: LocalModel) -> Server:
        """Return the built-in server as it serves one of its models; its address is known when that one runs."""
        path = str(model.path) if model.path is not None else ""
        return replace(server, default_model=model.name, model_path=path)

    async def started(self, server: Server, model: LocalModel) -> tuple[Server, str]:
        """Return the same with its address, and the key for it. Raises ModelFileError or LocalServerFailed."""
        endpoint = await self._engines.endpoint(model)
        return replace(self.described(server, model), base_url=endpoint.base_url), endpoint.api_key

    def unused_projector(self, name: str) -> str:
        """Return the name of a projector for pictures that lies beside a model which was given none; "" for none."""
        model = self._models.find(name)
        if model is None or model.path is None or model.settings.projector:
            return ""
        return next((path.name for path in projectors_beside(model.path)), "")

    def warm(self, name: str | None) -> None:
        """Load a model in the background."""
        self._engines.warm(self.model(name))

    def note_speed(self, name: str, timings: Mapping[str, Any] | None) -> None:
        """Keep how fast an answer came, by llama.cpp's own `timings`; a store that cannot take it is logged."""
        speed, tokens = (timings or {}).get("predicted_per_second"), (timings or {}).get("predicted_n")
        if not isinstance(speed, int | float) or not isinstance(tokens, int) or tokens < MEASURED_TOKENS:
            return
        model = self._models.find(name)
        if model is None or not 0 < speed < 1e6:
            return
        try:
            self._models.note_speed(model.id, float(speed))
        except (StoreError, UsageError):  # it is full, or the model was removed meanwhile
            logger.warning("the speed of %s could not be stored", name)


def local_session(model_id: str) -> str:
    """Return the name under which the session of a model is kept among those of servers."""
    return f"local:{model_id}"
