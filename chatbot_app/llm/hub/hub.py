"""A model hub: searched, and asked what a repository holds. Nothing is contacted before one of the methods is called."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chatbot_app.core.hub_errors import (
    HubAnswersOddly,
    HubFileIncomplete,
    HubFileNotFound,
    HubNotFound,
    HubNothingToRun,
)
from chatbot_app.core.hub_models import FilePart, FoundRepository, Repository, RepositoryFile
from chatbot_app.core.local_models import ModelKind
from chatbot_app.core.text import first_words
from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.hub.addresses import endpoint_of, host_of, is_file_path, is_repository
from chatbot_app.llm.hub.files import kind_of, models_of

if TYPE_CHECKING:
    from huggingface_hub.hf_api import ModelInfo

    from chatbot_app.llm.hub.errors import Asked

TOKEN_ID = "hugging-face"  # under which the key store keeps the token
MOST_FOUND = 30
SECONDS = 20.0  # for the answer about a repository, between two packets
_ONNX_EMBEDDINGS = ("onnx", "feature-extraction")
_SOUGHT = (("gguf",), _ONNX_EMBEDDINGS)  # tags that a repository has all of
_SEARCHED = ["downloads", "gated", "gguf", "lastModified", "likes", "tags"]
_HEX = frozenset("0123456789abcdef")
_LARGEST = 1 << 50  # bytes; what says more is a mistake


class Hub:
    """The hub at `endpoint`; `token` gives what it is asked with, None or "" for nothing.

    The methods raise HubError (see `core.hub_errors`), KeyInvalid and ProxyUnusable, and block until the hub has answered.
    """

    def __init__(self, endpoint: str | None = None, token: Callable[[], str | None] = lambda: None) -> None:
        """Without an `endpoint` HF_ENDPOINT counts, else the public one: read when something is asked."""
        self._endpoint = endpoint
        self._token = token

    @property
    def endpoint(self) -> str:
        """Its address, without a slash at the end. Raises HubAddressUnusable."""
        return self._endpoint.rstrip("/") if self._endpoint is not None else endpoint_of(os.environ)

    @property
    def name(self) -> str:
        """What it is called: its host."""
        return host_of(self.endpoint)

    def token(self) -> str:
        """Return the token, "" for none; it belongs to no other host than this hub's. Raises KeyInvalid."""
        from chatbot_app.llm.servers import check_key

        return check_key(self._token() or "")

    def search(self, text: str, most: int = MOST_FOUND) -> list[FoundRepository]:
        """Return repositories whose name holds `text`, those first that are downloaded most.

        They have GGUF files, or are embedding models in ONNX form, for which the hub is asked a second time.
        """
        from chatbot_app.llm.hub.library import library_at

        library = library_at(self.endpoint)
        token = self.token()
        with self.asked(has_token=bool(token)).in_our_errors():
            repositories: dict[str, FoundRepository] = {}
            for tags in _SOUGHT:
                found = library.list_models(
                    search=text.strip() or None,
                    filter=list(tags),
                    sort="downloads",
                    limit=most,
                    expand=_SEARCHED,  # type: ignore[arg-type]  # its names are literals there, and a list of text here
                    token=token or False,
                )
                for info in found:
                    is_named = kind_of("", str(info.id)) is ModelKind.EMBEDDING
                    repository = _found(info, makes_vectors=tags == _ONNX_EMBEDDINGS or is_named)
                    repositories.setdefault(repository.id, repository)
        usable = [repository for repository in repositories.values() if is_repository(repository.id)]
        return sorted(usable, key=lambda repository: -repository.downloads)

    def repository(self, repository: str, revision: str = "") -> Repository:
        """Return the GGUF models and the embedding models in ONNX form of a repository with sizes and checksums.

        Raises HubNothingToRun where there is none.
        """
        from chatbot_app.llm.hub.library import library_at

        if not is_repository(repository):
            raise HubNotFound(hub=self.name, repository=first_words(repository, 120))
        library = library_at(self.endpoint)
        token = self.token()
        asked = self.asked(repository, revision, has_token=bool(token))
        with asked.in_our_errors():
            info = library.model_info(
                repository,
                revision=revision or None,
                timeout=SECONDS,
                files_metadata=True,
                token=token or False,
            )
            read = _repository(info, repository)
        if not read.files:
            raise HubNothingToRun(hub=self.name, repository=repository)
        if not read.commit:
            raise HubAnswersOddly(hub=self.name, detail=": it names no commit")
        return read

    def asked(
        self, repository: str = "", revision: str = "", file: str = "", *, has_token: bool = False
    ) -> Asked:
        """Return what turns errors of a request into ours."""
        from chatbot_app.llm.hub.errors import Asked

        return Asked(self.endpoint, repository, revision, file, has_token=has_token)


def chosen_file(repository: Repository, wanted: str) -> RepositoryFile:
    """Return a model of a repository by the path of one of its files, their name, or a quantisation.

    Raises HubFileNotFound with some of those that are there, HubFileIncomplete.
    """
    said = wanted.casefold()
    names: list[Callable[[RepositoryFile], bool]] = [
        lambda file: any(part.path == wanted for part in file.parts),
        lambda file: any(part.path.casefold() == said for part in file.parts),
        lambda file: any(part.path.rpartition("/")[2].casefold() == said for part in file.parts),
        lambda file: file.quantisation.casefold() == said,
    ]
    for matches in names:
        for file in repository.files:
            if matches(file):
                if not file.is_whole:
                    raise HubFileIncomplete(repository=repository.id, file=shown(file.path))
                return file
    offered = [shown(file.path) for file in repository.files][:5]
    raise HubFileNotFound(
        repository=repository.id,
        file=shown(wanted),
        offered=f"There are {', '.join(offered)}." if offered else "",
    )


def shown(path: str) -> str:
    """Return the path of a file in a repository as it is shown: it is a stranger's text."""
    return first_words(visible_text(path), 120)


def title_of(repository: str, path: str) -> str:
    """Return what a model is called while it is downloaded: its file, and its repository where all are called alike."""
    file = path.rpartition("/")[2]
    return shown(f"{repository.rpartition('/')[2]}, {file}" if file.lower().endswith(".onnx") else file)


def _found(info: ModelInfo, *, makes_vectors: bool) -> FoundRepository:
    parameters, architecture, context = _gguf(info)
    return FoundRepository(
        id=str(info.id),
        downloads=_count(info.downloads) or 0,
        likes=_count(info.likes) or 0,
        gated=info.gated not in (None, False),
        updated=info.last_modified.date().isoformat() if info.last_modified else "",
        licence=_licence(info),
        parameters=parameters,
        architecture=architecture,
        context_length=context,
        makes_vectors=makes_vectors,
    )


def _repository(info: ModelInfo, asked_for: str) -> Repository:
    parameters, architecture, context = _gguf(info)
    parts = []
    for sibling in info.siblings or []:
        if not isinstance(sibling.rfilename, str) or not is_file_path(sibling.rfilename):
            continue
        sha256 = _hexadecimal(sibling.lfs.sha256, 64) if sibling.lfs is not None else ""
        size = sibling.lfs.size if sibling.lfs is not None else sibling.size
        git_sha1 = "" if sibling.lfs is not None else _hexadecimal(sibling.blob_id, 40)
        parts.append(FilePart(sibling.rfilename, _count(size), sha256, git_sha1))
    # A repository that was renamed answers under its new name.
    name = info.id if isinstance(info.id, str) and is_repository(info.id) else asked_for
    return Repository(
        id=name,
        commit=_hexadecimal(info.sha, 40),
        files=models_of(parts, name),
        gated=info.gated not in (None, False),
        licence=_licence(info),
        parameters=parameters,
        architecture=architecture,
        context_length=context,
    )


def _gguf(info: ModelInfo) -> tuple[int, str, int | None]:
    said: Any = info.gguf if isinstance(info.gguf, dict) else {}
    architecture = said.get("architecture")
    return (
        _count(said.get("total")) or 0,
        first_words(architecture, 40) if isinstance(architecture, str) else "",
        _count(said.get("context_length")) or None,
    )


def _licence(info: ModelInfo) -> str:
    tags = info.tags if isinstance(info.tags, list) else []
    named = [tag.partition(":")[2] for tag in tags if isinstance(tag, str) and tag.startswith("license:")]
    return first_words(visible_text(named[0]), 60) if named else ""


def _count(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value < _LARGEST else None


def _hexadecimal(value: object, length: int) -> str:
    if not isinstance(value, str) or len(value) != length or not _HEX.issuperset(value.lower()):
        return ""
    return value.lower()
