"""A hub on loopback, and a clock that does not wait."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chatbot_app.core.local_models import Origin
from chatbot_app.llm.hub.download import download
from chatbot_app.llm.hub.events import HubEvent, ModelArrived
from chatbot_app.llm.hub.hub import Hub
from tests.hub_server import FakeHub

CONTENT = bytes(range(256)) * 8
REPOSITORY = "owner/tiny-GGUF"
FILE = "tiny-Q4_K_M.gguf"


class Clock:
    """Seconds that pass when somebody sleeps, and a millisecond whenever somebody looks."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept = 0.0

    def __call__(self) -> float:
        self.now += 0.001
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


def events_of(
    fake: FakeHub,
    folder: Path,
    file: str = FILE,
    *,
    token: str = "",
    revision: str = "",
    sha256: str = "",
    clock: Clock | None = None,
    repository: str = REPOSITORY,
) -> Iterator[HubEvent]:
    """Download from the fake hub without waiting."""
    clock = clock or Clock()
    hub = Hub(fake.address, lambda: token)
    origin = Origin(repository, file, revision, sha256)
    return download(hub, origin, folder, clock=clock, sleep=clock.sleep)


def fetched(fake: FakeHub, folder: Path, file: str = FILE, **options: str) -> ModelArrived:
    """Download and return what arrived."""
    arrived = [event for event in events_of(fake, folder, file, **options) if isinstance(event, ModelArrived)]  # type: ignore[arg-type]
    assert len(arrived) == 1
    return arrived[0]


def files_in(folder: Path) -> list[str]:
    """Return all there is, without folders."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
