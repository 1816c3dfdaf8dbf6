"""How long the transcript stops the window: `python -m tests.benchmarks.bench_transcript`.

Prints figures and asserts nothing. "stall" is the longest time between two beats of a 1 ms timer in the thread
of the window; "at work" leaves out what other processes took of it, which counts on a busy machine.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QTextBrowser, QWidget

from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.ui.chat.text_flush import FLUSH_MS
from chatbot_app.ui.chat.transcript import Transcript
from chatbot_app.ui.theme import apply_theme

TOKENS_A_SECOND = 1_000
TOKEN = 4  # characters
SIZE = 100_000
EARLIER = 2_000  # messages of the conversation
OPENED = 80

PROSE = (
    "The **transcript** draws one block after the other, and `only the last` one again while text arrives. "
    "A reader who is at the end stays there; one who reads further up is left alone.\n\n"
    "- a short item with *emphasis*\n- another, with a [link](https://example.org/a)\n- the last of three\n\n"
)
SECTION = (
    "## What happens here\n\n"
    + PROSE * 3
    + "```python\n"
    + "".join(
        f"def function_{n}(value: int) -> int:\n    return value + {n}  # comment\n\n" for n in range(8)
    )
    + "```\n\n| a | b | c |\n|---|:-:|--:|\n"
    + "| one | two | 3 |\n" * 6
    + "\n"
)


def filled(piece: str, size: int = SIZE, *, before: str = "") -> str:
    """Return `piece` repeated up to a size in characters."""
    return (before + piece * (size // len(piece) + 1))[:size]


CASES = {
    "mixed answer": filled(SECTION),
    "one code block": filled("value = compute(first, 'second')  # a comment\n", before="```python\n"),
    "one paragraph": filled("Words follow words in **one** long paragraph without any end. "),
    "one table": filled("| cell one | some longer text | 12.5 |\n", before="| a | b | c |\n|---|---|--:|\n"),
    "one list": filled("- an item of a list that goes on and on, with `code` in it\n"),
}


def message(position: int, role: Role, text: str, status: MessageStatus = MessageStatus.COMPLETE) -> Message:
    """Return a message of the benchmark's conversation."""
    return Message(f"m{position}", "c", None, position, role, text, status)


def conversation(count: int) -> list[Message]:
    """Return a conversation of questions and answers of ordinary length."""
    found = []
    for position in range(count):
        role = Role.USER if position % 2 == 0 else Role.ASSISTANT
        text = (
            "How does this work, and why?"
            if role is Role.USER
            else PROSE * 2 + SECTION[: 600 + position % 900]
        )
        found.append(message(position, role, text))
    return found


class Heartbeat(QObject):
    """Beats every millisecond and keeps the longest pause and the time lost, in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self.longest_work = 0.0
        self._last = time.perf_counter()
        self._work = time.thread_time()
        self._timer = QTimer(self)
        self._timer.setTimerType(self._timer.timerType().PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(1)

    @Slot()
    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now
        work = time.thread_time()
        self.longest_work = max(self.longest_work, work - self._work)
        self._work = work

    def stop(self) -> None:
        """Stop beating."""
        self._timer.stop()


@dataclass(slots=True)
class Figures:
    """What one stream cost, in seconds."""

    longest: float
    work: float
    cpu: float


def stream(widget: QWidget, text: str, take: Callable[[str], None], speed_up: float) -> Figures:
    """Feed `text` by the clock at `TOKENS_A_SECOND` times `speed_up` and measure the pauses."""
    gc.collect()
    heart = Heartbeat()
    busy = time.process_time()
    start = time.perf_counter()
    sent = 0
    while sent < len(text):
        due = int((time.perf_counter() - start) * TOKENS_A_SECOND * speed_up) * TOKEN
        while sent < min(due, len(text)):
            take(text[sent : sent + TOKEN])
            sent += TOKEN
        QApplication.processEvents()
        time.sleep(0.0005)
    settle = time.perf_counter() + 0.3
    while time.perf_counter() < settle:
        QApplication.processEvents()
    heart.stop()
    return Figures(heart.longest, heart.longest_work, time.process_time() - busy)


def stream_into_transcript(text: str, speed_up: float, earlier: list[Message]) -> Figures:
    """Stream an answer into a transcript that shows a long conversation."""
    transcript = Transcript()
    transcript.resize(900, 800)
    transcript.show()
    transcript.show_conversation(earlier[-OPENED:], has_older=True)
    settle_transcript(transcript)
    answer = message(EARLIER + 1, Role.ASSISTANT, "", MessageStatus.STREAMING)
    transcript.begin_answer(answer)
    figures = stream(transcript, text, lambda piece: transcript.append_text(answer.id, piece), speed_up)
    if transcript.text_of(answer.id) != text:
        raise RuntimeError("the transcript lost text")
    transcript.deleteLater()
    QApplication.processEvents()
    return figures


def settle_transcript(transcript: Transcript) -> None:
    """Let the idle work of opening end."""
    while not transcript.is_settled:
        QApplication.processEvents()


def stream_into_browser(text: str, speed_up: float) -> Figures:
    """The naive way: the whole answer as Markdown again at each flush."""
    browser = QTextBrowser()
    browser.resize(900, 800)
    browser.show()
    parts: list[str] = []
    shown = [0]

    def flush() -> None:
        if len(parts) != shown[0]:
            shown[0] = len(parts)
            browser.setMarkdown("".join(parts))
            browser.moveCursor(QTextCursor.MoveOperation.End)

    timer = QTimer()
    timer.timeout.connect(flush)
    timer.start(FLUSH_MS)
    figures = stream(browser, text, parts.append, speed_up)
    timer.stop()
    browser.deleteLater()
    QApplication.processEvents()
    return figures


def report(name: str, figures: Figures, size: int) -> None:
    """Print one line of figures."""
    print(
        f"{name:16} {size / 1000:6.1f} KB   longest stall {figures.longest * 1000:7.1f} ms "
        f"(of it at work {figures.work * 1000:6.1f} ms)   CPU {figures.cpu:6.2f} s   "
        f"{figures.cpu / size * 1e6:6.2f} ms/KB"
    )


def open_conversation(earlier: list[Message]) -> None:
    """Print how long a conversation takes to open: until it is painted, and until all is prepared."""
    for attempt in range(3):
        transcript = Transcript()
        transcript.resize(900, 800)
        transcript.show()
        QApplication.processEvents()
        start, work = time.perf_counter(), time.thread_time()
        transcript.show_conversation(earlier[-OPENED:], has_older=True)
        called = time.perf_counter()
        QApplication.processEvents()
        transcript.repaint()
        painted, worked = time.perf_counter(), time.thread_time() - work
        heart = Heartbeat()
        settle_transcript(transcript)
        heart.stop()
        print(
            f"open {len(earlier)} messages, newest {OPENED} as widgets (run {attempt + 1}):  "
            f"call {(called - start) * 1000:6.1f} ms   painted {(painted - start) * 1000:6.1f} ms "
            f"(of it at work {worked * 1000:6.1f} ms)   "
            f"all prepared {(time.perf_counter() - start) * 1000:7.1f} ms, stalls up to {heart.longest * 1000:.1f} ms"
        )
        transcript.deleteLater()
        QApplication.processEvents()


def main(arguments: list[str]) -> None:
    """Print all figures; an argument is how many times faster than 1,000 tokens/s to feed."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(app, "light")
    speed_up = float(arguments[0]) if arguments else 4.0
    earlier = conversation(EARLIER)
    open_conversation(earlier)
    print(f"\nstreaming at {TOKENS_A_SECOND * speed_up:,.0f} tokens/s into {EARLIER} messages")
    for name, text in CASES.items():
        report(name, stream_into_transcript(text, speed_up, earlier), len(text))
    print("\nlinearity, mixed answer")
    for size in (12_500, 25_000, 50_000, 100_000):
        report("transcript", stream_into_transcript(CASES["mixed answer"][:size], speed_up, earlier), size)
    print("\nbaseline: QTextBrowser.setMarkdown of the whole answer at each flush")
    for size in (12_500, 25_000):
        report("QTextBrowser", stream_into_browser(CASES["mixed answer"][:size], speed_up), size)


if __name__ == "__main__":
    main(sys.argv[1:])
