"""Raw text in, text out, for every server that has the endpoint; and the request as code that runs."""

from __future__ import annotations

import asyncio
import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from chatbot_app.core.completion_errors import NoCompletions, NothingToContinue
from chatbot_app.core.errors import AppError, StreamCut
from chatbot_app.core.servers import Server
from chatbot_app.lab.completion import CompletionRequest, complete
from chatbot_app.llm.completion_client import CompletionClient
from chatbot_app.llm.stream_events import StreamFinished, TextDelta
from tests.llama_script import llama_paths
from tests.scripted_server import DONE, Answer, ScriptedServer, event, json_answer, raw_sse

COMPLETIONS = "/v1/completions"


def stream_of(*texts: str, finish: str | None = "stop", ending: str = "end") -> Answer:
    packets = [event({"choices": [{"text": text, "index": 0, "finish_reason": None}]}) for text in texts]
    if finish is not None:
        packets += [event({"choices": [{"text": "", "index": 0, "finish_reason": finish}]}), DONE]
    return raw_sse(packets, ending=ending)


def run(server: ScriptedServer, request: CompletionRequest) -> tuple[str, str | None]:
    async def whole() -> tuple[str, str | None]:
        text, reason = "", None
        async with CompletionClient(Server("s", "Scripted", server.base_url), None, "m") as client:
            async for one in complete(client, request):
                if isinstance(one, TextDelta):
                    text += one.text
                elif isinstance(one, StreamFinished):
                    reason = one.finish_reason
        return text, reason

    return asyncio.run(whole())


def test_what_follows_arrives_and_only_what_was_set_is_sent() -> None:
    with ScriptedServer(paths=llama_paths()) as server:
        assert run(server, CompletionRequest("a", max_tokens=3)) == (" cat sat.", "length")
        assert server.requests[-1].json == {"prompt": "a", "model": "m", "stream": True, "max_tokens": 3}
        run(server, CompletionRequest("a", 2, 0.5, 0.9, 7, ("\n", "END")))
        sent = server.requests[-1].json
    assert (sent["temperature"], sent["top_p"], sent["seed"], sent["stop"]) == (0.5, 0.9, 7, ["\n", "END"])


@pytest.mark.parametrize(
    "texts",
    [(" there",), ("Hel", "lo", " there"), ("Hello there",), ("H", " there"), ("", " there")],
)
def test_an_echo_stands_there_once_whether_the_server_heeds_it_or_not(texts: tuple[str, ...]) -> None:
    with ScriptedServer(paths={COMPLETIONS: stream_of(*texts)}) as server:
        text, _ = run(server, CompletionRequest("Hello", echo=True))
        assert server.requests[-1].json["echo"] is True
    said = "".join(texts)
    assert text == (said if said.startswith("Hello") else "Hello" + said)


def test_an_echo_of_nothing_is_the_prompt() -> None:
    with ScriptedServer(paths={COMPLETIONS: stream_of("Hel")}) as server:
        assert run(server, CompletionRequest("Hello", echo=True))[0] == "HelloHel"


def test_an_empty_prompt_is_said_where_the_model_has_nothing_to_say() -> None:
    with ScriptedServer(paths={COMPLETIONS: stream_of()}) as server, pytest.raises(NothingToContinue):
        run(server, CompletionRequest(""))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (json_answer({"error": {"message": "Not Found"}}, 404), NoCompletions),
        (json_answer({"error": {"message": "This is a chat model and not supported"}}, 404), NoCompletions),
        (stream_of("half", finish=None, ending="cut"), StreamCut),
        (raw_sse([event({"error": {"message": "it broke"}})]), AppError),
    ],
)
def test_faults_are_said(answer: Answer, error: type[Exception]) -> None:
    with ScriptedServer(paths={COMPLETIONS: answer}) as server, pytest.raises(error):
        run(server, CompletionRequest("Hello"))


class TestAsCode:
    request = CompletionRequest('It\'s "so"\n$HOME \\ 😀', 9, 0.5, stop=("\n",), echo=True)

    def test_python_sends_the_same(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with ScriptedServer(paths={COMPLETIONS: stream_of("x", "y")}) as server:
            run(server, self.request)
            exec(compile(self.request.as_python(server.base_url, "m"), "code", "exec"), {})
            ours, theirs = (one.json for one in server.requests)
        assert theirs == ours
        assert capsys.readouterr().out == "xy"

    def test_curl_sends_the_same(self) -> None:
        words = shlex.split(self.request.as_curl("http://h/v1", "m").replace("\\\n", " "))
        assert words[2] == "http://h/v1/completions"
        sent: dict[str, Any] = json.loads(words[words.index("-d") + 1])
        assert sent == {
            "model": "m",
            "prompt": self.request.prompt,
            **self.request.parameters(),
            "stream": True,
        }

    def test_a_long_prompt_is_read_from_a_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        long = CompletionRequest("word 😀 " * 20_000, 5)
        monkeypatch.chdir(tmp_path)
        (tmp_path / "prompt.txt").write_text(long.prompt, encoding="utf-8")
        with ScriptedServer(paths={COMPLETIONS: stream_of("x")}) as server:
            code = long.as_python(server.base_url, "m")
            exec(compile(code, "code", "exec"), {})
            assert server.requests[0].json["prompt"] == long.prompt
        assert len(code) < 1000
        command = long.as_curl("http://h/v1", "m")
        assert len(command) < 1000
        assert "--rawfile prompt prompt.txt" in command
