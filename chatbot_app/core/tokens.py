"""Counting tokens without a server: OpenAI's tables, read from `resources/tokenizers`.

Importing this module is cheap; the first count with a table costs about 0.5 s, later ones microseconds.
"""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.core.paths import resources_dir

if TYPE_CHECKING:
    import tiktoken

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

# Patterns and special tokens as in tiktoken_ext.openai_public (MIT). They are repeated here because the
# functions there download their tables, and a frozen build does not find tiktoken's plugin package.
_CL100K_PATTERN = r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"""
_O200K_PATTERN = "|".join(
    [
        r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
        r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
        r"""\p{N}{1,3}""",
        r""" ?[^\s\p{L}\p{N}]+[\r\n/]*""",
        r"""\s*[\r\n]+""",
        r"""\s+(?!\S)""",
        r"""\s+""",
    ]
)
_PATTERNS = {"o200k_base": _O200K_PATTERN, "cl100k_base": _CL100K_PATTERN}
_SPECIAL_TOKENS = {
    "o200k_base": {"<|endoftext|>": 199999, "<|endofprompt|>": 200018},
    "cl100k_base": {
        "<|endoftext|>": 100257,
        "<|fim_prefix|>": 100258,
        "<|fim_middle|>": 100259,
        "<|fim_suffix|>": 100260,
        "<|endofprompt|>": 100276,
    },
}
_TABLE_SHA256 = {
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
}


class TokenTableDamaged(Exception):
    """A table in `resources/tokenizers` is not the file that was shipped: the installation is broken."""


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
        if encoding not in _PATTERNS:
            raise ValueError(f"no table for {encoding!r}; known: {sorted(_PATTERNS)}")
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
        encoding = _encoding(self.encoding, self._folder or resources_dir() / "tokenizers")
        return sum(len(encoding.encode_ordinary(piece)) for piece in _pieces(text))

    def count_texts(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text. Raises TokenTableDamaged."""
        return [self.count(text) for text in texts]


_encodings: dict[tuple[str, Path], tiktoken.Encoding] = {}
_encodings_lock = threading.Lock()


def _encoding(name: str, folder: Path) -> tiktoken.Encoding:
    # Read-only tables of 200,000 entries: one per process, whoever counts.
    with _encodings_lock:
        encoding = _encodings.get((name, folder))
        if encoding is None:
            import tiktoken

            ranks = _read_table(folder / f"{name}.tiktoken", _TABLE_SHA256[name])
            encoding = tiktoken.Encoding(
                name, pat_str=_PATTERNS[name], mergeable_ranks=ranks, special_tokens=_SPECIAL_TOKENS[name]
            )
            # Python's own copy of the table is not needed to count, and takes a third of the memory. Nothing public
            # drops it: tiktoken #414 and #484 ask for its memory to be managed.
            encoding._mergeable_ranks = {}
            _encodings[name, folder] = encoding
        return encoding


def _read_table(path: Path, sha256: str) -> dict[bytes, int]:
    # Not tiktoken.load.load_tiktoken_bpe: it copies the table into the temporary folder.
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise TokenTableDamaged(f"{path} cannot be read: {exc.strerror}") from exc
    if hashlib.sha256(content).hexdigest() != sha256:
        raise TokenTableDamaged(f"{path} is not the table that was shipped")
    return {
        base64.b64decode(token): int(rank) for token, rank in (line.split() for line in content.splitlines())
    }


def _pieces(text: str) -> list[str]:
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
