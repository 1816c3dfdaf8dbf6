"""What embedding models want before a question and before a passage, and where that is known from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatbot_app.core.visible_text import visible_text


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Texts before a question and before everything else; vectors made with others must not meet."""

    query: str = ""
    passage: str = ""

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.query or self.passage)


NO_PREFIXES = Prefixes()
PERSONS_OWN = "person"
NOT_KNOWN = ""


@dataclass(frozen=True, slots=True)
class PrefixRule:
    """Prefixes and their `source`: the name of a file of the model, a model card, PERSONS_OWN, or NOT_KNOWN."""

    prefixes: Prefixes
    source: str = NOT_KNOWN


NO_RULE = PrefixRule(NO_PREFIXES)

_WEB_SEARCH = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"
_BGE = "Represent this sentence for searching relevant passages: "
_BGE_CHINESE = "为这个句子生成表示以用于检索相关文章："
_E5 = Prefixes("query: ", "passage: ")
_NOMIC = Prefixes("search_query: ", "search_document: ")
_GEMMA = Prefixes("task: search result | query: ", "title: none | text: ")

# By what a model is called, the first that fits, with the model card that says so. Each was compared with the prompts
# that the MTEB benchmark uses for that very model (mteb 2.26.24: e5_models, e5_instruct, nomic_models, bge_models,
# mixedbread_ai_models, arctic_models, qwen3_models); those of arctic-embed v2 and EmbeddingGemma, which MTEB takes from
# the model's own files, with their cards. A relative that no source names (e5-v, e5-R-mistral, mxbai-embed-xsmall) is
# left out. What is not here was trained without any (all-MiniLM, gte, bge-m3, paraphrase-multilingual).
_TABLE = (
    (r"multilingual-e5.*instruct", Prefixes(_WEB_SEARCH + " "), "intfloat/multilingual-e5-large-instruct"),
    (r"e5-mistral", Prefixes(_WEB_SEARCH + " "), "intfloat/e5-mistral-7b-instruct"),
    (r"e5-(small|base|large)", _E5, "intfloat/multilingual-e5-small"),
    (r"nomic-embed-text", _NOMIC, "nomic-ai/nomic-embed-text-v1.5"),
    (r"modernbert-embed", _NOMIC, "nomic-ai/modernbert-embed-base"),
    (r"bge-(small|base|large)-zh", Prefixes(_BGE_CHINESE), "BAAI/bge-base-zh-v1.5"),
    # Ollama's bge-large is the English one.
    (r"bge-(small|base|large)(-en|$|(?=-(v1|latest|\d+m)))", Prefixes(_BGE), "BAAI/bge-small-en-v1.5"),
    (r"mxbai-embed-large", Prefixes(_BGE), "mixedbread-ai/mxbai-embed-large-v1"),
    (r"arctic-embed(2|-[lm]-v2)", Prefixes("query: "), "Snowflake/snowflake-arctic-embed-l-v2.0"),
    (r"arctic-embed", Prefixes(_BGE), "Snowflake/snowflake-arctic-embed-m"),
    (r"qwen3-embedding", Prefixes(_WEB_SEARCH), "Qwen/Qwen3-Embedding-0.6B"),
    (r"embeddinggemma|embedding-gemma", _GEMMA, "google/embeddinggemma-300m"),
)
_ARCHITECTURES = {
    # Not nomic-bert, which others use as well (snowflake-arctic-embed-m-long).
    "nomic-bert-moe": (_NOMIC, "nomic-ai/nomic-embed-text-v2-moe"),
    "gemma-embedding": (_GEMMA, "google/embeddinggemma-300m"),
}

# What publishers call the two in `prompts` of config_sentence_transformers.json, the usual name first.
_QUERY_NAMES = ("query", "search_query", "retrieval.query", "s2p_query", "Retrieval-query")
_PASSAGE_NAMES = (
    "document",
    "passage",
    "search_document",
    "corpus",
    "retrieval.passage",
    "Retrieval-document",
)
_LONGEST_PREFIX = 2000  # characters; instructions have some hundred


def known_rule(*names: str, architecture: str = "") -> PrefixRule:
    """Return the rule of a model by its names, the most telling first, else by its architecture; NO_RULE for none."""
    for name in names:
        plain = re.sub(r"[^a-z0-9]+", "-", name.casefold())
        for pattern, prefixes, source in _TABLE:
            if re.search(rf"(?<![a-z0-9])(?:{pattern})(?![a-z])", plain):
                return PrefixRule(prefixes, source)
    found = _ARCHITECTURES.get(architecture)
    return PrefixRule(*found) if found is not None else NO_RULE


def stated_rule(prompts: object, source: str) -> PrefixRule | None:
    """Return the rule that a model's own `prompts` state (sentence-transformers' form), None where they state none.

    `source` is the name of the file that they stand in.
    """
    if not isinstance(prompts, dict):
        return None
    query, passage = (_stated(prompts, names) for names in (_QUERY_NAMES, _PASSAGE_NAMES))
    if query is None and passage is None:
        return None
    return PrefixRule(Prefixes(query or "", passage or ""), source)


def _stated(prompts: dict[object, object], names: tuple[str, ...]) -> str | None:
    for name in names:
        text = prompts.get(name)
        if isinstance(text, str):
            return text[:_LONGEST_PREFIX]
    return None


def escaped(prefix: str) -> str:
    """Return a prefix on one line, as a person may read and write it: a line break is written `\\n`."""
    return visible_text(prefix.replace("\\", "\\\\").replace("\n", "\\n"))


def unescaped(written: str) -> str:
    """Return the prefix that a person wrote on one line."""
    return re.sub(r"\\(n|\\)", lambda found: "\n" if found[1] == "n" else "\\", written)
