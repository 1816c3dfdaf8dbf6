"""Brings the parts of one download onto the disk, through as many connections as it takes, and checks them."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx2

from chatbot_app.core.hub_errors import (
    DownloadChanged,
    DownloadInterrupted,
    DownloadWrong,
    HubAnswersOddly,
    HubBroken,
    HubBusy,
    HubError,
)
from chatbot_app.llm.body_limits import ReplyCompressed, ReplyTooLarge
from chatbot_app.llm.download_speed import DownloadSpeed
from chatbot_app.llm.http import open_hub_client
from chatbot_app.llm.hub.checksums import checked
from chatbot_app.llm.hub.errors import in_words
from chatbot_app.llm.hub.events import DownloadChecking, DownloadRestarted, HubEvent
from chatbot_app.llm.hub.hub import Hub
from chatbot_app.llm.hub.journal import Journal, JournalPart
from chatbot_app.llm.hub.patience import Patience, Waiting
from chatbot_app.llm.model_files import DownloadProgressed
from chatbot_app.llm.receiving import LengthDiffers, receive, strong_etag

PACKET_SECONDS = 15.0  # to connect, and between two packets
_UNSTEADY = "-"  # stands for the ETag of a storage that names the same bytes differently each time


class _Changed(Exception):
    """The hub has another file than the one that it described."""


class Transfer:
    """One download; its journal is kept up to date on the disk."""

    def __init__(self, hub: Hub, journal: Journal, waiting: Waiting, clock: Callable[[], float]) -> None:
        self.journal = journal
        self._waiting = waiting
        self._title = waiting.title
        self._endpoint, self._hub = hub.endpoint, hub.name
        token = hub.token()
        self._headers = {"authorization": f"Bearer {token}"} if token else {}
        repository = journal.origin.repository
        self._asked = hub.asked(repository, journal.commit, self._title, has_token=bool(token))
        self._speed = DownloadSpeed(clock)

    def run(self) -> Iterator[HubEvent]:
        """Receive and check every part that is not here yet.

        Raises DownloadChanged and DownloadWrong, after all that had arrived was removed, other HubErrors, OSError.
        """
        with open_hub_client(self._endpoint, PACKET_SECONDS) as client:
            for number in range(len(self.journal.parts)):
                yield from self._bring(client, number)

    def _bring(self, client: httpx2.Client, number: int) -> Iterator[HubEvent]:
        had_before = self.journal.bytes_of(self.journal.parts[number]) > 0
        while not self.journal.parts[number].whole:
            yield from self._receive(client, number)
            part = self.journal.parts[number]
            found = yield from in_steps(part, self.journal.file_of(part), self._title, self._speed)
            if found is not None:
                self.journal = self.journal.noted(replace(part, sha256=part.sha256 or found, whole=True))
            elif had_before:
                # By an earlier run, or by a crash of the whole computer: once more, from the start.
                had_before = False
                self.journal.file_of(part).unlink(missing_ok=True)
                self.journal = self.journal.noted(replace(part, etag=""))
                yield DownloadRestarted(
                    self._title, "What was here from before was damaged, so it begins anew."
                )
            else:
                self.journal.remove()
                raise DownloadWrong(title=self._title, hub=self._hub)

    def _receive(self, client: httpx2.Client, number: int) -> Iterator[HubEvent]:
        """Bring a part to its whole length."""
        from huggingface_hub.errors import HfHubHTTPError

        patience = Patience()
        while True:
            before = self.journal.bytes_of(self.journal.parts[number])
            failure: HubError
            try:
                yield from self._receive_once(client, number)
                return
            except (_Changed, LengthDiffers, ReplyTooLarge) as exc:
                self.journal.remove()
                repository = self.journal.origin.repository
                raise DownloadChanged(title=self._title, hub=self._hub, repository=repository) from exc
            except ReplyCompressed as exc:
                raise HubAnswersOddly(hub=self._hub, detail=", compressed") from exc
            except (
                httpx2.HTTPStatusError
            ) as exc:  # neither a success nor an error of the hub's: a way to nowhere
                raise HubAnswersOddly(hub=self._hub, detail=f" (status {exc.response.status_code})") from exc
            except (httpx2.TooManyRedirects, httpx2.InvalidURL) as exc:
                detail = ": it only sends from one address to the next"
                raise HubAnswersOddly(hub=self._hub, detail=detail) from exc
            except httpx2.TransportError as exc:
                reason = in_words(exc)
                detail = reason.rstrip(".").lower()
                failure = DownloadInterrupted(title=self._title, host=self._hub, detail=detail)
            except HfHubHTTPError as exc:
                failure = self._asked.status_error(exc)
                reason = failure.summary
                if not isinstance(failure, HubBusy | HubBroken):
                    raise failure from exc
            gained = self.journal.bytes_of(self.journal.parts[number]) - before
            pause = patience.pause_after(failure, gained)
            if pause is None:
                raise failure
            yield from self._waiting.hold_up(pause, reason)

    def _receive_once(self, client: httpx2.Client, number: int) -> Iterator[HubEvent]:
        from huggingface_hub import hf_hub_url

        part = self.journal.parts[number]
        if self.journal.is_moved(part):
            return
        path = self.journal.part_path(part)
        here = min(part.size, self.journal.bytes_of(part))
        others = self.journal.received - here
        # A link to a storage is good for minutes: the hub is asked for it each time.
        address = hf_hub_url(
            self.journal.origin.repository, part.path, revision=self.journal.commit, endpoint=self._endpoint
        )
        validator = "" if part.etag == _UNSTEADY else part.etag

        def answered(answer: httpx2.Response) -> None:
            _refuse_other_files(answer, part, self._hub)
            etag = strong_etag(answer)
            if validator and here and answer.status_code == 200 and part.sha256 and etag != validator:
                etag = _UNSTEADY  # the hub itself says that nothing was changed
            if part.etag not in (etag, _UNSTEADY):
                self.journal = self.journal.noted(replace(part, etag=etag))

        for arrived in receive(
            client, address, path, part.size, headers=self._headers, validator=validator, answered=answered
        ):
            self._speed.note(others + arrived)
            # Each event is a place to pause at; nobody looks at more of them than ten a second.
            if self._speed.is_worth_telling() or others + arrived == self.journal.total:
                yield self._progress(others + arrived)

    def _progress(self, received: int) -> DownloadProgressed:
        total = self.journal.total
        return DownloadProgressed(
            self._title, received, total, self._speed.bytes_per_second, self._speed.seconds_left(total)
        )


def in_steps(
    part: JournalPart, path: Path, title: str, speed: DownloadSpeed | None = None
) -> Generator[HubEvent, None, str | None]:
    """Check a file and tell how far that is; return what `checked` returns."""
    speed = speed or DownloadSpeed(time.monotonic)
    reading = checked(part, path)
    while True:
        try:
            read = next(reading)
        except StopIteration as end:
            found: str | None = end.value
            return found
        if speed.is_worth_telling():
            yield DownloadChecking(title, read, part.size)


def _refuse_other_files(answer: httpx2.Response, part: JournalPart, hub: str) -> None:
    """Raise _Changed where headers say that the hub has another file, HubAnswersOddly for a page."""
    if answer.headers.get("content-type", "").lower().startswith("text/html"):
        raise HubAnswersOddly(hub=hub, detail=", namely a page for people")
    for step in (*answer.history, answer):
        etag = step.headers.get("x-linked-etag", "").removeprefix("W/").strip('"').lower()
        if part.sha256 and len(etag) == len(part.sha256) and etag != part.sha256:
            raise _Changed
        size = step.headers.get("x-linked-size", "")
        if size.isdigit() and int(size) != part.size:
            raise _Changed
