"""Text ↔ ids: by character, or by byte-pair tokens that are learned from the text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chatbot_app.core.text import clean_text
from chatbot_app.lab.byte_letters import bytes_of_letters

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class TokenMapping:
    """A vocabulary: ids are its places, 0 … size − 1. What it does not know is left out (`unknown` tells it)."""

    def __init__(self, characters: Sequence[str] = (), tokenizer: Tokenizer | None = None) -> None:
        """Use `of_characters`, `of_byte_pairs` or `from_json`."""
        self._characters = list(characters)
        self._ids = {character: number for number, character in enumerate(self._characters)}
        self._tokenizer = tokenizer

    @classmethod
    def of_characters(cls, text: str) -> TokenMapping:
        """Return the mapping with one token for each character of `text`."""
        return cls(sorted(set(text)))

    @classmethod
    def of_byte_pairs(cls, text: str, size: int, known: str = "") -> TokenMapping:
        """Return byte-pair tokens: the commonest neighbours of `text` are joined until there are `size` tokens.

        The bytes of `known` have tokens as well, also where they do not occur in `text`.

        Sennrich, Haddow & Birch 2016; over bytes: Radford et al. 2019.
        """
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        pieces = tokenizer.pre_tokenizer.pre_tokenize_str("".join(sorted(set(known))))
        letters = sorted({letter for piece, _ in pieces for letter in piece})
        trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=letters, show_progress=False)
        tokenizer.train_from_iterator(text.splitlines(keepends=True), trainer)
        return cls(tokenizer=tokenizer)

    @property
    def size(self) -> int:
        """Return the number of tokens."""
        return len(self._characters) if self._tokenizer is None else self._tokenizer.get_vocab_size()

    def encode(self, text: str) -> list[int]:
        """Return the ids of `text`."""
        if self._tokenizer is None:
            return [self._ids[character] for character in text if character in self._ids]
        return list(self._tokenizer.encode(text).ids)

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of `ids`; bytes that make no character yet are shown as U+FFFD."""
        if self._tokenizer is None:
            return "".join(self._characters[number] for number in ids)
        return str(self._tokenizer.decode(list(ids)))

    def bytes_of(self, number: int) -> bytes:
        """Return the UTF-8 bytes of a token, which may be a part of a character."""
        if self._tokenizer is None:
            return self._characters[number].encode("utf-8", "replace")
        return bytes_of_letters(self._tokenizer.id_to_token(number) or "")

    def shown(self, number: int) -> str:
        """Return the text of a token; bytes that make no character are written as \\xNN."""
        data = self.bytes_of(number)
        try:
            return clean_text(data.decode("utf-8"))
        except UnicodeDecodeError:
            return "".join(f"\\x{one:02X}" for one in data)

    def tokens(self) -> list[str]:
        """Return the text of each token, in the order of the ids."""
        return [self.decode([number]) for number in range(self.size)]

    def unknown(self, text: str) -> str:
        """Return the characters of `text` that `encode` leaves out, each once."""
        return "".join(character for character in dict.fromkeys(text) if not self.encode(character))

    def to_json(self) -> str:
        """Return what `from_json` reads."""
        if self._tokenizer is None:
            return json.dumps({"characters": self._characters})
        return json.dumps({"tokenizer": self._tokenizer.to_str()})

    @classmethod
    def from_json(cls, stored: str) -> TokenMapping:
        """Raises ValueError where `stored` is no mapping."""
        values: Any = json.loads(stored)
        if isinstance(values, dict) and isinstance(values.get("characters"), list):
            return cls([str(character) for character in values["characters"]])
        if isinstance(values, dict) and isinstance(values.get("tokenizer"), str):
            from tokenizers import Tokenizer

            try:
                return cls(tokenizer=Tokenizer.from_str(values["tokenizer"]))
            except Exception as exc:  # the library raises nothing narrower
                raise ValueError("the stored tokenizer is damaged") from exc
        raise ValueError("no mapping of tokens is stored")
