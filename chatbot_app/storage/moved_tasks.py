"""Rows that were made of passages stay when their document is read anew: they go over to the passages that say the same.

A passage goes for good when its document is read again, and what refers to it would go with it, also what a person has
written or decided.
"""

from __future__ import annotations

import re
import sqlite3
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain

from chatbot_app.storage.damaged_text import as_number, as_text

_RARE_WORDS = 8
_NEAREST = 50  # passages before and behind that have a word
_LOOKED_AT = 8  # of these, those that have the most of the rare words
_WORD = re.compile(r"\w+")


def successors(connection: sqlite3.Connection, old: int, new: int) -> dict[int, int]:
    """Return for each passage of document number `old` that something was made of, the passage of number `new` that has most
    of its words; of several the nearest, and where none has any, too. Empty where nothing was made of it.

    A kilobyte or two of memory for each passage.
    """
    made_of = _passages(connection, old, "AND id IN (SELECT passage_id FROM data_tasks)")
    first = next(made_of, None)
    if first is None:
        return {}
    present = _Present(_passages(connection, new))
    if not present.ids:
        return {}
    return {
        number: present.ids[present.nearest(start, words)] for number, start, words in chain([first], made_of)
    }


def move_tasks(connection: sqlite3.Connection, moves: Mapping[int, int]) -> None:
    """Let tasks, and the rows of those that are done, refer to other passages: from each id to the other.

    Where two tasks of a job come to one passage, the rows of both stay with one.
    """
    kept: dict[tuple[str, int], int] = {}
    tasks = [
        (as_text(row[0]), moves[old], as_text(row[1]) != "done", as_number(row[2]))
        for old in moves
        for row in connection.execute(
            "SELECT job_id, state, number FROM data_tasks WHERE passage_id = ?", [old]
        )
    ]
    for job_id, passage_id, _, number in sorted(tasks):
        first = kept.setdefault((job_id, passage_id), number)
        if first == number:
            connection.execute("UPDATE data_tasks SET passage_id = ? WHERE number = ?", [passage_id, number])
        else:
            connection.execute("UPDATE data_rows SET task_number = ? WHERE task_number = ?", [first, number])
            connection.execute("DELETE FROM data_tasks WHERE number = ?", [number])


def _passages(
    connection: sqlite3.Connection, document: int, condition: str = ""
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (id, start, words) of the passages of a document, in their order."""
    rows = connection.execute(
        f"SELECT id, start_offset, text FROM passages WHERE document_number = ? {condition} ORDER BY ordinal",
        [document],
    )
    for row in rows:
        yield row[0], as_number(row[1]), _WORD.findall(as_text(row[2]).lower())


class _Present:
    """The passages of a document as it is now, their words as numbers in a few long arrays: it may have 100,000 of them, and
    as many small ones would take ten times the memory.
    """

    def __init__(self, passages: Iterable[tuple[int, int, list[str]]]) -> None:
        self.ids, self._starts = array("q"), array("q")
        self._numbers: dict[str, int] = {}
        self._words, self._ends = array("i"), array("q", [0])  # of all passages, and where those of each end
        self._same: dict[int, list[int]] = {}  # places by the hash of all their words
        for number, start, words in passages:
            numbers = array("i", [self._numbers.setdefault(word, len(self._numbers)) for word in words])
            self._same.setdefault(hash(numbers.tobytes()), []).append(len(self.ids))
            self.ids.append(number)
            self._starts.append(start)
            self._words += numbers
            self._ends.append(len(self._words))

    def nearest(self, start: int, words: list[str]) -> int:
        """Return the place of the passage that has most of some words, of several the one that begins nearest to `start`."""
        here = bisect_left(self._starts, start)
        known = array("i", [self._numbers.get(word, -1) for word in words])
        same = _around(self._same.get(hash(known.tobytes()), ()), here)
        return min(
            [place for place in same if self._words_of(place) == known]
            or self._with_most(known, start, here),
            key=lambda place: (abs(self._starts[place] - start), place),
        )

    def _words_of(self, place: int) -> array[int]:
        return self._words[self._ends[place] : self._ends[place + 1]]

    def _with_most(self, words: array[int], start: int, here: int) -> Sequence[int]:
        wanted = Counter(word for word in words if word >= 0)
        begins, places = self._postings
        # Those that have its rarest words, "the" is in all of a long document; and of a table of zeros the nearest.
        rare = sorted(wanted, key=lambda word: begins[word + 1] - begins[word])[:_RARE_WORDS]
        held = Counter[int]()
        for word in rare:
            held.update(set(_around(places, here, begins[word], begins[word + 1])))
        near = sorted(held, key=lambda place: (-held[place], abs(self._starts[place] - start)))[:_LOOKED_AT]
        shared = {place: (wanted & Counter(self._words_of(place))).total() for place in near}
        most = max(shared.values(), default=0)
        return [place for place in near if shared[place] == most] or range(len(self.ids))

    @cached_property
    def _postings(self) -> tuple[array[int], array[int]]:
        """Where in the second array the places of each word begin, ascending; a word may be in a passage twice."""
        begins = array("q", bytes(8 * (len(self._numbers) + 2)))
        for word in self._words:
            begins[word + 2] += 1
        for word in range(2, len(begins)):
            begins[word] += begins[word - 1]
        places = array("i", bytes(4 * len(self._words)))
        for place in range(len(self.ids)):
            for word in self._words_of(place):
                places[begins[word + 1]] = place
                begins[word + 1] += 1
        return begins, places


def _around(places: Sequence[int], here: int, first: int = 0, last: int | None = None) -> Sequence[int]:
    """Return those of ascending places, from `first` to `last` of a sequence, that are next to one."""
    last = len(places) if last is None else last
    at = bisect_left(places, here, first, last)
    return places[max(first, at - _NEAREST) : min(last, at + _NEAREST)]
