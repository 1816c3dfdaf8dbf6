"""What was asked and shown is never lost: a store that is slow, locked, full or broken while an answer streams."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sqlite3
import subprocess
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from chatbot_app.application import Services, create_services
from chatbot_app.chat.answer_saver import AnswerSaver, SavingCaughtUp, SavingEvent, SavingFailed
from chatbot_app.chat.events import PromptPlanned, TextAppended, TurnEvent, TurnFinished, UserMessageStored
from chatbot_app.chat.requests import NewQuestion, PlanRequest, TurnRequest
from chatbot_app.core.errors import ConversationGone, QuestionNotSaved, StoreError
from chatbot_app.core.generation import GenerationSettings, HistoryStrategy
from chatbot_app.core.messages import MessageStatus
from chatbot_app.core.servers import Server, ServerKind
from tests import prose
from tests.scripted_server import MODELS, ScriptedServer, models_answer, sse_answer

LONG = [f"word {number} " for number in range(400)]


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    models = models_answer([{"id": "scripted", "max_model_len": 8192}])
    with ScriptedServer(sse_answer(LONG), paths={MODELS: models}) as server:
        yield server


def services_in(folder: Path, server: ScriptedServer) -> Services:
    services = create_services(folder)
    if services.servers.find("scripted") is None:
        services.servers.add(
            Server("scripted", "Scripted", server.base_url, ServerKind.OTHER, default_model="scripted")
        )
    return services


@pytest.fixture
def services(data_dir: Path, server: ScriptedServer) -> Iterator[Services]:
    services = services_in(data_dir, server)
    yield services
    services.close()


def begin(services: Services) -> str:
    settings = GenerationSettings(server_id="scripted")
    return services.conversations.create_conversation(settings).id


async def consume(
    services: Services, request: TurnRequest, at: dict[type, Callable[[], object]] | None = None
) -> list[TurnEvent]:
    events: list[TurnEvent] = []
    try:
        async for event in services.run_turn(request):
            act = (at or {}).pop(type(event), None)
            if act is not None:
                act()
            events.append(event)
    finally:
        await services.gateway.close()
    return events


def run(coroutine: Any) -> Any:
    return asyncio.run(asyncio.wait_for(coroutine, timeout=60))


@contextmanager
def locked_by_another_program(services: Services) -> Iterator[Callable[[], None]]:
    """Yield what ends the lock."""
    with closing(sqlite3.connect(services.paths.database, isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")

        def release() -> None:
            with contextlib.suppress(sqlite3.OperationalError):
                stranger.execute("ROLLBACK")

        yield release
        release()


class Told:
    """Gathers what the saver tells."""

    def __init__(self, saver: AnswerSaver) -> None:
        self.events: list[SavingEvent] = []
        self.failed, self.caught_up = threading.Event(), threading.Event()
        saver.tell = self._take

    def _take(self, event: SavingEvent) -> None:
        self.events.append(event)
        (self.failed if isinstance(event, SavingFailed) else self.caught_up).set()


def shown(events: list[TurnEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextAppended))


def refuse(services: Services, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the store take no answer, as a disk that is full; return what ends that."""
    real = services.conversations.save_answer

    def fail(_state: object) -> None:
        raise StoreError(detail="the disk is full.")

    monkeypatch.setattr(services.conversations, "save_answer", fail)
    return lambda: monkeypatch.setattr(services.conversations, "save_answer", real)


def test_no_store_call_is_made_in_the_loop(services: Services, server: ScriptedServer) -> None:
    """Whatever the strategy: asking, planning, summarising, remembering, with a window that must be learnt."""
    seen: list[str] = []

    def guarded(real: Callable[[], Any]) -> Callable[[], Any]:
        def call() -> Any:
            with contextlib.suppress(RuntimeError):  # no loop runs in this thread
                asyncio.get_running_loop()
                seen.append("".join(traceback.format_stack(limit=6)))
            return real()

        return call

    for name in ("read", "write"):
        setattr(services.database, name, guarded(getattr(services.database, name)))

    async def talk(conversation_id: str) -> None:
        leaf = None
        for number in range(4):
            events = await consume(services, NewQuestion(conversation_id, leaf, "Why? " * 400 + str(number)))
            assert isinstance(events[-1], TurnFinished)
            leaf = events[-1].answer.id
            async for _ in services.after_turn(events[-1].answer):
                pass
            await services.plan_turn(PlanRequest(conversation_id, leaf, "And now?", search=True))
        await services.gateway.list_models("scripted")
        await services.gateway.close()

    for strategy in HistoryStrategy:
        services.servers.remember_trait(
            "scripted", "scripted", "window", {"tokens": 2048, "instead_of": 8192}
        )
        conversation_id = begin(services)
        settings = GenerationSettings(server_id="scripted", history_strategy=strategy, max_tokens=200)
        services.conversations.set_settings(conversation_id, settings)
        run(talk(conversation_id))
    assert seen == []


def test_a_lock_of_another_program_in_the_middle_of_an_answer(services: Services) -> None:
    """Nothing waits for it, it is said, and everything is stored when it is over: text, end and plan."""
    conversation_id, told = begin(services), Told(services.saver)
    with contextlib.ExitStack() as lock:
        ends: list[Callable[[], None]] = []
        events = run(
            consume(
                services,
                NewQuestion(conversation_id, None, "Tell me."),
                {
                    UserMessageStored: lambda: ends.append(
                        lock.enter_context(locked_by_another_program(services))
                    )
                },
            )
        )
        finished = events[-1]
        assert isinstance(finished, TurnFinished)
        assert finished.answer.text == shown(events) == "".join(LONG)
        assert finished.answer.status is MessageStatus.COMPLETE
        assert services.conversations.path(conversation_id)[-1] == finished.answer  # as it was shown
        assert told.failed.wait(30)
        [failed] = told.events
        assert isinstance(failed, SavingFailed)
        assert "kept in this window" in failed.notice.next_step
        assert "composer" not in failed.notice.next_step + failed.notice.summary
        ends[0]()
        assert told.caught_up.wait(30)
    stored = services.conversations.path(conversation_id)[-1]
    assert stored.text == "".join(LONG)
    assert stored.status is MessageStatus.COMPLETE
    plan = next(event.plan for event in events if isinstance(event, PromptPlanned))
    assert services.conversations.plan(stored.id) == plan
    assert services.saver.unsaved() == []


def test_stop_does_not_wait_for_a_locked_store(services: Services, server: ScriptedServer) -> None:
    """Neither before the question is stored nor afterwards; what was withdrawn is not stored later."""
    conversation_id = begin(services)

    async def ask_and_stop() -> None:
        task = asyncio.ensure_future(consume(services, NewQuestion(conversation_id, None, "Secret?", "q-1")))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, timeout=4.0)  # the store would wait for five seconds

    with locked_by_another_program(services):
        run(ask_and_stop())
    assert services.store_calls.post(lambda: None).result(timeout=30) is None  # the call before it has ended
    assert services.conversations.path(conversation_id) == []
    assert server.chat_requests == []


def test_a_question_that_cannot_be_stored_says_where_it_is(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id = begin(services)
    services.database.hurry(0.0)  # no waiting
    with locked_by_another_program(services), pytest.raises(QuestionNotSaved) as refused:
        run(consume(services, NewQuestion(conversation_id, None, "Tell me.")))
    assert "composer" in refused.value.next_step


def test_the_next_question_waits_for_the_answer_above_it(
    services: Services, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its prompt holds the whole answer, or it is not sent."""
    conversation_id = begin(services)
    allow = refuse(services, monkeypatch)
    events = run(consume(services, NewQuestion(conversation_id, None, "Tell me.")))
    answer = events[-1].answer
    assert services.conversations.message(answer.id).text == "".join(LONG)
    with pytest.raises(QuestionNotSaved):
        run(consume(services, NewQuestion(conversation_id, answer.id, "And?")))
    assert len(server.chat_requests) == 1
    allow()
    run(consume(services, NewQuestion(conversation_id, answer.id, "And?")))
    assert server.chat_requests[-1].json["messages"][-2]["content"] == "".join(LONG)
    assert [m.text for m in services.conversations.path(conversation_id)][1] == "".join(LONG)


def test_it_is_tried_again_at_the_end_and_what_is_lost_is_known(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id = begin(services)
    allow = refuse(services, monkeypatch)
    run(consume(services, NewQuestion(conversation_id, None, "Tell me.")))
    [state] = services.saver.unsaved()
    assert state.answer.text == "".join(LONG)
    allow()
    assert services.saver.close(20) == []
    with closing(sqlite3.connect(services.paths.database)) as other:
        assert other.execute("SELECT count(*) FROM messages WHERE status = 'complete'").fetchone()[0] == 2


def test_an_answer_whose_conversation_was_purged_is_let_go(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id, told = begin(services), Told(services.saver)
    allow = refuse(services, monkeypatch)
    run(consume(services, NewQuestion(conversation_id, None, "Tell me.")))
    services.conversations.delete(conversation_id)
    services.conversations.purge(conversation_id)
    allow()
    assert told.caught_up.wait(30)
    assert told.events[-1] == SavingCaughtUp(conversation_id, None)
    assert services.saver.unsaved() == []
    with pytest.raises(ConversationGone):
        services.conversations.path(conversation_id)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.name == "nt" or os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], check=False)
    if made.returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_the_disk_fills_in_the_middle_of_an_answer_and_has_room_again(
    small_disk: Path, server: ScriptedServer
) -> None:
    services = services_in(small_disk / "data", server)
    try:
        conversation_id, told = begin(services), Told(services.saver)
        filler = small_disk / "filler"

        def fill() -> None:
            with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(4096))

        server.set_answers(
            sse_answer(["".join(prose.words(40, seed)) for seed in range(400)])
        )  # more than the log has room for
        request = NewQuestion(conversation_id, None, "Tell me.")
        events = run(consume(services, request, {PromptPlanned: fill}))
        assert told.failed.wait(30)
        failed = told.events[0]
        assert isinstance(failed, SavingFailed)
        assert "disk is full" in failed.notice.summary
        text = shown(events)
        assert services.conversations.path(conversation_id)[-1].text == text  # what was shown is seen
        filler.unlink()
        assert told.caught_up.wait(30)
    finally:
        services.close()
    with closing(sqlite3.connect(small_disk / "data" / "chatbot.sqlite3")) as other:
        assert other.execute("SELECT text FROM messages WHERE role = 'assistant'").fetchone()[0] == text
