"""Conversations of files become conversations of the store: what is here stays, what is new comes beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from chatbot_app.core.carried import UNANSWERED, Arrival, Arrived, CarriedConversation
from chatbot_app.core.carried_ids import lasting, with_ids
from chatbot_app.core.messages import Message
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.text import clean_text
from chatbot_app.storage.carried_rows import folder_of, insert_conversation, insert_message, insert_summary
from chatbot_app.storage.conversation_places import place_by_date
from chatbot_app.storage.database import Database
from chatbot_app.storage.json_columns import dump_json
from chatbot_app.storage.lookups import utc_text
from chatbot_app.storage.message_pictures import are_missing, save_pictures
from chatbot_app.storage.plans import PlanStore
from chatbot_app.storage.portions import VARIABLES, Portions

_HELD_SECONDS = 0.03  # a person waits for an import; who writes meanwhile may wait for 0.1 s
_LEAST_ROWS = 64  # some 5 to 10 ms of a processor
_CHARACTERS_A_ROW = 2_000  # of text that cost as much as a row; the index of words reads each


class ConversationMerger:
    """Takes conversations in, in short transactions; for one thread. Use it as a context: at its end they are in order.

    A conversation is found again by its id, a message by its own. What is here is never changed: neither a title nor a
    message; the branch that is shown follows only where it grew at its end. A conversation in the trash stays there.
    Methods raise StoreError where nothing could be saved; a merge that ends half-way is completed by the next.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime], portions: Portions | None = None
    ) -> None:
        self._database = database
        self._now = now
        self._portions = portions or Portions(held_seconds=_HELD_SECONDS)
        self._plans = PlanStore()
        self._added: dict[str, str] = {}  # id → updated_at
        self._activities: dict[str, int] = {}
        self._was_empty = False
        self._below = -1  # the activity of what is added, until it takes its place

    def __enter__(self) -> ConversationMerger:
        with self._database.read() as connection:
            lowest = connection.execute(
                "SELECT min(activity) FROM conversations WHERE typeof(activity) = 'integer'"
            ).fetchone()[0]
        self._was_empty = lowest is None
        self._below = min(lowest or 0, 0) - 1
        return self

    def __exit__(self, *_details: object) -> None:
        self.finish()

    def finish(self) -> None:
        """Put what was added into its place in the list, and let the disk have all of it."""
        added, self._added = self._added, {}
        if not added:
            return
        if self._was_empty and len(set(self._activities.values())) == len(added):
            self._take_over_order()  # a whole list that moved
        else:
            place_by_date(self._database, added, self._portions)
        with self._database.write():  # a lasting transaction takes those before it along
            pass

    def look(self, carried: CarriedConversation) -> Arrived:
        """Return what `merge` would do with a conversation, and do nothing."""
        carried = lasting(carried)
        with self._database.read() as connection:
            row = _row(connection, carried.conversation.id)
            if not _is_deleted(row):
                carried = _with_own_ids(connection, carried)
            known = _known(connection, [message.id for message in carried.messages])
            has_more = are_missing(connection, carried, known)
            return _arrived(carried, row, len(carried.messages) - len(known), has_more=has_more)

    def merge(self, batch: Sequence[CarriedConversation]) -> list[Arrived]:
        """Add what is not here of some conversations; return what came of each."""
        arrived: list[Arrived] = []
        small: list[CarriedConversation] = []
        weight = 0
        for carried in map(lasting, batch):
            its_weight = _weight(carried.messages)
            if small and weight + its_weight > self._most:
                arrived += self._merge_small(small, weight)
                small, weight = [], 0
            if its_weight > self._most:
                arrived.append(self._merge_large(carried))
            else:
                small.append(carried)
                weight += its_weight
        if small:
            arrived += self._merge_small(small, weight)
        return arrived

    @property
    def _most(self) -> int:
        """How many rows the next transaction may write: on a busy machine the clock says little."""
        return max(_LEAST_ROWS, self._portions.size)

    # --- transactions --------------------------------------------------------------------------------

    def _merge_small(self, batch: Sequence[CarriedConversation], weight: int) -> list[Arrived]:
        arrived = []
        told: list[CarriedConversation] = []
        with self._portions.timed(max(1, weight)), self._database.write(lasting=False) as connection:
            for one in batch:
                row, carried = self._begin(connection, one)
                new = (
                    []
                    if _is_deleted(row)
                    else _insert_new(connection, carried.messages, self._moment_of(carried))
                )
                if not _is_deleted(row):
                    self._end(connection, carried, len(new), was_here=row is not None)
                arrived.append(_arrived(carried, row, len(new)))
                told.append(replace(carried, messages=tuple(new)))
        for place, carried in enumerate(told):
            self._save_plans(carried)
            arrived[place] = self._with_pictures(arrived[place], carried)
        return arrived

    def _merge_large(self, one: CarriedConversation) -> Arrived:
        with self._portions.paused(), self._database.write(lasting=False) as connection:
            row, carried = self._begin(connection, one)
        if _is_deleted(row):
            return _arrived(carried, row, 0)
        new: list[Message] = []
        for portion in self._portioned(carried.messages):
            with self._database.write(lasting=False) as connection:
                new += _insert_new(connection, portion, self._moment_of(carried))
        self._save_plans(replace(carried, messages=tuple(new)))
        with self._portions.paused(), self._database.write(lasting=False) as connection:
            self._end(connection, carried, len(new), was_here=row is not None)
        return self._with_pictures(_arrived(carried, row, len(new)), carried)

    def _portioned(self, messages: Sequence[Message]) -> Iterator[Sequence[Message]]:
        start = 0
        while start < len(messages):
            end, weight = start, 0
            while end < len(messages) and (end == start or weight < self._most):
                weight += _weight(messages[end : end + 1])
                end += 1
            with self._portions.timed(weight):
                yield messages[start:end]
            start = end

    def _save_plans(self, carried: CarriedConversation) -> None:
        """Keep what was sent for the answers that are new."""
        new = {message.id for message in carried.messages}
        if not new:
            return
        for message_id, plan in carried.plans():
            if message_id in new:
                with self._portions.paused(), self._database.write(lasting=False) as connection:
                    self._plans.save(connection, message_id, _clean(plan))

    def _with_pictures(self, arrived: Arrived, carried: CarriedConversation) -> Arrived:
        """Keep the pictures that are new, also those of messages that were here."""
        if arrived.arrival is Arrival.IN_TRASH or not save_pictures(self._database, carried, self._portions):
            return arrived
        return replace(arrived, arrival=Arrival.GROWN) if arrived.arrival is Arrival.KNOWN else arrived

    # --- steps ---------------------------------------------------------------------------------------

    def _begin(
        self, connection: sqlite3.Connection, carried: CarriedConversation
    ) -> tuple[sqlite3.Row | None, CarriedConversation]:
        """Return the row of the conversation as it was, and the conversation with ids that nobody else has."""
        row = _row(connection, carried.conversation.id)
        if _is_deleted(row):
            return row, carried
        carried = _with_own_ids(connection, carried)
        if row is None:
            now = utc_text(self._now())
            folder_id = None if carried.folder is None else folder_of(connection, carried.folder)
            placed = replace(carried.conversation, activity=self._below, folder_id=folder_id)
            insert_conversation(connection, placed, now=now)
            conversation = carried.conversation
            self._added[conversation.id] = conversation.updated_at or now
            if conversation.activity > 0:
                self._activities[conversation.id] = conversation.activity
        return row, carried

    def _end(
        self, connection: sqlite3.Connection, carried: CarriedConversation, new: int, *, was_here: bool
    ) -> None:
        conversation = carried.conversation
        for summary in carried.summaries:
            insert_summary(connection, summary, now=self._moment_of(carried))
        row = connection.execute(
            "SELECT leaf_id FROM conversations WHERE id = ?", [conversation.id]
        ).fetchone()
        shown = row["leaf_id"]
        if new and was_here:
            shown = _remove_unanswered(connection, conversation.id, shown)
            connection.execute(
                "UPDATE conversations SET updated_at = max(updated_at, ?) WHERE id = ?",
                [conversation.updated_at, conversation.id],
            )
        if conversation.leaf_id is not None and _has_grown_from(carried, shown):
            connection.execute(
                "UPDATE conversations SET leaf_id = ? WHERE id = ?", [conversation.leaf_id, conversation.id]
            )

    def _moment_of(self, carried: CarriedConversation) -> str:
        """Return the time of what says none itself."""
        conversation = carried.conversation
        return conversation.created_at or conversation.updated_at or utc_text(self._now())

    def _take_over_order(self) -> None:
        rows = [(activity, conversation_id) for conversation_id, activity in self._activities.items()]
        for portion in self._portions.of(rows):
            with self._database.write(lasting=False) as connection:
                connection.executemany("UPDATE conversations SET activity = ? WHERE id = ?", portion)


def merge_all(
    merger: ConversationMerger, conversations: Iterable[CarriedConversation], *, at_once: int = 32
) -> Iterator[Arrived]:
    """Merge conversations as they come, some at a time, and yield what came of each."""
    batch: list[CarriedConversation] = []
    weight = 0
    for carried in conversations:
        batch.append(carried)
        weight += _weight(carried.messages)
        if len(batch) >= at_once or weight >= 256:
            yield from merger.merge(batch)
            batch, weight = [], 0
    yield from merger.merge(batch)


def _weight(messages: Sequence[Message]) -> int:
    return sum(1 + (len(message.text) + len(message.reasoning)) // _CHARACTERS_A_ROW for message in messages)


def _row(connection: sqlite3.Connection, conversation_id: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM conversations WHERE id = ?", [conversation_id]
    ).fetchone()
    return row


def _is_deleted(row: sqlite3.Row | None) -> bool:
    return row is not None and row["deleted_at"] is not None


def _known(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return the conversation of each message that is there."""
    known: dict[str, str] = {}
    for start in range(0, len(ids), VARIABLES):
        some = ids[start : start + VARIABLES]
        marks = ", ".join("?" * len(some))
        rows = connection.execute(f"SELECT id, conversation_id FROM messages WHERE id IN ({marks})", some)
        known.update((row["id"], row["conversation_id"]) for row in rows)
    return known


def _with_own_ids(connection: sqlite3.Connection, carried: CarriedConversation) -> CarriedConversation:
    """Return the conversation with other ids for messages whose ids name messages of another one."""
    own = carried.conversation.id
    known = _known(connection, [message.id for message in carried.messages])
    taken = {message_id for message_id, conversation_id in known.items() if conversation_id != own}
    if not taken:
        return carried
    renamed = {old: uuid5(NAMESPACE_URL, f"{own}/{old}").hex for old in taken}
    return with_ids(carried, lambda name: renamed.get(name, name))


def _insert_new(connection: sqlite3.Connection, messages: Sequence[Message], now: str) -> list[Message]:
    known = _known(connection, [message.id for message in messages])
    new = [message for message in messages if message.id not in known]
    for message in new:
        insert_message(connection, message, now=now)
    return new


def _has_grown_from(carried: CarriedConversation, shown: str | None) -> bool:
    """Whether the branch that the file shows is the one that is shown here, or goes on from its end."""
    above = {message.id: message.parent_id for message in carried.messages}
    place = carried.conversation.leaf_id
    while place is not None and place != shown:
        place = above.get(place)
    return place == shown  # None: nothing is shown yet


def _remove_unanswered(connection: sqlite3.Connection, conversation_id: str, shown: str | None) -> str | None:
    """Remove what stood for an answer that has come now, unless somebody went on from it; return what is shown then."""
    rows = connection.execute(
        "SELECT id, parent_id FROM messages AS stand_in WHERE conversation_id = ? AND metadata = ? AND text = ''"
        " AND NOT EXISTS (SELECT 1 FROM messages WHERE parent_id = stand_in.id)"
        " AND EXISTS (SELECT 1 FROM messages WHERE parent_id = stand_in.parent_id AND id <> stand_in.id)",
        [conversation_id, dump_json(UNANSWERED)],
    ).fetchall()
    for row in rows:
        if row["id"] == shown:
            shown = row["parent_id"]
            connection.execute("UPDATE conversations SET leaf_id = ? WHERE id = ?", [shown, conversation_id])
        connection.execute("DELETE FROM messages WHERE id = ?", [row["id"]])
    return shown


def _arrived(
    carried: CarriedConversation, row: sqlite3.Row | None, new: int, *, has_more: bool = False
) -> Arrived:
    if row is None:
        arrival = Arrival.NEW
    elif row["deleted_at"] is not None:
        arrival, new = Arrival.IN_TRASH, 0
    else:
        arrival = Arrival.GROWN if new or has_more else Arrival.KNOWN
    conversation = carried.conversation
    return Arrived(
        conversation.id,
        conversation.title,
        arrival,
        len(carried.messages),
        new,
        conversation.created_at,
        conversation.updated_at,
    )


def _clean(plan: PromptPlan) -> PromptPlan:
    cleaned = [(part, clean_text(part.text)) for part in plan.parts]
    if all(part.text == text for part, text in cleaned):
        return plan
    return replace(plan, parts=tuple(replace(part, text=text) for part, text in cleaned))
