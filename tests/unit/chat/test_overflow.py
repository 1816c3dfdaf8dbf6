"""A prompt that is too long, as six kinds of servers say it, and one that is silently cut, end to end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot_app.chat.events import PromptPlanned, TurnEvent, TurnFinished
from chatbot_app.chat.overflow import narrowed_budget
from chatbot_app.chat.requests import NewQuestion, PlanRequest
from chatbot_app.chat.services import Services, create_services
from chatbot_app.core.errors import Action, PromptTooLong
from chatbot_app.core.generation import GenerationSettings, HistoryStrategy
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.memory.budget import Budget
from tests.scripted_server import (
    MODELS,
    Answer,
    ScriptedServer,
    event,
    json_answer,
    models_answer,
    raw_sse,
    sse_answer,
)

FITS = sse_answer(["fits now"], usage={})

VLLM_TEXT = (
    "This model's maximum context length is 2048 tokens. However, you requested 2600 tokens (2600 in the "
    "messages, 0 in the completion). Please reduce the length of the messages or completion."
)
LM_STUDIO_TEXT = (
    "Trying to keep the first 2600 tokens when context the overflows. However, the model is loaded with "
    "context length of only 2048 tokens, which is not enough. Try to load the model with a larger context "
    "length, or provide a shorter input"
)

DIALECTS: dict[str, tuple[ServerKind, Answer, int | None]] = {
    "llama.cpp": (
        ServerKind.LLAMA_CPP,
        json_answer(
            {
                "error": {
                    "code": 400,
                    "message": "the request exceeds the available context size, try increasing it",
                    "type": "exceed_context_size_error",
                    "n_prompt_tokens": 2600,
                    "n_ctx": 2048,
                }
            },
            400,
        ),
        2048,
    ),
    "vLLM, 400 as text": (
        ServerKind.VLLM,
        json_answer({"object": "error", "message": VLLM_TEXT, "type": "BadRequestError", "code": 400}, 400),
        2048,
    ),
    "OpenAI": (
        ServerKind.OPENAI,
        json_answer(
            {
                "error": {
                    "message": "This model's maximum context length is 2048 tokens. However, your messages "
                    "resulted in 2600 tokens. Please reduce the length of the messages.",
                    "type": "invalid_request_error",
                    "param": "messages",
                    "code": "context_length_exceeded",
                }
            },
            400,
        ),
        2048,
    ),
    "OpenAI without numbers": (
        ServerKind.OPENAI,
        json_answer(
            {"error": {"message": "Your input exceeds the limit.", "code": "context_length_exceeded"}}, 400
        ),
        None,
    ),
    "LM Studio, 200 with an error in the stream": (
        ServerKind.LM_STUDIO,
        raw_sse([b"event: error\n" + event({"error": {"message": LM_STUDIO_TEXT}})]),
        2048,
    ),
    "LM Studio, 200 with nothing": (ServerKind.LM_STUDIO, raw_sse([]), None),
}


class Talk:
    """A conversation of eight long exchanges with a scripted server that says no window of its own."""

    def __init__(self, services: Services, server: ScriptedServer, kind: ServerKind) -> None:
        self.services = services
        self.server = server
        services.servers.add(Server("scripted", "Scripted", server.base_url, kind, default_model="scripted"))
        self.conversation_id = services.conversations.create_conversation(
            GenerationSettings(server_id="scripted")
        ).id
        self.parent: str | None = None

    def fill(self, exchanges: int = 8) -> None:
        store = self.services.conversations
        for number in range(exchanges):
            question, answer = store.begin_exchange(
                self.conversation_id, self.parent, f"Question {number} " + "word " * 150
            )
            assert question.role is Role.USER
            store.finish_message(
                answer.id, status=MessageStatus.COMPLETE, text="reply " * 150, finish_reason="stop"
            )
            self.parent = answer.id

    def use(self, strategy: HistoryStrategy) -> None:
        settings = GenerationSettings(server_id="scripted", history_strategy=strategy)
        self.services.conversations.set_settings(self.conversation_id, settings)

    def ask(self, text: str = "The last question") -> tuple[Message, list[PromptPlan]]:
        async def consume() -> list[TurnEvent]:
            request = NewQuestion(self.conversation_id, self.parent, text)
            try:
                return [event async for event in self.services.run_turn(request)]
            finally:
                await self.services.gateway.close()

        events = asyncio.run(consume())
        last = events[-1]
        assert isinstance(last, TurnFinished)
        return last.answer, [event.plan for event in events if isinstance(event, PromptPlanned)]

    def plan(self, draft: str) -> PromptPlan:
        async def make() -> PromptPlan:
            try:
                return await self.services.plan_turn(PlanRequest(self.conversation_id, self.parent, draft))
            finally:
                await self.services.gateway.close()

        return asyncio.run(make())


@pytest.fixture
def services(data_dir: Path) -> Iterator[Services]:
    services = create_services(data_dir)
    yield services
    services.close()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_refused_prompt_is_trimmed_sent_once_more_and_said(
    services: Services, dialect: str, data_dir: Path
) -> None:
    kind, refusal, told = DIALECTS[dialect]
    with ScriptedServer(refusal, FITS) as server:
        talk = Talk(services, server, kind)
        talk.fill()
        answer, plans = talk.ask()
        assert answer.status is MessageStatus.COMPLETE
        assert answer.text == "fits now"
        assert len(server.chat_requests) == 2
        refused, sent = plans
        assert sent.tokens < refused.tokens
        assert server.chat_requests[1].json["messages"] == sent.messages()
        assert sent.parts[-1].text == "The last question"
        [notice] = [notice for notice in answer.notices if notice.kind == "PromptTrimmed"]
        assert "left out" in notice.summary
        if told is not None:
            assert "2,048" in notice.summary or f"{sent.window:,}" in notice.summary
            assert sent.window <= told
        assert services.conversations.plan(answer.id) == sent

        services.close()
        again = create_services(data_dir)  # after a restart
        try:
            talk.services = again
            assert talk.plan("Next").window == sent.window
            server.set_answers(FITS)
            _, plans = talk.ask("Next")
            assert len(plans) == 1
        finally:
            again.close()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_refused_twice_is_said_once(services: Services, dialect: str) -> None:
    kind, refusal, _ = DIALECTS[dialect]
    with ScriptedServer(refusal) as server:
        talk = Talk(services, server, kind)
        talk.fill()
        answer, _ = talk.ask()
        assert answer.status is MessageStatus.FAILED
        assert len(server.chat_requests) == 2
        assert [notice.kind for notice in answer.notices if notice.kind == "PromptTooLong"] == [
            "PromptTooLong"
        ]
        assert answer.notices[-1].kind == "PromptTooLong"
        assert "too long for this model" in answer.notices[-1].summary


def test_a_server_that_counts_more_than_we_do_gets_less(services: Services) -> None:
    text = "prompt is too long: 4000 tokens > 2048 maximum"
    models = models_answer([{"id": "scripted", "max_model_len": 2048}])
    refusal = json_answer({"error": {"message": text}}, 400)
    with ScriptedServer(refusal, FITS, paths={MODELS: models}) as server:
        talk = Talk(services, server, ServerKind.OTHER)
        talk.fill()
        answer, (refused, sent) = talk.ask()
        assert answer.text == "fits now"
        assert sent.tokens * 4000 / refused.tokens <= 2048


def test_ollama_cuts_silently_and_its_window_is_corrected(services: Services, data_dir: Path) -> None:
    short = sse_answer(["ok"], usage={"prompt_tokens": 1990, "completion_tokens": 1, "total_tokens": 1991})
    show = json_answer({"model_info": {"llama.context_length": 8192}, "parameters": "num_ctx 8192"})
    loaded = json_answer({"models": [{"name": "scripted", "context_length": 2048}]})
    nothing_loaded = json_answer({"models": []})
    paths = {"/api/show": show, "/api/ps": [nothing_loaded, loaded]}
    with ScriptedServer(short, paths=paths) as server:
        talk = Talk(services, server, ServerKind.OLLAMA)
        talk.fill(16)
        answer, [plan] = talk.ask()
        assert plan.window == 8192
        [notice] = answer.notices
        assert notice.kind == "PromptCut"
        assert notice.action == Action.SET_WINDOW.value
        assert "2,048" in notice.summary
        assert answer.status is MessageStatus.COMPLETE
        assert len(server.chat_requests) == 1
        services.close()
        server.set_answers(nothing_loaded, path="/api/ps")
        again = create_services(data_dir)
        try:
            talk.services = again
            assert talk.plan("Next").window == 2048
        finally:
            again.close()


def test_a_silent_cut_of_any_server_is_said_and_its_window_estimated(services: Services) -> None:
    short = sse_answer(["ok"], usage={"prompt_tokens": 950, "completion_tokens": 1, "total_tokens": 951})
    with ScriptedServer(short) as server:
        talk = Talk(services, server, ServerKind.OTHER)
        talk.fill()
        answer, _ = talk.ask()
        assert "dropped part of the conversation" in answer.notices[-1].summary
        assert talk.plan("Next").window == 1024


def test_the_window_is_assumed_aloud_once_until_the_person_names_it(services: Services) -> None:
    with ScriptedServer(FITS) as server:
        talk = Talk(services, server, ServerKind.OTHER)
        first, [plan] = talk.ask()
        assert plan.window_source == "assumed"
        assert [notice.action for notice in first.notices] == [Action.SET_WINDOW.value]
        second, _ = talk.ask()
        assert second.notices == ()
        services.gateway.remember_window("scripted", "scripted", 32_000)
        assert (talk.plan("x").window, talk.plan("x").window_source) == (32_000, "person")
        services.gateway.remember_window("scripted", "scripted", None)
        assert talk.plan("x").window_source == "assumed"


def test_the_persons_word_replaces_what_was_learnt(services: Services) -> None:
    _, refusal, _ = DIALECTS["llama.cpp"]
    with ScriptedServer(refusal, FITS) as server:
        talk = Talk(services, server, ServerKind.OTHER)
        talk.fill()
        talk.ask()
        assert talk.plan("x").window <= 2048
        services.gateway.remember_window("scripted", "scripted", 16_000)
        assert talk.plan("x").window == 16_000


def test_what_was_learnt_ends_when_the_server_says_another_window(services: Services, data_dir: Path) -> None:
    _, refusal, _ = DIALECTS["llama.cpp"]
    with ScriptedServer(
        refusal, FITS, paths={MODELS: models_answer([{"id": "scripted", "max_model_len": 8192}])}
    ) as server:
        talk = Talk(services, server, ServerKind.OTHER)
        talk.fill()
        talk.ask()
        assert talk.plan("x").window <= 2048
        services.close()
        server.set_answers(models_answer([{"id": "scripted", "max_model_len": 16384}]), path=MODELS)
        again = create_services(data_dir)
        try:
            talk.services = again
            assert talk.plan("x").window == 16384
        finally:
            again.close()


def test_keep_everything_refuses_and_says_by_how_much(services: Services) -> None:
    models = models_answer([{"id": "scripted", "max_model_len": 2048}])
    with ScriptedServer(FITS, paths={MODELS: models}) as server:
        talk = Talk(services, server, ServerKind.OTHER)
        talk.fill()
        talk.use(HistoryStrategy.KEEP_EVERYTHING)
        answer, [plan] = talk.ask()
        assert server.chat_requests == []
        assert answer.notices[-1].kind == "ConversationTooLong"
        assert f"{plan.over_budget_tokens:,} tokens too long" in answer.notices[-1].summary


def _plan(tokens: int) -> PromptPlan:
    return PromptPlan((PlanPart(PartKind.QUESTION, Role.USER, "q", tokens, True, ""),), 8192, 2048)


@pytest.mark.parametrize(
    ("details", "most"),
    [
        ({"window": 4096, "prompt_tokens": 5000}, 3072),
        ({"window": 8192, "prompt_tokens": 10_000}, 6144 * 6000 // 10_000),
        ({"window": 8192}, 4500),
        ({}, 4500),
        ({"window": 0, "prompt_tokens": -1}, 4500),
    ],
)
def test_less_is_sent_by_the_servers_numbers(details: dict[str, int], most: int) -> None:
    narrowed = narrowed_budget(Budget(8192, 2048), _plan(6000), PromptTooLong(**details), None)
    assert narrowed is not None
    assert narrowed.budget.prompt_tokens <= most
