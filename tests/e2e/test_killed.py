"""The application is killed with SIGKILL at random moments of an answer; nothing of the person's is lost."""

from __future__ import annotations

import io
import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from chatbot_app.application import Services, create_services
from chatbot_app.core.messages import Message, MessageStatus
from chatbot_app.core.servers import Server
from tests.e2e.ready_interpreter import ReadyInterpreter
from tests.e2e.waited import seconds_without_a_core
from tests.scripted_server import ScriptedServer, sse_answer

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.xdist_group("e2e")

FOLDERS, KILLS = 4, 5  # side by side, and one after the other in each: twenty kills
RATE = 50  # tokens a second
LOST_AT_MOST_SECONDS = 1.0


@pytest.fixture(scope="module")
def interpreter() -> Iterator[ReadyInterpreter]:
    ready = ReadyInterpreter()
    yield ready
    ready.close()


@pytest.fixture
def slow_server() -> Iterator[ScriptedServer]:
    with ScriptedServer(sse_answer([f"{number} " for number in range(1000)], rate=RATE)) as server:
        yield server


def prepare(data_dir: Path, server: ScriptedServer) -> None:
    """Make the server the default one of a data folder."""
    services = create_services(data_dir)
    services.servers.add(Server("scripted", "Scripted", server.base_url, default_model="scripted"))
    services.servers.set_default("scripted")
    services.close()


@dataclass(frozen=True)
class Shown:
    """What the window had shown at a moment of the monotonic clock."""

    moment: float
    waited: dict[str, float]  # seconds that each of its threads had been without a core
    characters: int

    @classmethod
    def read(cls, output: bytes) -> list[Shown]:
        whole = output[: output.rfind(b"\n") + 1]  # killed in the middle of a line
        return [cls(*json.loads(line)) for line in whole.splitlines()]

    def was_due(self, killed: Shown) -> bool:
        """Whether this had to be safe at the kill.

        A machine that has no core for the program makes it late; that is no loss of the program's.
        """
        late = sum(seconds - self.waited.get(thread, 0.0) for thread, seconds in killed.waited.items())
        return killed.moment - self.moment - late >= LOST_AT_MOST_SECONDS


def last_answer(services: Services) -> tuple[Message, Message]:
    conversation = services.conversations.list_conversations(limit=1)[0]
    question, answer = services.conversations.path(conversation.id)
    return question, answer


def read_for(seconds: float, output: io.RawIOBase) -> bytes:
    """Return what a program says in that time; it must not end."""
    said = b""
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        if select.select([output], [], [], left)[0]:
            more = output.read(65_536)
            assert more, "the program ended by itself"
            said += more
    return said


def kill_at_a_random_moment(
    interpreter: ReadyInterpreter, data_dir: Path, number: int, seconds: float
) -> int:
    """Return how many characters had been shown at the kill; all but the last second of them were stored.

    The moment is one after the question was stored, in every second run after a word was shown.
    """
    question_text = f"Question {number}"
    program = interpreter.start("tests.e2e.counting_window", str(data_dir), question_text)
    begun = b""
    try:
        while not Shown.read(begun) or (number % 2 and Shown.read(begun)[-1].characters == 0):
            line = program.output.readline()
            assert line, "the program ended by itself"
            begun += line
        # Not a wait for a fact: the moment of death itself is what is tried out.
        begun += read_for(seconds, program.output)
        waited = seconds_without_a_core(program.pid)
        killed_at = time.monotonic()
    finally:
        program.kill()
        output = program.output.readall()
        program.close()
    shown = Shown.read(begun + output)
    killed = Shown(killed_at, waited, shown[-1].characters)
    services = create_services(data_dir)
    try:
        assert services.database.integrity_check() == []
        question, answer = last_answer(services)
        assert question.text == question_text
        assert answer.status is MessageStatus.INTERRUPTED
        words = answer.text.split()
        assert words == [str(n) for n in range(len(words))]
        due = [line.characters for line in shown if line.was_due(killed)]
        assert len(answer.text) >= max(due, default=0), number
    finally:
        services.close()
    return killed.characters


@pytest.mark.timeout(900)  # twenty launches
def test_the_question_and_all_but_the_last_second_survive(
    interpreter: ReadyInterpreter, slow_server: ScriptedServer, tmp_path: Path
) -> None:
    chance = random.Random(20)
    moments = [[chance.uniform(0.0, 2.5) for _ in range(KILLS)] for _ in range(FOLDERS)]

    def kill_one_after_the_other(place: int) -> int:
        folder = tmp_path / str(place)
        prepare(folder, slow_server)
        longest = max(
            kill_at_a_random_moment(interpreter, folder, number, seconds)
            for number, seconds in enumerate(moments[place])
        )
        services = create_services(folder)
        listed = services.conversations.list_conversations()
        services.close()
        assert len(listed) == KILLS
        return longest

    with ThreadPoolExecutor(FOLDERS) as pool:
        longest = max(pool.map(kill_one_after_the_other, range(FOLDERS)))
    assert longest > RATE  # some were killed in the middle of an answer


@pytest.mark.model
def test_no_child_outlives_a_killed_window(built_in_model: Path, data_dir: Path) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.e2e.counting_window",
            str(data_dir),
            "Write a long story about the sea.",
        ],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    try:
        parent = psutil.Process(process.pid)
        deadline = time.monotonic() + 120
        while not (children := parent.children(recursive=True)):
            assert time.monotonic() < deadline, "the built-in model was never started"
            assert process.poll() is None
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    _, alive = psutil.wait_procs(children, timeout=60)
    assert alive == []
