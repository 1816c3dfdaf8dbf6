"""Counts are tiktoken's own, need no network and survive any text."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from chatbot_app.core.paths import resources_dir
from chatbot_app.core.tokens import LONGEST_RUN, TiktokenCounter, TokenTableDamaged, encoding_for_model

TABLES = resources_dir() / "tokenizers"


@pytest.mark.parametrize(
    ("model", "encoding", "exact"),
    [
        ("gpt-4o-mini", "o200k_base", True),
        ("gpt-4.1", "o200k_base", True),
        ("gpt-5.2-pro", "o200k_base", True),
        ("o3-mini", "o200k_base", True),
        ("chatgpt-4o-latest", "o200k_base", True),
        ("openai/gpt-oss-20b", "o200k_base", True),
        ("ft:gpt-4o:team::id", "o200k_base", True),
        ("gpt-4-turbo", "cl100k_base", True),
        ("gpt-4", "cl100k_base", True),
        ("GPT-3.5-turbo", "cl100k_base", True),
        ("openai/gpt-4", "cl100k_base", True),
        ("SmolLM2-135M-Instruct", "o200k_base", False),
        ("o1000", "o200k_base", False),
        ("qwen3:8b", "o200k_base", False),
        ("", "o200k_base", False),
    ],
)
def test_a_model_gets_its_own_encoding_or_an_estimate(model: str, encoding: str, exact: bool) -> None:
    assert encoding_for_model(model) == (encoding, exact)
    assert TiktokenCounter.for_model(model).exact is exact


@pytest.mark.parametrize(
    ("encoding", "text", "tokens"),
    [
        # OpenAI cookbook, "How to count tokens with tiktoken"
        ("cl100k_base", "antidisestablishmentarianism", 6),
        ("o200k_base", "antidisestablishmentarianism", 6),
        ("cl100k_base", "お誕生日おめでとう", 9),
        ("o200k_base", "お誕生日おめでとう", 8),
        ("o200k_base", "", 0),
    ],
)
def test_counts_are_the_published_ones(encoding: str, text: str, tokens: int) -> None:
    assert TiktokenCounter(encoding).count(text) == tokens


@pytest.mark.parametrize("name", ["cl100k_base", "o200k_base"])
def test_encodings_are_those_of_tiktoken(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """tiktoken's own constructor, fed from its cache with our table, must agree token by token."""
    address = f"https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"
    shutil.copy(TABLES / f"{name}.tiktoken", tmp_path / hashlib.sha1(address.encode()).hexdigest())
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    import tiktoken

    theirs = tiktoken.get_encoding(name)
    text = "It's 12345 o'clock,\r\n\n  naïve café — 漢字かな 😀👩‍👩‍👧 <|endoftext|> x_y\t\tEND   "
    assert TiktokenCounter(name).count(text) == len(theirs.encode_ordinary(text))


def test_special_tokens_count_as_ordinary_text() -> None:
    assert TiktokenCounter().count("<|endoftext|>") > 1


def test_counting_leaves_nothing_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = tmp_path / "tables"
    shutil.copytree(TABLES, tables)
    cache = tmp_path / "cache"
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(cache))
    assert TiktokenCounter("cl100k_base", folder=tables).count("hello world") == 2
    assert not cache.exists()


@pytest.mark.parametrize("encoding", ["cl100k_base", "o200k_base"])
@pytest.mark.parametrize("character", ["a", " ", "\n", "!", "漢", "1", "\t", "😀", "_", "\u0301", "\ud800"])
def test_a_megabyte_of_one_character_is_counted(encoding: str, character: str) -> None:
    length = 1_000_000
    counter = TiktokenCounter(encoding)
    tokens = counter.count(character * length)
    expected = counter.count(character * LONGEST_RUN) * length / LONGEST_RUN
    assert tokens == pytest.approx(expected, rel=0.01)


def test_a_long_text_with_boundaries_is_not_cut() -> None:
    counter = TiktokenCounter()
    assert counter.count("The cat sat. " * 5000) == 1 + 5000 * counter.count(" The cat sat.")


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    damaged = tmp_path / "o200k_base.tiktoken"
    damaged.write_bytes((TABLES / "o200k_base.tiktoken").read_bytes()[:-1])
    with pytest.raises(TokenTableDamaged, match="o200k_base"):
        TiktokenCounter(folder=tmp_path).count("x")


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(TokenTableDamaged, match="cannot be read"):
        TiktokenCounter(folder=tmp_path).count("x")


# OpenAI cookbook, "How to count tokens with tiktoken": its example messages and the prompt tokens that the
# API reported for them.
_EXAMPLE = [
    ("system", "", "You are a helpful, pattern-following assistant that translates corporate jargon into plain English."),
    ("system", "example_user", "New synergies will help drive top-line growth."),
    ("system", "example_assistant", "Things working well together will increase revenue."),
    ("system", "example_user", "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage."),
    ("system", "example_assistant", "Let's talk later when we're less busy about how to do better."),
    ("user", "", "This late pivot means we don't have time to boil the ocean for the client deliverable."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "published"),
    [
        ("gpt-3.5-turbo-0301", 127),
        ("gpt-3.5-turbo-0613", 129),
        ("gpt-4-0314", 129),
        ("gpt-4-0613", 129),
        ("gpt-4o", 124),
        ("gpt-4o-mini", 124),
    ],
)
def test_a_prompt_costs_what_openai_published(model: str, published: int) -> None:
    counter = TiktokenCounter.for_model(model)
    tokens = counter.reply_overhead
    for _role, name, text in _EXAMPLE:
        tokens += counter.count(text) + counter.message_overhead
        if name:  # which we never send: it costs one more, and the first model took it for the role
            tokens += counter.count(name) + (-1 if model == "gpt-3.5-turbo-0301" else 1)
    assert tokens == published
