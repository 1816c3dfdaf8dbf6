"""Token counts of texts that were counted before, by what they hold: a long history is counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatbot_app.storage.database import Database
from chatbot_app.storage.portions import VARIABLES

COUNTS_KEPT = 500_000  # about 30 MB; the history of years


class TokenCountStore:
    """Counts by tokenizer and digest of the text. Methods raise StoreError where SQLite refuses."""

    def __init__(self, database: Database, *, limit: int = COUNTS_KEPT) -> None:
        """`limit` counts are kept at most; beyond it all are forgotten, and those still needed come again."""
        self._database = database
        self._limit = limit

    def token_counts(self, tokenizer: str, digests: Sequence[bytes]) -> dict[bytes, int]:
        """Return the counts that are known, by digest."""
        found: dict[bytes, int] = {}
        with self._database.read() as connection:
            for start in range(0, len(digests), VARIABLES):
                part = digests[start : start + VARIABLES]
                marks = ",".join("?" * len(part))
                rows = connection.execute(
                    f"SELECT digest, tokens FROM token_counts WHERE tokenizer = ? AND digest IN ({marks})",
                    [tokenizer, *part],
                )
                found.update((row[0], row[1]) for row in rows if isinstance(row[1], int))
        return found

    def add_token_counts(self, tokenizer: str, counts: Mapping[bytes, int]) -> None:
        """Keep counts; a newer count of the same text takes the place of the old one.

        From the first temporary conversation of a run on nothing is kept: it is not known whose texts they are.
        """
        if self._database.temporary.was_used:
            return
        with self._database.write() as connection:
            stored = int(connection.execute("SELECT count(*) FROM token_counts").fetchone()[0])
            if stored and stored + len(counts) > self._limit:
                # No row knows when it was last used: keeping that up to date would make every read a write.
                connection.execute("DELETE FROM token_counts")
            connection.executemany(
                "INSERT INTO token_counts (tokenizer, digest, tokens) VALUES (?, ?, ?)"
                " ON CONFLICT (tokenizer, digest) DO UPDATE SET tokens = excluded.tokens",
                [(tokenizer, digest, tokens) for digest, tokens in counts.items()],
            )

    def clear(self) -> None:
        """Forget all counts: after texts were purged not even their digests should stay."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM token_counts")
