"""Which tokenizers there are, and each by its name: OpenAI's tables, the built-in models', those of files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from chatbot_app.core.local_models import LocalModel, ModelKind
from chatbot_app.core.model_errors import TokenizerUnknown, TokenizerUnusable
from chatbot_app.core.paths import resources_dir
from chatbot_app.core.token_tables import ENCODINGS, TokenTableDamaged
from chatbot_app.lab.tokenizers import Tokenizer
from chatbot_app.llm.local.server_child import LocalEndpoint
from chatbot_app.llm.model_files import BUILT_IN_MODEL, find_model_file

BUILT_IN = "built-in"
EMBEDDING = "embedding"
_EMBEDDING_FILE = "all-minilm-l6-v2.tokenizer.json"
_EMBEDDING_INPUT = 256  # tokens that the embedding model reads at once (its documentation)

# The longest input of the largest well-known model of each table: OpenAI, platform.openai.com/docs/models; of GPT-2
# and GPT-3 their papers (Radford et al. 2019; Brown et al. 2020).
_LONGEST_INPUTS = {
    "gpt2": 1024,
    "r50k_base": 2049,
    "p50k_base": 4097,
    "cl100k_base": 128_000,
    "o200k_base": 1_047_576,
}


class TokenizerKind(StrEnum):
    """Where a tokenizer comes from."""

    TABLE = "table"
    BUILT_IN = "built-in"
    EMBEDDING = "embedding"
    MODEL = "model"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class TokenizerChoice:
    """A tokenizer that can be opened: reading one takes up to some seconds, so it is done off the GUI thread."""

    name: str  # unique, and what the command line calls it
    kind: TokenizerKind
    open: Callable[[], Tokenizer]
    of: str = ""  # what it is used by, in names


class TokenizerShelf:
    """Keeps the tokenizers that were opened last; for one thread."""

    def __init__(self, most: int = 8) -> None:
        """Keep so many."""
        self._most = most
        self._opened: dict[str, Tokenizer] = {}

    def take(self, choice: TokenizerChoice) -> Tokenizer:
        """Return a tokenizer, opened where it is not kept. Raises TokenizerUnusable."""
        found = self._opened.pop(choice.name, None) or choice.open()
        self._opened[choice.name] = found
        while len(self._opened) > self._most:
            del self._opened[next(iter(self._opened))]
        return found


_USED_BY = {
    "gpt2": "GPT-2",
    "r50k_base": "GPT-3",
    "p50k_base": "Codex, text-davinci-003",
    "cl100k_base": "GPT-4, text-embedding-3",
    "o200k_base": "GPT-4o, GPT-5, gpt-oss",
}


Served = Callable[[str], LocalEndpoint | None]  # where a model answers that is loaded, by its id


def tokenizer_choices(
    models: Sequence[LocalModel] = (), served: Served = lambda _: None
) -> list[TokenizerChoice]:
    """Return all that are known, the built-in model's first; nothing is read.

    A model whose tokenizer only llama.cpp knows is asked where it answers: `served`.
    """
    choices = [
        TokenizerChoice(BUILT_IN, TokenizerKind.BUILT_IN, _open_built_in, "SmolLM2-135M-Instruct"),
        *(
            TokenizerChoice(name, TokenizerKind.TABLE, _open_table(name), _USED_BY[name])
            for name in reversed(ENCODINGS)
        ),
        TokenizerChoice(EMBEDDING, TokenizerKind.EMBEDDING, _open_embedding, "all-MiniLM-L6-v2"),
    ]
    taken = {choice.name.casefold() for choice in choices}
    for model in models:
        path = model.path
        if path is not None and model.facts.kind not in (ModelKind.PROJECTOR, ModelKind.ADAPTER):
            name = model.name if model.name.casefold() not in taken else str(path)
            choices.append(TokenizerChoice(name, TokenizerKind.MODEL, _open_model(model, path, served)))
    return choices


def choice_of_file(path: Path) -> TokenizerChoice:
    """Return the tokenizer of a `tokenizer.json` (or its folder), of a GGUF or an ONNX file; whether it is one is seen when it is opened."""
    return TokenizerChoice(str(path), TokenizerKind.FILE, _open_file(path, path.name), path.name)


def find_choice(name: str, models: Sequence[LocalModel] = ()) -> TokenizerChoice:
    """Return a tokenizer by its name, the name of a model or the path of a file. Raises TokenizerUnusable."""
    choices = tokenizer_choices(models)
    for choice in choices:
        if name.casefold() in (choice.name.casefold(), choice.of.casefold()):
            return choice
    path = Path(name).expanduser()
    if path.suffix.lower() in (".gguf", ".json", ".onnx") or path.exists():
        return choice_of_file(path)
    names = ", ".join(choice.name for choice in choices)
    raise TokenizerUnusable(
        name=f"“{name}”",
        detail=f"There is none of that name. There are: {names}; or the path of a tokenizer.json or a GGUF file.",
    )


def _open_table(name: str) -> Callable[[], Tokenizer]:
    def open_table() -> Tokenizer:
        from chatbot_app.lab.table_tokenizer import TableTokenizer

        try:
            return TableTokenizer(name, _LONGEST_INPUTS[name])
        except TokenTableDamaged as exc:
            raise TokenizerUnusable(name=name, detail=f"{exc}.") from exc

    return open_table


def _open_built_in() -> Tokenizer:
    path = find_model_file(BUILT_IN_MODEL.name)
    if path is None:
        raise TokenizerUnusable(name=BUILT_IN, detail="The built-in model is not on this computer.")
    return _open_file(path, BUILT_IN)()


def _open_embedding() -> Tokenizer:
    from chatbot_app.lab.library_tokenizer import LibraryTokenizer

    return LibraryTokenizer.from_file(resources_dir() / "tokenizers" / _EMBEDDING_FILE, _EMBEDDING_INPUT)


def _open_file(path: Path, name: str) -> Callable[[], Tokenizer]:
    def open_file() -> Tokenizer:
        if path.suffix.lower() == ".onnx":  # an embedding model, whose tokenizer lies beside it
            from chatbot_app.lab.library_tokenizer import LibraryTokenizer
            from chatbot_app.llm.local.sentence_folder import read_sentence_folder

            folder = read_sentence_folder(path)
            return LibraryTokenizer.from_file(folder.tokenizer, folder.longest)
        if path.suffix.lower() == ".gguf" or _begins_as_gguf(path):
            from chatbot_app.lab.gguf_tokenizer import from_gguf

            return from_gguf(path, name)
        from chatbot_app.lab.library_tokenizer import LibraryTokenizer

        return LibraryTokenizer.from_file(path / "tokenizer.json" if path.is_dir() else path)

    return open_file


def _open_model(model: LocalModel, path: Path, served: Served) -> Callable[[], Tokenizer]:
    def open_model() -> Tokenizer:
        try:
            return _open_file(path, model.name)()
        except TokenizerUnknown:
            if served(model.id) is None:
                raise
            from chatbot_app.lab.served_tokenizer import ServedTokenizer
            from chatbot_app.llm.local.gguf import read_metadata

            return ServedTokenizer(model.name, read_metadata(path), lambda: served(model.id))

    return open_model


def _begins_as_gguf(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(4) == b"GGUF"
    except OSError:
        return False
