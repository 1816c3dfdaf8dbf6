"""How long single widgets hold the window: `python -m tests.benchmarks.bench_widgets`.

Prints medians and asserts nothing: the splitter of Markdown over hostile texts, a megabyte pasted into the
composer beside Qt's own editor, ten thousand conversations in the list.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.markdown_blocks import BlockSplitter
from chatbot_app.core.messages import Conversation
from chatbot_app.ui.chat.composer import Composer
from chatbot_app.ui.chat.composer_edit import ComposerEdit
from chatbot_app.ui.conversation_list import ConversationList
from chatbot_app.ui.theme import apply_theme
from tests.unit.core.test_markdown_blocks import HOSTILE

RUNS = 3
PASTED = {"lines": "The quick brown fox jumps over the lazy dog.\n" * 23_000, "words": "word " * 200_000}
CONVERSATIONS = 10_000


def median_ms(work: Callable[[], object]) -> float:
    """Return the median time of some runs, in milliseconds."""
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1000


def split(text: str) -> None:
    """Split a whole text into blocks."""
    splitter = BlockSplitter()
    splitter.append(text)
    splitter.finish()


def main() -> int:
    """Print the figures."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    apply_theme(application)
    print(f"splitting into blocks, whole text at once (median of {RUNS})")
    for name, text in HOSTILE.items():
        print(f"  {name:<22} {len(text):>9,} characters {median_ms(lambda text=text: split(text)):8.0f} ms")  # type: ignore[misc]

    print("a megabyte pasted, until it is painted")
    for name, text in PASTED.items():
        data = QMimeData()
        data.setText(text)

        def paste(data: QMimeData = data) -> None:
            composer = Composer()
            composer.show()
            editor = composer.findChild(QPlainTextEdit, "composer")
            assert isinstance(editor, ComposerEdit)
            editor.insertFromMimeData(data)
            application.processEvents()
            composer.deleteLater()

        def plain(text: str = text) -> None:
            editor = QPlainTextEdit()
            editor.show()
            editor.setPlainText(text)
            application.processEvents()
            editor.deleteLater()

        print(f"  {name:<10} {median_ms(paste):8.0f} ms; QPlainTextEdit {median_ms(plain):8.0f} ms")

    print(f"{CONVERSATIONS:,} conversations in the list")
    newest = datetime(2026, 1, 1, tzinfo=UTC)
    many = [
        Conversation(
            f"c{n}",
            f"Conversation {n}",
            GenerationSettings(),
            updated_at=(newest - timedelta(hours=n / 4)).isoformat(),
        )
        for n in range(CONVERSATIONS)
    ]
    side = ConversationList()
    side.show()

    def fill() -> None:
        side.set_conversations(many)
        side.select("c9999")
        application.processEvents()

    def insert() -> None:
        side.upsert(many[5_000])
        application.processEvents()

    print(f"  filled {median_ms(fill):8.0f} ms; one changed {median_ms(insert):8.0f} ms")
    side.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
