"""Rows of the cell that a question names together with the head of its column: "week 5", "order 1044", "from Lisbon".

Of a plan of ten weeks all rows are as near to "What is the homework of week 5?": the number is one token among others, and
the words of the question stand in the head. From where and to where stand in two columns of the same names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes.quote_features import Features
from chatbot_app.knowledge.values.spelled_numbers import spelled_numbers
from chatbot_app.knowledge.words.words import STOP_WORDS, stem

# That the other rows of its table have less, of a number or a code, and of a word: which of them is meant is told, not whether a row is.
BESIDE_THE_NUMBER = 6.0
BESIDE_THE_WORD = 4.0
_LONGEST_QUESTION = 2000  # characters that are looked at
_FEWEST_COUNTED = 3  # rows of numbers, of which none is the one that is asked for
_MOST_WORDS = 200  # of a question
_WORD = re.compile(r"[^\W_]+(?:[./-][^\W_]+)*")
_ORDINAL = re.compile(r"(\d{1,3})(?:st|nd|rd|th|e|er|ère|ème|te[rn]?|ste[rn]?|º|ª)")
# What stands between a column's name and the number: "bib number 391", "Bestellung Nr. 1044", "to the airport".
_BETWEEN = frozenset(
    "number no nr num nummer numéro numero número номер the a an der die das den dem le la les l el los las".split()
)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two things that a question says one after the other: the name of a column and what may stand in it."""

    head: str
    cell: str
    is_numbered: bool  # the cell is a number or a code


@dataclass(frozen=True, slots=True)
class CellsHeld:
    """What the question names of rows: `scores` is added to them, 0 or less; `is_numbered` are those of its number or code,
    `is_missed` those of columns that have other numbers alone. All of shape (sentences,).
    """

    scores: Features
    is_numbered: npt.NDArray[np.bool_]
    is_missed: npt.NDArray[np.bool_]

    @property
    def is_any(self) -> bool:
        """Whether a row is named, and told from others."""
        return bool(self.scores.any() or self.is_numbered.any())


def at_cells_asked(question: str, sentences: Sequence[Sentence], evidence: Sequence[Evidence]) -> CellsHeld:
    """Return which rows hold a cell that the question names, and what rows of the same documents with another cell below its head have less.

    `evidence` are the passages that the sentences are from. Where all rows hold it, none is told from others.
    """
    scores = np.zeros(len(sentences), np.float32)
    numbered, missed = np.zeros((2, len(sentences)), np.bool_)
    pairs = list(dict.fromkeys(_pairs(question[:_LONGEST_QUESTION])))
    said: defaultdict[tuple[str, _Pair], dict[int, bool]] = defaultdict(
        dict
    )  # whether each row with the head has the cell
    counted: defaultdict[_Pair, list[int]] = defaultdict(list)  # rows with a whole number below its head
    for number, sentence in enumerate(sentences):
        item = evidence[sentence.source]
        if not pairs or not sentence.is_of_table or item.match is FieldMatch.DIFFERS:
            continue
        cells = [cell for part in sentence.text.split("; ") if (cell := part.partition(": "))[1]]
        for pair in pairs:
            below = [cell for head, _, cell in cells if _is_head(pair, head)]
            if below and pair.is_numbered and all(cell.isdigit() for cell in below):
                counted[pair].append(number)
            if below:
                said[item.passage.document_id, pair][number] = any(_is_cell(pair, cell) for cell in below)
    for pair, rows_counted in counted.items():
        is_there = any(any(rows.values()) for (_, one), rows in said.items() if one == pair)
        missed[rows_counted] |= not is_there and len(rows_counted) >= _FEWEST_COUNTED
    told = [(pair, rows) for (_, pair), rows in said.items() if len(set(rows.values())) > 1]
    held = {number for _, rows in told for number, is_held in rows.items() if is_held}
    for pair, rows in told:
        less = BESIDE_THE_NUMBER if pair.is_numbered else BESIDE_THE_WORD
        for number, is_held in rows.items():
            if is_held:
                numbered[number] |= pair.is_numbered
            elif number not in held:
                scores[number] = min(scores[number], -less)
    return CellsHeld(scores, numbered, missed)


def _pairs(question: str) -> Iterator[_Pair]:
    """Yield what may be a head and a cell, in either order where a number is an ordinal or a word leads to another ("late shift")."""
    words = _words_of(question)
    for place, (word, is_ordinal) in enumerate(words):
        before = place - 1
        while before >= 0 and words[before][0] in _BETWEEN:
            before -= 1
        is_numbered = any(character.isdigit() for character in word)
        if before >= 0 and word not in STOP_WORDS:
            yield _Pair(words[before][0], word, is_numbered)
        behind = words[place + 1][0] if place + 1 < len(words) else ""
        if behind and behind not in STOP_WORDS and word not in STOP_WORDS and (is_ordinal or not is_numbered):
            yield _Pair(behind, word, is_numbered)


def _words_of(question: str) -> list[tuple[str, bool]]:
    """Return the words of a question, numbers as figures, and which of them say a place in an order ("5th", "fifth")."""
    spelled = {one.start: one for one in spelled_numbers(question)}
    words: list[tuple[str, bool]] = []
    end = 0
    for match in _WORD.finditer(question):
        if match.start() < end:
            continue
        if (one := spelled.get(match.start())) is not None:
            words.append((str(one.number), one.is_ordinal))
            end = one.end
        elif ordinal := _ORDINAL.fullmatch(match[0].casefold()):
            words.append((ordinal[1], True))
        else:
            is_dotted = match[0].isdigit() and question[match.end() : match.end() + 1] == "."
            words.append((match[0].casefold(), is_dotted))
    return words[:_MOST_WORDS]


def _is_head(pair: _Pair, head: str) -> bool:
    """Whether the head of a column is what a pair of the question begins with: "from Lisbon", "approved by Voss", "bib 391".

    "July 29, 2023" is a head that says both itself.
    """
    heads = [word.casefold() for word in _WORD.findall(head)]
    if pair.cell in heads:
        return False
    if pair.head in STOP_WORDS:
        return heads[-1:] == [pair.head]
    return stem(pair.head) in {stem(word) for word in heads}


def _is_cell(pair: _Pair, cell: str) -> bool:
    """Whether a pair of the question names a cell: a number as the whole of it, a word as its first or last."""
    words = [word.casefold() for word in _WORD.findall(cell)]
    if not pair.is_numbered:
        return pair.cell in (words[:1] + words[-1:])
    return words == [pair.cell] or words == [pair.head, pair.cell]
