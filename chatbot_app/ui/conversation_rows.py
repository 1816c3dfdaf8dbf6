"""Which rows the list of conversations has: pinned ones, folders, then the others by the age of their activity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

from chatbot_app.core.messages import Conversation
from chatbot_app.storage.conversation_order import Folder


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


def age_of(updated_at: str, today: date) -> Age:
    """Return the age of a time in ISO 8601 (UTC); what cannot be read counts as old."""
    try:
        days = (today - datetime.fromisoformat(updated_at).astimezone().date()).days
    except (ValueError, OverflowError, OSError):
        return Age.OLDER
    for age, limit in ((Age.TODAY, 0), (Age.YESTERDAY, 1), (Age.WEEK, 7), (Age.MONTH, 30)):
        if days <= limit:
            return age
    return Age.OLDER


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation, or a heading where `conversation_id` is ""; `folder_id` of a heading names its folder."""

    conversation_id: str
    heading: Age | Group | None = None
    folder_id: str = ""


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
        return [Row("", Group.ARCHIVED), *(Row(one.id) for one in shown)] if shown else []
    rows: list[Row] = []
    pinned = [one for one in shown if one.pinned]
    if pinned:
        rows += [Row("", Group.PINNED), *(Row(one.id) for one in pinned)]
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
            rows += [Row(name) for name in inside.get(folder.id, ())]
    if arrangement.sorting is not Sorting.DATE:
        if rest and rows:
            rows.append(Row("", Group.ALL))
        return rows + [Row(one.id) for one in rest]
    return rows + list(_by_age(rest, today))


def _by_age(conversations: Iterable[Conversation], today: date) -> Iterable[Row]:
    newest = -1
    for one in conversations:
        # Order is the order of activity; a clock that was set back must not repeat a heading.
        age = max(newest, age_of(one.updated_at, today))
        if age != newest:
            yield Row("", Age(age))
            newest = age
        yield Row(one.id)


def _sorted(conversations: list[Conversation], sorting: Sorting) -> list[Conversation]:
    if sorting is Sorting.NAME:
        return sorted(conversations, key=lambda one: " ".join(one.title.split()).casefold())
    if sorting is Sorting.LENGTH:
        return sorted(conversations, key=lambda one: -one.message_count)
    return conversations
