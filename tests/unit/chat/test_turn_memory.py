"""What a conversation remembers at its 80th turn: pinned, summarised or recalled."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot_app.chat.events import (
    BackgroundEvent,
    SummaryFailed,
    SummaryStarted,
    SummaryWritten,
    TurnFinished,
)
from chatbot_app.chat.imported_history import PastMessage, store_history
from chatbot_app.chat.requests import NewQuestion
from chatbot_app.chat.services import Services, create_services
from chatbot_app.core.generation import GenerationSettings, HistoryStrategy
from chatbot_app.core.messages import Message, Role
from chatbot_app.core.prompt_plan import PartKind, PromptPlan
from chatbot_app.core.servers import BUILT_IN_SERVER, Server
from chatbot_app.llm.model_files import model_file_states
from chatbot_app.storage.exchange_vectors import ExchangeVectorStore
from tests.scripted_server import MODELS, ScriptedServer, json_answer, models_answer, sse_answer

FACT = "Please remember: my sister Ottilie is allergic to walnuts."
QUESTION = "What is Ottilie allergic to?"
SUMMARY = "## Facts and constraints\n- Sister Ottilie: allergic to walnuts"


def seventy_nine_turns(*, pinned: bool = False) -> list[PastMessage]:
    messages = [PastMessage(Role.USER, FACT, pinned), PastMessage(Role.ASSISTANT, "Noted.")]
    for number in range(2, 80):
        messages += [
            PastMessage(Role.USER, f"How do trains brake downhill, case {number}? " + "And then? " * 10),
            PastMessage(Role.ASSISTANT, "They brake with air. " * 8),
        ]
    return messages


class Talk:
    """A long conversation with any server."""

    def __init__(self, services: Services, settings: GenerationSettings, *, pinned: bool = False) -> None:
        self.services = services
        store = services.conversations
        self.id = store.create_conversation(settings).id
        self.leaf = store_history(store, services.database, self.id, seventy_nine_turns(pinned=pinned))

    def ask(self, text: str = QUESTION) -> tuple[Message, PromptPlan, list[BackgroundEvent]]:
        """Ask, and do what is done after an answer."""

        async def consume() -> tuple[Message, list[BackgroundEvent]]:
            try:
                async for event in self.services.run_turn(NewQuestion(self.id, self.leaf, text)):
                    if isinstance(event, TurnFinished):
                        answer = event.answer
                return answer, [event async for event in self.services.after_turn(answer)]
            finally:
                await self.services.gateway.close()

        answer, after = asyncio.run(consume())
        self.leaf = answer.id
        plan = self.services.conversations.plan(answer.id)
        assert plan is not None
        return answer, plan, after


@pytest.fixture
def services(data_dir: Path) -> Iterator[Services]:
    services = create_services(data_dir)
    yield services
    services.close()


@pytest.fixture
def server(services: Services) -> Iterator[ScriptedServer]:
    models = models_answer([{"id": "scripted", "max_model_len": 2048}])
    with ScriptedServer(sse_answer(["ok"], usage={}), paths={MODELS: models}) as server:
        services.servers.add(Server("scripted", "Scripted", server.base_url, default_model="scripted"))
        yield server


def using(strategy: HistoryStrategy) -> GenerationSettings:
    return GenerationSettings(server_id="scripted", history_strategy=strategy)


def sent(plan: PromptPlan) -> str:
    return "\n".join(message["content"] for message in plan.messages())


def test_a_fact_is_lost_where_nothing_keeps_it(services: Services, server: ScriptedServer) -> None:
    _, plan, _ = Talk(services, using(HistoryStrategy.OLDEST_EXCHANGES)).ask()
    assert "walnuts" not in sent(plan)


def test_a_pinned_fact_is_sent_at_turn_80(services: Services, server: ScriptedServer) -> None:
    _, plan, _ = Talk(services, using(HistoryStrategy.OLDEST_EXCHANGES), pinned=True).ask()
    assert "walnuts" in sent(plan)


def test_a_fact_is_recalled_by_words_before_vectors_are_there(
    services: Services, server: ScriptedServer
) -> None:
    talk = Talk(services, using(HistoryStrategy.RECALL))
    _, plan, _ = talk.ask()
    [recalled] = [part for part in plan.parts if part.kind is PartKind.RECALLED and part.included][:1]
    assert "walnuts" in recalled.text
    assert "walnuts" in sent(plan)
    embedder = services.library.sentence_embedder
    if embedder is not None:
        ids, vectors = ExchangeVectorStore(services.database).vectors(talk.id, embedder.model.stamp)
        assert len(ids) == 80
        assert vectors.shape == (80, embedder.model.dimension)
        assert services.memory.recall.embed_missing(services.conversations.path(talk.id)) == 0


def test_a_fact_is_summarised_by_the_model_after_the_answer(
    services: Services, server: ScriptedServer
) -> None:
    server.set_answers(sse_answer(["ok"], usage={}), sse_answer([SUMMARY], usage={}))
    talk = Talk(services, using(HistoryStrategy.SUMMARISE))
    _, plan, after = talk.ask()
    assert "walnuts" not in sent(plan)
    assert [type(event) for event in after] == [SummaryStarted, SummaryWritten]
    requests = [request.json["messages"][-1]["content"] for request in server.chat_requests[1:]]
    assert len(requests) > 1  # longer than the window: in several steps, each with the summary so far
    assert "walnuts" in requests[0]
    assert all(SUMMARY in request for request in requests[1:])
    _answer, plan, _ = talk.ask()
    assert SUMMARY in sent(plan)
    assert plan.fits

    [summary] = services.summaries.all(talk.id)[:1]
    services.summaries.edit(summary.id, "Ottilie eats no walnuts, says the person.")
    _, plan, _ = talk.ask()
    assert "says the person" in sent(plan)
    services.summaries.remove(summary.id)


def test_a_model_that_cannot_summarise_gives_an_extract(services: Services, server: ScriptedServer) -> None:
    server.set_answers(sse_answer(["I talked with the user."], usage={}))
    talk = Talk(services, using(HistoryStrategy.SUMMARISE))
    _, _, after = talk.ask()
    assert isinstance(after[-1], SummaryWritten)
    assert FACT in after[-1].summary.text


def test_a_summary_that_fails_changes_nothing_and_is_tried_again(
    services: Services, server: ScriptedServer
) -> None:
    refused = json_answer({"error": {"message": "no"}}, 403)
    server.set_answers(sse_answer(["ok"], usage={}), refused)
    talk = Talk(services, using(HistoryStrategy.SUMMARISE))
    _, _, after = talk.ask()
    assert isinstance(after[-1], SummaryFailed)
    assert services.summaries.all(talk.id) == []
    server.set_answers(sse_answer(["ok"], usage={}), sse_answer([SUMMARY], usage={}))
    _, _, after = talk.ask()
    assert isinstance(after[-1], SummaryWritten)


@pytest.mark.model
@pytest.mark.parametrize("strategy", [HistoryStrategy.SUMMARISE, HistoryStrategy.RECALL])
def test_the_built_in_model_is_sent_the_fact_at_turn_80(
    services: Services, strategy: HistoryStrategy
) -> None:
    if not all(state.is_well for state in model_file_states()):
        pytest.skip("needs the built-in model")
    # A small window: reading thousands of tokens takes this model a minute on a busy machine.
    services.gateway.remember_window("built-in", BUILT_IN_SERVER.default_model, 1024)
    talk = Talk(services, GenerationSettings(history_strategy=strategy, max_tokens=4, seed=1))
    answer, plan, after = talk.ask("How are trains?" if strategy is HistoryStrategy.SUMMARISE else QUESTION)
    if strategy is HistoryStrategy.SUMMARISE:
        assert isinstance(after[-1], SummaryWritten)
        answer, plan, _ = talk.ask()
    assert plan.window_source == "person"
    assert "walnuts" in sent(plan)
    assert answer.usage is not None
    assert answer.usage.prompt_tokens == plan.tokens
