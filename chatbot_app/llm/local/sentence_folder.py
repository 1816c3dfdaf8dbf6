"""An embedding model as sentence-transformers and its exports lay it down: an ONNX file with its tokenizer and settings.

    model.onnx (or onnx/model.onnx), tokenizer.json      the model
    config.json                                          architecture, size, positions
    1_Pooling/config.json, modules.json                  how the vectors of tokens become one
    sentence_bert_config.json, tokenizer_config.json     the longest text
    config_sentence_transformers.json                    prefixes ("prompts")

Nothing is computed here, and of a large file only the names of its inputs and outputs are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatbot_app.core.embedding_prefixes import NO_RULE, PrefixRule, stated_rule
from chatbot_app.core.local_models import POOLINGS, ModelFacts, ModelKind
from chatbot_app.core.model_errors import ModelFileError, ModelMakesNoVectors, ModelNotWhole
from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.local.onnx_outline import OnnxOutline, read_outline

PROMPTS_FILE = "config_sentence_transformers.json"
TOKENIZER_FILE = "tokenizer.json"
POOLING_FOLDER = "1_Pooling"
_POOLING_FILE = f"{POOLING_FOLDER}/config.json"
# Nobody else has these.
SENTENCE_MARKS = (_POOLING_FILE, "modules.json", PROMPTS_FILE, "sentence_bert_config.json")
SETTINGS_FILES = (*SENTENCE_MARKS, "config.json", "tokenizer_config.json")  # all that is read here
LONGEST_TEXT = 2048  # tokens; see `vector_parameters.LONGEST_TEXT`
_LARGEST_SETTINGS = 1 << 20  # bytes of a file of settings; they have some hundred
_LARGEST_TOKENIZER = 100 << 20
_USUAL_PLACES = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
_GIVEN = frozenset(("input_ids", "attention_mask", "token_type_ids", "position_ids"))
_TOKEN_OUTPUTS = ("last_hidden_state", "token_embeddings")
_VECTOR_OUTPUTS = ("sentence_embedding", "text_embeds")  # one vector a text, made in the file
_LONGEST_MADE_UP = 100_000  # tokenizers write 10^30 for "no limit"
_POOLING_KEYS = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_lasttoken": "last",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean",  # of another length, and lengths are made 1
}


@dataclass(frozen=True, slots=True)
class SentenceFolder:
    """Such a model. `pooling` is "" where the file itself makes one vector of a text; `output` names what is read."""

    model: Path
    tokenizer: Path
    inputs: tuple[str, ...]
    output: str
    pooling: str
    longest: int  # tokens of a text
    pad_id: int
    rule: PrefixRule = NO_RULE
    facts: ModelFacts = field(default_factory=ModelFacts)


def onnx_file(path: Path) -> Path | None:
    """Return the ONNX file that a path means: itself, or that of a folder of a model; None where it is none."""
    if path.suffix.lower() == ".onnx":
        return path
    try:
        if not path.is_dir():
            return None
        for name in _USUAL_PLACES:
            if (path / name).is_file():
                return path / name
        others = sorted(
            file
            for place in (path, path / "onnx")
            if place.is_dir()
            for file in place.iterdir()
            if file.suffix.lower() == ".onnx"
        )
    except OSError:
        return None
    return others[0] if others else None


def read_sentence_folder(path: Path, pooling: str = "") -> SentenceFolder:
    """Read what lies beside an ONNX file. `pooling` of POOLINGS takes the place of what the model says.

    Raises ModelFileError, ModelNotWhole, ModelMakesNoVectors.
    """
    shown = visible_text(str(path))
    if not path.is_file():
        raise ModelFileError(path=shown, detail="there is no such file.")
    places = tuple(dict.fromkeys((path.parent, path.parent.parent)))
    tokenizer = _tokenizer_beside(places, shown)
    outline = _outline_of_texts(path, shown)
    inputs, outputs = outline.inputs, outline.outputs
    config = _settings(_beside(places, "config.json"))
    modules = _module_kinds(_settings_list(_beside(places, "modules.json")))
    made = next((name for name in _VECTOR_OUTPUTS if name in outputs), "")
    if not made and "Dense" in modules:
        raise ModelMakesNoVectors(
            path=shown, detail="its vectors pass a further layer (“Dense”) that the ONNX file does not have."
        )
    output = made or next((name for name in _TOKEN_OUTPUTS if name in outputs), "")
    own = "" if made else _pooling(_settings(_beside(places, _POOLING_FILE)), shown, pooling)
    size = path.stat().st_size + sum(map(_size, _data_files(path)))
    longest = _longest(places, config)
    return SentenceFolder(
        model=path,
        tokenizer=tokenizer,
        inputs=inputs,
        output=output or (outputs[0] if outputs else ""),
        pooling="" if made else (pooling or own or "mean"),
        longest=longest,
        pad_id=_whole(config.get("pad_token_id")) or 0,
        rule=rule_beside(path),
        facts=ModelFacts(
            architecture=_words(config.get("model_type")),
            title=_words(config.get("_name_or_path")) or folder_title(path),
            parameters=outline.parameters,
            quantisation="ONNX",
            context_length=longest,
            kind=ModelKind.EMBEDDING,
            bytes=size,
            active_bytes=size,
            dimension=_whole(config.get("hidden_size")) or _whole(config.get("dim")) or 0,
            pooling="" if made else (own or "mean"),
        ),
    )


def _tokenizer_beside(places: Iterable[Path], shown: str) -> Path:
    """Return the tokenizer's file. Raises ModelFileError."""
    tokenizer = _beside(places, TOKENIZER_FILE)
    if tokenizer is None or tokenizer.stat().st_size > _LARGEST_TOKENIZER:
        raise ModelFileError(
            path=shown,
            detail="its “tokenizer.json” does not lie beside it. Put both into one folder: the publisher has them.",
        )
    return tokenizer


def _outline_of_texts(path: Path, shown: str) -> OnnxOutline:
    """Return what a model takes and makes, if it takes texts alone. Raises ModelNotWhole, ModelMakesNoVectors."""
    try:
        outline = read_outline(path)
    except (ValueError, OSError) as exc:
        raise ModelNotWhole(path=shown, detail="it ends too early, or is no ONNX model.") from exc
    unknown = [name for name in outline.inputs if name not in _GIVEN]
    if "input_ids" not in outline.inputs or unknown or not outline.outputs:
        wants = ", ".join(f"“{visible_text(name)[:40]}”" for name in unknown[:3])
        raise ModelMakesNoVectors(
            path=shown, detail=f"it wants {wants or 'something else than text'}, which texts do not have."
        )
    return outline


def rule_beside(path: Path) -> PrefixRule:
    """Return the prefixes that a file of the model's publisher beside it states, NO_RULE where there is none."""
    prompts = _settings(_beside((path.parent, path.parent.parent), PROMPTS_FILE)).get("prompts")
    return stated_rule(prompts, PROMPTS_FILE) or NO_RULE


def folder_title(path: Path) -> str:
    """Return what an ONNX file is called as a model: as its folder, for all of them are called alike."""
    folder = path.parent.parent if path.parent.name == "onnx" else path.parent
    if re.fullmatch(r"[0-9a-f]{40}", folder.name) and folder.parent.name == "snapshots":
        folder = folder.parent.parent  # of Hugging Face's cache: models--owner--name/snapshots/commit
    return visible_text(folder.name.rpartition("--")[2])[:120] or "Model"


def is_sentence_model(path: Path) -> bool:
    """Whether an ONNX file lies in a folder as sentence-transformers lays it down; nothing is opened."""
    places = (path.parent, path.parent.parent)
    named = any(_beside(places, name) for name in SENTENCE_MARKS)
    return named and _beside(places, TOKENIZER_FILE) is not None


def data_number(model: str, path: str) -> int | None:
    """Return the place of a file among those with the weights of an ONNX file, by their names; None for any other.

    Exporters call them model.onnx_data, model.onnx.data, and where there are several model.onnx_data_1 and so on.
    """
    if not path.startswith(model):
        return None
    found = re.fullmatch(r"[._]data(?:_(\d{1,4}))?", path[len(model) :])
    return int(found[1] or 0) if found is not None else None


def files_of_set(path: Path) -> tuple[Path, ...]:
    """Return the files of an ONNX model in a folder of its own: the model, its weights, its tokenizer and settings."""
    settings = [path.parent / name for name in (TOKENIZER_FILE, *SETTINGS_FILES)]
    return (path, *_data_files(path), *(file for file in settings if file.is_file()))


def _data_files(path: Path) -> list[Path]:
    """Return the files with the weights of an ONNX file that lie beside it; none where the folder cannot be listed."""
    try:
        return sorted(
            other for other in path.parent.iterdir() if data_number(path.name, other.name) is not None
        )
    except OSError:
        return []


def _pooling(settings: Mapping[str, Any], shown: str, wanted: str) -> str:
    named = settings.get("pooling_mode")
    if isinstance(named, str) and named in POOLINGS:
        return named
    chosen = [name for key, name in _POOLING_KEYS.items() if settings.get(key) is True]
    others = [key for key, value in settings.items() if key.startswith("pooling_mode_") and value is True]
    if len(others) > 1 or (others and not chosen):
        if wanted:
            return ""
        raise ModelMakesNoVectors(
            path=shown,
            detail=f"it joins the vectors of tokens in a way that is not known here: {', '.join(others)}.",
        )
    return chosen[0] if chosen else ""


def _longest(places: Iterable[Path], config: Mapping[str, Any]) -> int:
    """Return how many tokens of a text are read: as the model says, never more than it has positions for."""
    places = tuple(places)
    stated = _whole(_settings(_beside(places, "sentence_bert_config.json")).get("max_seq_length")) or _whole(
        _settings(_beside(places, "tokenizer_config.json")).get("model_max_length")
    )
    positions = _whole(config.get("max_position_embeddings"))
    # RoBERTa's positions begin after the padding token's.
    if positions and str(config.get("model_type")) in ("roberta", "xlm-roberta", "camembert", "mpnet"):
        positions -= 2
    limits = [limit for limit in (stated, positions) if limit and limit < _LONGEST_MADE_UP]
    return max(8, min([*limits, LONGEST_TEXT])) if limits else 512


def _beside(places: Iterable[Path], name: str) -> Path | None:
    return next((place / name for place in places if (place / name).is_file()), None)


def _settings(path: Path | None) -> dict[str, Any]:
    found = _read_json(path)
    return found if isinstance(found, dict) else {}


def _settings_list(path: Path | None) -> list[Any]:
    found = _read_json(path)
    return found if isinstance(found, list) else []


def _read_json(path: Path | None) -> Any:
    if path is None:
        return None
    try:
        if path.stat().st_size > _LARGEST_SETTINGS:
            return None
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _module_kinds(modules: Iterable[object]) -> set[str]:
    named = [module.get("type") for module in modules if isinstance(module, dict)]
    return {kind.rpartition(".")[2] for kind in named if isinstance(kind, str)}


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31 else None


def _words(value: object) -> str:
    return " ".join(visible_text(value).split())[:120] if isinstance(value, str) else ""
