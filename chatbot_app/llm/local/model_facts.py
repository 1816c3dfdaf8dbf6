"""What the metadata of a GGUF file mean: kind, size, quantisation, what a token takes in memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from chatbot_app.core.local_models import ModelFacts, ModelKind
from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.local.ggml_types import FILE_TYPES, GGML_TYPES
from chatbot_app.llm.local.gguf import GgufMetadata, Tensor

_BYTES_OF_F16 = 2
_LONGEST_NAME = 120  # characters of what a file may say of itself

# Architectures that give vectors and no text (llama.cpp's models without a causal mask).
_EMBEDDING = frozenset(
    "bert nomic-bert nomic-bert-moe neo-bert jina-bert-v2 jina-bert-v3 modern-bert eurobert gemma-embedding"
    " gemma-embedding2 t5encoder".split()
)
_PROJECTOR = frozenset(("clip", "mmproj"))
# Speech, pictures, diffusion, encoder and decoder: no server of llama.cpp chats with them.
_NO_CHAT = frozenset(
    "t5 wavtokenizer-dec dream llada llada-moe rnd1 flux sd1 sdxl sd3 qwen_image wan".split()
)
_POOLING = {0: "", 1: "mean", 2: "cls", 3: "last", 4: "rank"}  # llama.cpp's `llama_pooling_type`
_RANK = 4
_EXPERTS = re.compile(r"\.ffn_\w+_exps\.")


def facts_of(metadata: GgufMetadata, tensors: Sequence[Tensor], size: int, parts: int = 1) -> ModelFacts:
    """Return the facts of a model of `size` bytes in so many parts; `tensors` are those of all parts."""
    pooling = _POOLING.get(_number(metadata.of_architecture("pooling_type")) or 0, "")
    return ModelFacts(
        architecture=_words(metadata, "general.architecture"),
        title=_words(metadata, "general.name"),
        parameters=_number(metadata.values.get("general.parameter_count"))
        or sum(tensor.elements for tensor in tensors),
        quantisation=_quantisation(metadata, tensors),
        context_length=_number(metadata.of_architecture("context_length")),
        licence=_words(metadata, "general.license.name") or _words(metadata, "general.license"),
        kind=_kind(metadata),
        has_template=bool(metadata.chat_template),
        bytes=size,
        active_bytes=_active_bytes(metadata, tensors) or size,
        parts=parts,
        layers=_number(metadata.of_architecture("block_count")) or 0,
        cache_bytes=bytes_per_token(metadata),
        dimension=_number(metadata.of_architecture("embedding_length")) or 0,
        pooling=pooling if pooling != "rank" else "",
    )


def bytes_per_token(metadata: GgufMetadata) -> int | None:
    """Return what a token takes in the table of keys and values (f16), None where the file does not say enough.

    Layers that look at a part of the window only are counted as the others: it is at most too much.
    """
    layers = _number(metadata.of_architecture("block_count"))
    latent = _number(metadata.of_architecture("attention.kv_lora_rank"))
    if layers is not None and latent is not None:  # DeepSeek's latent attention: one vector for all heads
        turned = _number(metadata.of_architecture("rope.dimension_count")) or 0
        return layers * (latent + turned) * _BYTES_OF_F16
    heads = _each_layer(metadata.of_architecture("attention.head_count"), layers)
    key_heads = _each_layer(metadata.of_architecture("attention.head_count_kv"), layers) or heads
    if layers is None or heads is None or key_heads is None:
        return None
    key = head_size(metadata)
    value = head_size(metadata, "value")
    if key is None or value is None:
        return None
    return sum(key_heads) * (key + value) * _BYTES_OF_F16 or None


def head_size(metadata: GgufMetadata, of: str = "key") -> int | None:
    """Return the numbers of a head's key or value, None where the file does not say enough."""
    layers = _number(metadata.of_architecture("block_count"))
    heads = _each_layer(metadata.of_architecture("attention.head_count"), layers)
    width = _number(metadata.of_architecture("embedding_length"))
    most = max(heads) if heads else 0
    own = width // most if width is not None and most else None
    return _number(metadata.of_architecture(f"attention.{of}_length")) or own


def _kind(metadata: GgufMetadata) -> ModelKind:
    architecture = _words(metadata, "general.architecture")
    kind = _words(metadata, "general.type")
    if kind == "adapter" or "adapter.type" in metadata.values:
        return ModelKind.ADAPTER
    if kind == "mmproj" or architecture in _PROJECTOR:
        return ModelKind.PROJECTOR
    if kind not in ("", "model") or architecture in _NO_CHAT:
        return ModelKind.OTHER
    pooling = _number(metadata.of_architecture("pooling_type"))
    if pooling == _RANK:
        return ModelKind.RERANKING
    causal = metadata.of_architecture("attention.causal")
    if architecture in _EMBEDDING or pooling or causal is False:
        return ModelKind.EMBEDDING
    return ModelKind.CHAT


def _quantisation(metadata: GgufMetadata, tensors: Sequence[Tensor]) -> str:
    """Return the mixture that the file names, else the type that most of its weights have."""
    named = FILE_TYPES.get(metadata.values.get("general.file_type"))  # type: ignore[arg-type]  # whatever a stranger's file holds: what is no number has no name
    if named is not None:
        return named
    weights: Counter[int] = Counter()
    for tensor in tensors:
        weights[tensor.kind] += tensor.elements
    known = [GGML_TYPES[kind][0] for kind, _ in weights.most_common() if kind in GGML_TYPES]
    return known[0] if known else ""


def _active_bytes(metadata: GgufMetadata, tensors: Sequence[Tensor]) -> int:
    """Return what is read for a token: of the experts of a layer only those that are asked."""
    experts = _number(metadata.of_architecture("expert_count"))
    used = _number(metadata.of_architecture("expert_used_count"))
    sizes = [(tensor.name, tensor.bytes or 0) for tensor in tensors]
    if experts is None or used is None or used >= experts:
        return sum(size for _, size in sizes)
    return sum(size * used // experts if _EXPERTS.search(name) else size for name, size in sizes)


def _each_layer(value: object, layers: int | None) -> list[int] | None:
    """Return a number for each layer: files give one for all, or a list."""
    if layers is None or layers > 10_000:
        return None
    if isinstance(value, list):
        numbers = [number for number in value if isinstance(number, int) and number >= 0]
        return numbers[:layers] if len(numbers) >= layers else None
    number = _number(value)
    return None if number is None else [number] * layers


def _words(metadata: GgufMetadata, key: str) -> str:
    value = metadata.values.get(key)
    return " ".join(visible_text(value).split())[:_LONGEST_NAME] if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**48:
        return None
    return value
