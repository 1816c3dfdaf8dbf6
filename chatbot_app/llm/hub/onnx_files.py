"""The embedding models in ONNX form among the files of a repository, each with all that belongs to it.

Repositories lay them down as sentence-transformers and transformers.js do (`llm.local.sentence_folder` reads that):
several ONNX files of one model, in the root or in `onnx/`, and one tokenizer and one set of settings for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from chatbot_app.core.hub_models import FilePart, RepositoryFile
from chatbot_app.core.local_models import ModelKind
from chatbot_app.llm.hub.names import MOST_ONNX_BYTES, is_safe_name
from chatbot_app.llm.local.processor import processor_features
from chatbot_app.llm.local.sentence_folder import SENTENCE_MARKS, SETTINGS_FILES, TOKENIZER_FILE, data_number

_TOKEN = r"(?i)(?<![a-z0-9])(?:{})(?![a-z0-9])"
# A part of a larger model: alone it makes no vectors of texts.
_NOT_WHOLE = re.compile(
    r"(?i)(decoder|encoder|vision|audio|image|preprocess|rerank|cross|classif|splade|colbert)"
)
_PRECISIONS = (
    (re.compile(_TOKEN.format("q4f16")), "ONNX q4f16"),
    (re.compile(_TOKEN.format("q4|int4|uint4|bnb4")), "ONNX q4"),
    (re.compile(_TOKEN.format("quantized|q?u?int8(_avx\\w+|_arm\\w+)?|q8|i8")), "ONNX int8"),
    (re.compile(_TOKEN.format("fp16|f16|float16|O4")), "ONNX f16"),
    (re.compile(_TOKEN.format("bf16|bfloat16")), "ONNX bf16"),
)
FULL = "ONNX"  # all weights as they were trained
# What onnxruntime computes fast on a processor, best first; f16 is made for graphics, and computed slowly here.
_CHOICE = ("ONNX int8", FULL, "ONNX q4", "ONNX q4f16", "ONNX f16", "ONNX bf16")
# Weights that were quantised for the instructions of a kind of processor lose accuracy on others: products of two
# bytes are then added up in 16 bits (onnxruntime, "Quantize ONNX models", on VNNI).
_MADE_FOR = ("avx512_vnni", "avx512", "avx2", "arm64")


def onnx_models_of(
    parts: Iterable[FilePart], is_embedding: Callable[[str], bool]
) -> tuple[RepositoryFile, ...]:
    """Return the embedding models among the files of a repository, each file with its data, tokenizer and settings.

    Without a sign of sentence-transformers, `is_embedding` says of a file's name whether it is one.
    """
    by_path = {part.path: part for part in parts}
    found = []
    for path, part in by_path.items():
        folder, _, name = path.rpartition("/")
        if not name.lower().endswith(".onnx") or _NOT_WHOLE.search(path) or not is_usable_name(name):
            continue
        places = [f"{one}/" if one else "" for one in (folder, folder.rpartition("/")[0])]
        beside = {name: _nearest(by_path, places, name) for name in (TOKENIZER_FILE, *SETTINGS_FILES)}
        marked = any(beside[mark] for mark in SENTENCE_MARKS) or is_embedding(path)
        if beside[TOKENIZER_FILE] is None or not marked:
            continue
        data = sorted(
            (other for other in by_path if data_number(path, other) is not None),
            key=lambda other: data_number(path, other) or 0,
        )
        others = [one for one in beside.values() if one is not None and one.size != 0]
        whole = (part, *(by_path[other] for other in data), *others)
        found.append(RepositoryFile(whole, precision_of(path), ModelKind.EMBEDDING))
    return tuple(found)


def is_onnx(file: RepositoryFile) -> bool:
    """Whether a model of a repository is one of these."""
    return file.path.lower().endswith(".onnx")


def is_usable_name(name: str) -> bool:
    """Whether a file can be called here as it is called there, which an ONNX file that names its data has to be."""
    return len(name.encode()) <= MOST_ONNX_BYTES and is_safe_name(name)


def precision_of(path: str) -> str:
    """Return how the weights of a file are kept, as its name says it; FULL where it says nothing, "" for others."""
    if not path.lower().endswith(".onnx"):
        return ""
    stem = path.rpartition("/")[2].removesuffix(".onnx").replace("_", " ").replace("-", " ")
    joined = re.sub(r"(?i)(int8) (avx|arm)", r"\1_\2", stem)
    return next((words for pattern, words in _PRECISIONS if pattern.search(joined)), FULL)


def onnx_rank(file: RepositoryFile, features: frozenset[str] | None = None) -> int:
    """Return how early a file is to be chosen among those of its repository on this processor: 0 is first."""
    features = processor_features() if features is None else features
    name = file.path.rpartition("/")[2].lower()
    made_for = next((kind for kind in _MADE_FOR if kind in name), "")
    if made_for and made_for not in features:
        return 100
    precision = _CHOICE.index(file.quantisation) if file.quantisation in _CHOICE else len(_CHOICE)
    return 10 * precision + (_MADE_FOR.index(made_for) if made_for else len(_MADE_FOR))


def _nearest(by_path: Mapping[str, FilePart], places: Iterable[str], name: str) -> FilePart | None:
    return next((by_path[place + name] for place in places if place + name in by_path), None)
