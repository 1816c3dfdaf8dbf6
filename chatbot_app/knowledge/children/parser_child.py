"""The child's side of `parser.py`: reads files, cuts them into passages, sends them in parts."""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import IO, Any

from chatbot_app.core.children.child_side import (
    answer_parent,
    die_with_parent,
    leave_network,
    limit_cpu,
    limit_memory,
)
from chatbot_app.core.children.framing import send
from chatbot_app.core.documents import ParsedDocument
from chatbot_app.core.packed_text import pack_text
from chatbot_app.knowledge.children.built_in_maker import built_in_maker
from chatbot_app.knowledge.children.heartbeat import Heartbeat
from chatbot_app.knowledge.children.page_watch import PageWatch
from chatbot_app.knowledge.children.parser_messages import passages_message
from chatbot_app.knowledge.formats import reading
from chatbot_app.knowledge.formats.refusals import DocumentDamaged, DocumentRefused, DocumentTooLarge
from chatbot_app.knowledge.splitting.passage_making import PassageMaker

CPU_SECONDS_PER_10_MB = 60


def cpu_seconds(size: int) -> int:
    """Return the CPU time that a file of `size` bytes may take: 60 s for each 10 MB begun."""
    return CPU_SECONDS_PER_10_MB * (1 + size // 10_000_000)


class ParserChild:
    """Answers requests, one after the other."""

    def __init__(self, replies: IO[bytes]) -> None:
        self._replies = replies
        self._maker: PassageMaker | None = None  # its tokenizer is loaded for the first file that is cut

    def run(self, requests: IO[bytes]) -> int:
        """Answer until the requests end; return the exit status."""
        watch, heartbeat = PageWatch(self._replies), Heartbeat(self._replies)
        try:
            for line in requests:
                request = json.loads(line)
                limit_cpu(request["cpu_seconds"])
                gc.disable()  # a file makes thousands of values, all alive until they are sent
                heartbeat.is_working = True
                self._answer(Path(request["path"]), request["passages"], watch)
                heartbeat.is_working = False
                gc.enable()
        finally:
            heartbeat.close()
            watch.close()
        return 0

    def _answer(self, path: Path, wants_passages: bool, watch: PageWatch) -> None:
        try:
            try:
                parsed = reading.parse_file(path, watch.begin)
            finally:
                watch.begin(0)
            self._send(path, parsed, wants_passages)
        except DocumentRefused as exc:
            self._refuse(type(exc), {name: str(value) for name, value in exc.details.items()})
        except BrokenPipeError:
            raise
        except MemoryError:
            self._refuse(DocumentTooLarge, {"detail": "it needs more than 2 GB of memory"})
        except Exception as exc:  # noqa: BLE001  # this process exists so that a file may break any library
            self._refuse(DocumentDamaged, {"detail": f"{type(exc).__name__}: {exc}"[:200]})

    def _send(self, path: Path, parsed: ParsedDocument, wants_passages: bool) -> None:
        for start, packed in pack_text(parsed.text):
            send(self._replies, {"text": start}, packed)
        if wants_passages:
            # A small file may hold a long text; what was spent on reading it does not count here.
            limit_cpu(cpu_seconds(len(parsed.text)))
            if self._maker is None:
                self._maker = built_in_maker()
            for drafts in self._maker.portions(parsed):
                send(self._replies, passages_message(drafts))
        else:
            blocks = [
                [block.kind.value, block.start, block.end, block.page, block.heading_path, block.continues]
                for block in parsed.blocks
            ]
            send(self._replies, {"blocks": blocks})
        from chatbot_app.knowledge.fields.reading import read_fields

        facts = {
            "title": parsed.title,
            "media_type": parsed.media_type,
            "characters": len(parsed.text),
            "pages": parsed.pages,
            "empty_pages": parsed.empty_pages,
            "encoding": parsed.encoding,
            "warnings": parsed.warnings,
            "fields": read_fields(os.fspath(path), parsed.title, parsed.text).to_dict(),
        }
        send(self._replies, {"read": facts})

    def _refuse(self, kind: type[DocumentRefused], details: dict[str, Any]) -> None:
        send(self._replies, {"error": kind.__name__, "details": details})


def main() -> int:
    """Run as the child: `python -m chatbot_app --parser`."""
    die_with_parent()
    leave_network()
    limit_memory()
    return answer_parent(lambda replies: ParserChild(replies).run(sys.stdin.buffer))
