"""The log file: what the program says of itself, without keys and without anybody's words."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from chatbot_app.core.paths import DataPaths
from chatbot_app.llm.redaction import MASK, mask_key
from chatbot_app.storage.sqlite_errors import SqliteError

LOG_BYTES, LOG_FILES = 1_000_000, 3
_FRAMES = 30  # of a traceback: the ones next to the fault
_LONGEST_LINE = 2_000

# What these say is about code, files and types. All others may quote what they were given: a server's body
# repeats the question, KeyError and ValueError show the value, an AppError carries a server's words.
_TELLING = (
    OSError,
    ImportError,
    AttributeError,
    NameError,
    TypeError,
    MemoryError,
    RecursionError,
    ZeroDivisionError,
    SqliteError,
)
_HEADER = re.compile(
    r"(?i)\b(authorization|proxy-authorization|x-api-key|api[-_ ]?key|cookie)\b(\W{1,4})[^,}\]\n]+"
)

Mask = Callable[[str], str]
ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class RedactingFormatter(logging.Formatter):
    """Formats a record without keys; of an exception it writes type and place, its text only where that is safe."""

    def __init__(self, mask: Mask = lambda text: text) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._mask = mask

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as lines; never uses text that another formatter made of its exception."""
        record.exc_text = None
        try:
            text = super().format(record)
        finally:
            record.exc_text = None  # another handler writes its own
        return redact("\n".join(line[:_LONGEST_LINE] for line in text.split("\n")), self._mask)

    def formatException(self, ei: object) -> str:
        error = ei[1] if isinstance(ei, tuple) else None
        return describe_exception(error) if isinstance(error, BaseException) else ""


def redact(text: str, mask: Mask = lambda text: text) -> str:
    """Return `text` without the keys that `mask` knows and without what looks like one."""
    return _HEADER.sub(rf"\1\2{MASK}", mask_key(mask(text), None))


def describe_exception(error: BaseException) -> str:
    """Return the traceback of an exception and of its causes: code and types, no values."""
    parts = []
    for one in _chain(error):
        frames = traceback.extract_tb(one.__traceback__)[-_FRAMES:]
        parts.append("".join(traceback.format_list(frames)) + name_exception(one))
    return "\n… came after:\n".join(parts)


def name_exception(error: BaseException) -> str:
    """Return type and text of an exception, the text only where it cannot quote a person."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if not isinstance(error, _TELLING):
        return name
    text = str(error).replace("\n", " ")[:300]
    return f"{name}: {text}" if text else name


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting and len(seen) < 10:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
        earlier = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        if earlier is not None:
            waiting.append(earlier)


def keep_log(paths: DataPaths, mask: Mask = lambda text: text) -> logging.Handler | None:
    """Write what the program says of itself into the data folder, and return the handler.

    `mask` takes out the keys that are known. None where the folder is open for reading only: the window says so.
    """
    try:
        paths.logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(
            log_path(paths), maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True,
            errors="backslashreplace",
        )  # fmt: skip
    except OSError:
        return None
    handler.setFormatter(RedactingFormatter(mask))
    logging.getLogger("chatbot_app").addHandler(handler)
    logging.getLogger("chatbot_app").setLevel(logging.INFO)
    return handler


def log_path(paths: DataPaths) -> Path:
    """Return the file that is written now; older ones have a number behind it."""
    return paths.logs / "chatbot.log"


def last_lines(paths: DataPaths, count: int) -> list[str]:
    """Return the newest lines of the log, oldest first; none where it cannot be read."""
    try:
        with log_path(paths).open("rb") as stream:
            stream.seek(0, 2)
            stream.seek(max(stream.tell() - 64_000, 0))
            text = stream.read().decode("utf-8", "replace")
    except OSError:
        return []
    return redact(text).splitlines()[-count:]
