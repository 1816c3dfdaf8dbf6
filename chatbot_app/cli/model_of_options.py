"""Statements checked with the model that the options name."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from typing import Self

from chatbot_app.chat.model_check import StatementAsker
from chatbot_app.chat.model_verdict import plain_sources
from chatbot_app.chat.services import Services
from chatbot_app.cli.named_servers import chosen_server
from chatbot_app.core.errors import ModelTooSmall
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.model_verdicts import ModelVerdict
from chatbot_app.core.trust import Check


class ModelOf:
    """The model that the options name, asked in a loop of its own."""

    def __init__(self, options: argparse.Namespace, services: Services) -> None:
        self._options = options
        self._services = services
        self._runner = asyncio.Runner()
        self.name = ""

    def __enter__(self) -> Self:
        self._runner.__enter__()
        try:
            self._asker = self._runner.run(self._open())
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for notice in self._asker.notices:
            print(notice.summary, file=sys.stderr)
        self._close()

    def _close(self) -> None:
        try:
            self._runner.run(self._services.gateway.close())
        finally:
            self._runner.close()

    async def _open(self) -> StatementAsker:
        servers, gateway = self._services.servers, self._services.gateway
        name = self._options.server
        server = chosen_server(servers, name)
        settings = GenerationSettings(server_id=server.id, model=self._options.model)
        if gateway.is_small(settings):
            raise ModelTooSmall(model=gateway.names(settings)[1] or "")
        connection = await gateway.open(settings)
        self.name = connection.model
        return StatementAsker(connection, gateway.remember_refusal)

    def verdicts(
        self, statement: str, passages: Sequence[str], checks: Sequence[Check]
    ) -> list[ModelVerdict]:
        """Return the model's verdict on each of these sentences of a statement. Raises AppError."""
        return self._runner.run(self._verdicts(statement, passages, checks))

    async def _verdicts(
        self, statement: str, passages: Sequence[str], checks: Sequence[Check]
    ) -> list[ModelVerdict]:
        sources = plain_sources(passages)
        return [await self._asker.ask(statement[one.start : one.end], sources) for one in checks]
