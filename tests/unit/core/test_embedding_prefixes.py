"""What embedding models want before a question and a passage."""

from __future__ import annotations

import pytest

from chatbot_app.core.embedding_prefixes import (
    NO_RULE,
    Prefixes,
    escaped,
    known_rule,
    stated_rule,
    unescaped,
)


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [
        ("multilingual-e5-small-Q8_0", "query: ", "passage: "),
        ("intfloat/e5-base-v2", "query: ", "passage: "),
        ("nomic-embed-text:latest", "search_query: ", "search_document: "),
        ("nomic-embed-text-v1.5.Q4_K_M", "search_query: ", "search_document: "),
        ("bge-small-en-v1.5", "Represent this sentence for searching relevant passages: ", ""),
        ("bge-base-zh-v1.5-f16", "为这个句子生成表示以用于检索相关文章：", ""),
        ("all-MiniLM-L6-v2", "", ""),
        ("bge-m3-Q4_K_M", "", ""),
        ("bge-reranker-base", "", ""),
        ("gte-base", "", ""),
        ("some5-model", "", ""),
        ("e5-v", "", ""),
        ("e5-R-mistral-7b", "", ""),
        ("bge-large:latest", "Represent this sentence for searching relevant passages: ", ""),
        ("bge-large:335m", "Represent this sentence for searching relevant passages: ", ""),
        ("bge-base-ar", "", ""),
        ("mxbai-embed-large-v1-f16", "Represent this sentence for searching relevant passages: ", ""),
        ("deepset-mxbai-embed-de-large-v1", "", ""),
        ("snowflake-arctic-embed-m-long", "Represent this sentence for searching relevant passages: ", ""),
        ("snowflake-arctic-embed2:latest", "query: ", ""),
        ("snowflake-arctic-embed-l-v2.0-q8_0", "query: ", ""),
        ("embeddinggemma:300m", "task: search result | query: ", "title: none | text: "),
    ],
)
def test_prefixes_are_those_of_the_name(name: str, query: str, passage: str) -> None:
    found = known_rule(name)
    assert found.prefixes == Prefixes(query, passage)
    assert bool(found.source) == bool(query or passage)  # every entry names the model card that says so


def test_instructions_stand_before_the_question_alone() -> None:
    for name in ("Qwen3-Embedding-0.6B-Q8_0", "multilingual-e5-large-instruct", "e5-mistral-7b-instruct"):
        found = known_rule(name).prefixes
        assert found.query.startswith("Instruct: ")
        assert "\nQuery:" in found.query
        assert found.passage == ""


def test_a_family_counts_where_no_name_tells() -> None:
    assert known_rule("vectors", architecture="nomic-bert-moe").prefixes.query == "search_query: "
    assert known_rule("vectors", architecture="nomic-bert") == NO_RULE  # another publisher's as well
    assert known_rule("vectors", architecture="bert") == NO_RULE


def test_what_a_model_says_of_itself_is_read() -> None:
    found = stated_rule({"query": "Q: ", "document": ""}, "config.json")
    assert found is not None
    assert (found.prefixes, found.source) == (Prefixes("Q: ", ""), "config.json")
    assert stated_rule({"passage": "P: "}, "x") is not None
    for nothing in (None, [], {}, {"Classification": "task"}, {"query": 7}):
        assert stated_rule(nothing, "x") is None


@pytest.mark.parametrize("prefix", ["", "query: ", "Instruct: a\nQuery:", "a\\nb", "\\", "两\n"])
def test_a_prefix_survives_being_written_on_one_line(prefix: str) -> None:
    assert "\n" not in escaped(prefix)
    assert unescaped(escaped(prefix)) == prefix
