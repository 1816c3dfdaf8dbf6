"""How a watched folder stood at the last look: what the window shows of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chatbot_app.storage.watched_folders import WatchedFolder


class FolderProblem(StrEnum):
    """Why a look could not see everything."""

    NONE = ""
    UNREADABLE = "unreadable"  # the folder itself: unplugged, renamed, forbidden
    PARTLY = "partly"  # a folder inside, or a drive that was mounted there


@dataclass(frozen=True, slots=True)
class FolderLook:
    """How a watched folder stood at the last look. `documents` are files that are taken in."""

    folder: WatchedFolder
    looked_at: datetime | None = None  # None before the first look of this run
    documents: int = 0
    waiting: int = 0  # files that are being written
    out_of_reach: int = 0  # files that cannot be seen now; their documents stay
    problem: FolderProblem = FolderProblem.NONE
    detail: str = ""
