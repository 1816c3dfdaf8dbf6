"""What a person pastes to name a model, and where the hub is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, unquote, urlsplit

from chatbot_app.core.hub_errors import HubAddressUnusable, NoModelAddress
from chatbot_app.core.hub_models import HubAddress
from chatbot_app.core.text import first_words

PUBLIC_ENDPOINT = "https://huggingface.co"
_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
_SCHEMES = re.compile(r"(?i)(hf|huggingface)://")
# As the hub itself allows them (huggingface_hub's `validate_repo_id`): ASCII, 96 characters a part.
_PART = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?"
_REPOSITORY = re.compile(rf"{_PART}/{_PART}")
_QUANTISATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_OTHER_KINDS = {
    "datasets": "a data set",
    "spaces": "a space",
    "collections": "a collection",
    "papers": "a paper",
}
MODEL_ENDINGS = (".gguf", ".onnx")  # of files that are models here
_PAGES = ("blob", "resolve", "raw", "tree", "edit", "blame")
_MOST_CHARACTERS = 4000


def endpoint_of(environment: Mapping[str, str]) -> str:
    """Return the address of the hub: HF_ENDPOINT, else the public one; no slash at its end.

    Raises HubAddressUnusable for one that is no http(s) address of a host.
    """
    address = environment.get("HF_ENDPOINT", "").strip()
    if not address:
        return PUBLIC_ENDPOINT
    try:
        split = urlsplit(address)
        usable = split.scheme in ("http", "https") and bool(split.hostname) and split.port != 0
        # A name and a password in it would stand in every message and log.
        usable = usable and not (split.username or split.password or split.query or split.fragment)
    except ValueError:
        usable = False
    if not usable or any(character.isspace() for character in address):
        shown = re.sub(r"//[^/@]*@", "//•••@", first_words(address, 80))
        raise HubAddressUnusable(variable="HF_ENDPOINT", address=shown)
    return address.rstrip("/")


def host_of(endpoint: str) -> str:
    """Return the hub's name for people: its host, with a port that is not the usual one."""
    return urlsplit(endpoint).netloc or endpoint


def is_repository(name: str) -> bool:
    """Whether `name` is “owner/name” as the hub allows it."""
    return (
        _REPOSITORY.fullmatch(name) is not None
        and ".." not in name
        and "--" not in name
        and not name.lower().endswith(".git")
    )


def is_file_path(path: str) -> bool:
    """Whether `path` names a file inside a repository, and nothing outside of it."""
    parts = path.split("/")
    return (
        0 < len(path) <= 1000
        and all(part not in ("", ".", "..") for part in parts)
        and "\\" not in path
        and path.isprintable()
    )


def read_address(text: str, endpoint: str = PUBLIC_ENDPOINT) -> HubAddress:
    """Return what a pasted text names: “owner/name”, “owner/name:Q4_K_M”, an address of a page or a file.

    Also “hf://…” and “hf.co/…”, and addresses at `endpoint`. Raises NoModelAddress.
    """
    pasted = text.strip().strip("<>\"'“”„«»").strip()
    shown = first_words(pasted, 120)

    def refuse(detail: str) -> NoModelAddress:
        return NoModelAddress(address=shown, hub=host_of(endpoint), detail=detail)

    if not pasted or len(pasted) > _MOST_CHARACTERS or any(character.isspace() for character in pasted):
        raise refuse("it is no address.")
    path, query = _path_of(pasted, endpoint, refuse)
    parts = [unquote(part) for part in path.split("/") if part]
    if parts[:2] == ["api", "models"]:
        parts = parts[2:]
    elif parts[:1] == ["models"]:
        parts = parts[1:]
    if parts and parts[0] in _OTHER_KINDS:
        raise refuse(f"it names {_OTHER_KINDS[parts[0]]}.")
    if len(parts) < 2:
        raise refuse("a model is named by its owner and its name.")
    name, _, quantisation = parts[1].partition(":")
    name, _, at = name.partition("@")
    repository = f"{parts[0]}/{name}"
    if not is_repository(repository):
        raise refuse("this is no name of a repository.")
    if quantisation and not _QUANTISATION.fullmatch(quantisation):
        raise refuse("what follows the colon is no quantisation.")
    revision, file = _within(parts[2:], query)
    if file and not is_file_path(file):
        raise refuse("this is no path of a file.")
    if file and not file.lower().endswith(MODEL_ENDINGS):
        raise refuse("only GGUF files can be run here, and ONNX files that make vectors.")
    return HubAddress(repository, file, revision or at, quantisation)


def _path_of(pasted: str, endpoint: str, refuse: Callable[[str], NoModelAddress]) -> tuple[str, str]:
    """Return path and query of an address on the hub, or what stands for a path."""
    without = _SCHEMES.sub("", pasted, count=1)
    if without != pasted:
        return without, ""
    bare = pasted.split("/", 1)[0].lower()
    if "://" not in pasted and (bare in _HOSTS or bare == host_of(endpoint).lower()):
        pasted = f"https://{pasted}"
    if "://" not in pasted:
        return pasted.partition("?")[0], ""
    try:
        split = urlsplit(pasted)
        host = split.hostname or ""
    except ValueError:
        raise refuse("it is no address.") from None
    own = urlsplit(endpoint)
    at_endpoint = split.netloc.rpartition("@")[2].lower() == own.netloc.lower()
    if split.scheme not in ("http", "https") or not (host in _HOSTS or at_endpoint):
        raise refuse("it leads to another place.")
    path = split.path
    if at_endpoint and own.path and path.startswith(own.path):
        path = path[len(own.path) :]
    return path, split.query


def _within(rest: list[str], query: str) -> tuple[str, str]:
    """Return revision and file of what follows the repository in an address."""
    if rest and rest[0] in _PAGES:
        page, rest = rest[0], rest[1:]
        length = 3 if rest[:1] == ["refs"] and len(rest) >= 3 else 1  # refs/pr/1
        revision, inside = "/".join(rest[:length]), "/".join(rest[length:])
        return revision, "" if page == "tree" else inside
    shown = parse_qs(query).get("show_file_info", [""])[0]  # the hub's own view of a GGUF file
    if shown:
        return "", shown
    file = "/".join(rest)
    return "", file if file.lower().endswith(MODEL_ENDINGS) else ""
