"""The application is killed with SIGKILL at random moments of an answer; nothing of the person's is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from chatbot_app.application import Services, create_services
from chatbot_app.core.messages import Message, MessageStatus
from chatbot_app.core.servers import Server
from tests.scripted_server import ScriptedServer, sse_answer

pytestmark = pytest.mark.xdist_group("e2e")

KILLS = 20
RATE = 50  # tokens a second
LOST_AT_MOST_SECONDS = 1.0

# Says when it had how many characters: what the window has shown is what a person must not lose.
PROGRAM = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from chatbot_app.application import create_application
application = create_application(Path(sys.argv[1]))
shown = 0
def count(turn, event):
    global shown
    shown += len(getattr(event, "text", ""))
    print(time.monotonic(), shown, flush=True)
application.lanes.models.event_received.connect(count)
application.controllers.asking.send(sys.argv[2])
application.run()
"""


@pytest.fixture
def slow_server(data_dir: Path) -> Iterator[ScriptedServer]:
    with ScriptedServer(sse_answer([f"{number} " for number in range(1000)], rate=RATE)) as server:
        services = create_services(data_dir)
        services.servers.add(Server("scripted", "Scripted", server.base_url, default_model="scripted"))
        services.servers.set_default("scripted")
        services.close()
        yield server


def start(data_dir: Path, question: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", PROGRAM, str(data_dir), question]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)


def shown_before(output: bytes, moment: float) -> int:
    """Return how many characters had been shown at a moment of the monotonic clock."""
    lines = [line.split() for line in output.splitlines() if line.count(b" ") == 1]
    return max((int(characters) for seconds, characters in lines if float(seconds) <= moment), default=0)


def last_answer(services: Services) -> tuple[Message, Message]:
    conversation = services.conversations.list_conversations(limit=1)[0]
    question, answer = services.conversations.path(conversation.id)
    return question, answer


def test_the_question_and_all_but_the_last_second_survive(
    slow_server: ScriptedServer, data_dir: Path
) -> None:
    moments = random.Random(20)
    longest = 0
    for number in range(KILLS):
        question_text = f"Question {number}"
        process = start(data_dir, question_text)
        try:
            assert process.stdout is not None
            assert process.stdout.readline()  # the question is stored, says the program
            # Not a wait for a fact: the moment of death itself is what is tried out.
            process.wait(timeout=moments.uniform(0.0, 2.5))
            raise AssertionError("the program ended by itself")
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed_at = time.monotonic()
            output, _ = process.communicate(timeout=10)
        services = create_services(data_dir)
        try:
            assert services.database.integrity_check() == []
            question, answer = last_answer(services)
            assert question.text == question_text
            assert answer.status is MessageStatus.INTERRUPTED
            words = answer.text.split()
            assert words == [str(n) for n in range(len(words))]
            assert len(answer.text) >= shown_before(output, killed_at - LOST_AT_MOST_SECONDS), number
            longest = max(longest, shown_before(output, killed_at))
        finally:
            services.close()
    assert longest > RATE  # some were killed in the middle of an answer
    services = create_services(data_dir)
    listed = services.conversations.list_conversations()
    services.close()
    assert len(listed) == KILLS


@pytest.mark.model
def test_no_child_outlives_a_killed_window(built_in_model: Path, data_dir: Path) -> None:
    process = start(data_dir, "Write a long story about the sea.")
    try:
        parent = psutil.Process(process.pid)
        deadline = time.monotonic() + 30
        while not (children := parent.children(recursive=True)):
            assert time.monotonic() < deadline, "the built-in model was never started"
            assert process.poll() is None
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=10)
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
