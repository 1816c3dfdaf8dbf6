"""What a download says while it runs, besides DownloadProgressed and DownloadWaiting of `llm.model_files`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chatbot_app.core.local_models import Origin
from chatbot_app.llm.model_files import DownloadProgressed, DownloadWaiting


@dataclass(frozen=True, slots=True)
class DownloadStarted:
    """The hub has described the file: `total` bytes, of which `received` are here from before."""

    name: str
    id: str
    origin: Origin  # with the commit and the checksum
    received: int
    total: int


@dataclass(frozen=True, slots=True)
class DownloadHeldUp:
    """It goes on by itself in `seconds`; `reason` is a sentence."""

    name: str
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class DownloadRestarted:
    """What was here from before cannot be used; `reason` is a sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class DownloadChecking:
    """All is here; `checked` of `total` bytes were read for the checksum."""

    name: str
    checked: int
    total: int


@dataclass(frozen=True, slots=True)
class ModelArrived:
    """The model is whole and checked at `path` (the first of `paths`); `fetched` where it was not here before.

    What is kept for going on after a crash is removed when the next event is asked for: until then whoever puts the
    model into a list can do so, and if that fails or the program ends, the download is still listed as unfinished.
    """

    name: str
    path: Path
    paths: tuple[Path, ...]
    origin: Origin
    fetched: bool
    licence: str = ""  # as the repository names it


HubEvent = (
    DownloadStarted
    | DownloadProgressed
    | DownloadWaiting
    | DownloadHeldUp
    | DownloadRestarted
    | DownloadChecking
    | ModelArrived
)
