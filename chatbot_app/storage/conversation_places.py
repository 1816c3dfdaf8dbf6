"""Conversations that came in take their place in the list by their dates, and nobody else's order changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from chatbot_app.storage.database import Database
from chatbot_app.storage.portions import Portions


def place_by_date(database: Database, arrived: Mapping[str, str], portions: Portions) -> None:
    """Order conversations that were added (id → `updated_at`) among the others: above all that were not used later.

    In short transactions, during each of which the order of the others stays as it is. Raises StoreError.
    """
    if not arrived:
        return
    with database.read() as connection:
        rows = connection.execute(
            "SELECT number, id, activity, updated_at FROM conversations WHERE typeof(activity) = 'integer'"
            " ORDER BY activity, number"
        ).fetchall()
    here = [
        (row["number"], row["activity"], str(row["updated_at"])) for row in rows if row["id"] not in arrived
    ]
    come = sorted(
        (arrived[row["id"]], row["number"], row["activity"]) for row in rows if row["id"] in arrived
    )
    changes = _changes(here, come)
    changes.reverse()  # who stands highest moves up first
    for portion in portions.of(changes):
        with database.write(lasting=False) as connection:
            connection.executemany("UPDATE conversations SET activity = ? WHERE number = ?", portion)


def _changes(
    here: Sequence[tuple[int, int, str]], come: Sequence[tuple[str, int, int]]
) -> list[tuple[int, int]]:
    """Return (activity, number) of the rows whose activity changes, lowest first."""
    latest = list(accumulate((moment for _, _, moment in here), max))
    merged: list[tuple[int, int | None, int]] = []  # number, activity that it need not change, activity
    taken = 0
    for moment, number, activity in come:
        place = bisect_right(latest, moment)
        merged += [(one, own, own) for one, own, _ in here[taken:place]]
        taken = max(taken, place)
        merged.append((number, None, activity))
    merged += [(one, own, own) for one, own, _ in here[taken:]]
    changes: list[tuple[int, int]] = []
    lowest = min((own for _, own, _ in here), default=1) - len(come)
    value = min(lowest, 0) - 1 if here and merged[0][1] is None else 0
    for number, own, activity in merged:
        value = value + 1 if own is None else max(value + 1, own)
        if value != activity:
            changes.append((value, number))
    return changes
