"""One exchange, from a real store through the real client to a scripted server and back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chatbot_app.application import Services, create_services
from chatbot_app.chat.events import (
    FirstToken,
    NoticeAdded,
    PromptPlanned,
    TextAppended,
    TurnEvent,
    TurnFinished,
    UserMessageStored,
    WaitingToRetry,
)
from chatbot_app.chat.requests import QUITTING, Continuation, NewAnswer, NewQuestion, TurnRequest
from chatbot_app.core.errors import ConversationGone
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus
from chatbot_app.core.servers import Server, ServerKind
from tests import prose
from tests.patience import PATIENCE_SECONDS
from tests.scripted_server import (
    DONE,
    MODELS,
    ScriptedServer,
    chunk,
    dropped,
    event,
    json_answer,
    models_answer,
    no_answer,
    raw_sse,
    sse_answer,
    with_headers,
)


class Exchange:
    """A store, a scripted server and one conversation that uses it."""

    def __init__(
        self, services: Services, server: ScriptedServer, kind: ServerKind = ServerKind.OTHER
    ) -> None:
        self.services = services
        self.server = server
        services.servers.add(Server("scripted", "Scripted", server.base_url, kind, default_model="scripted"))
        self.settings = GenerationSettings(server_id="scripted", temperature=0.5)
        self.conversation = services.conversations.create_conversation(self.settings)

    def run(
        self, request: TurnRequest, *, cancel_after: type | None = None, reason: str | None = None
    ) -> list[TurnEvent]:
        """Consume one exchange, cancelling it after the first event of a type where one is given."""

        async def consume() -> list[TurnEvent]:
            events: list[TurnEvent] = []

            async def follow() -> None:
                async for happened in self.services.run_turn(request):
                    events.append(happened)
                    if cancel_after is not None and isinstance(happened, cancel_after):
                        asyncio.get_running_loop().call_soon(task.cancel, reason)

            task = asyncio.ensure_future(follow())
            await asyncio.wait_for(asyncio.shield(task), timeout=PATIENCE_SECONDS)
            await self.services.gateway.close()
            return events

        return asyncio.run(consume())

    def ask(self, text: str, parent_id: str | None = None, **how: object) -> list[TurnEvent]:
        return self.run(NewQuestion(self.conversation.id, parent_id, text), **how)  # type: ignore[arg-type]

    def stored(self) -> list[Message]:
        return self.services.conversations.path(self.conversation.id)


def finished(events: list[TurnEvent]) -> Message:
    last = events[-1]
    assert isinstance(last, TurnFinished)
    return last.answer


@pytest.fixture
def services(data_dir: Path) -> Iterator[Services]:
    services = create_services(data_dir)
    yield services
    services.close()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    models = models_answer([{"id": "scripted", "max_model_len": 8192}])
    with ScriptedServer(sse_answer(["Hel", "lo"]), paths={MODELS: models}) as server:
        yield server


@pytest.fixture
def exchange(services: Services, server: ScriptedServer) -> Exchange:
    return Exchange(services, server)


def test_events_come_in_order_and_the_store_holds_the_same(exchange: Exchange) -> None:
    events = exchange.ask("Hi there")
    kinds = [type(event) for event in events if not isinstance(event, TextAppended)]
    assert kinds == [UserMessageStored, PromptPlanned, FirstToken, TurnFinished]
    question, answer = exchange.stored()
    assert (question.text, answer.text) == ("Hi there", "Hello")
    assert answer.status is MessageStatus.COMPLETE
    assert answer.finish_reason == "stop"
    assert answer.model == "scripted"
    assert answer.settings == exchange.settings
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 2
    assert answer.timings is not None
    assert answer.timings.total_seconds is not None
    assert finished(events) == answer


def test_what_was_planned_is_what_was_sent_and_kept(exchange: Exchange) -> None:
    events = exchange.ask("Hi there")
    plan = next(event.plan for event in events if isinstance(event, PromptPlanned))
    assert exchange.server.chat_requests[0].json["messages"] == plan.messages()
    assert exchange.services.conversations.plan(finished(events).id) == plan
    assert exchange.server.chat_requests[0].json["temperature"] == 0.5
    assert "top_p" not in exchange.server.chat_requests[0].json


def test_the_history_goes_along(exchange: Exchange) -> None:
    first = finished(exchange.ask("One"))
    exchange.ask("Two", first.id)
    sent = exchange.server.chat_requests[1].json["messages"]
    assert [message["content"] for message in sent[1:]] == ["One", "Hello", "Two"]


def test_regenerating_adds_a_sibling_and_destroys_nothing(exchange: Exchange) -> None:
    first = finished(exchange.ask("One"))
    exchange.server.set_answers(sse_answer(["Other"]))
    assert first.parent_id is not None
    second = finished(exchange.run(NewAnswer(exchange.conversation.id, first.parent_id)))
    assert exchange.services.conversations.siblings(first.id) == [first.id, second.id]
    assert exchange.services.conversations.message(first.id).text == "Hello"
    assert (
        exchange.server.chat_requests[1].json["messages"] == exchange.server.chat_requests[0].json["messages"]
    )


def test_stop_keeps_what_arrived(exchange: Exchange) -> None:
    exchange.server.set_answers(sse_answer(["Once", " upon"], ending="stall"))
    answer = finished(exchange.ask("Tell", cancel_after=TextAppended))
    assert answer.status is MessageStatus.STOPPED
    assert answer.text.startswith("Once")


def test_stop_before_the_first_byte_leaves_no_row_streaming(exchange: Exchange) -> None:
    exchange.server.set_answers(no_answer())
    answer = finished(exchange.ask("Tell", cancel_after=PromptPlanned))
    assert answer.status is MessageStatus.STOPPED
    assert exchange.services.conversations.interrupt_streaming() == 0


def test_quitting_marks_the_answer_interrupted(exchange: Exchange) -> None:
    exchange.server.set_answers(sse_answer(["Once"], ending="stall"))
    answer = finished(exchange.ask("Tell", cancel_after=TextAppended, reason=QUITTING))
    assert answer.status is MessageStatus.INTERRUPTED


def test_a_dropped_connection_keeps_the_partial_answer_and_offers_to_continue(exchange: Exchange) -> None:
    exchange.server.set_answers(sse_answer(["a", "b", "c"], ending="reset"))
    answer = finished(exchange.ask("Tell"))
    assert answer.status is MessageStatus.INTERRUPTED
    assert answer.text == "abc"
    assert answer.notices[-1].action == "continue"
    assert len(exchange.server.chat_requests) == 1


def test_a_stream_that_merely_ends_is_never_complete(exchange: Exchange) -> None:
    exchange.server.set_answers(sse_answer(["maybe all"], finish_reason=None))
    answer = finished(exchange.ask("Tell"))
    assert answer.status is MessageStatus.INTERRUPTED
    assert "cut off" in answer.notices[-1].summary


def test_a_continuation_joins_the_same_message_once(exchange: Exchange) -> None:
    exchange.server.set_answers(sse_answer(["one two"], finish_reason="length"), sse_answer([" three"]))
    first = finished(exchange.ask("Count"))
    assert first.finish_reason == "length"
    whole = finished(exchange.run(Continuation(exchange.conversation.id, first.id)))
    assert whole.id == first.id
    assert whole.text == "one two three"
    assert whole.status is MessageStatus.COMPLETE
    roles = [message["role"] for message in exchange.server.chat_requests[1].json["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert len(exchange.stored()) == 2


@pytest.mark.parametrize("excluded", [(0,), (1,), (0, 1)], ids=["question", "answer", "both"])
def test_what_is_continued_is_sent_although_it_is_excluded(
    exchange: Exchange, excluded: tuple[int, ...]
) -> None:
    exchange.server.set_answers(sse_answer(["one two"], finish_reason="length"), sse_answer([" three"]))
    first = finished(exchange.ask("Count"))
    for place in excluded:
        exchange.services.conversations.set_excluded(exchange.stored()[place].id, True)
    exchange.run(Continuation(exchange.conversation.id, first.id))
    sent = [message["content"] for message in exchange.server.chat_requests[1].json["messages"]]
    assert sent[1:3] == ["Count", "one two"]
    assert [exchange.stored()[place].excluded for place in excluded] == [True] * len(excluded)


def test_a_server_that_prefills_gets_the_partial_answer_last(
    services: Services, server: ScriptedServer
) -> None:
    exchange = Exchange(services, server, ServerKind.LLAMA_CPP)
    server.set_answers(sse_answer(["one"], finish_reason="length"), sse_answer([" two"]))
    first = finished(exchange.ask("Count"))
    exchange.run(Continuation(exchange.conversation.id, first.id))
    assert server.chat_requests[1].json["messages"][-1] == {"role": "assistant", "content": "one"}
    assert exchange.stored()[-1].text == "one two"


def test_step_by_step_is_sent_and_not_stored(exchange: Exchange) -> None:
    settings = GenerationSettings(server_id="scripted", think_step_by_step=True)
    exchange.services.conversations.set_settings(exchange.conversation.id, settings)
    exchange.ask("2+2?")
    assert (
        exchange.server.chat_requests[0].json["messages"][-1]["content"]
        == "2+2?\n\nLet's think step by step."
    )
    assert exchange.stored()[0].text == "2+2?"


def test_a_missing_key_fails_the_answer_and_keeps_the_question(exchange: Exchange) -> None:
    exchange.server.set_answers(json_answer({"error": {"message": "Incorrect API key"}}, 401))
    answer = finished(exchange.ask("Hi"))
    assert answer.status is MessageStatus.FAILED
    assert answer.notices[-1].kind == "KeyMissing"
    assert exchange.stored()[0].text == "Hi"


def test_a_short_pause_is_waited_for_in_the_open(exchange: Exchange) -> None:
    limited = with_headers(json_answer({"error": {"message": "slow down"}}, 429), **{"Retry-After": "0"})
    exchange.server.set_answers(limited, sse_answer(["ok"]))
    events = exchange.ask("Hi")
    assert any(isinstance(event, WaitingToRetry) for event in events)
    assert finished(events).text == "ok"
    assert len(exchange.stored()) == 2


@pytest.mark.parametrize(
    ("packets", "words"),
    [
        ([chunk(finish_reason="stop")], "ended the answer without a word of it."),
        ([chunk("  \n", finish_reason="stop")], "without a word of it."),
        ([chunk(finish_reason="stop", reasoning_content="hm")], "without a word of it after it had thought."),
        ([chunk(finish_reason="length", reasoning_content="hm")], "thinking took all of its length"),
        ([chunk(finish_reason="length")], "the length limit was reached before it"),
        ([chunk(finish_reason="content_filter")], "withheld by a filter"),
        ([chunk(finish_reason="tool_calls", tool_calls=[{"index": 0}])], "asked for a tool"),
        (["{broken", chunk(finish_reason="stop")], "could not be read (1)"),
        ([chunk("Hello "), "{broken", chunk("Bob", finish_reason="stop")], "could not be read (1)"),
    ],
)
def test_an_answer_without_its_words_is_explained_and_not_complete(
    exchange: Exchange, packets: list[Any], words: str
) -> None:
    exchange.server.set_answers(raw_sse([*map(event, packets), DONE]))
    answer = finished(exchange.ask("Hi"))
    assert answer.status in (MessageStatus.FAILED, MessageStatus.INTERRUPTED)
    assert words in answer.notices[-1].summary
    assert answer.notices[-1].action


def test_a_continuation_that_adds_nothing_is_complete(exchange: Exchange) -> None:
    exchange.server.set_answers(sse_answer(["Hello"], finish_reason="length"), sse_answer([]))
    answer = finished(exchange.ask("Hi"))
    continued = finished(exchange.run(Continuation(answer.conversation_id, answer.id)))
    assert (continued.status, continued.text) == (MessageStatus.COMPLETE, "Hello")


def test_a_refused_parameter_is_left_out_said_and_remembered(exchange: Exchange) -> None:
    refusal = json_answer(
        {
            "error": {
                "message": "Unsupported value: 'temperature'",
                "code": "unsupported_value",
                "param": "temperature",
            }
        },
        400,
    )
    exchange.server.set_answers(refusal, sse_answer(["ok"]))
    events = exchange.ask("Hi")
    notices = [event.notice for event in events if isinstance(event, NoticeAdded)]
    assert [notice.kind for notice in notices] == ["ParameterDropped"]
    answer = finished(events)
    assert answer.status is MessageStatus.COMPLETE
    assert answer.notices == tuple(notices)
    exchange.ask("Again", answer.id)
    assert ["temperature" in request.json for request in exchange.server.chat_requests] == [
        True,
        False,
        False,
    ]


def test_too_long_is_planned_again_with_the_servers_own_window(exchange: Exchange) -> None:
    parent = None
    exchange.server.set_answers(sse_answer(prose.words(300)))
    for number in range(8):
        parent = finished(exchange.ask(f"Question {number}", parent)).id
    refusal = json_answer(
        {
            "error": {
                "code": 400,
                "message": "too long",
                "type": "exceed_context_size_error",
                "n_prompt_tokens": 2500,
                "n_ctx": 2048,
            }
        },
        400,
    )
    exchange.server.set_answers(refusal, sse_answer(["fits now"], usage={}))
    answer = finished(exchange.ask("Last", parent))
    assert answer.text == "fits now"
    assert [notice.kind for notice in answer.notices] == ["PromptTrimmed"]
    refused, accepted = exchange.server.chat_requests[-2:]
    assert len(accepted.json["messages"]) < len(refused.json["messages"])
    plan = exchange.services.conversations.plan(answer.id)
    assert plan is not None
    assert plan.window == 2048


def test_a_question_that_cannot_fit_is_never_sent(services: Services, server: ScriptedServer) -> None:
    exchange = Exchange(services, server)
    services.servers.remember_trait("scripted", "scripted", "window", 512)
    answer = finished(exchange.ask("word " * 2000))
    assert answer.status is MessageStatus.FAILED
    assert answer.notices[-1].kind == "PromptDoesNotFit"
    assert server.chat_requests == []


def test_a_server_that_dropped_part_of_the_prompt_is_found_out(exchange: Exchange) -> None:
    exchange.server.set_answers(
        sse_answer(["ok"], usage={"prompt_tokens": 40, "completion_tokens": 1, "total_tokens": 41})
    )
    answer = finished(exchange.ask("word " * 1000))
    assert answer.status is MessageStatus.COMPLETE
    assert answer.notices[-1].kind == "PromptCut"


def test_an_unreachable_server_says_so_and_the_question_is_there_once(exchange: Exchange) -> None:
    exchange.server.set_answers(dropped())
    answer = finished(exchange.ask("Hi"))
    assert answer.status is MessageStatus.FAILED
    assert answer.notices[-1].action == "retry"
    assert answer.parent_id is not None
    exchange.server.set_answers(sse_answer(["back"]))
    exchange.run(NewAnswer(exchange.conversation.id, answer.parent_id))
    assert [message.text for message in exchange.stored()] == ["Hi", "back"]


def test_a_conversation_in_the_trash_is_not_asked(exchange: Exchange) -> None:
    exchange.services.conversations.delete(exchange.conversation.id)
    with pytest.raises(ConversationGone):
        exchange.ask("Hi")
    assert exchange.server.chat_requests == []
