"""Downloads of models on the command line."""

from __future__ import annotations

import argparse
import os
import sys

from chatbot_app.chat.model_catalogue import Offers
from chatbot_app.chat.model_downloads import ModelReady
from chatbot_app.chat.services import Services
from chatbot_app.cli.model_forms import size_of
from chatbot_app.core.errors import UsageError
from chatbot_app.core.hub_models import Offer
from chatbot_app.core.local_models import LocalModel, Origin
from chatbot_app.llm.hub.addresses import MODEL_ENDINGS, read_address
from chatbot_app.llm.hub.events import (
    DownloadChecking,
    DownloadHeldUp,
    DownloadRestarted,
    HubEvent,
)
from chatbot_app.llm.hub.hub import chosen_file
from chatbot_app.llm.hub.recommended import find_recommended
from chatbot_app.llm.model_files import DownloadProgressed, DownloadWaiting

_BAR = 24  # characters


def keep_token(services: Services, variable: str | None) -> None:
    """Use the hub's token of an environment variable, and keep it where keys are kept; None does nothing. Raises UsageError."""
    if variable is None:
        return
    from chatbot_app.llm.keys import KeyPlace

    token = os.environ.get(variable, "").strip()
    if not token:
        raise UsageError(detail=f"The environment variable {variable} is not set.")
    if services.hub_token.keep(token) is not KeyPlace.KEYCHAIN:
        print("No keychain answers here, so the token is used for this call only.", file=sys.stderr)


def address_of(text: str) -> str:
    """Return what to look at for a recommended name; any other text stays as it is."""
    recommended = find_recommended(text)
    return f"{recommended.repository}/{recommended.file}" if recommended is not None else text


def fetch(services: Services, options: argparse.Namespace) -> LocalModel:
    """Download what the options name and return the model of the list. Raises AppError."""
    origin = _origin_of(services, options.model, options.file)
    shown = _Shown(sys.stderr.isatty(), options.quiet)
    try:
        for event in services.model_downloads.fetch(origin):
            if isinstance(event, ModelReady):
                return event.model
            shown.show(event)
    finally:
        shown.end()
    raise AssertionError("a download ends with a model or an error")


def _origin_of(services: Services, text: str, file: str) -> Origin:
    recommended = find_recommended(text)
    if recommended is not None and not file:
        return recommended.origin
    address = read_address(recommended.repository if recommended is not None else text, services.hub.endpoint)
    wanted = file or address.file
    if wanted.lower().endswith(MODEL_ENDINGS):
        return Origin(address.repository, wanted, address.revision)
    # A quantisation, or nothing: what there is has to be looked at first.
    offers = services.model_catalogue.look_at(address)
    if wanted:
        named = chosen_file(offers.repository, wanted)
        return offers.origin_of(next(offer for offer in offers.offers if offer.file == named))
    return offers.origin_of(offers.wanted or _best(offers))


def _best(offers: Offers) -> Offer:
    if offers.best is None:
        least = offers.offers[0]
        raise UsageError(
            detail=f"No file of {offers.repository.id} runs on this computer. {least.fit.reason} "
            "Look for a smaller model, or name a file with --file."
        )
    return offers.best


class _Shown:
    """How far a download is, on a terminal as a line that changes, elsewhere as some lines."""

    def __init__(self, is_terminal: bool, quiet: bool) -> None:
        self._is_terminal = is_terminal
        self._quiet = quiet
        self._tenth = -1
        self._is_open = False  # a line that is to be written over
        self._said = ""

    def show(self, event: HubEvent) -> None:
        """Show an event."""
        match event:
            case DownloadProgressed(name, received, total) if total:
                self._show_progress(name, received, total, event.bytes_per_second, event.seconds_left)
            case DownloadHeldUp(name, _, reason):
                self._say(f"{name}: {reason} Waiting.")
            case DownloadRestarted(name, reason):
                self._tenth = -1
                self._say(f"{name}: {reason}")
            case DownloadWaiting(name):
                self._say(f"{name}: another process is fetching it, waiting")
            case DownloadChecking(name):
                self._say(f"{name}: checking")

    def end(self) -> None:
        """Leave the cursor on a line of its own."""
        if self._is_open:
            print(file=sys.stderr)
            self._is_open = False

    def _show_progress(self, name: str, received: int, total: int, speed: float, left: float | None) -> None:
        if self._is_terminal:
            done = _BAR * received // total
            rest = f", {_duration(left)} left" if left is not None and received < total else ""
            fast = f"  {size_of(int(speed))}/s{rest}" if speed else ""
            bar = "█" * done + "░" * (_BAR - done)
            line = f"{name}  {bar} {size_of(received)} of {size_of(total)}{fast}"
            print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)
            self._is_open = True
        elif 10 * received // total > self._tenth and not self._quiet:
            self._tenth = 10 * received // total
            print(f"{name}: {10 * self._tenth} %", file=sys.stderr)

    def _say(self, text: str) -> None:
        if text != self._said:
            self._said = text
            self.end()
            print(text, file=sys.stderr)


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02} h"
