"""Exchanges found by rare words."""

from __future__ import annotations

from chatbot_app.memory.recall_words import fuse, rank_by_words

TALK = {f"q{n}": {"garden", "plant", f"topic{n}"} for n in range(40)}


def test_a_rare_word_finds_its_exchange() -> None:
    assert rank_by_words({"topic7", "garden"}, TALK) == ["q7"]


def test_words_that_all_share_find_nothing() -> None:
    assert rank_by_words({"garden", "plant"}, TALK) == []


def test_a_word_that_nobody_said_finds_nothing() -> None:
    assert rank_by_words({"walnut"}, TALK) == []
    assert rank_by_words(set(), TALK) == []
    assert rank_by_words({"walnut"}, {}) == []


def test_of_equals_the_later_comes_first() -> None:
    assert rank_by_words({"ottilie"}, {"a": {"ottilie"}, "b": {"x"}, "c": {"ottilie"}}) == ["c", "a"]


def test_what_both_rankings_name_comes_first() -> None:
    assert fuse(["a", "b"], ["b", "c"])[0] == "b"
    assert fuse([], []) == []
