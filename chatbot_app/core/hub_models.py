"""Models as the Hugging Face Hub offers them, and downloads of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chatbot_app.core.local_models import Fit, LocalModel, ModelKind, Origin


@dataclass(frozen=True, slots=True)
class FoundRepository:
    """A repository that a search found; "", 0 and None stand for what the hub does not say."""

    id: str  # owner/name
    downloads: int = 0  # of the last 30 days
    likes: int = 0
    gated: bool = False  # its terms have to be accepted on the hub's site first
    updated: str = ""  # an ISO date
    licence: str = ""
    parameters: int = 0
    architecture: str = ""
    context_length: int | None = None  # tokens
    makes_vectors: bool = False  # an embedding model in ONNX form, or one that is called like one


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file of a repository. Of `sha256` and `git_sha1` (that of Git's blob) one is known, or none."""

    path: str
    size: int | None  # bytes
    sha256: str = ""
    git_sha1: str = ""


@dataclass(frozen=True, slots=True)
class RepositoryFile:
    """A model in a repository: one GGUF file, all the parts of one that is split, or an ONNX file with what belongs to it."""

    parts: tuple[FilePart, ...]
    quantisation: str = ""  # as its name says: Q4_K_M
    kind: ModelKind = ModelKind.CHAT
    is_whole: bool = True  # False: parts of it are missing there

    @property
    def path(self) -> str:
        """Its path in the repository; of a split model that of the first part."""
        return self.parts[0].path

    @property
    def size(self) -> int:
        """Bytes of all parts, 0 where the hub does not say."""
        return sum(part.size or 0 for part in self.parts)


@dataclass(frozen=True, slots=True)
class Repository:
    """What a repository holds at one commit."""

    id: str
    commit: str
    files: tuple[RepositoryFile, ...]  # models, the smallest first
    gated: bool = False
    licence: str = ""
    parameters: int = 0
    architecture: str = ""
    context_length: int | None = None


@dataclass(frozen=True, slots=True)
class RecommendedModel:
    """An entry of the short list that ships (`resources/models.json`; `llm.hub.recommended` describes the fields)."""

    name: str
    repository: str
    file: str
    licence: str
    good_at: str
    kind: ModelKind
    languages: str
    parameters: int
    architecture: str = ""
    revision: str = "main"
    bytes: int | None = None
    sha256: str = ""
    cache_bytes: int | None = None
    memory: int | None = None

    @property
    def origin(self) -> Origin:
        """What is asked for to download it."""
        return Origin(self.repository, self.file, self.revision, self.sha256)


@dataclass(frozen=True, slots=True)
class Offer:
    """A file of a repository as it is offered here; `is_best` marks the one to take on this computer."""

    file: RepositoryFile
    fit: Fit
    is_best: bool = False


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommended model; `fit` is None where nothing is known of its size, `here` is it where it is here already."""

    model: RecommendedModel
    fit: Fit | None = None
    here: LocalModel | None = None


class DownloadStage(StrEnum):
    """Where a download is."""

    QUEUED = "queued"  # others are first
    ASKING = "asking"  # the hub is asked for sizes and checksums
    RECEIVING = "receiving"
    PAUSED_BY_SERVER = "paused-by-server"  # it goes on by itself
    CHECKING = "checking"
    PAUSED = "paused"  # by the person, or by the end of the program
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DownloadState:
    """A download as it is shown; `id` is that of what is downloaded, so that asking twice is one download."""

    id: str
    title: str  # the file's name
    origin: Origin
    stage: DownloadStage
    received: int = 0  # bytes
    total: int = 0  # bytes, 0 where it is not known
    bytes_per_second: float = 0.0
    seconds_left: float | None = None
    note: str = ""  # a sentence: why it waits, why it was begun anew


@dataclass(frozen=True, slots=True)
class HubAddress:
    """What a pasted address names; "" where it does not say."""

    repository: str
    file: str = ""
    revision: str = ""
    quantisation: str = ""  # of “owner/name:Q4_K_M”


def download_id(origin: Origin) -> str:
    """Return the id of a download: the same for everybody who asks for the same file."""
    return f"{origin.repository.casefold()}/{origin.file}"  # the hub knows no case in names of repositories
