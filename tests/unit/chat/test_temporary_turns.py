"""Everything that an exchange does works in a temporary conversation, and nothing of it is on the disk afterwards."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from chatbot_app.chat.events import BackgroundEvent, SummaryWritten
from chatbot_app.chat.imported_history import PastMessage, store_history
from chatbot_app.chat.requests import NewAnswer
from chatbot_app.chat.services import Services
from chatbot_app.core.generation import HistoryStrategy
from chatbot_app.core.messages import Message, Role
from chatbot_app.core.prompt_plan import PartKind
from chatbot_app.core.temporary import is_temporary
from chatbot_app.core.token_cache import text_digest
from chatbot_app.core.trust import AnswerMode
from tests.scripted_server import sse_answer
from tests.traces import SECRET, holding
from tests.unit.chat.desk import Desk, finished


def after(services: Services, answer: Message) -> list[BackgroundEvent]:
    async def consume() -> list[BackgroundEvent]:
        try:
            return [event async for event in services.after_turn(answer)]
        finally:
            await services.gateway.close()

    return asyncio.run(consume())


def test_documents_branches_summaries_and_recall(desk: Desk, data_dir: Path) -> None:
    services, store = desk.services, desk.services.conversations
    desk.conversation = services.temporary.begin(desk.settings)
    desk.answer_with(AnswerMode.BOTH)
    desk.server.set_answers(sse_answer([f"The tower is 330 metres tall, says {SECRET}."]))
    first = finished(desk.ask(f"How tall is the Eiffel Tower, {SECRET}?"))
    assert first.metadata["quotes"]
    assert first.metadata["checks"]
    again = finished(desk.run(NewAnswer(desk.conversation.id, first.parent_id or "")))
    assert store.siblings(first.id) == [first.id, again.id]
    assert store.plan(again.id) is not None

    services.gateway.remember_window("scripted", "scripted", 1024)
    fact = f"Please remember: my sister {SECRET} is allergic to walnuts."
    past = [PastMessage(Role.USER, fact), PastMessage(Role.ASSISTANT, "Noted.")]
    for case in range(8):
        past += [
            PastMessage(Role.USER, f"How do trains brake downhill, case {case}? " + "And then? " * 30),
            PastMessage(Role.ASSISTANT, "They brake with air. " * 20),
        ]
    for strategy in (HistoryStrategy.RECALL, HistoryStrategy.SUMMARISE):
        desk.settings = replace(desk.settings, collections=None, answer_mode=None, history_strategy=strategy)
        conversation = desk.conversation = services.temporary.begin(desk.settings)
        leaf = store_history(store, services.database, conversation.id, past)
        desk.server.set_answers(
            sse_answer(["Yes."]), sse_answer([f"## Facts and constraints\n- {SECRET}: allergic to walnuts"])
        )
        answer = finished(desk.ask(f"What is {SECRET} allergic to?", leaf))
        events = after(services, answer)
    assert isinstance(events[-1], SummaryWritten)
    [summary] = services.summaries.all(conversation.id)
    assert SECRET in summary.text
    assert is_temporary(summary.id)
    plan = store.plan(finished(desk.ask("And then?", answer.id)).id)
    assert plan is not None
    assert PartKind.SUMMARY in {part.kind for part in plan.parts if part.included}
    digests = []
    for one in services.temporary.list():
        texts = [message.text for message in store.tree(one.id)]
        digests += [text_digest(text) for text in texts if text]
    with services.database.temporary.read() as connection:
        made = [row["vector"] for row in connection.execute("SELECT vector FROM exchange_vectors")]
    assert made
    assert holding(data_dir, also=[*digests, *made]) == []
