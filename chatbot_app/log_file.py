"""The log file: what the program says of itself."""

from __future__ import annotations

import logging

from chatbot_app.core.paths import DataPaths

LOG_BYTES, LOG_FILES = 1_000_000, 3


def keep_log(paths: DataPaths) -> None:
    """Write what the program says of itself into the data folder; message text and keys are never logged."""
    from logging.handlers import RotatingFileHandler

    try:
        paths.logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(
            paths.logs / "chatbot.log",
            maxBytes=LOG_BYTES,
            backupCount=LOG_FILES,
            encoding="utf-8",
            delay=True,
        )
    except OSError:
        return  # a folder open for reading only: the window says so, the log stays silent
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger("chatbot_app").addHandler(handler)
    logging.getLogger("chatbot_app").setLevel(logging.INFO)
