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
# The server writes a token up to this long before the client has it: pipes, two processes, a busy machine.
TRANSPORT_SECONDS = 0.5

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from chatbot_app.application import create_application
application = create_application(Path(sys.argv[1]))
application.controllers.chat.send(sys.argv[2])
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
    return subprocess.Popen([sys.executable, "-c", PROGRAM, str(data_dir), question], env=environment)


def last_answer(services: Services) -> tuple[Message, Message]:
    conversation = services.conversations.list_conversations(limit=1)[0]
    question, answer = services.conversations.path(conversation.id)
    return question, answer


def test_the_question_and_all_but_the_last_second_survive(
    slow_server: ScriptedServer, data_dir: Path
) -> None:
    moments = random.Random(20)
    for number in range(KILLS):
        question_text = f"Question {number}"
        process = start(data_dir, question_text)
        try:
            slow_server.wait_for_requests(number + 1, timeout=30)
            answering_since = time.monotonic()
            # Not a wait for a fact: the moment of death itself is what is tried out.
            process.wait(timeout=moments.uniform(0.0, 2.5))
            raise AssertionError("the program ended by itself")
        except subprocess.TimeoutExpired:
            answered_for = time.monotonic() - answering_since
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=10)
        services = create_services(data_dir)
        try:
            assert services.database.integrity_check() == []
            question, answer = last_answer(services)
            assert question.text == question_text
            assert answer.status is MessageStatus.INTERRUPTED
            words = answer.text.split()
            assert words == [str(n) for n in range(len(words))]
            safe_seconds = answered_for - LOST_AT_MOST_SECONDS - TRANSPORT_SECONDS
            assert len(words) >= int(safe_seconds * RATE), (number, answered_for)
        finally:
            services.close()
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
        process.wait(timeout=10)
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
