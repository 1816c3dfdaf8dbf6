"""Whether a server answers, where exactly, and what it offers: the button Test connection."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from chatbot_app.core.errors import AppError, KeyMissing, KeyRejected, NotAModelServer, RequestRefused
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.llm.model_list import ModelDescription, recognise_kind
from chatbot_app.llm.servers import guess_kind, normalise_base_url

# Where servers keep the interface, below their root: most of them, OpenRouter and Open WebUI, gateways, Groq.
_USUAL_PLACES = ("/v1", "/api/v1", "/api", "/openai/v1")


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """What Test connection found: `sentence` says it, `error` is set where the server is not usable.

    `latency_seconds` is from the request to the whole list of models; `kind` is the family recognised;
    `base_url` is where the server was found, "" where it is what was asked for.
    """

    reachable: bool
    sentence: str
    models: tuple[ModelDescription, ...] = ()
    latency_seconds: float | None = None
    kind: ServerKind = ServerKind.OTHER
    error: AppError | None = None
    base_url: str = ""


async def test_connection(
    server: Server,
    key: str | None,
    clock: Callable[[], float] = time.monotonic,  # noqa: PT028  # no test, despite its name
) -> ConnectionReport:
    """Ask `server` for its models; where nothing is at its address, also at the usual places below and beside it.

    Whatever happens is in the report, nothing is raised but cancelling.
    """
    written = server.base_url
    try:
        if server.kind is not ServerKind.BUILT_IN:
            server = replace(server, base_url=normalise_base_url(written))
    except AppError as error:
        return ConnectionReport(False, str(error), kind=server.kind, error=error)
    first = await _ask(server, key, clock)
    if not isinstance(first.error, NotAModelServer | RequestRefused):
        return _completed(first, server.base_url, written)
    locked: ConnectionReport | None = None
    for place in _other_places(server.base_url):
        report = await _ask(replace(server, base_url=place), key, clock)
        if report.reachable:
            return _completed(report, place, written)
        if locked is None and isinstance(report.error, KeyMissing | KeyRejected):
            locked = _completed(report, place, written)
    return locked or first


def _other_places(address: str) -> Iterator[str]:
    """Yield where the server may be instead: below what was written, then at its root."""
    parts = urlsplit(address)
    root = f"{parts.scheme}://{parts.netloc}"
    tried = {address}
    for start in dict.fromkeys((address.removesuffix("/v1"), root)):
        for place in _USUAL_PLACES:
            if start + place not in tried:
                tried.add(start + place)
                yield start + place


def _completed(report: ConnectionReport, place: str, written: str) -> ConnectionReport:
    if place == written.strip().rstrip("/"):
        return report
    sentence = f"{report.sentence} Found at {place}; the address was completed."
    if not report.reachable:
        sentence = report.sentence
    return replace(report, sentence=sentence, base_url=place)


async def _ask(server: Server, key: str | None, clock: Callable[[], float]) -> ConnectionReport:
    from chatbot_app.llm.chat_client import ChatClient

    client = ChatClient(server, key)
    started = clock()
    try:
        models = await client.describe_models()
    except AppError as error:
        return ConnectionReport(False, str(error), kind=server.kind, error=error)
    finally:
        await client.close()
    latency = clock() - started
    count = len(models)
    offer = f"offers {count} model{'' if count == 1 else 's'}" if count else "has no model loaded yet"
    return ConnectionReport(
        reachable=True,
        sentence=f"{server.name} answered in {max(1, round(latency * 1000))} ms and {offer}.",
        models=models,
        latency_seconds=latency,
        kind=_kind_of(server, models),
    )


def _kind_of(server: Server, models: tuple[ModelDescription, ...]) -> ServerKind:
    if server.kind is ServerKind.BUILT_IN:
        return server.kind
    return recognise_kind(models) or guess_kind(server.base_url) or server.kind
