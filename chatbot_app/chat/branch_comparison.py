"""Two branches of a conversation from where they part, message beside message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from chatbot_app.core.messages import Message, Role
from chatbot_app.core.word_differences import differences, pieces
from chatbot_app.storage.conversations import ConversationStore

MOST_MESSAGES = 60  # of each branch
MOST_CHARACTERS = 20_000  # of each message
ENOUGH_CHARACTERS = 100_000  # of all together: the row that reaches it is the last one


@dataclass(frozen=True, slots=True)
class ComparedMessage:
    """A message's words in pieces, each with whether the other branch lacks it; `left_out` characters are not shown."""

    role: Role
    pieces: tuple[tuple[str, bool], ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class BranchComparison:
    """Rows of messages, None where a branch ended before; `shared` messages above are the same ones in both.

    `left_out` rows are not shown.
    """

    rows: tuple[tuple[ComparedMessage | None, ComparedMessage | None], ...]
    shared: int
    left_out: int


@dataclass(frozen=True, slots=True)
class TwoBranches:
    """What is compared: the branches below the messages that they share."""

    left: Sequence[Message]
    right: Sequence[Message]
    shared: int


def read_branches(store: ConversationStore, conversation_id: str, left: str, right: str) -> TwoBranches:
    """Return the branches that go through two messages down to the newest below each. Raises ConversationGone."""
    ours, theirs = (store.path(conversation_id, store.leaf_below(message_id)) for message_id in (left, right))
    pairs = zip(ours, theirs, strict=False)
    shared = next(
        (place for place, (one, other) in enumerate(pairs) if one.id != other.id),
        min(len(ours), len(theirs)),
    )
    return TwoBranches(ours[shared:], theirs[shared:], shared)


def compare(branches: TwoBranches) -> BranchComparison:
    """Return the branches side by side; bounded, but some seconds of work where all is long."""
    pairs = list(zip_longest(branches.left, branches.right))
    rows = []
    characters = 0
    for ours, theirs in pairs[:MOST_MESSAGES]:
        rows.append(_row(ours, theirs))
        characters += sum(min(len(message.text), MOST_CHARACTERS) for message in (ours, theirs) if message)
        if characters >= ENOUGH_CHARACTERS:
            break
    return BranchComparison(tuple(rows), branches.shared, len(pairs) - len(rows))


def _row(
    ours: Message | None, theirs: Message | None
) -> tuple[ComparedMessage | None, ComparedMessage | None]:
    left, right = (message.text[:MOST_CHARACTERS] if message else "" for message in (ours, theirs))
    if ours is None or theirs is None:
        return _side(ours, left, []), _side(theirs, right, [])  # it stands alone: nothing to mark
    only_left, only_right = differences(left, right)
    return _side(ours, left, only_left), _side(theirs, right, only_right)


def _side(message: Message | None, text: str, spans: list[tuple[int, int]]) -> ComparedMessage | None:
    if message is None:
        return None
    return ComparedMessage(message.role, tuple(pieces(text, spans)), len(message.text) - len(text))
