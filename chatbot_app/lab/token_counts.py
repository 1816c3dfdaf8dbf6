"""How many tokens texts take: with several tokenizers, and in several languages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot_app.core.paths import resources_dir
from chatbot_app.lab.tokenizers import Tokenizer, as_read


@dataclass(frozen=True, slots=True)
class TokenCount:
    """What a text takes with one tokenizer; `sentences` are the tokens of the sentence in each language."""

    tokens: int
    characters: int
    bytes: int
    longest_input: int | None
    sentences: tuple[int, ...]

    @property
    def characters_per_token(self) -> float:
        """0 for an empty text."""
        return self.characters / self.tokens if self.tokens and self.characters else 0.0


def sentences() -> list[tuple[str, str]]:
    """Return the same sentence in several languages, each with its language's own name; the first is English."""
    content = json.loads((resources_dir() / "lessons" / "languages.json").read_text("utf-8"))
    return [(name, text) for name, text in content["sentences"]]


def count(tokenizer: Tokenizer, text: str, in_languages: Sequence[str]) -> TokenCount:
    """Return the counts of a text, and of each sentence. Raises TokenizerUnusable."""
    text = as_read(text)
    return TokenCount(
        tokenizer.count(text),
        len(text),
        len(text.encode("utf-8")),
        tokenizer.longest_input,
        tuple(tokenizer.count(sentence) for sentence in in_languages),
    )
