"""A 100 KB answer at 1,000 tokens a second into a conversation of 2,000 messages, in the real window.

The whole way is measured: client, worker thread, events, transcript; the scripted server is a process of its own,
as a server is. Goals: longest stall of the GUI thread under 50 ms, GUI time linear in the length, opening the
conversation under 150 ms. "at work" is the part of the longest stall in which the GUI thread itself ran: the rest
it waited for a processor or for the interpreter's lock. A second table holds a flood: 100 tokens a millisecond.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from chatbot_app.application import Application, create_application
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import MessageStatus
from chatbot_app.core.paths import DataPaths
from chatbot_app.core.servers import Server
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.servers import ServerStore
from chatbot_app.storage.settings import SettingsStore
from tests.scripted_server import Answer, Request, ScriptedServer, sse_answer

MESSAGES = 2000
TOKENS_PER_SECOND = 1000

PARAGRAPHS = (
    "The **immune system** tells friend from foe with receptors that recognise `patterns` of molecules; see "
    "[the article](https://example.org/immune) for more.\n\n",
    "- a first point about it\n- a second one, with *emphasis*\n- a third one\n\n",
    "```python\ndef area(radius: float) -> float:\n    return 3.14159 * radius ** 2\n```\n\n",
    "| element | number |\n|---|---|\n| oxygen | 8 |\n| copper | 29 |\n\n",
    "Some plain sentences follow here. They say nothing new, but they are long enough to wrap around the edge.\n\n",
)


def answer_of(characters: int) -> str:
    """Return Markdown of about that length."""
    text = ""
    for number in count():
        text += f"## Part {number}\n\n" if number % 10 == 0 else PARAGRAPHS[number % len(PARAGRAPHS)]
        if len(text) >= characters:
            return text[:characters]
    raise AssertionError


def tokens_of(text: str) -> list[str]:
    """Cut text into pieces of four characters: about a token."""
    return [text[start : start + 4] for start in range(0, len(text), 4)]


class Heartbeat:
    """Measures how long the GUI thread was away: gaps between beats of a timer, wall and processor time (s)."""

    def __init__(self) -> None:
        self.gaps: list[tuple[float, float]] = []
        self._last = time.perf_counter()
        self._busy = time.thread_time()
        self._timer = QTimer(interval=1)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        busy = time.thread_time()
        self.gaps.append((now - self._last, busy - self._busy))
        self._last, self._busy = now, busy

    def stop(self) -> None:
        self._timer.stop()


def fill(data_dir: Path, base_url: str) -> str:
    """Write the conversation of 2,000 messages and the server; return the conversation's id."""
    numbers = count()
    with Database(DataPaths(data_dir)) as database:
        store = ConversationStore(
            database, now=lambda: datetime.now(UTC), new_id=lambda: f"id{next(numbers)}"
        )
        servers = ServerStore(database, settings := SettingsStore(database))
        servers.add(Server("scripted", "Scripted", base_url, default_model="scripted"))
        servers.set_default("scripted")
        settings.set("chat.automatic_titles", False)
        chosen = GenerationSettings(server_id="scripted")
        conversation = store.create_conversation(chosen)
        parent = None
        with database.write():
            for number in range(MESSAGES // 2):
                _, answer = store.begin_exchange(
                    conversation.id,
                    parent,
                    f"Question {number}, about something?",
                    settings=chosen,
                    server_id="scripted",
                    model="scripted",
                )
                store.finish_message(
                    answer.id,
                    status=MessageStatus.COMPLETE,
                    text="".join(PARAGRAPHS),
                    reasoning="",
                    usage=None,
                    timings=None,
                    finish_reason="stop",
                    notices=(),
                )
                parent = answer.id
    return conversation.id


def wait(condition: object, seconds: float) -> None:
    """Run the event loop until the condition holds."""
    loop = QEventLoop()
    deadline = time.monotonic() + seconds
    check = QTimer(interval=5)
    check.timeout.connect(lambda: loop.quit() if condition() or time.monotonic() > deadline else None)  # type: ignore[operator]
    check.start()
    loop.exec()


def serve() -> None:
    """Be the server: the question says how many characters are wanted, and at how many tokens a second."""

    def answer(request: Request) -> Answer:
        characters, rate = (int(word) for word in request.json["messages"][-1]["content"].split()[:2])
        return sse_answer(tokens_of(answer_of(characters)), rate=rate)

    with ScriptedServer(answer) as server:
        print(server.base_url, flush=True)
        sys.stdin.read()  # until the benchmark ends


def stream(application: Application, characters: int, rate: int) -> tuple[tuple[float, float], float, float]:
    """Stream one answer; return the longest gap, the GUI thread's processor time and the duration (s)."""
    chat = application.controllers.chat
    heartbeat = Heartbeat()
    busy, started = time.thread_time(), time.perf_counter()
    application.controllers.asking.send(f"{characters} {rate}")
    wait(lambda: chat.is_answering(chat.conversation_id), 10)
    wait(lambda: not chat.is_answering(chat.conversation_id), 120)
    duration, busy = time.perf_counter() - started, time.thread_time() - busy
    heartbeat.stop()
    return max(heartbeat.gaps), busy, duration


def open_seconds(application: Application, conversation_id: str) -> float:
    """Return the seconds from asking for a conversation until it is painted."""
    chat, transcript = application.controllers.chat, application.window.chat_pane.transcript
    application.controllers.chat.start_new(GenerationSettings(server_id="scripted"))
    QApplication.processEvents()
    started = time.perf_counter()
    chat.open(conversation_id)
    while not transcript.message_ids():
        QApplication.processEvents()
    application.window.repaint()
    QApplication.processEvents()
    return time.perf_counter() - started


def main() -> None:
    """Print the figures."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_streaming", "serve"]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server,
    ):
        assert server.stdout is not None
        assert server.stdin is not None
        conversation_id = fill(Path(folder), server.stdout.readline().strip())
        application = create_application(Path(folder))
        wait(lambda: False, 5.0)  # what is loaded in idle time after the launch
        opened = [open_seconds(application, conversation_id) for _ in range(7)]
        print(
            f"open a conversation of {MESSAGES} messages: median {statistics.median(opened) * 1000:.0f} ms, "
            f"first {opened[0] * 1000:.0f} ms (goal under 150 ms)"
        )
        print(
            f"{'answer':>9} {'tokens/s':>8} {'longest stall':>14} {'at work':>8} {'GUI time':>9} {'per KB':>8} {'in all':>8}"
        )
        cases = [(size, TOKENS_PER_SECOND) for size in (12_500, 25_000, 50_000, 100_000)] + [
            (1_000_000, 100_000)
        ]
        for characters, rate in cases:
            (gap, at_work), busy, duration = stream(application, characters, rate)
            print(
                f"{characters / 1000:7.1f}KB {rate:8} {gap * 1000:11.0f} ms {at_work * 1000:5.0f} ms {busy:7.2f} s"
                f" {busy / characters * 1e6:5.1f} ms {duration:6.1f} s",
                flush=True,
            )
        print(
            "goal: longest stall under 50 ms at 1,000 tokens/s, 100 ms in the flood; GUI time per KB does not grow"
        )
        application.shutdown()
        server.stdin.close()


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["serve"] else main()
