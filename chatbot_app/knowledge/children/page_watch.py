"""Watches over the parser's child while a page of a PDF is read."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import IO

from chatbot_app.knowledge.formats.refusals import DocumentTooLarge

if sys.platform != "win32":
    import resource

PAGE_SECONDS = 10  # of computing; a map of a city takes two or three
PAGE_BYTES = 512 * 1024**2  # by which one page may let the memory grow
_LOOK_SECONDS = 0.03  # a bomb takes a gigabyte in a second


class PageWatch:
    """Ends this process, with an answer, when one page takes too much: PDFium cannot be interrupted.

    Forms that draw each other ten times, twelve deep, would take years, and all memory before.
    """

    def __init__(self, replies: IO[bytes], seconds: float = PAGE_SECONDS) -> None:
        self._replies = replies
        self._seconds = seconds
        self._page = 0
        self._begun = 0.0
        self._taken = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="page-watch", daemon=True)
        self._thread.start()

    def begin(self, page: int) -> None:
        """Measure from now on; page 0 means that none is read."""
        self._begun, self._taken, self._page = time.process_time(), taken_bytes(), page

    def close(self) -> None:
        """End the watching."""
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(_LOOK_SECONDS):
            page = self._page
            if not page:
                continue
            slow = time.process_time() - self._begun > self._seconds
            swollen = taken_bytes() - self._taken > PAGE_BYTES
            if not (slow or swollen) or page != self._page:
                continue
            taken = f"longer than {self._seconds:.0f} s" if slow else "more than 512 MB of memory"
            detail = f"page {page} takes {taken}; its drawings repeat too often"
            answer = {"error": DocumentTooLarge.__name__, "details": {"detail": detail}, "ended": True}
            self._replies.write(json.dumps(answer).encode("ascii") + b"\n")
            self._replies.flush()
            os._exit(1)


def taken_bytes() -> int:
    """Return the memory that this process has touched, 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    elif sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    else:
        # Not `ru_maxrss`: Linux hands down the peak of the process that started this one.
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * resource.getpagesize()
