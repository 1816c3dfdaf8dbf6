"""What a tokenizer is: from a text to the numbers that a model reads, and back.

The four steps and their names are those of Hugging Face's library `tokenizers` ("The tokenization pipeline"):
normalisation, pre-tokenisation, the model (text to tokens to ids), post-processing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Token:
    """A token where it stands. `start` and `end` are places in the text, in characters.

    `text` is the part of the text that it stands for, or its bytes in hexadecimal where they are a part of a character
    only. A token that post-processing added stands for no text: `start == end`.
    """

    id: int
    text: str
    start: int
    end: int
    is_special: bool = False
    is_bytes: bool = False


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What the vocabulary says of a token.

    `rank` is the place of its merge in the order of learning, 0 for the first; None where the method has no merges or
    the token was never merged. `score` is the logarithm of its probability, in a Unigram model.
    """

    id: int
    spelling: str  # as the vocabulary writes it
    bytes: bytes
    rank: int | None = None
    score: float | None = None
    is_special: bool = False


@dataclass(frozen=True, slots=True)
class Encoded:
    """A whole text as ids, post-processing included; `starts` and `ends` are the places of the tokens, in characters."""

    text: str
    ids: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Steps:
    """A text on its way. `methods` names how each step is done, "" where it does nothing."""

    text: str
    normalised: str
    pre_tokens: tuple[str, ...]
    tokens: tuple[str, ...]  # as the vocabulary writes them
    ids: tuple[int, ...]
    processed: tuple[int, ...]  # ids after post-processing: what the model reads
    processed_tokens: tuple[str, ...]
    decoded: str
    methods: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """Return the steps in their order, JSON-ready."""
        return {
            "normalisation": {"method": self.methods.get("normalisation", ""), "text": self.normalised},
            "pre_tokenisation": {
                "method": self.methods.get("pre_tokenisation", ""),
                "pieces": list(self.pre_tokens),
            },
            "tokens": {"method": self.methods.get("tokens", ""), "tokens": list(self.tokens)},
            "ids": list(self.ids),
            "post_processing": {
                "method": self.methods.get("post_processing", ""),
                "tokens": list(self.processed_tokens),
                "ids": list(self.processed),
            },
            "decoding": {"text": self.decoded, "is_same": self.decoded == self.text},
        }


class Tokenizer(Protocol):
    """Any tokenizer. `specials`: whether a text that spells a special token (`<|endoftext|>`) becomes one.

    Texts are taken as `as_read` gives them. Safe to use from several threads.
    """

    method: str  # "byte-pair encoding", "WordPiece", "Unigram", …
    vocabulary_size: int
    longest_input: int | None  # tokens that its model can read at once, None where that is not known

    @property
    def is_lossless(self) -> bool:
        """Whether it promises that the ids of a text, without post-processing, are decoded to that very text."""

    def encode(self, text: str, *, specials: bool = True) -> Encoded:
        """Return the ids of a text of any length."""

    def count(self, text: str) -> int:
        """Return how many ids a text has."""

    def shown(self, encoded: Encoded, first: int, last: int) -> list[Token]:
        """Return the tokens from `first` to before `last`, as they are drawn."""

    def steps(self, text: str, *, specials: bool = True) -> Steps:
        """Return each step of a text that a person can look through."""

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of ids; bytes that are no text become U+FFFD."""

    def facts(self, token_id: int) -> TokenFacts:
        """Return what is known of a token. Raises KeyError for an id that there is not."""


def as_read(text: str) -> str:
    """Return a text as a tokenizer can read it: halves of a character are joined, lone ones become U+FFFD (as tiktoken)."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def token_at(encoded: Encoded, place: int, raw: bytes, *, is_special: bool) -> Token:
    """Return the token of a byte-level vocabulary at a place of an encoded text."""
    start, end = encoded.starts[place], encoded.ends[place]
    try:
        return Token(encoded.ids[place], raw.decode("utf-8"), start, end, is_special)
    except UnicodeDecodeError:
        return Token(encoded.ids[place], raw.hex(" ").upper(), start, end, is_special, is_bytes=True)
