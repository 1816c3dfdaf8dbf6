"""The part of a conversation that is shown, and the plan that its gauge draws."""

from __future__ import annotations

from chatbot_app.chat.history import newest_page, page_around
from tests.scripted_server import DONE, chunk, event, json_answer, raw_sse
from tests.unit.chat.test_turn import Exchange, exchange, finished, server, services

__all__ = ["exchange", "server", "services"]  # fixtures


def test_the_plan_is_known_after_opening_from_search_and_without_usage(exchange: Exchange) -> None:
    uncounted = raw_sse([event(chunk("ok", finish_reason="stop")), DONE])
    exchange.server.set_answers(uncounted)
    answer = finished(exchange.ask("Hi"))
    assert answer.usage is None
    store = exchange.services.conversations
    sent = store.plan(answer.id)
    assert sent is not None
    assert not sent.exact  # an estimate, and marked as one
    assert newest_page(store, exchange.conversation.id).plan == sent
    assert page_around(store, exchange.conversation.id, answer.id).plan == sent


def test_an_answer_that_failed_before_its_prompt_hides_no_plan(exchange: Exchange) -> None:
    answer = finished(exchange.ask("Hi"))
    sent = exchange.services.conversations.plan(answer.id)
    exchange.server.set_answers(json_answer({"error": {"message": "no"}}, 400))
    second = finished(exchange.ask("Again", answer.id))
    store = exchange.services.conversations
    page = newest_page(store, exchange.conversation.id)
    assert page.plan == (store.plan(second.id) or sent)
