"""Every fault of a server, played over real sockets."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest

from chatbot_app.core import errors
from chatbot_app.core.messages import Usage
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.llm.chat_client import (
    ChatClient,
    ParameterDropped,
    ReasoningDelta,
    RetryScheduled,
    StreamEvent,
    StreamFinished,
    TextDelta,
    UsageReported,
)
from chatbot_app.llm.refused_parameters import TRAIT
from chatbot_app.llm.retries import BACK_OFF_SECONDS
from tests.scripted_server import (
    DONE,
    Answer,
    Script,
    ScriptedServer,
    chunk,
    dropped,
    event,
    html_answer,
    json_answer,
    no_answer,
    raw_sse,
    redirect_answer,
    sse_answer,
    with_headers,
)

KEY = "sk-test-0123456789abcdef"
QUESTION = [{"role": "user", "content": "Hello?"}]
NOON = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


class Naps:
    """Stands for sleeping: notes the seconds and returns at once."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


class Outcome:
    """Everything that a stream yielded, and the error that ended it."""

    def __init__(self) -> None:
        self.events: list[StreamEvent] = []
        self.error: errors.AppError | None = None

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, TextDelta))

    @property
    def finish_reason(self) -> str | None:
        last = self.events[-1]
        assert isinstance(last, StreamFinished)
        return last.finish_reason

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def server_at(base_url: str, **fields: Any) -> Server:
    return Server("s", "Test server", base_url, **fields)


async def collect(
    client: ChatClient, parameters: dict[str, Any] | None = None, outcome: Outcome | None = None
) -> Outcome:
    outcome = outcome or Outcome()
    try:
        async for item in client.stream(QUESTION, "m", parameters or {}):
            outcome.events.append(item)
    except errors.AppError as error:
        outcome.error = error
    finally:
        await client.close()
    return outcome


def play(
    *answers: Script,
    key: str | None = KEY,
    parameters: dict[str, Any] | None = None,
    requests: int | None = 1,
    naps: Naps | None = None,
    **fields: Any,
) -> Outcome:
    """Ask a server that plays `answers` once, and check that exactly `requests` arrived."""
    with ScriptedServer(*answers) as scripted:
        client = ChatClient(
            server_at(scripted.base_url, **fields), key, sleep=naps or Naps(), now=lambda: NOON
        )
        outcome = asyncio.run(collect(client, parameters))
        if requests is not None:
            assert len(scripted.requests) == requests
    return outcome


# --- what is sent, what comes back --------------------------------------------------------------------


def test_an_answer_streams_with_usage_and_reason() -> None:
    usage = {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 4}}
    outcome = play(sse_answer(["Hel", "lo"], usage=usage))
    assert outcome.error is None
    assert outcome.text == "Hello"
    assert outcome.events[-2:] == [UsageReported(Usage(9, 2, 4)), StreamFinished("stop")]


def test_timings_of_llama_cpp_are_reported() -> None:
    timings = {"cache_n": 30, "prompt_n": 5, "predicted_n": 2, "predicted_per_second": 91.5}
    outcome = play(sse_answer(["Hi"], usage={}, timings=timings))
    assert outcome.of(UsageReported) == [UsageReported(Usage(35, 2, 30), timings)]


def test_the_request_holds_what_was_set_and_nothing_else() -> None:
    parameters = {"temperature": 0.5, "top_k": 3, "min_p": 0.1, "stop": ["x"], "max_tokens": 7}
    with ScriptedServer(sse_answer(["ok"])) as scripted:
        asyncio.run(collect(ChatClient(server_at(scripted.base_url), KEY), parameters))
        request = scripted.requests[0]
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.json == {
        "messages": QUESTION,
        "model": "m",
        "stream": True,
        "stream_options": {"include_usage": True},
        **parameters,
    }
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert set(request.headers) <= {
        "host", "accept", "accept-encoding", "connection", "user-agent", "content-type", "content-length",
        "authorization",
    }  # fmt: skip
    assert request.headers["user-agent"].startswith("chatbot-app/")
    assert request.headers["accept-encoding"] == "identity"


def test_text_that_cannot_be_encoded_is_sent_clean() -> None:
    with ScriptedServer(sse_answer(["ok"])) as scripted:
        client = ChatClient(server_at(scripted.base_url), None)

        async def ask() -> None:
            async for _ in client.stream([{"role": "user", "content": "a\ud800b\x00"}], "m", {}):
                pass
            await client.close()

        asyncio.run(ask())
        assert scripted.requests[0].json["messages"][0]["content"] == "a\ufffdb\ufffd"


def test_one_client_asks_again_over_the_same_connection_or_a_new_one() -> None:
    async def ask_twice(client: ChatClient) -> list[str]:
        texts = [await client.complete(QUESTION, "m", {}) for _ in range(2)]
        await client.close()
        return texts

    with ScriptedServer(sse_answer(["one"]), sse_answer(["two"])) as scripted:
        assert asyncio.run(ask_twice(ChatClient(server_at(scripted.base_url), KEY))) == ["one", "two"]


def test_reasoning_comes_apart_from_the_answer() -> None:
    packets = [
        event(chunk(reasoning_content="hm")),
        event(chunk(reasoning=" yes")),
        event(chunk("4", finish_reason="stop")),
        DONE,
    ]
    outcome = play(raw_sse(packets))
    assert "".join(item.text for item in outcome.of(ReasoningDelta)) == "hm yes"
    assert outcome.text == "4"


def test_length_is_a_reason() -> None:  # 5
    assert play(sse_answer(["a"], finish_reason="length")).finish_reason == "length"


def test_silence_after_the_reason_does_not_keep_the_answer_waiting() -> None:
    answer = raw_sse([event(chunk("a", finish_reason="stop"))], ending="stall")
    with ScriptedServer(answer) as scripted:
        client = ChatClient(server_at(scripted.base_url), KEY, after_finish_seconds=0.05)
        outcome = asyncio.run(collect(client))
    assert (outcome.text, outcome.finish_reason) == ("a", "stop")


def test_what_follows_done_is_ignored() -> None:
    outcome = play(
        raw_sse([event(chunk("a", finish_reason="stop")), DONE, event(chunk("b"))], ending="stall")
    )
    assert outcome.text == "a"


# --- 1, 2: stopping -----------------------------------------------------------------------------------


async def cancel_when(
    client: ChatClient, ready: Callable[[Outcome], bool], wait: Callable[[], None] | None = None
) -> tuple[Outcome, float]:
    """Cancel a stream once `ready`; return what came and the seconds that cancelling took."""
    outcome = Outcome()
    task = asyncio.create_task(collect(client, outcome=outcome))
    if wait is not None:
        await asyncio.to_thread(wait)
    async with asyncio.timeout(10):
        while not ready(outcome):
            await asyncio.sleep(0.005)
    clock = asyncio.get_running_loop().time
    started = clock()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return outcome, clock() - started


@pytest.mark.parametrize(
    "answer",
    [
        sse_answer(["Hel"], ending="stall"),
        no_answer(),
        Answer((), 200, {"Content-Type": "text/event-stream"}, "stall"),
    ],
    ids=["after a token", "no headers", "headers only"],
)
def test_cancelling_ends_at_once_and_leaves_the_server(answer: Answer) -> None:
    with ScriptedServer(answer) as scripted:
        client = ChatClient(server_at(scripted.base_url), KEY)
        has_text = bool(answer.packets)
        outcome, seconds = asyncio.run(
            cancel_when(
                client, lambda o: o.text == "Hel" or not has_text, lambda: scripted.wait_for_requests(1)
            )
        )
        assert seconds < 1
        assert scripted.client_left.wait(60)
        assert len(scripted.requests) == 1
    assert outcome.text == ("Hel" if has_text else "")


def test_cancelling_ends_the_wait_before_a_retry() -> None:
    limited = with_headers(json_answer({"error": {}}, 429), Retry_After="50")
    with ScriptedServer(limited) as scripted:
        client = ChatClient(server_at(scripted.base_url), KEY)
        outcome, seconds = asyncio.run(cancel_when(client, lambda o: bool(o.of(RetryScheduled))))
        assert seconds < 1
        assert outcome.of(RetryScheduled)[0].seconds == 50
        assert len(scripted.requests) == 1


def test_closing_the_stream_early_leaves_the_server() -> None:
    async def take_one(client: ChatClient) -> None:
        stream = client.stream(QUESTION, "m", {})
        assert await anext(stream) == TextDelta("Hel")
        await stream.aclose()
        await client.close()

    with ScriptedServer(sse_answer(["Hel"], ending="stall")) as scripted:
        asyncio.run(take_one(ChatClient(server_at(scripted.base_url), KEY)))
        assert scripted.client_left.wait(60)


# --- 3, 4: streams that merely end --------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        sse_answer(["a", "b", "c"], ending="cut"),
        sse_answer(["a", "b", "c"], ending="reset"),
        sse_answer(["a", "b", "c"], finish_reason=None, usage={}, done=False),
        sse_answer(["a", "b", "c"], finish_reason=None, usage={}),
        raw_sse([event(chunk("abc")), b'data: {"choices": [{"delta": {"cont']),
        raw_sse([event({"choices": [{"delta": {"content": "abc"}, "finish_reason": ""}]})]),
    ],
    ids=["cut", "reset", "end", "done without reason", "half an event", "empty reason"],
)
def test_an_end_without_a_reason_is_no_end(answer: Answer) -> None:
    outcome = play(answer)
    assert outcome.error is None
    assert (outcome.text, outcome.finish_reason) == ("abc", None)


def test_a_connection_that_drops_after_the_reason_is_a_whole_answer() -> None:
    outcome = play(raw_sse([event(chunk("abc", finish_reason="stop"))], ending="cut"))
    assert (outcome.text, outcome.finish_reason) == ("abc", "stop")


def test_nothing_at_all_is_no_answer() -> None:
    outcome = play(raw_sse([]))
    assert outcome.events == [StreamFinished(None)]


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        (html_answer(), "a web page"),
        (html_answer(404), "a web page"),
        (raw_sse([b"<!DOCTYPE html>\n<html>"]), "a web page"),
        (raw_sse([b"<html>\n"], ending="stall"), "a web page"),
        (json_answer({"status": "ok"}), "JSON"),
        (json_answer("[]"), "JSON"),
        (json_answer("Welcome"), "text"),
        (Answer((b"data: hello\n\ndata: you\n\n",)), "events that are no answer"),
        (Answer((), 404), "not found"),
    ],
)
def test_what_is_no_model_server_is_named(answer: Answer, named: str) -> None:
    outcome = play(answer)
    assert isinstance(outcome.error, errors.NotAModelServer)
    assert named in outcome.error.summary
    assert outcome.text == ""


def test_a_whole_answer_in_one_piece_is_taken() -> None:
    message = {"role": "assistant", "content": "Hi", "reasoning_content": "hm"}
    body = {
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 1},
    }
    outcome = play(json_answer(json.dumps(body, indent=2)))
    assert (outcome.text, outcome.finish_reason) == ("Hi", "stop")
    assert outcome.of(UsageReported) == [UsageReported(Usage(3, 1, None))]


def test_one_that_is_no_http_server_at_all() -> None:
    outcome = play(Answer((b"220 mail.test ESMTP\r\n\r\n",), None, ending="cut"), requests=None)
    assert isinstance(outcome.error, errors.NotAModelServer)


# --- 6, 7, 8, 9: what stands in a stream --------------------------------------------------------------


@pytest.mark.parametrize(
    "packet",
    [
        event({"error": {"message": "GPU on fire", "code": 500}}),
        event({"error": "GPU on fire"}),
        event({"object": "error", "message": "GPU on fire", "code": 500}),
        b'event: error\ndata: {"message": "GPU on fire"}\n\n',
        b"event: error\ndata: GPU on fire\n\n",
        b'error: {"code": 500, "message": "GPU on fire"}\n\n',
        b"error: GPU on fire\n\n",
    ],
)
@pytest.mark.parametrize("together", [False, True])
def test_an_error_in_the_stream_is_shown_and_keeps_the_text(packet: bytes, together: bool) -> None:
    packets = [event(chunk("par")), event(chunk("tial")), packet]
    outcome = play(raw_sse([b"".join(packets)] if together else packets))
    assert isinstance(outcome.error, errors.StreamError)
    assert "GPU on fire" in outcome.error.summary
    assert outcome.text == "partial"


def test_an_error_as_json_with_200() -> None:
    outcome = play(json_answer({"error": {"message": "GPU on fire"}}))
    assert isinstance(outcome.error, errors.StreamError)
    assert "GPU on fire" in outcome.error.summary


def test_an_error_in_the_stream_without_a_text() -> None:
    outcome = play(raw_sse([event(chunk("a")), event(chunk(finish_reason="error"))]))
    assert isinstance(outcome.error, errors.StreamError)


def test_odd_chunks_do_no_harm() -> None:
    packets = [
        event({"choices": []}),
        event({"choices": None}),
        event({"id": "no choices"}),
        event({"choices": [{}]}),
        event({"choices": [None, {"delta": None}]}),
        event({"choices": [{"delta": {"content": None, "role": "assistant"}}]}),
        event({"choices": [{"delta": {"content": 5, "tool_calls": []}}]}),
        event({"choices": "no"}),
        event({"choices": [{"index": 1, "delta": {"content": "other choice"}}]}),
        event("null"),
        event("{bad json"),
        event("[" * 100_000),
        event("7"),
        b"data:\n\n",
        b'data: {"choices": [{"delta": {"content": "a\xff"}}]}\n\n',
        event(chunk("b", finish_reason="stop")),
        event({"usage": {"prompt_tokens": 5, "completion_tokens": None, "prompt_tokens_details": 3}}),
        event({"usage": None}),
        DONE,
    ]
    outcome = play(raw_sse(packets))
    assert isinstance(outcome.error, errors.AnswerDamaged)  # everything was read, and what was not is said
    assert "(6)" in str(outcome.error)
    assert outcome.text == "a\ufffdb"
    assert outcome.of(UsageReported) == [UsageReported(Usage(5, None, None))]


EMOJI = "naïve 👩‍👩‍👧‍👦 🏳️‍🌈 \u200cمی‌خواهم 你好"


def test_characters_survive_any_packets() -> None:
    assert play(sse_answer(list(EMOJI), one_byte_packets=True)).text == EMOJI
    raw = json.dumps(chunk(EMOJI, finish_reason="stop"), ensure_ascii=False).encode()
    stream = b": comment\r\ndata: " + raw + b"\r\n\r\n: ping\r\n\r\n"
    assert play(replace(raw_sse([stream]), one_byte_packets=True)).text == EMOJI


def test_a_surrogate_pair_in_two_deltas_is_one_character() -> None:
    packets = [
        b'data: {"choices": [{"delta": {"content": "a\\ud83d"}}]}\n\n',
        b'data: {"choices": [{"delta": {"content": "\\ude00b"}, "finish_reason": "stop"}]}\n\n',
    ]
    assert play(raw_sse(packets)).text == "a😀b"


def test_what_cannot_be_stored_is_replaced() -> None:
    content = '"\\ud800x\\u0000\\uffff\\udc00"'
    packet = b'data: {"choices": [{"delta": {"content": %s}}]}\n\n' % content.encode()
    held = b'data: {"choices": [{"delta": {"content": "\\ud83d"}, "finish_reason": "stop"}]}\n\n'
    assert play(raw_sse([packet, held])).text == "\ufffdx\ufffd\ufffd\ufffd\ufffd"


# --- 10, 11: limits ------------------------------------------------------------------------------------


def limited(**headers: str) -> Answer:
    return with_headers(json_answer({"error": {"message": "slow down"}}, 429), **headers)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (limited(Retry_After="3"), 3),
        (limited(Retry_After="60"), 60),
        (limited(Retry_After_ms="1500"), 1.5),
        (limited(Retry_After="Thu, 01 Jan 2026 12:00:07 GMT"), 7),
        (limited(), 2),
        (limited(Retry_After="soon"), 2),
        (json_answer({"error": {"message": "Please try again in 20s."}}, 429), 20),
    ],
)
def test_a_short_pause_is_announced_and_waited_for_once(answer: Answer, seconds: float) -> None:
    naps = Naps()
    outcome = play(answer, sse_answer(["ok"]), requests=2, naps=naps)
    (retry,) = outcome.of(RetryScheduled)
    assert retry.seconds == seconds
    assert isinstance(retry.error, errors.RateLimited)
    assert naps.seconds == [seconds]
    assert outcome.text == "ok"


def test_a_second_pause_is_waited_for_as_well() -> None:
    naps = Naps()
    answers = (limited(Retry_After="3"), limited(Retry_After="1"), limited(), sse_answer(["ok"]))
    outcome = play(*answers, requests=4, naps=naps)
    assert naps.seconds == [3, 1, 2]
    assert outcome.text == "ok"


@pytest.mark.parametrize(("seconds", "requests"), [("1", 6), ("50", 4), ("60", 3)])
def test_pauses_end_by_number_and_by_time(seconds: str, requests: int) -> None:
    naps = Naps()
    outcome = play(limited(Retry_After=seconds), requests=requests, naps=naps)
    assert isinstance(outcome.error, errors.RateLimited)
    assert naps.seconds == [float(seconds)] * (requests - 1)


def test_a_pause_is_no_failure() -> None:
    naps = Naps()
    broken = json_answer({"error": {"message": "oops"}}, 503)
    outcome = play(
        broken,
        limited(Retry_After="1"),
        broken,
        limited(Retry_After="2"),
        sse_answer(["ok"]),
        requests=5,
        naps=naps,
    )
    assert outcome.text == "ok"
    assert naps.seconds == [0.5, 1, 1.5, 2]


@pytest.mark.parametrize("value", ["300", "Thu, 01 Jan 2026 12:05:00 GMT"])
def test_a_long_pause_is_shown_not_waited_for(value: str) -> None:
    outcome = play(limited(Retry_After=value))
    assert isinstance(outcome.error, errors.RateLimited)
    assert "300 s" in outcome.error.summary


@pytest.mark.parametrize("where", ["code", "type"])
def test_a_used_up_quota_is_no_pause(where: str) -> None:
    answer = json_answer({"error": {"message": "You exceeded", where: "insufficient_quota"}}, 429)
    outcome = play(with_headers(answer, Retry_After="3"))
    assert isinstance(outcome.error, errors.QuotaExhausted)


# --- 12: the key ----------------------------------------------------------------------------------------


def test_a_rejected_key_is_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    quoting = {"error": {"message": f"Incorrect API key {KEY} ({KEY[:-4]}****)", "code": "invalid_api_key"}}
    for status, body in ((401, quoting), (400, quoting), (500, quoting), (302, quoting)):
        answer = with_headers(json_answer(body, status), Location=f"http://evil.test/{KEY}?k={KEY}")
        outcome = play(answer, requests=None)
        error = outcome.error
        assert error is not None
        if status == 401:
            assert isinstance(error, errors.KeyRejected)
        texts = [str(error), repr(error), repr(error.details), repr(error.notice())]
        context: BaseException | None = error
        while context is not None:
            texts += [str(context), repr(context)]
            context = context.__cause__ or context.__context__
        assert all(KEY not in text for text in texts)
    assert KEY not in caplog.text


def test_the_client_does_not_show_its_key() -> None:
    assert KEY not in repr(ChatClient(server_at("http://localhost/v1"), KEY))


def test_a_missing_key_is_asked_for() -> None:
    outcome = play(json_answer({"error": {"message": "No key"}}, 401), key=None)
    assert isinstance(outcome.error, errors.KeyMissing)


@pytest.mark.parametrize("key", ["sk-\nabc", "sk-абв"])
def test_a_key_that_cannot_be_sent_is_not(key: str) -> None:
    outcome = play(sse_answer(["ok"]), key=key, requests=0)
    assert isinstance(outcome.error, errors.KeyInvalid)
    assert key not in str(outcome.error)


# --- 13: parameters -------------------------------------------------------------------------------------


def refusing(name: str, code: str, message: str) -> Answer:
    return json_answer({"error": {"message": message, "code": code, "param": name}}, 400)


MAX_TOKENS = refusing("max_tokens", "unsupported_parameter", "Use 'max_completion_tokens' instead.")
TEMPERATURE = refusing("temperature", "unsupported_value", "Unsupported value: 'temperature'")


def test_a_refused_parameter_is_left_out_once() -> None:
    parameters = {"temperature": 0.5, "max_tokens": 9, "top_p": 0.5}
    with ScriptedServer(TEMPERATURE, sse_answer(["ok"])) as scripted:
        outcome = asyncio.run(collect(ChatClient(server_at(scripted.base_url), KEY), parameters))
        first, second = (request.json for request in scripted.requests)
    assert outcome.of(ParameterDropped) == [ParameterDropped("temperature", None)]
    assert outcome.text == "ok"
    assert first.pop("temperature") == 0.5
    assert first == second


def test_max_tokens_goes_under_its_new_name_and_two_refusals_are_two_retries() -> None:
    with ScriptedServer(MAX_TOKENS, TEMPERATURE, sse_answer(["ok"])) as scripted:
        client = ChatClient(server_at(scripted.base_url), KEY)
        outcome = asyncio.run(collect(client, {"temperature": 0.5, "max_tokens": 9}))
        last = scripted.requests[2].json
    assert outcome.of(ParameterDropped) == [
        ParameterDropped("max_tokens", "max_completion_tokens"),
        ParameterDropped("temperature", None),
    ]
    assert last["max_completion_tokens"] == 9
    assert not {"max_tokens", "temperature"} & set(last)


def test_a_server_that_keeps_refusing_is_asked_twice() -> None:
    outcome = play(TEMPERATURE, parameters={"temperature": 0.5}, requests=2)
    assert isinstance(outcome.error, errors.RequestRefused)


def test_a_known_refusal_is_not_sent_again() -> None:
    with ScriptedServer(sse_answer(["ok"])) as scripted:
        refused = {TRAIT: {"max_tokens": "max_completion_tokens"}}
        server = replace(server_at(scripted.base_url), traits={"m": refused})
        outcome = asyncio.run(collect(ChatClient(server, KEY), {"max_tokens": 9}))
        body = scripted.requests[0].json
    assert outcome.of(ParameterDropped) == []
    assert body["max_completion_tokens"] == 9
    assert "max_tokens" not in body


def test_validation_of_another_server_family() -> None:
    detail = [{"type": "extra_forbidden", "loc": ["body", "top_k"], "msg": "Extra inputs are not permitted"}]
    outcome = play(
        json_answer({"detail": detail}, 422), sse_answer(["ok"]), parameters={"top_k": 3}, requests=2
    )
    assert outcome.of(ParameterDropped) == [ParameterDropped("top_k", None)]


# --- 14: too long ---------------------------------------------------------------------------------------

LLAMA_CPP = {
    "error": {
        "code": 400,
        "message": "the request exceeds the available context size",
        "type": "exceed_context_size_error",
        "n_prompt_tokens": 9001,
        "n_ctx": 8192,
    }
}
VLLM = {
    "object": "error",
    "message": "This model's maximum context length is 8192 tokens. However, you requested 9001 tokens "
    "(9000 in the messages, 1 in the completion).",
    "type": "BadRequestError",
    "code": 400,
}
OPENAI = {
    "error": {
        "message": "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 "
        "tokens.",
        "type": "invalid_request_error",
        "param": "messages",
        "code": "context_length_exceeded",
    }
}
LM_STUDIO = {
    "error": {
        "message": "Trying to keep the first 9001 tokens when context the overflows. However, the model is loaded "
        "with context length of only 8192 tokens, which is not enough."
    }
}


@pytest.mark.parametrize(
    "answer",
    [
        json_answer(LLAMA_CPP, 400),
        json_answer(VLLM, 400),
        json_answer(json.dumps(VLLM["message"]), 400),
        Answer((str(VLLM["message"]).encode(),), 400, {"Content-Type": "text/plain"}),
        json_answer(OPENAI, 400),
        json_answer(LM_STUDIO, 200),
        raw_sse([event(LM_STUDIO)]),
        raw_sse([b"event: error\ndata: " + json.dumps(LM_STUDIO).encode() + b"\n\n"]),
        raw_sse([b"error: " + json.dumps(LLAMA_CPP["error"]).encode() + b"\n\n"]),
        json_answer(LLAMA_CPP, 500),
    ],
)
def test_too_long_is_one_error_with_the_numbers(answer: Answer) -> None:
    outcome = play(answer, parameters={"max_tokens": 1})
    assert isinstance(outcome.error, errors.PromptTooLong)
    assert outcome.error.details["prompt_tokens"] == 9001
    assert outcome.error.details["window"] == 8192
    assert "9001" in outcome.error.summary


@pytest.mark.parametrize("packets", [[], [DONE], [b": ping\n\n"]])
def test_nothing_from_lm_studio_is_too_long(packets: list[bytes]) -> None:
    outcome = play(raw_sse(packets), kind=ServerKind.LM_STUDIO)
    assert isinstance(outcome.error, errors.PromptTooLong)
    assert outcome.error.summary == "The conversation is too long for this model."


# --- passing faults, and others ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", [json_answer({"error": {"message": "loading"}}, 503), html_answer(502), dropped()]
)
def test_passing_faults_are_tried_again_visibly(fault: Answer) -> None:
    naps = Naps()
    outcome = play(fault, fault, sse_answer(["ok"]), requests=3, naps=naps)
    assert [retry.seconds for retry in outcome.of(RetryScheduled)] == list(BACK_OFF_SECONDS)
    assert naps.seconds == list(BACK_OFF_SECONDS)
    assert outcome.text == "ok"


def test_a_fault_that_stays_is_told() -> None:
    outcome = play(json_answer({"error": {"message": "GPU on fire"}}, 500), requests=3)
    assert type(outcome.error) is errors.ServerError
    assert "GPU on fire" in outcome.error.summary


def test_a_drop_before_any_text_is_tried_again() -> None:
    outcome = play(raw_sse([event(chunk())], ending="cut"), sse_answer(["ok"]), requests=2)
    assert outcome.text == "ok"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (json_answer({"error": {"message": "The model `m` does not exist", "code": "model_not_found"}}, 404), errors.ModelNotFound),
        (json_answer({"error": "model 'm' not found, try pulling it first"}, 404), errors.ModelNotFound),
        (json_answer({"error": {"message": "This is not a chat model", "code": None}}, 404), errors.RequestRefused),
        (json_answer({"detail": "Not Found"}, 404), errors.NotAModelServer),
        (json_answer({"detail": "Method Not Allowed"}, 405), errors.NotAModelServer),
        (json_answer({"error": {"message": "Invalid API key"}}, 403), errors.KeyRejected),
        (json_answer({"error": {"message": "Your region is not served"}}, 403), errors.RequestRefused),
        (json_answer({"error": {"message": "pay"}}, 402), errors.QuotaExhausted),
        (json_answer({}, 413), errors.PromptTooLong),
        (json_answer({"error": {"message": "bad stop"}}, 400), errors.RequestRefused),
    ],
)  # fmt: skip
def test_statuses(answer: Answer, kind: type[errors.AppError]) -> None:
    assert type(play(answer).error) is kind


def test_a_server_that_says_nothing_times_out() -> None:
    with ScriptedServer(no_answer()) as scripted:
        client = ChatClient(server_at(scripted.base_url), KEY, first_byte_seconds=0.05)
        outcome = asyncio.run(collect(client))
        assert len(scripted.requests) == 1
    assert isinstance(outcome.error, errors.ServerTimedOut)


def test_nothing_listening_is_offline() -> None:
    with ScriptedServer() as scripted:
        base_url = scripted.base_url
    naps = Naps()
    outcome = asyncio.run(collect(ChatClient(server_at(base_url), KEY, sleep=naps)))
    assert isinstance(outcome.error, errors.Offline)
    assert "is the server running" in outcome.error.summary
    assert sum(naps.seconds) < 6


def test_an_unknown_name_is_told_without_trying_again() -> None:
    client = ChatClient(server_at("http://no-such-host.invalid/v1"), KEY, sleep=Naps())
    outcome = asyncio.run(collect(client))
    # Without a network some resolvers say nothing until the time for connecting is over.
    assert isinstance(outcome.error, errors.Offline | errors.ServerTimedOut)
    assert outcome.events == []


def test_https_to_a_plain_server_says_so() -> None:
    with ScriptedServer(sse_answer(["ok"])) as scripted:
        client = ChatClient(server_at(scripted.base_url.replace("http:", "https:")), KEY, sleep=Naps())
        outcome = asyncio.run(collect(client))
    assert isinstance(outcome.error, errors.Offline)
    assert "http://" in outcome.error.summary


def test_a_server_without_an_address_is_refused() -> None:
    outcome = asyncio.run(collect(ChatClient(server_at(""), KEY)))
    assert isinstance(outcome.error, errors.AddressInvalid)


# --- 18: redirects ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with ScriptedServer(sse_answer(["ok"])) as second:
        outcome = play(redirect_answer(f"{second.base_url}/chat/completions", status))
        assert isinstance(outcome.error, errors.RedirectRefused)
        assert f"{second.base_url}." in outcome.error.summary
        assert second.requests == []


def test_a_redirect_on_the_same_host_names_the_address_to_enter() -> None:
    outcome = play(redirect_answer("/openai/v1/chat/completions", 301))
    assert isinstance(outcome.error, errors.RedirectRefused)
    assert outcome.error.details["target"].endswith("/openai/v1")


# --- the list of models, whole answers --------------------------------------------------------------------


@asynccontextmanager
async def client_of(scripted: ScriptedServer) -> AsyncIterator[ChatClient]:
    client = ChatClient(server_at(scripted.base_url), KEY)
    try:
        yield client
    finally:
        await client.close()


def test_models_are_listed() -> None:
    async def names(scripted: ScriptedServer) -> list[str]:
        async with client_of(scripted) as client:
            return await client.list_models()

    with ScriptedServer(models=["b", "a"]) as scripted:
        assert asyncio.run(names(scripted)) == ["b", "a"]
        assert scripted.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (html_answer(), errors.NotAModelServer),
        (json_answer({"status": "ok"}), errors.NotAModelServer),
        (json_answer({}, 401), errors.KeyRejected),
        (json_answer({}, 404), errors.NotAModelServer),
        (redirect_answer("https://elsewhere.test/v1/models"), errors.RedirectRefused),
    ],
)
def test_a_list_that_is_none(answer: Answer, kind: type[errors.AppError]) -> None:
    async def names(scripted: ScriptedServer) -> None:
        async with client_of(scripted) as client:
            await client.list_models()

    with ScriptedServer(paths={"/v1/models": answer}) as scripted, pytest.raises(kind):
        asyncio.run(names(scripted))


def test_a_whole_answer_that_was_cut_is_an_error() -> None:
    async def ask(scripted: ScriptedServer) -> str:
        async with client_of(scripted) as client:
            return await client.complete(QUESTION, "m", {"max_tokens": 12})

    with ScriptedServer(sse_answer(["A ", "title"]), sse_answer(["A"], ending="cut")) as scripted:
        assert asyncio.run(ask(scripted)) == "A title"
        with pytest.raises(errors.StreamCut):
            asyncio.run(ask(scripted))


def test_the_library_is_imported_with_the_first_request_only() -> None:
    script = (
        "import sys, asyncio\n"
        "from chatbot_app.llm.chat_client import ChatClient\n"
        "from chatbot_app.core.servers import Server\n"
        "import chatbot_app.llm.keys, chatbot_app.llm.servers\n"
        "client = ChatClient(Server('s', 'S', sys.argv[1]), None)\n"
        "late = {'openai', 'httpx2', 'pydantic', 'keyring', 'dotenv', 'PySide6'}\n"
        "assert not late & set(sys.modules), late & set(sys.modules)\n"
        "async def ask():\n"
        "    try:\n"
        "        return await client.complete([{'role': 'user', 'content': 'x'}], 'm', {})\n"
        "    finally:\n"
        "        await client.close()\n"
        "assert asyncio.run(ask()) == 'ok'\n"
    )
    with ScriptedServer(sse_answer(["ok"])) as scripted:
        subprocess.run(
            [sys.executable, "-W", "error", "-c", script, scripted.base_url], check=True, timeout=60
        )


@pytest.mark.parametrize(
    "library",
    [
        None,
        ModuleType("openai"),
    ],  # importing it raises ImportError; another thread has only begun to import it
    ids=["absent", "half-imported"],
)
def test_the_list_of_models_and_its_failures_need_no_client_library(
    monkeypatch: pytest.MonkeyPatch, library: ModuleType | None
) -> None:
    monkeypatch.setitem(sys.modules, "openai", library)

    async def names(base_url: str) -> list[str]:
        client = ChatClient(Server("s", "Test server", base_url), None, connect_seconds=2)
        try:
            return await client.list_models()
        finally:
            await client.close()

    with ScriptedServer(sse_answer(["ok"])) as scripted:
        address = scripted.base_url
        assert asyncio.run(names(address))
    with pytest.raises(errors.Offline, match="Nothing answers"):
        asyncio.run(names(address))
