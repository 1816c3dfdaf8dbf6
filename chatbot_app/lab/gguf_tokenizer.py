"""The tokenizer of a GGUF file, made of its metadata: the same ids as llama.cpp gives, without loading the model.

Source of what a file says: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md; of the regular expressions that a
name in `tokenizer.ggml.pre` stands for: llama.cpp, src/llama-vocab.cpp (MIT).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot_app.core.model_errors import TokenizerUnknown, TokenizerUnusable
from chatbot_app.core.visible_text import visible_text
from chatbot_app.lab.library_tokenizer import LibraryTokenizer
from chatbot_app.llm.local.gguf import GgufMetadata, TokenType, read_metadata

if TYPE_CHECKING:
    import tokenizers

_GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"
_LLAMA3 = (
    r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_QWEN2 = _LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
# llama.cpp writes the classes of upper and lower case of these two as letters without a-z and without A-Z.
_UPPER, _LOWER = r"(?:(?=\p{L})[^a-z])", r"(?:(?=\p{L})[^A-Z])"
_WORD = rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+%s|[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*%s"
_REST = r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_ENDING = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])?"
_TEKKEN = _WORD % ("", "") + r"|\p{N}" + _REST
_GPT4O = _WORD % (_ENDING, _ENDING) + r"|\p{N}{1,3}" + _REST
_DEEPSEEK3 = (
    r"\p{N}{1,3}",
    "[一-龥぀-ゟ゠-ヿ]+",
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+",
)
# Each later expression splits what the one before left whole.
_PATTERNS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("gpt-2", "phi-2", "mpt", "olmo", "jais", "trillion", "granite-docling", "roberta-bpe", "modern-bert", "exaone4"),
        (_GPT2,),
    ),
    **dict.fromkeys(
        ("starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b"), (r"\p{N}", _GPT2)
    ),
    **dict.fromkeys(("llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral", "lfm2", "dbrx", "smaug-bpe", "chatglm-bpe"), (_LLAMA3,)),
    **dict.fromkeys(("qwen2", "deepseek-r1-qwen", "stablelm2", "megrez"), (_QWEN2,)),
    **dict.fromkeys(("gpt-4o", "llama4"), (_GPT4O,)),
    "tekken": (_TEKKEN,),
    "deepseek-v3": _DEEPSEEK3,
}  # fmt: skip
_IGNORE_MERGES = ("llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral", "lfm2", "tekken")
_BEGIN_BY_DEFAULT = ("tekken", "llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral", "lfm2")
_SPACE = "▁"  # how SentencePiece writes a space


def from_gguf(path: Path, name: str) -> LibraryTokenizer:
    """Return the tokenizer of a file; `name` is what a person calls it. Up to 3 s for 250,000 tokens.

    Raises TokenizerUnusable: the file is none, or of a kind that llama.cpp alone knows.
    """
    try:
        metadata = read_metadata(path, merges=True)
    except OSError as exc:
        raise TokenizerUnusable(name=name, detail=f"{path.name}: {exc.strerror}.") from exc
    except ValueError as exc:
        raise TokenizerUnusable(name=name, detail=f"{path.name} is no GGUF file: {exc}.") from exc
    kind = str(metadata.values.get("tokenizer.ggml.model", ""))
    makers: dict[str, Callable[[GgufMetadata, str], tokenizers.Tokenizer]] = {
        "gpt2": _byte_pairs,
        "llama": _sentence_pieces,
        "bert": _word_pieces,
    }
    if kind not in makers or not metadata.tokens:
        error = TokenizerUnknown if metadata.tokens else TokenizerUnusable
        raise error(name=name, detail=_unknown(kind, bool(metadata.tokens)))
    tokenizer = makers[kind](metadata, name)
    _add_special(tokenizer, metadata)
    _post_process(tokenizer, metadata, kind)
    window = metadata.of_architecture("context_length")
    return LibraryTokenizer(tokenizer, window if isinstance(window, int) else None)


def _unknown(kind: str, has_tokens: bool) -> str:
    if not has_tokens:
        return "The file has no vocabulary."
    return f"Its kind, “{visible_text(kind)[:40]}”, is one that only llama.cpp reads."


def _byte_pairs(metadata: GgufMetadata, name: str) -> tokenizers.Tokenizer:
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers

    pre = str(metadata.values.get("tokenizer.ggml.pre", "gpt-2"))
    patterns = _PATTERNS.get(pre)
    if patterns is None:
        detail = f"How it cuts words, “{visible_text(pre)[:40]}”, is something that only llama.cpp knows."
        raise TokenizerUnknown(name=name, detail=detail)
    vocabulary = _vocabulary(metadata)
    merges = []
    for merge in metadata.values.get("tokenizer.ggml.merges") or ():
        text = merge.decode("utf-8", "replace")
        cut = text.find(" ", 1)  # a piece may begin with a space
        left, right = text[:cut], text[cut + 1 :]
        if left in vocabulary and right in vocabulary and left + right in vocabulary:
            merges.append((left, right))
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, ignore_merges=pre in _IGNORE_MERGES))
    split: list[Any] = [pre_tokenizers.Split(Regex(pattern), "isolated") for pattern in patterns]
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*split, byte_level])
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _sentence_pieces(metadata: GgufMetadata, name: str) -> tokenizers.Tokenizer:
    """SentencePiece's byte-pair encoding: of all pairs that make a token, the one with the best score is merged first.

    Kudo and Richardson, "SentencePiece" (2018). A score ranks every way to cut a token in two.
    """
    from tokenizers import Tokenizer, decoders, models, normalizers

    vocabulary = _vocabulary(metadata)
    scores = metadata.values.get("tokenizer.ggml.scores") or []
    if len(scores) < len(metadata.tokens):
        raise TokenizerUnusable(name=name, detail="The file has no scores for its vocabulary.")
    normal = (TokenType.NORMAL, TokenType.USER_DEFINED, TokenType.UNUSED)
    ranked = []
    for token, number in vocabulary.items():
        if metadata.token_types[number] in normal:
            for cut in range(1, len(token)):
                left, right = token[:cut], token[cut:]
                if left in vocabulary and right in vocabulary:
                    ranked.append((-scores[number], number, cut, left, right))
    ranked.sort()
    unknown = metadata.values.get("tokenizer.ggml.unknown_token_id", 0)
    spelled = (
        _texts(metadata)[unknown]
        if isinstance(unknown, int) and 0 <= unknown < len(metadata.tokens)
        else None
    )
    has_bytes = "<0x00>" in vocabulary
    merges = [(left, right) for *_, left, right in ranked]
    tokenizer = Tokenizer(
        models.BPE(vocabulary, merges, unk_token=spelled, fuse_unk=False, byte_fallback=has_bytes)
    )
    prefixed = metadata.values.get("tokenizer.ggml.add_space_prefix", True) is not False
    before: list[Any] = [normalizers.Prepend(_SPACE)] if prefixed else []
    tokenizer.normalizer = normalizers.Sequence([*before, normalizers.Replace(" ", _SPACE)])
    after: list[Any] = [decoders.Strip(" ", 1, 0)] if prefixed else []
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace(_SPACE, " "), decoders.ByteFallback(), decoders.Fuse(), *after]
    )
    return tokenizer


def _word_pieces(metadata: GgufMetadata, _: str) -> tokenizers.Tokenizer:
    """BERT's WordPiece; a file writes what begins a word with ▁ where BERT writes what goes on with ##."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers

    vocabulary: dict[str, int] = {}
    for number, text in enumerate(_texts(metadata)):
        if metadata.token_types[number] in (TokenType.CONTROL, TokenType.UNKNOWN) or text.startswith("["):
            spelled = text
        else:
            spelled = text[1:] if text.startswith(_SPACE) else f"##{text}"
        vocabulary.setdefault(spelled, number)
    unknown = metadata.values.get("tokenizer.ggml.unknown_token_id")
    texts = _texts(metadata)
    spelled = texts[unknown] if isinstance(unknown, int) and 0 <= unknown < len(texts) else "[UNK]"
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=spelled))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def _texts(metadata: GgufMetadata) -> list[str]:
    return [token.decode("utf-8", "replace") for token in metadata.tokens]


def _vocabulary(metadata: GgufMetadata) -> dict[str, int]:
    vocabulary: dict[str, int] = {}
    for number, text in enumerate(_texts(metadata)):
        vocabulary.setdefault(text, number)
    return vocabulary


def _add_special(tokenizer: tokenizers.Tokenizer, metadata: GgufMetadata) -> None:
    from tokenizers import AddedToken

    kinds = (TokenType.CONTROL, TokenType.UNKNOWN, TokenType.USER_DEFINED)
    added = [
        AddedToken(text, special=kind != TokenType.USER_DEFINED, normalized=False)
        for text, kind in zip(_texts(metadata), metadata.token_types, strict=False)
        if kind in kinds and text
    ]
    tokenizer.add_tokens(added)


def _post_process(tokenizer: tokenizers.Tokenizer, metadata: GgufMetadata, kind: str) -> None:
    from tokenizers.processors import TemplateProcessing

    values, texts = metadata.values, _texts(metadata)
    pre = values.get("tokenizer.ggml.pre", "")
    begins = values.get("tokenizer.ggml.add_bos_token", kind != "gpt2" or pre in _BEGIN_BY_DEFAULT)
    ends = values.get("tokenizer.ggml.add_eos_token", kind == "bert")
    first = values.get("tokenizer.ggml.bos_token_id", values.get("tokenizer.ggml.cls_token_id"))
    last = values.get("tokenizer.ggml.eos_token_id", values.get("tokenizer.ggml.seperator_token_id"))
    if kind == "bert":
        first = values.get("tokenizer.ggml.cls_token_id", first)
        last = values.get("tokenizer.ggml.seperator_token_id", last)
    special = [
        (texts[number], number) if wanted and isinstance(number, int) and 0 <= number < len(texts) else None
        for wanted, number in ((begins, first), (ends, last))
    ]
    if any(special):
        # Names of our own: a token's spelling may hold what the template has a meaning for.
        before, after = special
        template = [*(["begin"] if before else []), "$A", *(["end"] if after else [])]
        known = [
            {"id": name, "ids": [found[1]], "tokens": [found[0]]}
            for name, found in (("begin", before), ("end", after))
            if found
        ]
        tokenizer.post_processor = TemplateProcessing(single=template, special_tokens=known)
