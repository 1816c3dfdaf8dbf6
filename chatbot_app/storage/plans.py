"""What was sent, kept by reference: a message that a plan holds is named, not copied.

A plan of a long conversation names each message of it. Stored as they are, plans grow with the square of the
conversation. So each message is entered into `plan_parts` once, under a number that counts up within its
conversation, and a plan holds runs of such numbers. What no message says (system prompts, passages, recalled
exchanges) stands in `plan_texts` once for each wording, and so does what a message said before it changed.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from dataclasses import astuple, dataclass, field
from typing import Any

from chatbot_app.core.messages import MessageStatus, Role
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.core.token_cache import text_digest
from chatbot_app.core.written_text import text_as_written
from chatbot_app.storage.json_columns import dump_json, load_mapping
from chatbot_app.storage.plan_reading import EXCLUDED, FORMAT, RECALLED, ROLES, WITH_PICTURES, decode_plan

# What reading a stored plan may raise where its bytes or the rows that it names are damaged.
UNREADABLE = (
    zlib.error,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
)


@dataclass(slots=True)
class _Entered:
    """The messages of one conversation that are in `plan_parts`, by what identifies them."""

    conversation_number: int
    next_number: int = 1
    by_digest: dict[tuple[str, Role, int, bytes], int] = field(default_factory=dict)
    by_text: dict[tuple[str, Role, int, str], int] = field(default_factory=dict)  # saves the digests


class PlanStore:
    """Writes and reads plans within transactions of the caller's.

    It remembers what is entered for the conversation that was written last, so that a further plan of it
    costs no more than what is new. One thread writes at a time (the store has one writer).
    """

    def __init__(self) -> None:
        self._entered: _Entered | None = None

    def save(self, connection: sqlite3.Connection, message_id: str, plan: PromptPlan) -> None:
        """Keep the plan of an answer in place of any that it has; the answer must be there."""
        number = _conversation_number(connection, message_id)
        entered, self._entered = self._entered_of(connection, number), None  # in doubt until it is written
        encoded = self._encode(connection, entered, message_id, plan)
        connection.execute(
            "INSERT INTO prompt_plans (message_id, plan) VALUES (?, ?)"
            " ON CONFLICT (message_id) DO UPDATE SET plan = excluded.plan",
            [message_id, zlib.compress(dump_json(encoded).encode("ascii"), 9)],
        )
        self._entered = entered

    def load(self, connection: sqlite3.Connection, message_id: str) -> PromptPlan | None:
        """Return the plan of an answer; None where there is none or it cannot be read any more."""
        row = connection.execute(
            "SELECT plan FROM prompt_plans WHERE message_id = ?", [message_id]
        ).fetchone()
        if row is None:
            return None
        try:
            stored = json.loads(zlib.decompress(row["plan"]))
            if isinstance(stored, dict):
                return PromptPlan.from_dict(stored)
            return decode_plan(connection, _conversation_number(connection, message_id), stored)
        except UNREADABLE:
            return None

    def keep_wording(self, connection: sqlite3.Connection, message_id: str) -> None:
        """Keep what a message says, where a plan holds it: to be called before its text changes."""
        row = connection.execute(
            "SELECT sequence, text, metadata, status, number FROM messages"
            " JOIN conversations ON conversations.id = conversation_id WHERE messages.id = ?",
            [message_id],
        ).fetchone()
        if row is None or row["status"] == MessageStatus.STREAMING:  # no plan names what is being written
            return
        text = text_as_written(row["text"], load_mapping(row["metadata"]))
        digest = text_digest(text)
        is_held = connection.execute(
            "SELECT 1 FROM plan_parts WHERE conversation_number = ? AND message_sequence = ? AND digest = ?",
            [row["number"], row["sequence"], digest],
        ).fetchone()
        if is_held is not None:
            _keep_text(connection, row["number"], digest, text)

    # --- writing -------------------------------------------------------------------------------------

    def _entered_of(self, connection: sqlite3.Connection, conversation_number: int) -> _Entered:
        newest = connection.execute(
            "SELECT max(number) FROM plan_parts WHERE conversation_number = ?", [conversation_number]
        ).fetchone()[0]
        next_number = (newest or 0) + 1
        known = self._entered
        if (
            known is not None
            and known.conversation_number == conversation_number
            and known.next_number == next_number  # else another process wrote, or a write was undone
        ):
            return known
        entered = _Entered(conversation_number, next_number)
        for row in connection.execute(
            "SELECT plan_parts.number, plan_parts.role, tokens, digest, id FROM plan_parts"
            " JOIN messages ON sequence = message_sequence WHERE conversation_number = ?",
            [conversation_number],
        ):
            entered.by_digest[row["id"], ROLES[row["role"]], row["tokens"], row["digest"]] = row["number"]
        return entered

    def _encode(
        self, connection: sqlite3.Connection, entered: _Entered, answer_id: str, plan: PromptPlan
    ) -> list[Any]:
        kinds: dict[tuple[str, bool, str, bool | str | None], int] = {}
        parts: list[list[Any]] = []
        run: list[Any] | None = None
        for part in plan.parts:
            kind = kinds.setdefault(
                (part.kind.value, part.included, part.reason, _absence_of(part)),
                len(kinds),
            )
            number = self._number_of(connection, entered, answer_id, part)
            if number is None:
                run = None
                parts.append([kind, *_encode_alone(connection, entered.conversation_number, answer_id, part)])
            elif run is not None and run[0] == kind and number == run[1] + run[2]:
                run[2] += 1
            else:
                run = [kind, number, 1]
                parts.append(run)
        pictures = [[place, *astuple(one)] for place, part in enumerate(plan.parts) for one in part.pictures]
        return [
            WITH_PICTURES if pictures else FORMAT,
            plan.window,
            plan.window_source,
            plan.reply_reserve,
            plan.overhead_tokens,
            plan.exact,
            [list(kind) for kind in kinds],
            parts,
            *([pictures] if pictures else []),
        ]

    def _number_of(
        self, connection: sqlite3.Connection, entered: _Entered, answer_id: str, part: PlanPart
    ) -> int | None:
        """Return the number of the message that a part is a copy of; None where it is no such copy."""
        # A question may count differently later, when it stands in the history: its number is given then, so
        # that the numbers of a branch follow one another.
        if part.message_id is None or part.kind is PartKind.QUESTION:
            return None
        by_text = (part.message_id, part.role, part.tokens, part.text)
        number = entered.by_text.get(by_text)
        if number is not None:
            return number
        digest = text_digest(part.text)
        by_digest = (part.message_id, part.role, part.tokens, digest)
        number = entered.by_digest.get(by_digest)
        if number is None:
            sequence = _sequence_of_copied(connection, entered.conversation_number, answer_id, part, digest)
            if sequence is None:
                return None
            number, entered.next_number = entered.next_number, entered.next_number + 1
            connection.execute(
                "INSERT INTO plan_parts (conversation_number, number, message_sequence, role, tokens, digest)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [
                    entered.conversation_number,
                    number,
                    sequence,
                    ROLES.index(part.role),
                    part.tokens,
                    digest,
                ],
            )
            entered.by_digest[by_digest] = number
        entered.by_text[by_text] = number
        return number


def _absence_of(part: PlanPart) -> bool | str | None:
    if part.recalled:
        return RECALLED
    return EXCLUDED if part.excluded else part.over_budget


def _conversation_number(connection: sqlite3.Connection, message_id: str) -> int:
    row = connection.execute(
        "SELECT number FROM conversations WHERE id = (SELECT conversation_id FROM messages WHERE id = ?)",
        [message_id],
    ).fetchone()
    return int(row[0])


def _encode_alone(
    connection: sqlite3.Connection, conversation_number: int, answer_id: str, part: PlanPart
) -> list[Any]:
    """Return a part that is no message of the history; a digest of None says: its message's text, unchanged."""
    digest = text_digest(part.text)
    # The text of a question never changes: to edit it is to ask another beside it.
    is_question = part.kind is PartKind.QUESTION and part.role is Role.USER
    if (
        is_question
        and _sequence_of_copied(connection, conversation_number, answer_id, part, digest) is not None
    ):
        return [ROLES.index(part.role), part.tokens, None, part.message_id]
    _keep_text(connection, conversation_number, digest, part.text)
    return [ROLES.index(part.role), part.tokens, digest.hex(), part.message_id]


def _sequence_of_copied(
    connection: sqlite3.Connection,
    conversation_number: int,
    answer_id: str,
    part: PlanPart,
    digest: bytes,
) -> int | None:
    """Return the sequence of the message whose text a part repeats; None where it says something else.

    An answer that is still being written, as one that is continued, will say something else.
    """
    if part.message_id == answer_id:
        return None
    row = connection.execute(
        "SELECT sequence, role, text, metadata, status FROM messages JOIN conversations"
        " ON conversations.id = conversation_id WHERE messages.id = ? AND number = ?",
        [part.message_id, conversation_number],
    ).fetchone()
    if row is None or row["role"] != part.role or row["status"] == MessageStatus.STREAMING:
        return None
    if text_digest(text_as_written(row["text"], load_mapping(row["metadata"]))) != digest:
        return None
    return int(row["sequence"])


def _keep_text(connection: sqlite3.Connection, conversation_number: int, digest: bytes, text: str) -> None:
    connection.execute(
        "INSERT INTO plan_texts (conversation_number, digest, text) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [conversation_number, digest, zlib.compress(text.encode("utf-8", "surrogatepass"))],
    )
