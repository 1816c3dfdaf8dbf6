"""Three ways to learn a vocabulary from a text, and what it is after each piece that was learnt.

Byte-pair encoding: Sennrich, Haddow and Birch (2016): the pair that stands side by side most often becomes a piece.
WordPiece: Schuster and Nakajima (2012), as the library trains it; ## goes on with a word. Unigram: Kudo (2018): of
many pieces those are kept without which the text would be least probable.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot_app.core.model_errors import TokenizerUnusable
from chatbot_app.lab.library_errors import library_errors
from chatbot_app.lab.library_tokenizer import LibraryTokenizer
from chatbot_app.lab.tokenizers import as_read

if TYPE_CHECKING:
    import tokenizers

SPACE = "▁"  # stands for a space in a piece, as in SentencePiece
_UNKNOWN = "[UNK]"
_GOES_ON = "##"
_PORTION = 10_000  # characters that are given to the library at once
LONGEST_TEXT = 5_000_000  # characters that are learnt from


_LARGEST_FILE = 20_000_000  # bytes that are read


def text_of(path: Path, most: int = _LARGEST_FILE) -> str:
    """Return a file as a text, its first `most` bytes: as its byte order mark says, as UTF-8, or as Windows-1252.

    Raises OSError.
    """
    with path.open("rb") as stream:
        raw = stream.read(most)
    marked = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    decoder = codecs.getincrementaldecoder("utf-16" if marked else "utf-8-sig")()
    try:
        return decoder.decode(raw)  # a character that is cut at the end is left out
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


class Learner(StrEnum):
    """How a vocabulary is learnt."""

    BYTE_PAIRS = "BPE"
    WORD_PIECE = "WordPiece"
    UNIGRAM = "Unigram"


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that was learnt; `parts` are the two pieces that it was made of, () in a Unigram model.

    `score` is the logarithm of its probability in a Unigram model.
    """

    text: str
    parts: tuple[str, ...] = ()
    score: float | None = None

    def as_text(self) -> str:
        """Return the piece as it stands in the text."""
        return self.text.removeprefix(_GOES_ON).replace(SPACE, " ")


class LearntVocabulary:
    """A tokenizer that was trained, with its pieces in the order of learning (a Unigram model: the likeliest first)."""

    def __init__(self, learner: Learner, tokenizer: tokenizers.Tokenizer) -> None:
        """Take a tokenizer that `learn` trained."""
        self.learner = learner
        self._described: dict[str, Any] = json.loads(tokenizer.to_str())

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """What was learnt, letters not counted."""
        model = self._described["model"]
        if self.learner is Learner.UNIGRAM:
            return tuple(Piece(text, score=score) for text, score in model["vocab"] if _is_learnt(text))
        if self.learner is Learner.BYTE_PAIRS:
            merges = [
                tuple(each.split(" ")) if isinstance(each, str) else tuple(each) for each in model["merges"]
            ]
            return tuple(Piece("".join(parts), parts) for parts in merges)
        known: set[str] = set()
        pieces = []
        for text in sorted(model["vocab"], key=model["vocab"].__getitem__):
            if _is_learnt(text):
                pieces.append(Piece(text, _parts(text, known)))
            known.add(text)
        return tuple(pieces)

    @cached_property
    def letters(self) -> int:
        """How many pieces are single letters: those that learning begins with, or may not lose."""
        vocabulary = self._described["model"]["vocab"]
        texts = [each[0] for each in vocabulary] if isinstance(vocabulary, list) else list(vocabulary)
        return sum(1 for text in texts if text != _UNKNOWN and not _is_learnt(text))

    @property
    def is_whole(self) -> bool:
        """Whether every piece of a Unigram model has a score: from next to nothing the library learns none."""
        vocabulary = self._described["model"]["vocab"]
        return not isinstance(vocabulary, list) or all(score is not None for _, score in vocabulary)

    def after(self, count: int) -> LibraryTokenizer:
        """Return the tokenizer as it is with the first `count` pieces."""
        from tokenizers import Tokenizer

        described = json.loads(json.dumps(self._described))
        model = described["model"]
        if self.learner is Learner.UNIGRAM:
            kept = {piece.text for piece in self.pieces[:count]}
            model["vocab"] = [each for each in model["vocab"] if not _is_learnt(each[0]) or each[0] in kept]
        else:
            kept = {piece.text for piece in self.pieces[:count]}
            texts = [text for text in model["vocab"] if not _is_learnt(text) or text in kept]
            texts.sort(key=model["vocab"].__getitem__)
            model["vocab"] = {text: number for number, text in enumerate(texts)}
            if self.learner is Learner.BYTE_PAIRS:
                model["merges"] = model["merges"][:count]
        described["added_tokens"] = [
            {**added, "id": 0} for added in described["added_tokens"] if added["content"] == _UNKNOWN
        ]
        with library_errors(self.learner.value, "It cannot be used after so few pieces"):
            return LibraryTokenizer(Tokenizer.from_str(json.dumps(described)))

    def to_json(self) -> str:
        """Return the whole tokenizer as a `tokenizer.json`."""
        return json.dumps(self._described, ensure_ascii=False, indent=1)


def learn(
    text: str, learner: Learner, vocabulary_size: int, check: Callable[[], None] = lambda: None
) -> LearntVocabulary:
    """Learn a vocabulary of about so many pieces from a text; letters are kept also where there are more of them.

    `check` is called between portions of the text, and may raise to end it. Some seconds a megabyte, without Python's
    lock. Raises TokenizerUnusable where there is nothing to learn from.
    """
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    text = as_read(text[:LONGEST_TEXT])
    if not text.strip():
        raise TokenizerUnusable(name=learner.value, detail="There is no text to learn from.")
    common: dict[str, Any] = {
        "vocab_size": max(vocabulary_size, 2),
        "special_tokens": [_UNKNOWN],
        "show_progress": False,
    }
    lines = pre_tokenizers.Split(Regex(r"\n+"), "isolated")
    made: tuple[Any, Any, Any]
    if learner is Learner.WORD_PIECE:
        words = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation()])
        made = models.WordPiece(unk_token=_UNKNOWN), trainers.WordPieceTrainer(**common), decoders.WordPiece()
    else:
        words = pre_tokenizers.Sequence([lines, pre_tokenizers.Metaspace(SPACE, "never")])
        space = decoders.Metaspace(SPACE, "never")
        if learner is Learner.BYTE_PAIRS:
            made = models.BPE(unk_token=_UNKNOWN), trainers.BpeTrainer(**common), space
        else:
            made = models.Unigram(), trainers.UnigramTrainer(unk_token=_UNKNOWN, **common), space
    model, trainer, decoder = made
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = words
    tokenizer.decoder = decoder
    with library_errors(learner.value, "It could not be learnt"):
        tokenizer.train_from_iterator(_portions(text, check), trainer)
    learnt = LearntVocabulary(learner, tokenizer)
    if not learnt.is_whole:
        raise TokenizerUnusable(name=learner.value, detail="There is too little text to learn from.")
    return learnt


def _portions(text: str, check: Callable[[], None]) -> Iterator[str]:
    """Yield a text in portions that end where a line or a word does."""
    start = 0
    while start < len(text):
        check()
        end = min(start + _PORTION, len(text))
        if end < len(text):
            cut = max(text.rfind("\n", start, end), text.rfind(" ", start, end))
            end = cut if cut > start else end
        yield text[start:end]
        start = end


def _is_learnt(text: str) -> bool:
    return text != _UNKNOWN and len(text.removeprefix(_GOES_ON)) > 1


def _parts(text: str, known: set[str]) -> tuple[str, ...]:
    """Return two earlier pieces that a piece of WordPiece can be made of: the first of them the longest possible."""
    begins = _GOES_ON if text.startswith(_GOES_ON) else ""
    bare = text.removeprefix(_GOES_ON)
    for cut in range(len(bare) - 1, 0, -1):
        parts = begins + bare[:cut], _GOES_ON + bare[cut:]
        if known.issuperset(parts):
            return parts
    return ()
