"""What is said of a token, of a text's counts and of a tokenizer, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from chatbot_app.core.visible_text import visible_text
from chatbot_app.lab.tokenizer_choice import TokenizerChoice, TokenizerKind
from chatbot_app.lab.tokenizers import Token, TokenFacts
from chatbot_app.lab.training_tokens import Piece
from chatbot_app.ui.lab.box_flow import Box, BoxKind

_CONTEXT = "TokenWords"
_MOST_BYTES = 24  # that are written out


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def choice_words(choice: TokenizerChoice) -> str:
    """Return the entry of a tokenizer in a list to choose from."""
    if choice.kind is TokenizerKind.BUILT_IN:
        return _tr("Built-in model ({name})").format(name=choice.of)
    if choice.kind is TokenizerKind.EMBEDDING:
        return _tr("Embedding model ({name})").format(name=choice.of)
    if choice.kind is TokenizerKind.TABLE:
        return f"{choice.name} ({choice.of})"
    return visible_text(choice.of or choice.name)


def facts_words(token: Token, facts: TokenFacts) -> str:
    """Return id, bytes and rank of a token on a line each."""
    raw = facts.bytes[:_MOST_BYTES].hex(" ").upper() + (" …" if len(facts.bytes) > _MOST_BYTES else "")
    lines = [_tr("Id {id}").format(id=token.id)]
    if facts.is_special or token.is_special:
        lines.append(_tr("Special token {text}").format(text=visible_text(facts.spelling)))
    else:
        lines.append(_tr("In the vocabulary: {text}").format(text=visible_text(facts.spelling)[:80]))
    lines.append(_tr("Bytes: {bytes}").format(bytes=raw))
    if facts.rank is not None:
        lines.append(_tr("Merge rank: {rank}").format(rank=facts.rank))
    if facts.score is not None:
        lines.append(_tr("Log probability: {score}").format(score=f"{facts.score:.2f}"))
    if token.is_bytes:
        lines.append(_tr("A part of a character: no text by itself."))
    return "\n".join(lines)


def token_box(token: Token, facts: TokenFacts) -> Box:
    """Return how a token is drawn."""
    kind = BoxKind.SPECIAL if token.is_special else BoxKind.BYTES if token.is_bytes else BoxKind.TEXT
    return Box(token.text, facts_words(token, facts), kind)


def piece_words(number: int, piece: Piece) -> str:
    """Return a piece that was learnt, in the order of learning, and what it was made of."""
    text = visible_text(piece.text)
    if piece.parts:
        return f"{number}.  {' + '.join(map(visible_text, piece.parts))}  →  {text}"
    return f"{number}.  {text}" + (f"   ({piece.score:.2f})" if piece.score is not None else "")
