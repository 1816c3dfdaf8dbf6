"""Counting tokens without a server: OpenAI's tables, read from `resources/tokenizers`.

Importing this module is cheap; the first count with a table costs about 0.5 s, later ones microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from chatbot_app.core.token_tables import ENCODINGS, TokenTableDamaged, open_encoding

__all__ = ["FALLBACK_ENCODING", "TiktokenCounter", "TokenTableDamaged", "encoding_for_model", "short_runs"]

# OpenAI cookbook, "How to count tokens with tiktoken", num_tokens_from_messages: three tokens frame every
# message and its role is one more; every reply is primed with three (<|start|>assistant<|message|>).
MESSAGE_OVERHEAD = 4
REPLY_OVERHEAD = 3

# The first model of the family, as the same function counts it: four tokens frame a message there.
_OVERHEAD_BY_PREFIX = {"gpt-3.5-turbo-0301": 5}

# Where a run without any boundary is cut. The patterns backtrack over such a run: one million spaces make
# tiktoken 0.14 panic with a stack overflow, and versions that merge in quadratic time hang on letters.
LONGEST_RUN = 8192  # characters

_RUN = re.compile(
    rf"\s{{{LONGEST_RUN},}}|[^\W\d_]{{{LONGEST_RUN},}}|[^\w\s]{{{LONGEST_RUN},}}|\w{{{LONGEST_RUN},}}"
)

FALLBACK_ENCODING = "o200k_base"

# Longest prefix wins. Names and encodings: tiktoken.model.MODEL_TO_ENCODING and MODEL_PREFIX_TO_ENCODING.
# gpt-oss uses o200k_harmony, which differs from o200k_base in special tokens only.
_ENCODING_BY_PREFIX = {
    "gpt-5": "o200k_base",
    "gpt-4.5": "o200k_base",
    "gpt-4.1": "o200k_base",
    "gpt-4o": "o200k_base",
    "chatgpt-4o": "o200k_base",
    "gpt-oss": "o200k_base",
    "o1": "o200k_base",
    "o3": "o200k_base",
    "o4-mini": "o200k_base",
    "gpt-4": "cl100k_base",
    "gpt-3.5": "cl100k_base",
    "gpt-35": "cl100k_base",
    "text-embedding-3": "cl100k_base",
    "text-embedding-ada-002": "cl100k_base",
}


def encoding_for_model(model: str) -> tuple[str, bool]:
    """Return the encoding's name for a model id, and whether it is the model's own.

    Ids of gateways and fine-tunes are understood (`openai/gpt-4o`, `ft:gpt-4o:team::id`). A model without
    a table gets `FALLBACK_ENCODING` and False.
    """
    name = _bare_name(model)
    known = [prefix for prefix in _ENCODING_BY_PREFIX if _names_family(name, prefix)]
    if not known:
        return FALLBACK_ENCODING, False
    return _ENCODING_BY_PREFIX[max(known, key=len)], True


class TiktokenCounter:
    """Counts with one of OpenAI's tables; safe to share between threads.

    Special tokens in a text (`<|endoftext|>`) count as the ordinary text that OpenAI's servers read them
    as. A run of more than `LONGEST_RUN` letters, spaces or signs is cut there, so that the count of such
    a text may be too high by at most one or two tokens for every 8,192 characters of the run.
    """

    reply_overhead = REPLY_OVERHEAD

    def __init__(
        self,
        encoding: str = FALLBACK_ENCODING,
        exact: bool = True,
        folder: Path | None = None,
        message_overhead: int = MESSAGE_OVERHEAD,
    ) -> None:
        """Take the table `encoding` out of `folder` (the shipped ones by default) at the first count."""
        if encoding not in ENCODINGS:
            raise ValueError(f"no table for {encoding!r}; known: {sorted(ENCODINGS)}")
        self.encoding = encoding
        self.exact = exact
        self.message_overhead = message_overhead
        self._folder = folder

    @classmethod
    def for_model(cls, model: str) -> TiktokenCounter:
        """Return the counter for a model id; it is not `exact` where the model has no table."""
        name = _bare_name(model)
        overheads = [cost for prefix, cost in _OVERHEAD_BY_PREFIX.items() if name.startswith(prefix)]
        encoding, exact = encoding_for_model(model)
        return cls(encoding, exact, message_overhead=overheads[0] if overheads else MESSAGE_OVERHEAD)

    def count(self, text: str) -> int:
        """Return the tokens of `text`. Raises TokenTableDamaged."""
        encoding = open_encoding(self.encoding, self._folder)
        return sum(len(encoding.encode_ordinary(piece)) for piece in short_runs(text))

    def count_texts(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text. Raises TokenTableDamaged."""
        return [self.count(text) for text in texts]


def short_runs(text: str) -> list[str]:
    """Split `text` inside runs longer than `LONGEST_RUN` only; any other text comes back whole."""
    if len(text) <= LONGEST_RUN:
        return [text]
    pieces = []
    start = 0
    for run in _RUN.finditer(text):
        for cut in range(run.start() + LONGEST_RUN, run.end(), LONGEST_RUN):
            pieces.append(text[start:cut])
            start = cut
    pieces.append(text[start:])
    return pieces


def _bare_name(model: str) -> str:
    return model.strip().lower().rsplit("/", 1)[-1].removeprefix("ft:")


def _names_family(name: str, prefix: str) -> bool:
    """Whether `name` is `prefix` or continues it at a boundary: `o1-mini` is of `o1`, `o1000` is not."""
    rest = name[len(prefix) :]
    return name.startswith(prefix) and not (rest[:1].isdigit() and prefix[-1].isdigit())
