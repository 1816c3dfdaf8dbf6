"""Rows that were made of passages stay when their document is read anew: they go over to the passages that say the same.

A passage goes for good when its document is read again, and what refers to it would go with it, also what a person has
written or decided.
"""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatbot_app.storage.damaged_text import as_number, as_text

_RARE_WORDS = 8
_NEAREST = 50  # passages before and behind that have a word
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Passage:
    id: int
    start: int
    words: Counter[str]


def successors(connection: sqlite3.Connection, old: int, new: int) -> dict[int, int]:
    """Return for each passage of document number `old` that something was made of, the passage of number `new` that has most
    of its words; of several the nearest, and where none has any, too. Empty where nothing was made of it.
    """
    made_of = _passages(connection, old, "AND id IN (SELECT passage_id FROM data_tasks)")
    if not made_of:
        return {}
    present = _passages(connection, new)
    by_word: defaultdict[str, list[int]] = defaultdict(list)
    for place, passage in enumerate(present):
        for word in passage.words:
            by_word[word].append(place)
    starts = [passage.start for passage in present]
    return {passage.id: _nearest(passage, present, starts, by_word).id for passage in made_of if present}


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


def _passages(connection: sqlite3.Connection, document: int, condition: str = "") -> list[_Passage]:
    rows = connection.execute(
        f"SELECT id, start_offset, text FROM passages WHERE document_number = ? {condition} ORDER BY ordinal",
        [document],
    )
    return [
        _Passage(row[0], as_number(row[1]), Counter(_WORD.findall(as_text(row[2]).lower()))) for row in rows
    ]


def _nearest(
    passage: _Passage,
    present: Sequence[_Passage],
    starts: Sequence[int],
    by_word: Mapping[str, Sequence[int]],
) -> _Passage:
    # Those that have one of its rarest words, "the" is in all of a long document; and of a table of zeros the nearest.
    rare = sorted((word for word in passage.words if word in by_word), key=lambda word: len(by_word[word]))
    here = bisect_left(starts, passage.start)
    near = {place for word in rare[:_RARE_WORDS] for place in _around(by_word[word], here)}
    shared = {place: (passage.words & present[place].words).total() for place in near}
    most = max(shared.values(), default=0)
    best = [present[place] for place, count in shared.items() if count == most] or present
    return min(best, key=lambda other: (abs(other.start - passage.start), other.id))


def _around(places: Sequence[int], here: int) -> Sequence[int]:
    """Return those of ascending places that are next to one."""
    at = bisect_left(places, here)
    return places[max(0, at - _NEAREST) : at + _NEAREST]
