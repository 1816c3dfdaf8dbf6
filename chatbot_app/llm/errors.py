"""What went wrong with a server, out of the client library's exceptions and out of what servers say.

The only place that knows both; everything above sees `core.errors` alone.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from chatbot_app.core.errors import (
    AnswerDamaged,
    AppError,
    KeyMissing,
    KeyRejected,
    ModelNotFound,
    NotAModelServer,
    Offline,
    PromptTooLong,
    ProxyUnusable,
    QuotaExhausted,
    RateLimited,
    RedirectRefused,
    ReplyTooLong,
    RequestRefused,
    ServerError,
    ServerTimedOut,
    StreamError,
)
from chatbot_app.core.picture_errors import PicturesRefused
from chatbot_app.core.servers import Server
from chatbot_app.core.text import clean_text, shortened
from chatbot_app.llm.body_limits import ReplyCompressed, ReplyTooLarge
from chatbot_app.llm.context_overflow import find_overflow
from chatbot_app.llm.error_bodies import looks_like_html, read_error_body
from chatbot_app.llm.pauses import pause_in_words, retry_after
from chatbot_app.llm.redaction import mask_key
from chatbot_app.llm.refused_parameters import RefusedParameter, find_refused_parameter
from chatbot_app.llm.sent_messages import is_about_pictures

LONGEST_PAUSE = 60.0  # seconds of a server's Retry-After that are waited for; longer ones are shown instead
_UNSTATED_PAUSE = 2.0  # seconds after a 429 that names none
_MESSAGE_LENGTH = 4000  # characters of a server's error that are looked at
_DETAIL_LENGTH = 300  # characters of a server's own text in a sentence
_REFUSALS = (400, 404, 422, 500, 501)  # of a picture: llama.cpp's answer was 500 for years
_QUOTA = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_balance"}
_NO_SUCH_MODEL = re.compile(
    r"\bmodel\b.*(not found|not exist|unknown|not available|not have access|not loaded)|\bno models?\b",
    re.IGNORECASE,
)
# What web frameworks say of an address that they do not serve.
_NOTHING_THERE = re.compile(r"(404:? )?(page |path |file )?not found\.?|method not allowed\.?", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Exchange:
    """The request an error belongs to: needed to name things and to keep the key out of the text.

    `sent` are the parameters of the request, `limits` the seconds waited for (connection, first byte), `pictures` how
    many went with it.
    """

    server: Server
    model: str = ""
    key: str | None = field(default=None, repr=False)
    sent: Mapping[str, Any] = field(default_factory=dict, repr=False)
    url: str = ""
    limits: tuple[float, float] = (5.0, 600.0)
    pictures: int = 0

    def readable(self, text: str) -> str:
        """Return a server's text fit for a sentence: one line, short, without the key."""
        line = " ".join(_CONTROLS.sub(" ", clean_text(mask_key(text, self.key))).split())
        return shortened(line, _DETAIL_LENGTH)

    def sentence(self, text: str) -> str:
        """Return `readable` text that another sentence can follow; "" stays ""."""
        line = self.readable(text)
        return line if not line or line[-1] in ".!?…。！？" else f"{line}."


@dataclass(frozen=True, slots=True)
class Failure:
    """An error, and what may be tried: again after `pause` seconds, or without one parameter.

    `pause` is None where trying again is useless, and -1 where it is worth a try after our own back-off.
    """

    error: AppError
    pause: float | None = None
    refused: RefusedParameter | None = None


OWN_BACK_OFF = -1.0


def failure_of(exc: BaseException, exchange: Exchange, now: datetime) -> Failure:
    """Explain an exception of openai or httpx2 that a request raised."""
    import httpx2

    cause = exc
    if type(exc).__module__.partition(".")[0] == "openai":
        import openai  # has raised this, so it is loaded: otherwise it would take a second

        if isinstance(exc, openai.APIStatusError):
            said = body_text(exc.response)
            return status_failure(exc.status_code, exc.response.headers, said, exchange, now)
        if isinstance(exc, openai.APIConnectionError) and exc.__cause__ is not None:
            cause = exc.__cause__
    name = exchange.server.name
    if isinstance(cause, ReplyTooLarge):
        return Failure(ReplyTooLong(server=name, limit=cause.limit))
    if isinstance(cause, ReplyCompressed):
        return Failure(_not_a_server(f"compressed bytes ({cause.encoding}), which were refused", name))
    if isinstance(cause, httpx2.ConnectTimeout):
        return Failure(ServerTimedOut(server=name, seconds=round(exchange.limits[0])))
    if isinstance(cause, httpx2.TimeoutException | TimeoutError):
        return Failure(ServerTimedOut(server=name, seconds=round(exchange.limits[1])))
    if isinstance(cause, httpx2.ProxyError):
        return Failure(ProxyUnusable(server=name, detail=exchange.sentence(str(cause))))
    return _connection_failure(cause, exchange)


def _connection_failure(cause: BaseException, exchange: Exchange) -> Failure:
    import httpx2

    name = exchange.server.name
    parts = urlsplit(exchange.url or exchange.server.base_url)
    place = parts.netloc.rpartition("@")[2] or "the address"
    for found in _chain(cause):
        if isinstance(found, socket.gaierror):
            return Failure(Offline(server=name, detail=f"The name “{parts.hostname}” is not known."))
        if isinstance(found, ssl.SSLCertVerificationError):
            detail = f"The certificate of {place} could not be verified: {found.verify_message}."
            return Failure(Offline(server=name, detail=exchange.sentence(detail)))
        if isinstance(found, ssl.SSLError):
            detail = f"{place} does not speak https; the address may have to begin with http://."
            return Failure(Offline(server=name, detail=detail))
        if isinstance(found, ConnectionRefusedError):
            error = Offline(server=name, detail=f"Nothing answers at {place}: is the server running?")
            return Failure(error, OWN_BACK_OFF)
    if isinstance(cause, httpx2.ConnectError):
        return Failure(Offline(server=name, detail=f"No connection to {place}."), OWN_BACK_OFF)
    if isinstance(cause, httpx2.RemoteProtocolError) and str(cause).startswith("illegal"):  # h11's word
        return Failure(_not_a_server("something that is not HTTP", name))
    if isinstance(cause, httpx2.DecodingError):
        return Failure(_not_a_server("unreadable bytes", name))
    if isinstance(cause, httpx2.TransportError):
        error = Offline(server=name, detail=f"{place} closed the connection without an answer.")
        return Failure(error, OWN_BACK_OFF)
    return Failure(ServerError(server=name, detail=exchange.sentence(f"{type(cause).__name__}: {cause}")))


def _chain(exc: BaseException) -> list[BaseException]:
    """Return `exc` and everything it was raised from, the groups of parallel connection attempts included."""
    seen: list[BaseException] = []
    waiting = [exc]
    while waiting and len(seen) < 50:
        found = waiting.pop(0)
        if found in seen:
            continue
        seen.append(found)
        waiting += [inner for inner in (found.__cause__, found.__context__) if inner is not None]
        waiting += list(getattr(found, "exceptions", ()))
    return seen


def status_failure(
    status: int, headers: Mapping[str, str], body: str, exchange: Exchange, now: datetime
) -> Failure:
    """Explain an HTTP status that is no success; `body` is its text, "" if there was none."""
    name = exchange.server.name
    if 300 <= status < 400:
        return Failure(_redirect(status, headers, exchange))
    error, message = _read(body, exchange)
    detail = exchange.sentence(message) or f"HTTP status {status}."
    if status in (400, 413, 422, 500):
        too_long = _too_long(message, error, name)
        if too_long is not None:
            return Failure(too_long)
    if exchange.pictures and (status in (413, 415) or (status in _REFUSALS and is_about_pictures(message))):
        said = "It is too large for the server." if status == 413 else detail
        return Failure(PicturesRefused(server=name, detail=said))
    if status in (400, 422):
        refused = find_refused_parameter(message, error, exchange.sent)
        return Failure(RequestRefused(server=name, detail=detail), refused=refused)
    if status == 413:
        return Failure(PromptTooLong(server=name))
    if status == 429:
        return _rate_limit(error, message, headers, exchange, now)
    if status == 402:
        return Failure(QuotaExhausted(server=name))
    if status == 407:
        return Failure(ProxyUnusable(server=name, detail="The proxy asks for a name and a password."))
    if status == 401 or (status == 403 and _is_about_the_key(message)):
        return Failure(KeyRejected(server=name) if exchange.key else KeyMissing(server=name))
    if status >= 500:
        detail = f"HTTP status {status}." if looks_like_html(body) else detail
        pause = retry_after(headers, now)
        wait = OWN_BACK_OFF if pause is None else pause
        error_of_server = ServerError(server=name, detail=detail)
        return Failure(error_of_server, wait if wait <= LONGEST_PAUSE else None)
    if looks_like_html(body):
        return Failure(_not_a_server(f"a web page (HTTP status {status})", name))
    if status == 404 and exchange.model and _is_about_the_model(message, error):
        return Failure(ModelNotFound(server=name, model=exchange.readable(exchange.model)))
    if status in (404, 405, 410) and (not error or _NOTHING_THERE.fullmatch(message)):
        return Failure(_not_a_server(f"“not found” (HTTP status {status})", name))
    return Failure(RequestRefused(server=name, detail=detail))


def stream_failure(data: Any, exchange: Exchange) -> AppError:
    """Explain an error that came inside the stream, as an object, a string or a JSON text."""
    error, message = _read(data if isinstance(data, str) else json.dumps(data), exchange)
    name = exchange.server.name
    if str(error.get("code")) in _QUOTA or str(error.get("type")) in _QUOTA:
        return QuotaExhausted(server=name)
    too_long = _too_long(message, error, name)
    if too_long is None and exchange.pictures and is_about_pictures(message):
        return PicturesRefused(server=name, detail=exchange.sentence(message))
    return too_long or StreamError(server=name, detail=exchange.sentence(message) or "it gave no reason.")


def _read(body: str, exchange: Exchange) -> tuple[dict[str, Any], str]:
    error, message = read_error_body(body)
    # A body of megabytes holds no more than its beginning says; the key goes before a cut can halve it.
    return error, mask_key(message, exchange.key)[:_MESSAGE_LENGTH]


def error_in_stream(exc: BaseException, exchange: Exchange) -> AppError | None:
    """Return the error for what ended an answer that had begun, None where it is no more than the connection's end."""
    if isinstance(exc, ReplyTooLarge):
        return ReplyTooLong(server=exchange.server.name, limit=exc.limit)
    if type(exc).__module__.partition(".")[0] != "openai":
        return None
    import openai

    if isinstance(exc, openai.APIResponseValidationError):
        return AnswerDamaged(server=exchange.server.name, count=1)
    if not isinstance(exc, openai.APIError) or isinstance(
        exc, openai.APIStatusError | openai.APIConnectionError
    ):
        return None
    return stream_failure(exc.body, exchange)


def web_page_error(exchange: Exchange) -> AppError:
    """Return the error for an address that answered with HTML."""
    return _not_a_server("a web page", exchange.server.name)


def not_a_model_server(answered_with: str, exchange: Exchange) -> AppError:
    """Return the error for an answer that is no model server's; `answered_with` names it."""
    return _not_a_server(answered_with, exchange.server.name)


def _too_long(message: str, error: dict[str, Any], server_name: str) -> PromptTooLong | None:
    overflow = find_overflow(message, error)
    if overflow is None:
        return None
    return PromptTooLong(server=server_name, prompt_tokens=overflow.prompt_tokens, window=overflow.window)


def _rate_limit(
    error: dict[str, Any], message: str, headers: Mapping[str, str], exchange: Exchange, now: datetime
) -> Failure:
    name = exchange.server.name
    if str(error.get("code")) in _QUOTA or str(error.get("type")) in _QUOTA:
        return Failure(QuotaExhausted(server=name))
    pause = retry_after(headers, now)
    if pause is None:
        pause = pause_in_words(message)
    if pause is None:
        pause = _UNSTATED_PAUSE
    limited = RateLimited(server=name, seconds=max(1, round(pause)))
    return Failure(limited, pause if pause <= LONGEST_PAUSE else None)


def _redirect(status: int, headers: Mapping[str, str], exchange: Exchange) -> AppError:
    location = headers.get("location", "")
    if not location:
        return _not_a_server(f"HTTP status {status}", exchange.server.name)
    try:
        parts = urlsplit(urljoin(exchange.url or exchange.server.base_url, location))
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return _not_a_server(f"HTTP status {status}", exchange.server.name)
    path = re.sub(r"/(chat/completions|models|embeddings)/?$", "", parts.path)
    target = exchange.readable(f"{parts.scheme}://{host}{path}")
    return RedirectRefused(server=exchange.server.name, target=target)


def _is_about_the_key(message: str) -> bool:
    return re.search(r"api[ _-]?key|token|credential|unauthori[sz]ed", message, re.IGNORECASE) is not None


def _is_about_the_model(message: str, error: dict[str, Any]) -> bool:
    if str(error.get("code")) == "model_not_found":
        return True
    return bool(error) and _NO_SUCH_MODEL.search(message) is not None


def _not_a_server(answered_with: str, server_name: str) -> NotAModelServer:
    return NotAModelServer(server=server_name, answered_with=answered_with)


def body_text(response: Any) -> str:
    """Return the text of an httpx2 response, "" where it cannot be read."""
    import httpx2

    try:
        return str(response.text)
    except (httpx2.StreamError, UnicodeError, LookupError):
        return ""  # the body was closed before it was read, or names an encoding that does not exist
