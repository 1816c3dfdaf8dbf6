"""Models that run on this computer: their files, what these say of themselves, how they are run, what they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

BUILT_IN_MODEL_ID = "built-in"
CACHE_TYPES = ("f16", "q8_0", "q4_0")  # of the table of keys and values, best first
POOLINGS = ("mean", "cls", "last")  # how the vectors of tokens become that of a text, as llama.cpp names it


class ModelKind(StrEnum):
    """What a GGUF file can be used for."""

    CHAT = "chat"
    EMBEDDING = "embedding"
    RERANKING = "reranking"
    PROJECTOR = "projector"  # pictures for a chat model
    ADAPTER = "adapter"  # LoRA, changes a chat model
    OTHER = "other"  # speech, pictures, a vocabulary alone


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How a model is run; None and "" are automatic: what was measured to be best, or what the file says."""

    context: int | None = None  # tokens
    gpu_layers: int | None = None  # 0: none
    threads: int | None = None
    flash_attention: bool | None = None
    cache_type: str = ""  # one of CACHE_TYPES, for keys and values alike
    chat_template: str = ""  # Jinja
    loras: tuple[str, ...] = ()  # paths of adapters, each with its whole strength
    projector: str = ""  # path of the file for pictures
    ngram_speculation: bool | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what differs from automatic, JSON-ready."""
        plain = EngineSettings()
        changed = {name: value for name, value in asdict(self).items() if value != getattr(plain, name)}
        if self.loras:
            changed["loras"] = list(self.loras)
        return changed

    @classmethod
    def from_json(cls, stored: object) -> EngineSettings:
        """Return what `to_json` made; what is damaged or out of its range is automatic."""
        found = stored if isinstance(stored, Mapping) else {}
        loras = found.get("loras")
        return cls(
            context=_whole(found.get("context"), 1),
            gpu_layers=_whole(found.get("gpu_layers"), 0),
            threads=_whole(found.get("threads"), 1),
            flash_attention=_switch(found.get("flash_attention")),
            cache_type=_text(found.get("cache_type"), CACHE_TYPES),
            chat_template=_text(found.get("chat_template")),
            loras=tuple(path for path in loras if _text(path)) if isinstance(loras, list) else (),
            projector=_text(found.get("projector")),
            ngram_speculation=_switch(found.get("ngram_speculation")),
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a downloaded file came from; `revision` is a commit, `sha256` hexadecimal or "" where it is not known."""

    repository: str
    file: str  # its path there; of a split model that of the first part
    revision: str = ""
    sha256: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: object) -> Origin | None:
        """Return what `to_json` made, None where it is damaged or was none."""
        found = stored if isinstance(stored, Mapping) else {}
        values = [_text(found.get(name)) for name in ("repository", "file", "revision", "sha256")]
        return cls(*values) if values[0] and values[1] else None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a GGUF file says of itself; "", 0 and None stand for what it does not say."""

    architecture: str = ""
    title: str = ""  # the name in the file, which need not be that of the file
    parameters: int = 0
    quantisation: str = ""  # as llama.cpp names it: Q4_K_M
    context_length: int | None = None  # tokens that it was trained with
    licence: str = ""
    kind: ModelKind = ModelKind.CHAT
    has_template: bool = False
    bytes: int = 0  # of all its files
    active_bytes: int = 0  # that are read for a token: less than `bytes` where there are experts
    parts: int = 1  # files that it is split into
    layers: int = 0
    cache_bytes: int | None = None  # of a token's keys and values as f16
    dimension: int = 0  # of its vectors
    pooling: str = ""  # of an embedding model: mean, cls, last

    def to_json(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: object) -> ModelFacts:
        """Return what `to_json` made; what is damaged counts as not said."""
        found = dict(stored) if isinstance(stored, Mapping) else {}
        plain = cls()
        values: dict[str, Any] = {}
        for entry in fields(cls):
            value, default = found.get(entry.name), getattr(plain, entry.name)
            if isinstance(default, ModelKind):
                values[entry.name] = next((kind for kind in ModelKind if kind == value), default)
            elif isinstance(default, bool):
                values[entry.name] = value is True
            elif isinstance(default, str):
                values[entry.name] = _text(value)
            else:
                values[entry.name] = _whole(value, 0) if default is None else _whole(value, 0) or default
        return cls(**values)


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model of this computer. `path` is its (first) file, None for the one that ships with the program."""

    id: str
    name: str  # no two have the same
    path: Path | None
    facts: ModelFacts
    settings: EngineSettings = field(default_factory=EngineSettings)
    origin: Origin | None = None  # None: a file of the person's own
    tokens_per_second: float | None = None  # of its last answer
    last_used: datetime | None = None

    @property
    def is_onnx(self) -> bool:
        """Whether it is an ONNX file, which makes vectors; all others are GGUF."""
        return self.path is not None and self.path.suffix.lower() == ".onnx"

    @property
    def ships(self) -> bool:
        """Whether it is the one that ships with the program."""
        return self.id == BUILT_IN_MODEL_ID


@dataclass(frozen=True, slots=True)
class Device:
    """A graphics processor that llama.cpp can compute with; memory in bytes."""

    name: str
    memory: int
    free: int


@dataclass(frozen=True, slots=True)
class Machine:
    """What models are run with here; `memory` and `available` in bytes, None where the system does not tell."""

    memory: int | None
    available: int | None
    cores: int
    devices: tuple[Device, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a model runs on a machine. `reason` is a sentence with the numbers."""

    verdict: Literal["well", "slowly", "no"]
    memory: int  # bytes that it takes with this window
    context: int  # tokens of the window that it would run with
    reason: str


# What the file that ships says; `test_examine` compares it with the file.
BUILT_IN_LOCAL_MODEL = LocalModel(
    BUILT_IN_MODEL_ID,
    "SmolLM2-135M-Instruct",
    None,
    ModelFacts(
        architecture="llama",
        title="SmolLM2 135M Instruct",
        parameters=134_515_008,
        quantisation="Q4_1",
        context_length=8192,
        licence="apache-2.0",
        has_template=True,
        bytes=98_362_432,
        active_bytes=96_576_768,
        layers=30,
        cache_bytes=23_040,
        dimension=576,
    ),
)


def _whole(value: object, least: int) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value < 2**63:
        return None
    return value


def _switch(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _text(value: object, allowed: tuple[str, ...] = ()) -> str:
    return value if isinstance(value, str) and (not allowed or value in allowed) else ""
