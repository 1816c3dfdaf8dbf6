"""How much is read of what a server sends: a reply is a stranger's text, of any length.

Measured with tests/benchmarks/bench_hostile_servers.py: with these limits no reply takes 100 MB more than rest.
"""

from __future__ import annotations

ERROR_BYTES = 64 * 1024  # of the body beside a status that is no success; its sentence is at the start
ERROR_SECONDS = 3.0  # for all of them
JSON_BYTES = 2 * 1024 * 1024  # the longest lists of models have a fifth; parsed, it can take 24 times that
LINE_BYTES = 2 * 1024 * 1024  # of an event stream; a whole answer in one line is far shorter
EVENT_BYTES = 2 * 1024 * 1024  # of all lines of an event, and of a body that is no event stream
ANSWER_CHARACTERS = 4 * 1024 * 1024  # with the reasoning; about a million words
IDLE_BYTES = 64 * 1024 * 1024  # without a word of an answer in between
MOST_BYTES = "chatbot_app.most_bytes"  # the name of a body's own limit among the extensions of its request
MOST_SECONDS = "chatbot_app.most_seconds"  # likewise, for the time that reading a body may take in all


class ReplyTooLarge(Exception):
    """More came than is read; `limit` names how much of what, fit for "more than …"."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


class ReplyCompressed(Exception):
    """The body came compressed although that was refused; `encoding` names how."""

    def __init__(self, encoding: str) -> None:
        super().__init__(encoding)
        self.encoding = encoding


OWN_ERRORS = (ReplyTooLarge, ReplyCompressed, TimeoutError)  # what our own limits raise


def in_words(count: int) -> str:
    """Return a number of bytes or characters for people."""
    return f"{count // 1024 // 1024} MB" if count >= 1024 * 1024 else f"{count // 1024} KB"
