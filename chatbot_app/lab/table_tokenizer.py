"""OpenAI's tokenizers: byte-pair encoding by a table of ranks, computed by tiktoken.

Method: Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units" (2016), over bytes as
in Radford et al., "Language Models are Unsupervised Multitask Learners" (GPT-2, 2019).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from chatbot_app.core.token_tables import open_encoding, pattern_of, special_tokens_of
from chatbot_app.core.tokens import short_runs
from chatbot_app.lab.tokenizers import Encoded, Steps, Token, TokenFacts, as_read, token_at


class TableTokenizer:
    """One of `core.token_tables.ENCODINGS`. No normalisation, no post-processing: every text comes back as it was."""

    method = "byte-pair encoding"
    is_lossless = True

    def __init__(self, name: str, longest_input: int | None = None) -> None:
        """Take the table `name`. Raises TokenTableDamaged."""
        self.name = name
        self.longest_input = longest_input
        self._encoding = open_encoding(name)
        self._specials = special_tokens_of(name)
        self.vocabulary_size = self._encoding.n_vocab

    def encode(self, text: str, *, specials: bool = True) -> Encoded:
        """Return the ids of a text; runs of over 8,192 letters, spaces or signs are cut there (`short_runs`)."""
        text = as_read(text)
        ids = self._ids(text, specials)
        return Encoded(text, ids, *_places(text, [len(self._bytes(token)) for token in ids]))

    def count(self, text: str) -> int:
        """Return how many ids a text has."""
        return len(self._ids(as_read(text), True))

    def shown(self, encoded: Encoded, first: int, last: int) -> list[Token]:
        """Return the tokens from `first` to before `last`."""
        special = set(self._specials.values())
        last = min(last, len(encoded))
        return [
            token_at(encoded, at, self._bytes(encoded.ids[at]), is_special=encoded.ids[at] in special)
            for at in range(first, last)
        ]

    def steps(self, text: str, *, specials: bool = True) -> Steps:
        """Return each step: the pieces are the matches of the table's regular expression, merged one by one."""
        text = as_read(text)
        pieces: list[str] = []
        ids: list[int] = []
        parts = (part for run in short_runs(text) for part in self._parts(run, specials))
        for part, special in parts:
            if special is not None:
                pieces.append(part)
                ids.append(special)
                continue
            for match in self._pattern.finditer(part):
                pieces.append(match[0])
                ids += self._encoding.encode_ordinary(match[0])
        spellings = tuple(_spelling(self._bytes(token)) for token in ids)
        methods = {
            "pre_tokenisation": f"regular expression {pattern_of(self.name)}",
            "tokens": f"{self.method} over bytes, {self.vocabulary_size:,} tokens",
        }
        decoded = self.decode(ids)
        return Steps(
            text, text, tuple(pieces), spellings, tuple(ids), tuple(ids), spellings, decoded, methods
        )

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of ids."""
        return self._encoding.decode(list(ids))

    def facts(self, token_id: int) -> TokenFacts:
        """Return bytes and rank: in these tables the id of a token is its rank."""
        raw = self._bytes(token_id)
        is_special = token_id in self._specials.values()
        rank = None if is_special or len(raw) == 1 else token_id
        return TokenFacts(token_id, _spelling(raw), raw, rank, is_special=is_special)

    def _bytes(self, token_id: int) -> bytes:
        return self._encoding.decode_single_token_bytes(token_id)

    def _ids(self, text: str, specials: bool) -> list[int]:
        if specials:
            return [
                token
                for run in short_runs(text)
                for token in self._encoding.encode(run, allowed_special="all")
            ]
        return [token for run in short_runs(text) for token in self._encoding.encode_ordinary(run)]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        import regex  # tiktoken's own dependency: classes of Unicode and possessive quantifiers

        pattern: re.Pattern[str] = regex.compile(pattern_of(self.name))
        return pattern

    def _parts(self, text: str, specials: bool) -> Iterator[tuple[str, int | None]]:
        """Yield the text between special tokens, and these with their ids."""
        if not specials:
            yield text, None
            return
        for part in re.split("(" + "|".join(map(re.escape, self._specials)) + ")", text):
            if part:
                yield part, self._specials.get(part)


def _spelling(raw: bytes) -> str:
    """Return bytes as text where they are one, else escaped."""
    return raw.decode("utf-8", "backslashreplace")


def _places(text: str, lengths: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return first and last place of each token in characters, from the lengths of the tokens in bytes.

    A token within a character has the place of that character.
    """
    if not lengths:
        return [], []
    raw = np.frombuffer(text.encode("utf-8"), np.uint8)
    character = np.cumsum((raw & 0xC0) != 0x80) - 1  # of each byte: continuation bytes are 10xxxxxx
    ends = np.cumsum(lengths)
    starts = ends - np.asarray(lengths)
    return character[starts].tolist(), (character[ends - 1] + 1).tolist()
