"""A tokenizer whose way of cutting only llama.cpp knows: the loaded model gives the ids, its file the vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from chatbot_app.core.model_errors import TokenizerUnusable
from chatbot_app.lab.byte_letters import bytes_of_letters
from chatbot_app.lab.tokenizers import Encoded, Steps, Token, TokenFacts, as_read, token_at
from chatbot_app.llm.local.gguf import GgufMetadata, TokenType
from chatbot_app.llm.local.served_tokens import text_of, tokens_of
from chatbot_app.llm.local.server_child import LocalEndpoint

_SPACE = "▁"


class ServedTokenizer:
    """Asks a model that is loaded, as long as it is. Its first three steps are done in one, where nobody can look."""

    method = "llama.cpp"
    is_lossless = False  # nothing is known of it

    def __init__(
        self, name: str, metadata: GgufMetadata, endpoint: Callable[[], LocalEndpoint | None]
    ) -> None:
        """`endpoint()` says where the model answers, None once it is loaded no more."""
        self._name = name
        self._metadata = metadata
        self._endpoint = endpoint
        self._is_byte_level = metadata.values.get("tokenizer.ggml.model") == "gpt2"
        self.vocabulary_size = len(metadata.tokens)
        window = metadata.of_architecture("context_length")
        self.longest_input = window if isinstance(window, int) else None

    def encode(self, text: str, *, specials: bool = True) -> Encoded:
        """Return the ids of a text. Raises TokenizerUnusable, ServerError."""
        text = as_read(text)
        ids = self._ids(text, specials, post=True)
        return Encoded(text, ids, *self._places(text, ids))

    def count(self, text: str) -> int:
        """Return how many ids a text has. Raises like `encode`."""
        return len(self._ids(as_read(text), True, post=True))

    def shown(self, encoded: Encoded, first: int, last: int) -> list[Token]:
        """Return the tokens from `first` to before `last`."""
        return [
            token_at(encoded, at, self._bytes(encoded.ids[at]), is_special=self._is_special(encoded.ids[at]))
            for at in range(first, min(last, len(encoded)))
        ]

    def steps(self, text: str, *, specials: bool = True) -> Steps:
        """Return the ids without and with what post-processing adds. Raises like `encode`."""
        text = as_read(text)
        ids, whole = self._ids(text, specials, post=False), self._ids(text, specials, post=True)
        unseen = "inside llama.cpp"
        return Steps(
            text,
            text,
            (text,) if text else (),
            tuple(map(self._spelling, ids)),
            tuple(ids),
            tuple(whole),
            tuple(map(self._spelling, whole)),
            self.decode(ids),
            {"normalisation": unseen, "pre_tokenisation": unseen, "tokens": unseen},
        )

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of ids. Raises like `encode`."""
        return text_of(self._served(), ids)

    def facts(self, token_id: int) -> TokenFacts:
        """Return what the file says of a token. Raises KeyError."""
        special = self._is_special(token_id)
        return TokenFacts(token_id, self._spelling(token_id), self._bytes(token_id), is_special=special)

    def _served(self) -> LocalEndpoint:
        endpoint = self._endpoint()
        if endpoint is None:
            detail = "Only llama.cpp can read it, and the model is not loaded any more."
            raise TokenizerUnusable(name=self._name, detail=detail)
        return endpoint

    def _ids(self, text: str, specials: bool, *, post: bool) -> list[int]:
        return tokens_of(self._served(), text, add_special=post, parse_special=specials)

    def _is_special(self, token_id: int) -> bool:
        return self._metadata.token_types[token_id] in (TokenType.CONTROL, TokenType.UNKNOWN)

    def _spelling(self, token_id: int) -> str:
        if not 0 <= token_id < self.vocabulary_size:
            raise KeyError(token_id)
        return self._metadata.tokens[token_id].decode("utf-8", "replace")

    def _bytes(self, token_id: int) -> bytes:
        spelling = self._spelling(token_id)
        if self._metadata.token_types[token_id] == TokenType.BYTE and len(spelling) == 6:
            return bytes([int(spelling[3:5], 16)])
        if self._is_byte_level and not self._is_special(token_id):
            return bytes_of_letters(spelling)
        return spelling.replace(_SPACE, " ").encode()

    def _places(self, text: str, ids: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return where the tokens stand, as far as their bytes are those of the text; all at its beginning else."""
        raw = text.encode()
        pieces = [self._bytes(token) for token in ids]
        joined = b"".join(pieces)
        before = joined.find(raw)
        if before < 0 or not raw:
            return [0] * len(ids), [0] * len(ids)
        character = np.cumsum((np.frombuffer(raw, np.uint8) & 0xC0) != 0x80)
        ends = np.cumsum([len(piece) for piece in pieces]) - before
        starts = ends - np.array([len(piece) for piece in pieces])
        first, last = np.clip(starts, 0, len(raw) - 1), np.clip(ends, 0, len(raw))
        begins = np.where(starts >= len(raw), len(text), character[first] - 1)
        stops = np.where(last == 0, 0, character[np.maximum(last, 1) - 1])
        return begins.tolist(), np.maximum(stops, begins).tolist()
