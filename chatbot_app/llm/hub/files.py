"""The models among the files of a repository, by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chatbot_app.core.hub_models import FilePart, RepositoryFile
from chatbot_app.core.local_models import ModelKind
from chatbot_app.llm.hub.onnx_files import is_onnx, onnx_models_of, onnx_rank
from chatbot_app.llm.split_names import read_split_name

_QUANTISATION = re.compile(
    r"(?i)(?<![a-z0-9])((?:UD-)?(?:I?Q[1-8](?:_[A-Z0-9]+)*|TQ[12]_0|MXFP4(?:_MOE)?|NVFP4|BF16|F16|F32|FP16|FP32))"
    r"(?![a-z0-9])"
)
_EMBEDDING = re.compile(
    r"(?i)(embed|(^|[-_/])(e5|bge|gte|minilm|mpnet|paraphrase|labse|jina-embeddings)([-_.]|$))"
)
_RERANKING = re.compile(r"(?i)rerank")
_PROJECTOR = re.compile(r"(?i)mmproj")
_ADAPTER = re.compile(r"(?i)(^|[-_.])(lora|adapter)([-_.]|$)")
_NO_MODEL = re.compile(r"(?i)imatrix")
MOST_PARTS = 1000
# The usual order of choice where memory allows any: what llama.cpp's own table calls balanced comes first.
_CHOICE = (
    "Q4_K_M", "Q4_K_S", "Q4_K_XL", "IQ4_XS", "IQ4_NL", "Q4_0", "MXFP4", "MXFP4_MOE", "Q5_K_M", "Q5_K_S", "Q4_1",
    "Q5_0", "Q5_1", "Q6_K", "Q8_0", "Q3_K_L", "Q3_K_M", "Q3_K_S", "IQ3_M", "IQ3_S", "IQ3_XS", "IQ3_XXS", "Q2_K",
    "IQ2_M", "IQ2_S", "IQ2_XS", "IQ2_XXS", "BF16", "F16", "F32", "IQ1_M", "IQ1_S",
)  # fmt: skip


def models_of(parts: Iterable[FilePart], repository: str) -> tuple[RepositoryFile, ...]:
    """Return the GGUF models among the files of a repository, the smallest first; split ones count as one.

    Behind them, as small ones first, stand embedding models in ONNX form (`onnx_models_of`).
    """
    parts = tuple(parts)
    split: dict[tuple[str, int], dict[int, FilePart]] = {}
    found: list[RepositoryFile] = []
    for part in parts:
        name = part.path.rpartition("/")[2]
        if not name.lower().endswith(".gguf") or _NO_MODEL.search(name):
            continue
        named = read_split_name(part.path)
        if named is None:
            found.append(_model((part,), repository))
            continue
        split.setdefault((named.stem, named.count), {})[named.number] = part
    for (_, count), group in split.items():
        ordered = tuple(group[number] for number in sorted(group))
        whole = count <= MOST_PARTS and sorted(group) == list(range(1, count + 1))
        found.append(_model(ordered, repository, is_whole=whole))
    found += onnx_models_of(parts, lambda path: kind_of(path, repository) is ModelKind.EMBEDDING)
    return tuple(sorted(found, key=lambda file: (is_onnx(file), file.size, file.path)))


def quantisation_of(path: str) -> str:
    """Return the quantisation that a name says, as llama.cpp writes it (Q4_K_M), or "".

    The last one of the name counts, else that of its folder.
    """
    for name in reversed(path.split("/")):
        named = read_split_name(name)
        stem = named.stem if named is not None else name.removesuffix(".gguf").removesuffix(".GGUF")
        hits = _QUANTISATION.findall(stem)
        if hits:
            said = str(hits[-1]).upper().removeprefix("UD-")
            return {"FP16": "F16", "FP32": "F32"}.get(said, said)
    return ""


def kind_of(path: str, repository: str) -> ModelKind:
    """Return what a file is for as far as names say: the file itself has the last word when it is here."""
    name = path.rpartition("/")[2]
    if _PROJECTOR.search(name):
        return ModelKind.PROJECTOR
    if _ADAPTER.search(name):
        return ModelKind.ADAPTER
    for text in (name, repository):
        if _RERANKING.search(text):
            return ModelKind.RERANKING
        if _EMBEDDING.search(text):
            return ModelKind.EMBEDDING
    return ModelKind.CHAT


def choice_rank(file: RepositoryFile) -> int:
    """Return how early a file is to be chosen among those of its repository that run equally well: 0 is first."""
    if is_onnx(file):
        return len(_CHOICE) + 1 + onnx_rank(file)
    known = file.quantisation in _CHOICE
    return _CHOICE.index(file.quantisation) if known else len(_CHOICE)


def _model(parts: tuple[FilePart, ...], repository: str, *, is_whole: bool = True) -> RepositoryFile:
    path = parts[0].path
    return RepositoryFile(parts, quantisation_of(path), kind_of(path, repository), is_whole)
