"""A question that models are compared by: asked like any other of its conversation, and nothing is stored."""

from __future__ import annotations

import asyncio

from chatbot_app.chat.events import TurnEvent
from chatbot_app.chat.requests import Continuation
from chatbot_app.core.compared import ComparedQuestion
from chatbot_app.core.messages import MessageStatus
from chatbot_app.core.model_prices import Price, price_of
from chatbot_app.core.trust import AnswerMode
from tests.unit.chat.desk import Desk, finished


def compare(desk: Desk, question: ComparedQuestion) -> list[TurnEvent]:
    async def consume() -> list[TurnEvent]:
        events = [event async for event in desk.services.compare(question, desk.settings)]
        await desk.services.gateway.close()
        return events

    return asyncio.run(consume())


def test_history_and_documents_of_the_conversation_go_to_the_model_and_nothing_is_stored(desk: Desk) -> None:
    desk.choose(None)
    first = finished(desk.ask("Hello, my name is Ada."))
    desk.choose(())
    desk.answer_with(AnswerMode.QUOTES)  # without a model there would be nothing to compare
    before = desk.services.conversations.tree(desk.conversation.id)
    asked = ComparedQuestion("How tall is the Eiffel Tower?", desk.conversation.id, first.id)
    answer = finished(compare(desk, asked))
    assert (answer.status, answer.text) == (MessageStatus.COMPLETE, "It is 330 metres tall [1].")
    assert answer.metadata["sources"]
    sent = [message["content"] for message in desk.sent()]
    assert sent[1] == "Hello, my name is Ada."
    assert "completed in March 1889" in sent[-1]
    assert sent[-1].endswith("How tall is the Eiffel Tower?")
    assert list(desk.services.conversations.tree(desk.conversation.id)) == list(before)


def test_without_a_conversation_a_model_is_asked_alone(desk: Desk) -> None:
    desk.choose(None)
    answer = finished(compare(desk, ComparedQuestion("How tall is the Eiffel Tower?")))
    assert answer.status is MessageStatus.COMPLETE
    assert [message["content"] for message in desk.sent()][1:] == ["How tall is the Eiffel Tower?"]
    assert len(desk.services.conversations.list_conversations()) == 1


def test_a_conversation_that_is_gone_is_said(desk: Desk) -> None:
    answer = finished(compare(desk, ComparedQuestion("Well?", "gone", "gone")))
    assert answer.status is MessageStatus.FAILED


def test_an_answer_keeps_the_price_that_counted_when_it_was_made(desk: Desk) -> None:
    desk.choose(None)
    assert price_of(finished(desk.ask("Hello?"))) is None
    [model] = {answer.model for answer in [finished(desk.ask("Hello?"))]}
    assert model is not None
    price = Price(2.0, 10.0, "€")
    desk.services.prices.set("scripted", model, price)
    answer = finished(desk.ask("Hello?"))
    assert price_of(answer) == price
    desk.services.prices.set("scripted", model, Price(9.0, 9.0))
    stored = desk.services.conversations.message(answer.id)
    assert price_of(stored) == price
    go_on = finished(desk.run(Continuation(desk.conversation.id, answer.id)))
    assert price_of(go_on) == Price(9.0, 9.0)
