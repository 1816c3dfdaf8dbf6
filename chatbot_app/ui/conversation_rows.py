"""Which rows the list of conversations has: pinned ones, folders, then the others by the age of their activity."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from functools import lru_cache

from chatbot_app.core.messages import Conversation
from chatbot_app.storage.conversation_order import Folder
from chatbot_app.storage.lookups import utc_text


class Age(IntEnum):
    """How long ago a conversation was last active."""

    TODAY = 0
    YESTERDAY = 1
    WEEK = 2
    MONTH = 3
    OLDER = 4


class Group(StrEnum):
    """Headings that say neither an age nor a folder."""

    PINNED = "pinned"
    ARCHIVED = "archived"
    ALL = "all"


class Sorting(StrEnum):
    """The orders of the list."""

    DATE = "date"
    NAME = "name"
    LENGTH = "length"


_LIMITS = (0, 1, 7, 30)  # days ago, of all ages but the oldest
_STORED = len("2026-03-20T12:00:00.000+00:00")


@lru_cache(maxsize=1 << 16)  # the list is laid out anew at each change, and most of it is as it was
def age_of(updated_at: str, today: date) -> Age:
    """Return the age of a time in ISO 8601 (UTC); what cannot be read counts as old."""
    if len(updated_at) == _STORED and updated_at.endswith("+00:00"):
        # As the store writes it: such texts stand in the order of their times, and ten thousand are read at once.
        return Age(sum(updated_at < midnight for midnight in _midnights(today)))
    try:
        days = (today - datetime.fromisoformat(updated_at).astimezone().date()).days
    except (ValueError, OverflowError, OSError):
        return Age.OLDER
    return Age(sum(days > limit for limit in _LIMITS))


@lru_cache(maxsize=2)
def _midnights(today: date) -> tuple[str, ...]:
    """Return when each age begins, the youngest first."""
    days = (datetime.combine(today - timedelta(days=limit), time()) for limit in _LIMITS)
    return tuple(utc_text(day.astimezone()) for day in days)


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation, or a heading where `conversation_id` is ""; `folder_id` of a heading names its folder."""

    conversation_id: str
    heading: Age | Group | None = None
    folder_id: str = ""


@lru_cache(maxsize=1 << 16)
def row_of(conversation_id: str) -> Row:
    """Return the row of a conversation, the same object each time: rows are compared by the ten thousand."""
    return Row(conversation_id)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What the person chose to see, and how. Folders come in the order in which they are shown."""

    sorting: Sorting = Sorting.DATE
    archive: bool = False  # the archive alone
    folders: tuple[Folder, ...] = field(default_factory=tuple)


def arranged(
    conversations: Mapping[str, Conversation], order: Sequence[str], arrangement: Arrangement, today: date
) -> list[Row]:
    """Return the rows for conversations, `order` of activity, the newest first."""
    shown = [conversations[name] for name in order if conversations[name].archived == arrangement.archive]
    shown = _sorted(shown, arrangement.sorting)
    if arrangement.archive:
        return [Row("", Group.ARCHIVED), *(row_of(one.id) for one in shown)] if shown else []
    rows: list[Row] = []
    pinned = [one for one in shown if one.pinned]
    if pinned:
        rows += [Row("", Group.PINNED), *(row_of(one.id) for one in pinned)]
    known = {folder.id for folder in arrangement.folders}
    inside: dict[str, list[str]] = {}
    rest: list[Conversation] = []
    for one in shown:
        if one.pinned:
            continue
        if one.folder_id in known:
            inside.setdefault(str(one.folder_id), []).append(one.id)
        else:
            rest.append(one)
    for folder in arrangement.folders:
        rows.append(Row("", None, folder.id))
        if not folder.is_folded:
            rows += [row_of(name) for name in inside.get(folder.id, ())]
    if arrangement.sorting is not Sorting.DATE:
        if rest and rows:
            rows.append(Row("", Group.ALL))
        return rows + [row_of(one.id) for one in rest]
    return rows + list(_by_age(rest, today))


def alike(one: Iterable[Row], other: Iterable[Row], most: int | None = None) -> int:
    """Return how many rows are the same from the beginning."""
    pairs = zip(one, other, strict=False)
    same = itertools.takewhile(
        lambda pair: pair[0] is pair[1] or pair[0] == pair[1], itertools.islice(pairs, most)
    )
    return sum(1 for _ in same)


def _by_age(conversations: Iterable[Conversation], today: date) -> Iterable[Row]:
    newest = -1
    for one in conversations:
        age = age_of(one.updated_at, today)
        # Order is the order of activity; a clock that was set back must not repeat a heading.
        if age > newest:
            yield Row("", Age(age))
            newest = age
        yield row_of(one.id)


def _sorted(conversations: list[Conversation], sorting: Sorting) -> list[Conversation]:
    if sorting is Sorting.NAME:
        return sorted(conversations, key=lambda one: " ".join(one.title.split()).casefold())
    if sorting is Sorting.LENGTH:
        return sorted(conversations, key=lambda one: -one.message_count)
    return conversations
