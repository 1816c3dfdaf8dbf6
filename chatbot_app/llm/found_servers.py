"""Model servers that already run on this computer: the usual loopback ports are asked, all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chatbot_app.core.servers import SERVER_TEMPLATES, Server, ServerKind
from chatbot_app.llm.body_limits import ReplyCompressed, ReplyTooLarge
from chatbot_app.llm.error_bodies import looks_like_html
from chatbot_app.llm.http import close_client, open_client
from chatbot_app.llm.json_bodies import read_json
from chatbot_app.llm.loaded_models import loaded_path, read_loaded
from chatbot_app.llm.model_list import ModelDescription, parse_models, recognise_kind
from chatbot_app.llm.reach import is_loopback

if TYPE_CHECKING:
    import httpx2

FIND_SECONDS = 0.3  # for all ports together: whoever opens a dialog does not wait for it
PATIENT_SECONDS = 3.0  # for a second look where the first found nobody: a computer that is busy answers later
FIND_BYTES = 256 * 1024  # of a list of models; that of a computer with hundreds has a fifth
_HOSTS = ("127.0.0.1", "[::1]")
_PATH = "/v1/models"
# How a page for people, a router or a proxy asks who one is; model servers want a bearer's token.
_CHALLENGES_OF_OTHERS = ("basic", "digest", "negotiate", "ntlm")


@dataclass(frozen=True, slots=True)
class UsualPort:
    """Where a program listens when nobody says otherwise; a port that `is_everyones` says nothing of who it is."""

    name: str
    port: int
    kind: ServerKind = ServerKind.OTHER
    is_everyones: bool = False


# As the documentation of each program has it.
USUAL_PORTS = (
    UsualPort("Ollama", 11434, ServerKind.OLLAMA),
    UsualPort("LM Studio", 1234, ServerKind.LM_STUDIO),
    UsualPort("llama.cpp", 8080, ServerKind.LLAMA_CPP, is_everyones=True),
    UsualPort("vLLM", 8000, ServerKind.VLLM, is_everyones=True),
    UsualPort("Jan", 1337),
    UsualPort("GPT4All", 4891),
    UsualPort("KoboldCpp", 5001),
)


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server on this computer that speaks the interface; `models` are its names, none where it `needs_key`.

    `loaded` are those of them that are in memory, as far as the server says it.
    """

    name: str
    base_url: str
    kind: ServerKind
    models: tuple[str, ...] = ()
    needs_key: bool = False
    loaded: tuple[str, ...] = ()

    @property
    def chat_model(self) -> str:
        """The first of its models that is not one for vectors or sound, one that is loaded before others; "" for none."""
        return next((name for name in (*self.loaded, *self.models) if not _is_no_chat_model(name)), "")


async def find_servers(
    ports: Iterable[UsualPort] = USUAL_PORTS,
    *,
    besides: Collection[int] = (),
    seconds: float = FIND_SECONDS,
) -> list[FoundServer]:
    """Return what answers as a model server on this computer's own ports, in their order, after `seconds` at most.

    Only 127.0.0.1 and ::1 are asked, at `/v1/models`, without a key, a proxy or a redirect; of a reply a little is read.
    A kind of server that says what it has loaded is asked for that too, in the time that is left.
    Ports `besides` are left alone: those of servers that are known, and of the built-in one. Whatever else answers
    there, hangs or sends without end is nobody.
    """
    wanted = [port for port in {port.port: port for port in ports}.values() if port.port not in besides]
    if not wanted:
        return []
    client = open_client(
        Server("", "", f"http://{_HOSTS[0]}"),
        None,
        connect_seconds=seconds,
        first_byte_seconds=seconds,
        most_bytes=FIND_BYTES,
    )
    try:
        found: dict[tuple[int, str], FoundServer] = {}
        tasks = [asyncio.create_task(_ask(client, host, port, found)) for port in wanted for host in _HOSTS]
        try:
            await asyncio.wait(tasks, timeout=seconds)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        await close_client(client)
    for task in tasks:
        if not task.cancelled():
            task.result()  # a bug of ours is told
    answers = ([found.get((port.port, host)) for host in _HOSTS] for port in wanted)
    return [one for pair in answers if (one := next(filter(None, pair), None)) is not None]


def known_ports(servers: Iterable[Server]) -> set[int]:
    """Return the ports of those servers that are on this computer."""
    return {port for server in servers if (port := _loopback_port(server.base_url)) is not None}


def _loopback_port(address: str) -> int | None:
    if not address or not is_loopback(address):
        return None
    try:
        parts = urlsplit(address)
        return parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None


async def _ask(
    client: httpx2.AsyncClient, host: str, port: UsualPort, found: dict[tuple[int, str], FoundServer]
) -> None:
    """Put who answers into `found`: first who it is, then with what it has loaded."""
    root = f"http://{host}:{port.port}"
    answer = await _get(client, root + _PATH)
    server = _server_of(answer, root, port) if answer is not None else None
    if server is None:
        return
    found[port.port, host] = server
    path = loaded_path(Server("", "", server.base_url, server.kind)) if server.models else ""
    said = await _get(client, root + path) if path else None
    if said is not None and said.status_code == 200:
        names = read_loaded(server.kind, _json(said.text))
        loaded = tuple(name for name in names if name in server.models)
        found[port.port, host] = replace(server, loaded=loaded)


async def _get(client: httpx2.AsyncClient, address: str) -> httpx2.Response | None:
    import httpx2

    try:
        return await client.get(address)
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, ReplyTooLarge, ReplyCompressed, OSError):
        return None  # nobody is there, or somebody who speaks something else


def _server_of(answer: httpx2.Response, root: str, port: UsualPort) -> FoundServer | None:
    if answer.status_code in (401, 403):
        if not _asks_for_a_token(answer, port):
            return None
        return FoundServer(_name_of(port, None), f"{root}/v1", _kind_of(port, None), needs_key=True)
    models = _models_in(answer.text) if answer.status_code == 200 else None
    if models is None:
        return None
    kind = recognise_kind(models)
    names = tuple(model.id for model in models)
    return FoundServer(_name_of(port, kind), f"{root}/v1", _kind_of(port, kind), names)


def _models_in(body: str) -> tuple[ModelDescription, ...] | None:
    """Return the models that a body lists; None for what is no list of a model server."""
    models = parse_models(body)
    if models:
        return models
    # Any program may answer with an empty list; one without models says at least what it lists.
    value = _json(body)
    return () if models == () and isinstance(value, dict) and value.get("object") == "list" else None


def _asks_for_a_token(answer: httpx2.Response, port: UsualPort) -> bool:
    challenge = answer.headers.get("www-authenticate", "").strip().lower()
    body = answer.text
    if challenge.startswith(_CHALLENGES_OF_OTHERS) or looks_like_html(body):
        return False
    value = _json(body)
    error = value.get("error") if isinstance(value, dict) else None
    if isinstance(error, dict) and isinstance(error.get("message"), str):
        return True  # as OpenAI says it, and llama.cpp
    if isinstance(value, dict) and set(value) == {"error"} and isinstance(error, str):
        return True  # as vLLM does
    return answer.status_code == 401 and not port.is_everyones


def _json(body: str) -> Any:
    try:
        return read_json(body)
    except ValueError:
        return None


def _kind_of(port: UsualPort, recognised: ServerKind | None) -> ServerKind:
    if recognised is not None:
        return recognised
    return ServerKind.OTHER if port.is_everyones else port.kind


def _name_of(port: UsualPort, recognised: ServerKind | None) -> str:
    if recognised is not None and recognised is not port.kind:
        return next(template.name for template in SERVER_TEMPLATES if template.kind is recognised)
    is_certain = recognised is not None or not port.is_everyones
    return port.name if is_certain else f"localhost:{port.port}"


_OTHER_USES = ("embed", "rerank", "whisper", "minilm", "bge-", "e5-", "gte-", "tts", "clip-")


def _is_no_chat_model(name: str) -> bool:
    return any(use in name.lower() for use in _OTHER_USES)
