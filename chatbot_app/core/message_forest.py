"""The map of a conversation: runs of messages between which branches part, in rows and lanes.

Every run is one row, as in the graph of a version history: a run's side branches stand directly below it, one lane
further to the right, and the branch with the most runs goes on last in the run's own lane. So a conversation of n runs
needs at most 1 + log2(n) lanes (the argument of heavy paths: Sleator & Tarjan, "A data structure for dynamic trees",
1983), and its map is as high as it has runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chatbot_app.core.messages import Role

BRANCH_NAME = "branch_name"  # in the metadata of the message where a branch begins


@dataclass(frozen=True, slots=True)
class MapMessage:
    """What the map needs of a message; `words` are its first ones, `name` that of the branch that begins with it."""

    id: str
    parent_id: str | None
    role: Role
    words: str = ""
    name: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Messages without a fork between them, and how their row is drawn.

    `place` of `variants` (counted from 1) is where its first message stands among those that it was asked or answered
    beside. `parent` is the row of the run above, None where it begins the conversation. `through` are the lanes whose
    line passes the row, each with whether it leads to what is shown; `goes_on` says that branches part at its end.
    """

    first: MapMessage
    count: int
    place: int
    variants: int
    parent: int | None
    lane: int
    parent_lane: int | None
    through: tuple[tuple[int, bool], ...]
    goes_on: bool
    below_shown: bool  # the line in its lane that leaves the row below leads to what is shown
    is_shown: bool


@dataclass(slots=True)
class _Part:
    first: MapMessage
    count: int = 1
    place: int = 1
    variants: int = 1
    runs: int = 1  # in the whole tree below, itself among them
    is_shown: bool = False


def lay_out(messages: Iterable[MapMessage], leaf_id: str | None) -> tuple[Run, ...]:
    """Return the rows of the map from top to bottom; the work grows as the messages do.

    `messages` come in the order of sending. One whose parent did not come before it (a damaged file) begins a tree of
    its own. What lies on the way to `leaf_id` is shown.
    """
    known: dict[str, MapMessage] = {}
    below: dict[str | None, list[str]] = {None: []}
    above: dict[str, str | None] = {}
    for message in messages:
        parent = message.parent_id if message.parent_id in known else None
        if message.id in known:
            continue
        known[message.id] = message
        above[message.id] = parent
        below[message.id] = []
        below[parent].append(message.id)
    shown: set[str] = set()
    step = leaf_id if leaf_id in known else None
    while step is not None:
        shown.add(step)
        step = above[step]
    parts, children, heads = _runs(known, below, above, shown)
    for head in reversed(heads):  # a run stands behind the one above it
        for child in children[head]:
            parts[head].runs += parts[child].runs
    return _rows(parts, children, below[None])


def _runs(
    known: dict[str, MapMessage],
    below: dict[str | None, list[str]],
    above: dict[str, str | None],
    shown: set[str],
) -> tuple[dict[str, _Part], dict[str, list[str]], list[str]]:
    """Return the runs by their first message, the runs below each, and their first messages in the order of sending."""
    parts: dict[str, _Part] = {}
    children: dict[str, list[str]] = {}
    head_of: dict[str, str] = {}
    heads: list[str] = []
    for message_id, message in known.items():
        parent = above[message_id]
        siblings = below[parent]
        if parent is not None and len(siblings) == 1 and not message.name:
            head = head_of[message_id] = head_of[parent]
            parts[head].count += 1
            continue
        head_of[message_id] = message_id
        heads.append(message_id)
        children[message_id] = []
        parts[message_id] = _Part(message, variants=len(siblings), is_shown=message_id in shown)
        if parent is not None:
            children[head_of[parent]].append(message_id)
    for siblings in below.values():
        for place, message_id in enumerate(siblings, 1):
            if message_id in parts:
                parts[message_id].place = place
    return parts, children, heads


def _rows(parts: dict[str, _Part], children: dict[str, list[str]], roots: list[str]) -> tuple[Run, ...]:
    rows: list[Run] = []
    # What waits: the run, the row and the lane of the run above, its lane, and the lanes that pass it.
    stack: list[tuple[str, int | None, int | None, int, tuple[tuple[int, bool], ...]]] = [
        (root, None, None, 0, ()) for root in reversed(roots)
    ]
    while stack:
        head, parent, parent_lane, lane, through = stack.pop()
        part, number, under = parts[head], len(rows), children[head]
        # Whatever is shown: the rows stay where they are while the person goes from branch to branch.
        main = max(under, key=lambda one: (parts[one].runs, parts[one].place), default=None)
        rows.append(
            Run(
                part.first,
                part.count,
                part.place,
                part.variants,
                parent,
                lane,
                parent_lane,
                through,
                bool(under),
                any(parts[one].is_shown for one in under),
                part.is_shown,
            )
        )
        if main is None:
            continue
        stack.append((main, number, lane, lane, through))
        waits = parts[main].is_shown
        for child in reversed(under):  # the stack turns them round again
            if child == main:
                continue
            stack.append((child, number, lane, lane + 1, (*through, (lane, waits))))
            waits = waits or parts[child].is_shown  # the line above a shown side branch leads to it
    return tuple(rows)
