"""Tokenizers of the library `tokenizers`: any `tokenizer.json`, and those that are made from a GGUF or trained here.

Methods: byte-pair encoding (Sennrich et al. 2016), WordPiece (Schuster and Nakajima, "Japanese and Korean Voice Search",
2012; Devlin et al., BERT, 2019), Unigram (Kudo, "Subword Regularization", 2018).
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot_app.core.model_errors import TokenizerUnusable
from chatbot_app.lab.byte_letters import LETTERS, bytes_of_letters
from chatbot_app.lab.library_errors import library_errors
from chatbot_app.lab.tokenizers import Encoded, Steps, Token, TokenFacts, as_read, token_at

if TYPE_CHECKING:
    import tokenizers

_METHODS = {"BPE": "byte-pair encoding", "WordLevel": "whole words"}
# Of all other bytes no UTF-8 has any: RFC 3629.
_NEEDED = {letter for byte, letter in enumerate(LETTERS) if byte not in (0xC0, 0xC1) and byte < 0xF5}
_LARGEST_FILE = 200_000_000  # bytes of a tokenizer.json; the largest known have 35 million


class LibraryTokenizer:
    """A tokenizer whose steps are the objects of the library."""

    def __init__(self, tokenizer: tokenizers.Tokenizer, longest_input: int | None = None) -> None:
        """Take a tokenizer; it is this object's own from then on. What it would cut or fill up to is switched off."""
        truncation = tokenizer.truncation
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._lock = threading.Lock()  # whether special tokens are read is a switch of the tokenizer
        self._added = {
            number: (token.content, token.special)
            for number, token in tokenizer.get_added_tokens_decoder().items()
        }
        kind = type(tokenizer.model).__name__
        self.method = _METHODS.get(kind, kind)
        self.vocabulary_size = tokenizer.get_vocab_size()
        self.longest_input = longest_input or (int(truncation["max_length"]) if truncation else None)

    @classmethod
    def from_file(cls, path: Path, longest_input: int | None = None) -> LibraryTokenizer:
        """Read a `tokenizer.json`. Raises TokenizerUnusable."""
        import tokenizers

        try:
            if path.stat().st_size > _LARGEST_FILE:
                raise TokenizerUnusable(name=path.name, detail="The file is too large for a tokenizer.")
            content = path.read_bytes()
        except OSError as exc:
            raise TokenizerUnusable(name=path.name, detail=f"{exc.strerror}.") from exc
        with library_errors(path.name, "It is no tokenizer.json"):
            return cls(tokenizers.Tokenizer.from_buffer(content), longest_input)

    @property
    def tokenizer(self) -> tokenizers.Tokenizer:
        """The library's object."""
        return self._tokenizer

    @cached_property
    def is_byte_level(self) -> bool:
        """Whether its tokens are spelled with the 256 letters that stand for bytes."""
        return "ByteLevel" in self._parts_of("decoder") or "ByteLevel" in self._parts_of("pre_tokenizer")

    @cached_property
    def is_lossless(self) -> bool:
        """Whether every text comes back: bytes as tokens, and nothing is normalised, added or dropped before."""
        described = self._described
        prefixed = '"add_prefix_space": true' in json.dumps(described.get("pre_tokenizer"))
        removed = '"behavior": "Removed"' in json.dumps(described.get("pre_tokenizer"))
        has_bytes = self.method == "byte-pair encoding" and self._vocabulary.keys() >= _NEEDED
        return (
            self.is_byte_level
            and has_bytes
            and not described.get("normalizer")
            and not prefixed
            and not removed
        )

    def encode(self, text: str, *, specials: bool = True) -> Encoded:
        """Return the ids of a text, with what post-processing adds."""
        text = as_read(text)
        found = self._encoding(text, specials, post=True)
        return Encoded(text, found.ids, *_columns(found.offsets))

    def count(self, text: str) -> int:
        """Return how many ids a text has, with what post-processing adds."""
        return len(self._encoding(as_read(text), True, post=True).ids)

    def shown(self, encoded: Encoded, first: int, last: int) -> list[Token]:
        """Return the tokens from `first` to before `last`."""
        found = []
        for at in range(first, min(last, len(encoded))):
            number = encoded.ids[at]
            start, end = encoded.starts[at], encoded.ends[at]
            content, is_special = self._added.get(number, ("", False))
            if content:
                found.append(Token(number, content, start, end, is_special))
            elif self.is_byte_level:
                found.append(token_at(encoded, at, self._bytes(number), is_special=False))
            else:
                raw = _byte_token(self._spelling(number))
                part = encoded.text[start:end] if raw is None else f"{raw:02X}"
                found.append(Token(number, part, start, end, False, raw is not None))
        return found

    def steps(self, text: str, *, specials: bool = True) -> Steps:
        """Return each step as the library's objects do it."""
        text = as_read(text)
        normalised: list[str] = []
        pieces: list[str] = []
        for part, is_added in self._split(text, specials):
            with library_errors(self.method, "It cannot read this text"):
                plain, cut = (part, [part]) if is_added else self._prepared(part)
            normalised.append(plain)
            pieces += cut
        if self.is_byte_level:
            pieces = [self._as_text(piece) for piece in pieces]
        found = self._encoding(text, specials, post=False)
        whole = self._encoding(text, specials, post=True)
        methods = {
            "normalisation": ", ".join(self._parts_of("normalizer")),
            "pre_tokenisation": ", ".join(self._parts_of("pre_tokenizer")),
            "tokens": f"{self.method}, {self.vocabulary_size:,} tokens",
            "post_processing": ", ".join(self._parts_of("post_processor")),
        }
        return Steps(
            text,
            "".join(normalised),
            tuple(pieces),
            tuple(found.tokens),
            tuple(found.ids),
            tuple(whole.ids),
            tuple(whole.tokens),
            self.decode(found.ids),
            methods,
        )

    def _prepared(self, text: str) -> tuple[str, list[str]]:
        """Return a text normalised, and as the pieces that no token reaches over."""
        normalizer, before = self._tokenizer.normalizer, self._tokenizer.pre_tokenizer
        plain = normalizer.normalize_str(text) if normalizer else text
        return plain, [piece for piece, _ in before.pre_tokenize_str(plain)] if before else [plain]

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of ids, special tokens included."""
        with library_errors(self.method, "It cannot decode"):
            return self._tokenizer.decode(list(ids), skip_special_tokens=False)

    def facts(self, token_id: int) -> TokenFacts:
        """Return what is known of a token. Raises KeyError."""
        spelling = self._spelling(token_id)
        content, is_special = self._added.get(token_id, ("", False))
        if content:
            return TokenFacts(token_id, content, content.encode(), is_special=is_special)
        raw = self._bytes(token_id)
        return TokenFacts(token_id, spelling, raw, self._ranks.get(spelling), self._scores.get(token_id))

    # --- of the vocabulary -------------------------------------------------------------------------------

    def _spelling(self, token_id: int) -> str:
        spelling = self._tokenizer.id_to_token(token_id)
        if spelling is None:
            raise KeyError(token_id)
        return spelling

    def _bytes(self, token_id: int) -> bytes:
        spelling = self._spelling(token_id)
        if self.is_byte_level:
            return bytes_of_letters(spelling)
        one = _byte_token(spelling)
        return bytes([one]) if one is not None else spelling.encode("utf-8")

    def _as_text(self, piece: str) -> str:
        return bytes_of_letters(piece).decode("utf-8", "replace")

    @cached_property
    def _vocabulary(self) -> dict[str, int]:
        return self._tokenizer.get_vocab(with_added_tokens=True)

    @cached_property
    def _described(self) -> dict[str, Any]:
        """Everything but the vocabulary, as `tokenizer.json` writes it."""
        described: dict[str, Any] = {}
        for part in ("normalizer", "pre_tokenizer", "post_processor", "decoder"):
            value = getattr(self._tokenizer, part)
            described[part] = json.loads(value.__getstate__()) if value is not None else None
        return described

    @cached_property
    def _model(self) -> dict[str, Any]:
        model: dict[str, Any] = json.loads(self._tokenizer.model.__getstate__())
        return model

    @cached_property
    def _ranks(self) -> dict[str, int]:
        """The place of the first merge that makes a token, by the token's spelling."""
        found: dict[str, int] = {}
        for rank, merge in enumerate(self._model.get("merges") or ()):
            pair = merge.split(" ") if isinstance(merge, str) else merge
            found.setdefault("".join(pair), rank)
        return found

    @cached_property
    def _scores(self) -> dict[int, float]:
        if self._model.get("type") != "Unigram":
            return {}
        return {number: float(score) for number, (_, score) in enumerate(self._model["vocab"])}

    def _parts_of(self, part: str) -> list[str]:
        """Return the names of what a step consists of."""
        described = self._described[part]
        if not described:
            return []
        inner = next(
            (
                described[key]
                for key in ("normalizers", "pretokenizers", "processors", "decoders")
                if key in described
            ),
            None,
        )
        return [str(each["type"]) for each in ([described] if inner is None else inner)]

    # --- of a text ---------------------------------------------------------------------------------------

    def _encoding(self, text: str, specials: bool, *, post: bool) -> tokenizers.Encoding:
        with self._lock:
            self._tokenizer.encode_special_tokens = not specials
            with library_errors(self.method, "It cannot read this text"):
                # A batch of one: it is computed without Python's lock, so that the window answers meanwhile.
                return self._tokenizer.encode_batch([text], add_special_tokens=post)[0]

    def _split(self, text: str, specials: bool) -> Iterator[tuple[str, bool]]:
        """Yield the text between added tokens, and these."""
        added = [content for content, is_special in self._added.values() if specials or not is_special]
        if not added:
            yield text, False
            return
        known = set(added)
        for part in re.split(
            "(" + "|".join(map(re.escape, sorted(added, key=len, reverse=True))) + ")", text
        ):
            if part:
                yield part, part in known


def _columns(offsets: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    return [start for start, _ in offsets], [end for _, end in offsets]


def _byte_token(spelling: str) -> int | None:
    """Return the byte of a token that is spelled `<0xE2>`, None for any other."""
    found = re.fullmatch(r"<0x([0-9A-F]{2})>", spelling)
    return int(found[1], 16) if found else None
