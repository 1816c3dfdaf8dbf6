"""BM25 read from the full-text index a word at a time: what FTS5's own `bm25()` gives, in a third of its time.

FTS5 runs a statement for each passage that it scores, to look up how long that is: a microsecond and more. Here the places of a word
are read in one statement (`fts5vocab`), the lengths are kept, and numpy computes the same numbers, bit for bit:
https://www.sqlite.org/fts5.html#the_bm25_function (Robertson & Walker 1994, with b = .75 and k1 = 1.2).
"""

from __future__ import annotations

import math
import re
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot_app.core.largest import Rows, at_least_nth
from chatbot_app.storage.database import Database
from chatbot_app.storage.json_columns import dump_json

Ids = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

TOKENIZER = "porter unicode61 remove_diacritics 2"  # of `passage_index`
_K1, _B = 1.2, 0.75
_LEAST_WEIGHT = 1e-6  # of a word that most passages hold

_PHRASE = re.compile(r'"((?:[^"]|"")+)"(\*?)')
_PHRASES = re.compile(rf"\(?{_PHRASE.pattern}\)?(?: OR \(?{_PHRASE.pattern}\)?)*")
_AFTER_ALL = "\U0010ffff"  # no word has a character behind that

PAGE = 4096  # ids of passages whose lengths are read at once
_HIGHEST_ID = 1 << 24  # up to which lengths are kept: 64 MB
_REMEMBERED_WORDS = 10_000
# Passages of an index up to which those with a word are counted in one step: 25 ns each, 65 where FTS5 matches them one by one.
COUNTED_WHOLE = 200_000


@dataclass(frozen=True, slots=True)
class Ranked:
    """Passages by their ids, ascending, and their BM25, higher is better."""

    passages: Ids
    scores: Numbers

    def best(self, limit: int) -> list[tuple[int, float]]:
        """Return (passage id, BM25) of the best, best first; of equals the older come first."""
        rows = np.arange(len(self.scores)) if limit >= len(self.scores) else at_least_nth(self.scores, limit)
        rows = rows[np.argsort(-self.scores[rows], kind="stable")[:limit]]
        return list(zip(self.passages[rows].tolist(), self.scores[rows].tolist(), strict=True))


class Postings:
    """Ranks passages by words. Safe from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._opening = -1
        self._lengths = np.zeros(0, np.int32)  # in words, by the ids of passages; 0: not known
        self._tokens: dict[str, tuple[str, ...]] = {}
        self._tokenizer: sqlite3.Connection | None = None

    def ranked(self, connection: sqlite3.Connection, match: str) -> Ranked | None:
        """Return all passages that match an FTS5 expression.

        None where FTS5 has to do so itself: the expression is no list of single words and beginnings of words with OR
        between them, or the index holds what it should not. Raises sqlite3.Error.
        """
        (words,) = self._words_of_each([match])
        averages = _averages(connection) if words else None
        if words is None or averages is None:
            return None
        connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words_of_passages USING fts5vocab(main, passage_index, instance)"
        )
        held = [_places(connection, *word) for word in words]
        passages, rows_of = _union([places for places, _ in held])
        if not len(passages):
            return Ranked(passages, np.zeros(0))
        lengths = self._lengths_of(connection, passages)
        if lengths is None:
            return None
        count, average = averages
        # In FTS5's order, for the same rounding.
        spread = _K1 * (1 - _B + _B * lengths / average)
        scores = np.zeros(len(passages))
        for (places, times), rows in zip(held, rows_of, strict=True):
            weight = math.log((count - len(places) + 0.5) / (len(places) + 0.5))
            weight = weight if weight > 0 else _LEAST_WEIGHT
            scores[rows] += weight * ((times * (_K1 + 1.0)) / (times + spread[rows]))
        return Ranked(passages, scores)

    def counts(self, connection: sqlite3.Connection, matches: Sequence[str]) -> list[int | None]:
        """Return for each FTS5 expression how many passages match it; None where FTS5 has to count them itself.

        That is where the expression is not a single word, or where so many passages may hold it that to count all of them
        takes long. Raises sqlite3.Error.
        """
        averages = _averages(connection)
        if averages is None or averages[0] > COUNTED_WHOLE:
            return [None] * len(matches)
        words = self._words_of_each(matches)
        connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.counts_of_words USING fts5vocab(main, passage_index, row)"
        )
        counts: list[int | None] = []
        for said in words:
            count = None
            if said is not None and len(said) == 1 and not said[0][1]:
                (count,) = connection.execute(
                    "SELECT sum(doc) FROM temp.counts_of_words WHERE term = ?", [said[0][0]]
                ).fetchone()
                count = count or 0
            counts.append(count)
        return counts

    def read_lengths(self, connection: sqlite3.Connection) -> None:
        """Read the lengths of all passages, which the first questions else wait for. Raises sqlite3.Error."""
        (highest,) = connection.execute("SELECT max(id) FROM passage_index_docsize").fetchone()
        if isinstance(highest, int) and 0 <= highest <= _HIGHEST_ID:
            for begin in reversed(range(0, highest + 1, PAGE)):  # the highest first: room is made once
                self._lengths_of(connection, np.arange(begin, min(begin + PAGE, highest + 1)))

    # --- words ---------------------------------------------------------------------------------------

    def _words_of_each(self, matches: Sequence[str]) -> list[list[tuple[str, bool]] | None]:
        """Return [(word as it stands in the index, whether it is a beginning)] of expressions; None of one that is none of words."""
        phrases = [_PHRASE.findall(match) if _PHRASES.fullmatch(match) else [] for match in matches]
        tokens = self._tokens_of([_unquoted(text) for said in phrases for text, _ in said])
        return [
            [(tokens[_unquoted(text)][0], bool(star)) for text, star in said]
            if said and all(len(tokens[_unquoted(text)]) == 1 for text, _ in said)
            else None
            for said in phrases
        ]

    def _tokens_of(self, texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return what FTS5 makes of texts: it is asked, in an index of its own that holds nothing else."""
        with self._lock:
            if len(self._tokens) + len(texts) > _REMEMBERED_WORDS:
                self._tokens.clear()
            unknown = list(dict.fromkeys(text for text in texts if text not in self._tokens))
            if unknown:
                self._tokens.update(self._made_of(unknown))
            return {text: self._tokens[text] for text in texts}

    def _made_of(self, texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
        asked = self._tokenizer
        if asked is None:
            asked = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            asked.execute(f"CREATE VIRTUAL TABLE said USING fts5(text, content='', tokenize='{TOKENIZER}')")
            asked.execute("CREATE VIRTUAL TABLE words USING fts5vocab(said, instance)")
            self._tokenizer = asked
        asked.execute(
            "INSERT INTO said (rowid, text) SELECT key, value FROM json_each(?)", [dump_json(list(texts))]
        )
        try:
            rows = asked.execute('SELECT doc, term FROM words ORDER BY doc, "offset"').fetchall()
        finally:
            asked.execute("INSERT INTO said (said) VALUES ('delete-all')")
        terms: list[list[str]] = [[] for _ in texts]
        for place, term in rows:
            terms[place].append(term)
        return {text: tuple(said) for text, said in zip(texts, terms, strict=True)}

    # --- lengths -------------------------------------------------------------------------------------

    def _lengths_of(self, connection: sqlite3.Connection, passages: Ids) -> Numbers | None:
        """Return the numbers of words of passages, whose ids ascend; None where the index does not say them."""
        highest = int(passages[-1])
        if passages[0] < 0 or highest > _HIGHEST_ID:
            return None
        with self._lock:
            if self._opening != self._database.openings:  # a backup may have been restored
                self._opening, self._lengths = self._database.openings, np.zeros(0, np.int32)
            if highest >= len(self._lengths):
                grown = np.zeros(
                    min(_HIGHEST_ID + 1, max(highest + 1 + PAGE, len(self._lengths) * 3 // 2)), np.int32
                )
                grown[: len(self._lengths)] = self._lengths
                self._lengths = grown
            lengths = self._lengths[passages]
            missing = passages[lengths == 0]
            if len(missing):
                # Also of pages that were read before: their passages may have come back from the trash since.
                for begin, end in _spans(np.unique(missing // PAGE)):
                    read = _lengths(connection, begin * PAGE, end * PAGE)
                    if read is None:
                        return None
                    ids, sizes = read
                    if len(ids):
                        fits = ids < len(self._lengths)
                        self._lengths[ids[fits]] = sizes[fits]
                lengths = self._lengths[passages]
                if not lengths.all():  # a passage with a word is not without any
                    return None
        return lengths.astype(np.float64)


def _unquoted(text: str) -> str:
    return text.replace('""', '"')


def _union(parts: Sequence[Ids]) -> tuple[Ids, list[Rows]]:
    """Return (the ids that are in any of `parts`, ascending, each once; for each part, at which of them its ids are).

    In each part they ascend, each once.
    """
    ids = np.concatenate(parts)
    order = np.argsort(ids, kind="stable")  # a merge, for what is in order already
    ascending = ids[order]
    is_first = np.ones(len(ids), np.bool_)
    is_first[1:] = ascending[1:] != ascending[:-1]
    rows = np.empty(len(ids), np.intp)
    rows[order] = np.cumsum(is_first) - 1
    return ascending[is_first], np.split(rows, np.cumsum([len(part) for part in parts[:-1]]))


def _places(connection: sqlite3.Connection, word: str, is_beginning: bool) -> tuple[Ids, Numbers]:
    """Return (ids of the passages that hold a word, ascending, how often they do)."""
    # As one text: a row of Python's for each place would take three times as long.
    condition, values = "term = ?", [word]
    if is_beginning:
        condition, values = "term >= ? AND term <= ?", [word, word + _AFTER_ALL]
    (text,) = connection.execute(
        f"SELECT group_concat(doc) FROM temp.words_of_passages WHERE {condition}", values
    ).fetchone()
    if not text:
        return np.zeros(0, np.int64), np.zeros(0)
    places = np.fromstring(text, np.int64, sep=",")
    if is_beginning:
        places.sort()  # by word they ascend, not over several
    first = np.concatenate([[0], np.flatnonzero(places[1:] != places[:-1]) + 1])
    return places[first], np.diff(np.append(first, len(places))).astype(np.float64)


def _averages(connection: sqlite3.Connection) -> tuple[int, float] | None:
    """Return (passages in the index, their words on average); None where the record is not as FTS5 writes it.

    https://www.sqlite.org/fts5.html#the_data_table: row 1 holds the count of rows and that of the words of each column.
    """
    row = connection.execute("SELECT block FROM passage_index_data WHERE id = 1").fetchone()
    numbers = _varints(row[0]) if row is not None and isinstance(row[0], bytes) else None
    if numbers is None or len(numbers) < 2 or numbers[0] <= 0 or numbers[1:].sum() <= 0:
        return None
    return int(numbers[0]), int(numbers[1:].sum()) / int(numbers[0])


def _lengths(connection: sqlite3.Connection, begin: int, end: int) -> tuple[Ids, Ids] | None:
    """Return (ids, numbers of words) of the passages in the index with ids from `begin` up to, not including, `end`.

    None where the table is not as FTS5 writes it: https://www.sqlite.org/fts5.html#the_docsize_table
    """
    where, bounds = "FROM passage_index_docsize WHERE id >= ? AND id < ?", [begin, end]
    count, first, last, packed = connection.execute(
        f"SELECT count(*), min(id), max(id), group_concat(hex(sz), '') {where}", bounds
    ).fetchone()
    if not count:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    ids = np.arange(first, last + 1)
    if len(ids) != count:  # most libraries have no gaps
        ids = np.fromstring(
            connection.execute(f"SELECT group_concat(id) {where}", bounds).fetchone()[0], np.int64, sep=","
        )
    sizes = _varints(bytes.fromhex(packed))
    if sizes is None or len(sizes) % len(ids):
        return None
    return ids, sizes.reshape(len(ids), -1).sum(axis=1)


def _varints(packed: bytes) -> Ids | None:
    """Return SQLite's numbers of variable length: seven bits a byte, the first the highest, the last below 128.

    None where one does not end, or is longer than any count of words.
    """
    found = np.frombuffer(packed, np.uint8)
    ends = np.flatnonzero(found < 128)
    if not len(ends) or ends[-1] != len(found) - 1:
        return None
    starts = np.concatenate([[0], ends[:-1] + 1])
    sizes = ends - starts + 1
    if sizes.max() > 8:
        return None
    below = np.repeat(ends, sizes) - np.arange(len(found))
    return np.add.reduceat((found & 127).astype(np.int64) << (7 * below), starts)


def _spans(numbers: Sequence[int] | Ids) -> list[tuple[int, int]]:
    """Return (first, last + 1) of each run of numbers that follow each other; they ascend."""
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number:
            spans[-1] = (spans[-1][0], int(number) + 1)
        else:
            spans.append((int(number), int(number) + 1))
    return spans
