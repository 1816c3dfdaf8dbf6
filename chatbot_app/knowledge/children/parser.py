"""The child process that reads files: spawned once, reused, replaced after a crash or a limit.

It reads a file, cuts it into passages and sends them in parts (`parser_messages`). A file can therefore crash,
hang or fill the memory of that process without more than its own import failing, and however long its text is,
this process holds little of it at a time.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

from chatbot_app.core.children.framing import Message
from chatbot_app.core.children.process import STOP_SECONDS, ChildProcess
from chatbot_app.core.documents import Block, BlockKind, ParsedDocument
from chatbot_app.core.packed_text import PART_CHARACTERS, unpack_text
from chatbot_app.core.paths import child_command
from chatbot_app.knowledge.children.heartbeat import COMPUTED, Patience
from chatbot_app.knowledge.children.parser_child import cpu_seconds, main
from chatbot_app.knowledge.children.parser_messages import DocumentPart, Read, Text, part_of
from chatbot_app.knowledge.formats import reading
from chatbot_app.knowledge.formats.refusals import DocumentDamaged, DocumentRefused, ParserStopped

WALL_FACTOR = 2  # of the computing time: so long by the clock may it say nothing and compute nothing
PARSER_FLAG = "--parser"
PARTS_AHEAD = 4  # that the child may have sent before they are stored; then it waits
_LOOK_SECONDS = 0.1

_KINDS: list[type[DocumentRefused]] = [DocumentRefused, *DocumentRefused.__subclasses__()]
_BLOCK_KINDS = {kind.value: kind for kind in BlockKind}
_REASONS = {kind.__name__: kind for kind in _KINDS}


class ParserProcess:
    """Reads files in a child process. Use from one thread; `close()` ends the child."""

    def __init__(
        self, command: Sequence[str] | None = None, allowed_seconds: Callable[[int], float] = cpu_seconds
    ) -> None:
        command = command if command is not None else child_command(PARSER_FLAG)
        self._child = ChildProcess(command, self._take, name="parser-replies")
        self._allowed_seconds = allowed_seconds
        self._replied = _Replied()
        self._is_answering = False

    @property
    def pid(self) -> int | None:
        """The child's process id, None where none runs."""
        return self._child.pid

    def read(self, path: Path) -> Generator[DocumentPart]:
        """Yield text and passages of a file in parts, `Read` last. Raises DocumentRefused at any point.

        Never hangs, whatever the file holds. Whoever stops asking ends the child.
        """
        for message, payload in self._replies(path, passages=True):
            yield part_of(message, payload)

    def parse(self, path: Path) -> ParsedDocument:
        """Return text and blocks of a file, without passages. Raises DocumentRefused like `read`."""
        texts: list[str] = []
        blocks: list[list[Any]] = []
        read: DocumentPart | None = None
        for message, payload in self._replies(path, passages=False):
            if "blocks" in message:
                blocks += message["blocks"]
                continue
            read = part_of(message, payload)
            if isinstance(read, Text):
                texts.append(unpack_text(read.packed))
        assert isinstance(read, Read)
        return ParsedDocument(
            read.title,
            "".join(texts),
            tuple(Block(_BLOCK_KINDS[b[0]], b[1], b[2], b[3], tuple(b[4]), b[5]) for b in blocks),
            read.media_type,
            read.pages,
            read.empty_pages,
            read.encoding,
            read.warnings,
        )

    def close(self) -> None:
        """End the child, asked first. May be called twice; the next file starts another one."""
        self._end(STOP_SECONDS)

    def kill(self) -> None:
        """End the child at once, from any thread; a `read` that is under way raises ParserStopped."""
        self._child.kill()

    def __enter__(self) -> ParserProcess:
        return self

    def __exit__(self, *_details: object) -> None:
        self.close()

    # --- inside ----------------------------------------------------------------------------------------

    def _replies(self, path: Path, *, passages: bool) -> Iterator[Message]:
        """Yield the messages for one file, a refusal as its exception."""
        size = reading.check_file(path)
        if self._is_answering:
            self._end(0.0)  # nobody has asked for the rest of the file before
        is_whole, self._is_answering = False, True
        try:
            if not self._child.is_running:
                self._end(0.0)
                self._replied = _Replied()
                self._child.start()
            seconds = self._allowed_seconds(size)
            patience = Patience(seconds, WALL_FACTOR)
            self._child.ask({"path": os.fspath(path), "cpu_seconds": int(seconds) or 1, "passages": passages})
            while not is_whole:
                try:
                    found = self._replied.messages.get(timeout=patience.left())
                except queue.Empty:
                    raise _too_long(path, seconds) from None
                if found is None:
                    raise ParserStopped(name=path.name, detail=_ending(self._child.exit_status()))
                message, payload = found
                if COMPUTED in message:
                    if not patience.note(message[COMPUTED]):
                        raise _too_long(path, seconds)
                    continue
                patience.seen()
                if "error" in message:
                    is_whole = not message.get("ended", False)
                    kind = _REASONS.get(message["error"], DocumentDamaged)
                    raise kind(**{"name": path.name, **message["details"]})
                if "text" in message:  # cutting a long text takes longer than reading a small file
                    seconds = self._allowed_seconds(max(size, message["text"] + PART_CHARACTERS))
                    patience.allow(seconds)
                is_whole = "read" in message
                yield message, payload
        finally:
            if not is_whole:
                self._end(0.0)  # what it still sends belongs to no question
            self._is_answering = False

    def _take(self, message: Message | None) -> None:
        self._replied.put(message)

    def _end(self, patience_seconds: float) -> None:
        self._replied.stop()
        self._child.end(patience_seconds)


class _Replied:
    """What a child has said, a few messages ahead of who asked: a pipe knows no time limit."""

    def __init__(self) -> None:
        self.messages: queue.Queue[Message | None] = queue.Queue(PARTS_AHEAD)  # None: the child has gone
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Drop what comes from now on."""
        self._stopping.set()

    def put(self, message: Message | None) -> None:
        """Keep a message, once there is room."""
        while not self._stopping.is_set():
            with contextlib.suppress(queue.Full):
                self.messages.put(message, timeout=_LOOK_SECONDS)
                return


def _too_long(path: Path, seconds: float) -> ParserStopped:
    return ParserStopped(name=path.name, detail=f"it took longer than {seconds:.0f} s")


def _ending(code: int | None) -> str:
    if sys.platform != "win32":
        import signal

        if code == -signal.SIGXCPU:
            return "it took too much computing time"
        if code in (-signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV):
            return "the reader crashed on it or ran out of memory"
    return f"the reader ended unexpectedly ({code})"


if __name__ == "__main__":
    sys.exit(main())
