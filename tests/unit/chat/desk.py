"""A store with documents, a scripted server, and a conversation that may use the documents."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from chatbot_app.application import Services
from chatbot_app.chat.events import NoticeAdded, TurnEvent, TurnFinished
from chatbot_app.chat.requests import NewQuestion, TurnRequest
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.core.trust import AnswerMode
from tests.scripted_server import ScriptedServer

TOWER = "The Eiffel Tower in Paris is 330 metres tall. It was completed in March 1889 for the World's Fair."
ENGINE = "The Zorblax engine was built in 1923 by Ada Quill in Turin. It ran on steam and olive oil."


class Desk:
    """A store with documents, a scripted server, and one conversation that may use the documents."""

    def __init__(self, services: Services, server: ScriptedServer, folder: Path) -> None:
        self.services = services
        self.server = server
        self.folder = folder
        services.servers.add(
            Server("scripted", "Scripted", server.base_url, ServerKind.OTHER, default_model="scripted")
        )
        self.settings = GenerationSettings(server_id="scripted", collections=())
        self.conversation = services.conversations.create_conversation(self.settings)

    def add(self, name: str, text: str, collection_id: str = "") -> None:
        import_text(self.services, self.folder / name, text, collection_id)

    def choose(self, collections: tuple[str, ...] | None) -> None:
        self.settings = replace(self.settings, collections=collections)
        self.services.conversations.set_settings(self.conversation.id, self.settings)

    def answer_with(self, mode: AnswerMode | None) -> None:
        self.settings = replace(self.settings, answer_mode=mode)
        self.services.conversations.set_settings(self.conversation.id, self.settings)

    def run(self, request: TurnRequest) -> list[TurnEvent]:
        async def consume() -> list[TurnEvent]:
            events = [event async for event in self.services.run_turn(request)]
            await self.services.gateway.close()
            return events

        return asyncio.run(consume())

    def ask(self, text: str, parent_id: str | None = None) -> list[TurnEvent]:
        return self.run(NewQuestion(self.conversation.id, parent_id, text))

    def sent(self, number: int = -1) -> list[dict[str, str]]:
        messages: list[dict[str, str]] = self.server.chat_requests[number].json["messages"]
        return messages


def finished(events: list[TurnEvent]) -> Message:
    last = events[-1]
    assert isinstance(last, TurnFinished)
    return last.answer


def notices(events: list[TurnEvent]) -> list[str]:
    return [event.notice.kind for event in events if isinstance(event, NoticeAdded)]


def import_text(services: Services, path: Path, text: str, collection_id: str = "") -> None:
    path.write_text(text, encoding="utf-8")
    library = services.library
    runner = library.create_import_of([path], collection_id)
    told = list(runner.run(until_done=True))
    assert (runner.progress.done, runner.progress.failed) == (1, 0), told
