"""Addresses and keys as people type them; whether a server answers; servers in the environment."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from chatbot_app.core.errors import AddressInvalid, KeyInvalid
from chatbot_app.core.servers import SERVER_TEMPLATES, Server, ServerKind
from chatbot_app.llm.addresses import network_host, shown_host
from chatbot_app.llm.reach import is_nearby

log = logging.getLogger(__name__)

ENVIRONMENT_SERVER_ID = "environment"
OPENAI_ADDRESS = "https://api.openai.com/v1"

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_QUOTES = "\"'`<>“”‘’«»"
# What people copy out of examples: the address of one call instead of the server's.
_CALLS = re.compile(r"/(?:chat/completions|chat|completions|embeddings|models|responses)$", re.IGNORECASE)
_NATIVE_PATHS = re.compile(r"/api(?:/(?:chat|generate|tags|show|ps|v0|v0/models))?", re.IGNORECASE)
_NATIVE_PORTS = {11434, 1234}  # Ollama and LM Studio have an API of their own beside the compatible one
_HOST = re.compile(r"[\w.\-:%\[\]]+")


def normalise_base_url(text: str) -> str:
    """Return the base address that `text` means, ending without a slash, usually in /v1.

    Repairs what can be repaired (spaces around, no scheme, the address of a call, no path); raises
    AddressInvalid with a hint for the rest.
    """
    address = text.strip().strip(_INVISIBLE).strip().strip(_QUOTES).strip()
    if not address:
        raise AddressInvalid(address=text.strip(), detail="it is empty.")
    if any(character.isspace() or not character.isprintable() for character in address):
        raise _invalid(address, "it has a space or an invisible character inside.")
    parts = _split(_with_scheme(address), address)
    if parts.scheme not in ("http", "https"):
        raise _invalid(address, f"it begins with “{parts.scheme}:”, only http:// and https:// work.")
    if parts.username is not None or parts.password is not None:
        raise _invalid(
            parts.netloc.rpartition("@")[2], "it holds a name or password; the key has a field of its own."
        )
    if parts.query or parts.fragment:
        raise _invalid(address.partition("?")[0].partition("#")[0], "leave out everything from “?” or “#”.")
    host = (parts.hostname or "").rstrip(".")
    if not host or not _HOST.fullmatch(host):
        raise _invalid(address, "the name of the server is missing or has characters that no name has.")
    if not host.isascii():
        try:
            host = shown_host(network_host(host))  # as it is opened, in its own letters
        except ValueError:
            raise _invalid(address, "the name of the server has letters that no name has.") from None
    if host in ("0.0.0.0", "::"):  # where servers listen, not where they can be reached on every system
        host = "127.0.0.1"
    port = _port(parts, address)
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    if port in _NATIVE_PORTS and _NATIVE_PATHS.fullmatch(path):
        path = ""
    path = _CALLS.sub("", path)
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port is not None else "")
    return f"{parts.scheme}://{netloc}{path or '/v1'}"


def _invalid(address: str, detail: str) -> AddressInvalid:
    return AddressInvalid(address=address[:200], detail=detail)


def _with_scheme(address: str) -> str:
    if re.match(r"[A-Za-z][A-Za-z0-9+.\-]*://", address):
        return address
    if address.startswith("//"):
        address = address[2:]
    broken = re.match(r"(?i)(https?)(?::/?|//?)(?=[^/])", address)
    if broken and not re.match(r"(?i)https?:\d+(/|$)", address):
        return f"{broken[1]}://{address[broken.end() :]}"
    if address.count(":") > 1 and not address.startswith("["):
        host, _, rest = address.partition("/")
        address = f"[{host}]/{rest}"  # a bare IPv6 address
    return f"{'http' if is_nearby('http://' + address) else 'https'}://{address}"


def _split(url: str, address: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = None
    if parts is None:
        raise _invalid(address, "the part between [ and ] is no address.")
    return parts


def _port(parts: SplitResult, address: str) -> int | None:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise _invalid(address, "the port must be a number from 1 to 65535.")
    return port


def check_key(text: str) -> str:
    """Return the key that `text` means ("" for none); raises KeyInvalid, whose text never quotes the key."""
    key = text.strip().strip(_INVISIBLE).strip().strip(_QUOTES).strip()
    key = re.sub(r"^(?i:bearer)\s+", "", key)
    for position, character in enumerate(key, start=1):
        if character in "\r\n":
            raise KeyInvalid(detail="it has a line break inside.")
        if character.isspace():
            raise KeyInvalid(detail=f"it has a space inside (character {position}).")
        if not "!" <= character <= "~":
            name = unicodedata.name(character, "an invisible character").lower()
            raise KeyInvalid(detail=f"character {position} is no plain Latin letter or digit ({name}).")
    return key


def guess_kind(base_url: str) -> ServerKind | None:
    """Return the family whose usual host (OpenAI) or port (Ollama, LM Studio) the address has."""
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    for template in SERVER_TEMPLATES:
        usual = urlsplit(template.base_url)
        if template.kind is ServerKind.OPENAI and host == usual.hostname:
            return template.kind
        # 8000 and 8080 are everybody's ports.
        if template.kind in (ServerKind.OLLAMA, ServerKind.LM_STUDIO) and port == usual.port:
            return template.kind
    return None


def servers_from_environment(
    environment: Mapping[str, str], dotenv_path: Path | None
) -> tuple[Server, str | None] | None:
    """Return the server that OPENAI_API_KEY and OPENAI_BASE_URL describe, with its key; None without both.

    The environment comes before the `.env` file. The file's address is never used with the environment's
    key: a downloaded folder could send it anywhere. Unusable values are logged, without the key, and left.
    """
    from_file = _read_dotenv(dotenv_path)
    key, address = environment.get("OPENAI_API_KEY", ""), environment.get("OPENAI_BASE_URL", "")
    if not key.strip():
        key = from_file.get("OPENAI_API_KEY", "")
        address = address if address.strip() else from_file.get("OPENAI_BASE_URL", "")
    if not key.strip() and not address.strip():
        return None
    try:
        base_url = normalise_base_url(address) if address.strip() else OPENAI_ADDRESS
        checked = check_key(key) or None
    except (AddressInvalid, KeyInvalid) as error:
        log.warning("OPENAI_API_KEY or OPENAI_BASE_URL is not usable: %s", type(error).__name__)
        return None
    kind = guess_kind(base_url) or ServerKind.OTHER
    titles = {template.kind: template.name for template in SERVER_TEMPLATES}
    name = urlsplit(base_url).netloc if kind is ServerKind.OTHER else titles[kind]
    return Server(ENVIRONMENT_SERVER_ID, name, base_url, kind, has_key=checked is not None), checked


def _read_dotenv(path: Path | None) -> dict[str, str]:
    import dotenv

    if path is None or not path.is_file():
        return {}
    try:
        # Without interpolation: ${NAME} would put any other variable into an address.
        values = dotenv.dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError):
        log.warning("The .env file of the working folder cannot be read")
        return {}
    return {name: value for name, value in values.items() if value is not None}
