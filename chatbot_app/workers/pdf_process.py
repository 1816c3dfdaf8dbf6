"""Conversations as PDF: their HTML, laid out on pages in a process of its own, for Qt lays out while nobody else may work."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from chatbot_app.chat.transfer.export_files import Exported, taking_place_of, write_conversations
from chatbot_app.chat.transfer.own_json import BesideConversations
from chatbot_app.core.child_environment import child_environment
from chatbot_app.core.errors import ExportFailed, ExportStopped
from chatbot_app.core.paths import child_command
from chatbot_app.storage.conversations import ConversationStore

PDF_FLAG = "--pdf-pages"
_LOOK_SECONDS = 0.1
_PATIENCE_SECONDS = 1_800.0  # for all pages of a file


def write_pdf(
    store: ConversationStore,
    beside: BesideConversations,
    conversation_ids: Sequence[str],
    path: Path,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Exported]:
    """Write conversations into a PDF, each from a new page on, and yield how far it is.

    All of it or nothing, as `write_conversations`. Raises StoreError, ExportFailed, ExportStopped.
    """
    with taking_place_of(path) as partial:
        partial.touch(exist_ok=False)
        with tempfile.TemporaryDirectory(prefix="chatbot-pdf-") as folder:
            html = Path(folder) / "conversations.html"
            yield from write_conversations(store, beside, conversation_ids, html, should_stop)
            _lay_out(html, partial, path, should_stop)


def _lay_out(html: Path, partial: Path, path: Path, should_stop: Callable[[], bool]) -> None:
    process = subprocess.Popen(
        [*child_command(PDF_FLAG), str(html), str(partial)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=child_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    waited = 0.0
    try:
        while True:
            try:
                status = process.wait(_LOOK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                waited += _LOOK_SECONDS
            if should_stop() or waited > _PATIENCE_SECONDS:
                raise ExportStopped(path=str(path))
    finally:
        process.kill()
        process.wait()
    if status:
        raise ExportFailed(path=str(path), detail="its pages could not be laid out.")
