"""The model that ships, as a new user meets it: real, with a library."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from chatbot_app.application import Services
from chatbot_app.chat.events import PassagesFound, TurnEvent
from chatbot_app.chat.requests import NewAnswer, NewQuestion, TurnRequest
from chatbot_app.core.errors import Action
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message
from chatbot_app.core.trust import AnswerMode, trust_of
from chatbot_app.llm.model_files import BUILT_IN_MODEL, find_model_file
from tests.unit.chat.desk import finished

pytestmark = pytest.mark.model


class Newcomer:
    """Asks the built-in model in a new conversation that uses all documents."""

    def __init__(self, services: Services) -> None:
        self.services = services
        settings = GenerationSettings(collections=(), max_tokens=32)
        self.conversation = services.conversations.create_conversation(settings)

    async def run(self, request: TurnRequest) -> list[TurnEvent]:
        return [event async for event in self.services.run_turn(request)]

    async def ask(self, text: str) -> list[TurnEvent]:
        return await self.run(NewQuestion(self.conversation.id, None, text))

    async def again(self, answer: Message, mode: AnswerMode | None = None) -> Message:
        assert answer.parent_id is not None
        return finished(await self.run(NewAnswer(self.conversation.id, answer.parent_id, mode=mode)))


def test_it_quotes_and_its_own_words_come_on_demand_and_differ_when_asked_again(
    services: Services,
) -> None:
    if find_model_file(BUILT_IN_MODEL.name) is None:
        pytest.skip("needs the built-in model: run chatbot-app models fetch")
    newcomer = Newcomer(services)

    async def meet() -> tuple[Message, list[TurnEvent], list[Message], Message]:
        quoted = finished(await newcomer.ask("How tall is the Eiffel Tower?"))
        hello = await newcomer.ask("hello")
        own = [await newcomer.again(quoted, AnswerMode.ANSWER) for _ in range(2)]
        settings = replace(newcomer.conversation.settings, model="Taken off")
        services.conversations.set_settings(newcomer.conversation.id, settings)
        gone = finished(await newcomer.ask("hello"))
        await services.gateway.close()
        return quoted, hello, own, gone

    quoted, hello, own, gone = asyncio.run(meet())
    assert "330 metres" in quoted.text
    assert quoted.model is None
    assert not any(isinstance(event, PassagesFound) for event in hello)
    assert finished(hello).notices == ()
    assert finished(hello).metadata == {}
    first, second = own
    trust = trust_of(first.metadata)
    assert trust is not None
    assert (trust.unchecked, trust.small_model, trust.mode) == (True, True, AnswerMode.ANSWER)
    assert first.settings is not None
    assert first.settings.seed is None  # the likeliest words, once
    assert second.settings is not None
    assert second.settings.seed is not None
    assert first.text != second.text
    assert [notice.kind for notice in gone.notices] == ["ModelGone"]
    assert "“Taken off” is not on this computer; “SmolLM2" in gone.notices[0].summary
    assert gone.notices[0].action == Action.OPEN_MODELS
