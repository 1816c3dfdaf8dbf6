"""All that a page shows of one text with one tokenizer, computed in one go."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot_app.lab.tokenizers import Encoded, Steps, Token, TokenFacts, Tokenizer

PAGE = 600  # tokens that are drawn at once
STEPPED = 400  # characters whose steps are shown


@dataclass(frozen=True, slots=True)
class TokenPage:
    """Some of the tokens of a text, with what is known of each; `first` is the number of the first one."""

    first: int
    tokens: tuple[tuple[Token, TokenFacts], ...]


@dataclass(frozen=True, slots=True)
class TokenLook:
    """`steps` are those of the beginning of the text where it is long: `is_cut`."""

    tokenizer: Tokenizer
    encoded: Encoded
    page: TokenPage
    steps: Steps
    is_cut: bool


def look(tokenizer: Tokenizer, text: str, *, specials: bool = True) -> TokenLook:
    """Return a text's tokens, the first page of them with facts, and its steps. Raises TokenizerUnusable."""
    encoded = tokenizer.encode(text, specials=specials)
    head = encoded.text[:STEPPED]
    steps = tokenizer.steps(head, specials=specials)
    return TokenLook(tokenizer, encoded, page_of(tokenizer, encoded, 0), steps, len(head) < len(encoded.text))


def page_of(tokenizer: Tokenizer, encoded: Encoded, first: int) -> TokenPage:
    """Return the tokens from `first` on, as many as are drawn at once."""
    tokens = tokenizer.shown(encoded, first, first + PAGE)
    return TokenPage(first, tuple((token, tokenizer.facts(token.id)) for token in tokens))
