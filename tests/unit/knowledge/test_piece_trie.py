"""The trie of pieces: made once, pinned, and never taken for that of another vocabulary."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from chatbot_app.knowledge.children import piece_trie as module
from chatbot_app.knowledge.children.e5_vocabulary import vocabulary_bytes, vocabulary_in
from chatbot_app.knowledge.children.piece_trie import (
    KEPT_NAME,
    KEPT_SHA256,
    VOCABULARY_SHA256,
    PieceTrie,
    prepared_trie,
    trie_bytes,
)

SCORED = [("▁", -3.0), ("mi", -6.0), ("mill", -5.5), ("é", -7.25)]


@pytest.fixture
def head(make_e5_head: Callable[..., bytes]) -> bytes:
    return make_e5_head(SCORED)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of models of this test."""
    monkeypatch.setenv("CHATBOT_MODELS_DIR", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def known(head: bytes, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The small vocabulary in the place of the one that ships: to make the trie of that one takes a third of a second."""
    monkeypatch.setattr(module, "VOCABULARY_SHA256", hashlib.sha256(head).hexdigest())
    monkeypatch.setattr(module, "KEPT_SHA256", hashlib.sha256(trie_bytes(vocabulary_in(head))).hexdigest())
    return head


def beginnings(trie: PieceTrie, text: str) -> list[tuple[str, int, float]]:
    return [(piece, trie.places[number], trie.scores[number]) for piece, number in trie.prefixes(text)]


def test_it_finds_the_pieces_that_a_text_begins_with_their_places_and_scores(head: bytes) -> None:
    trie = PieceTrie(trie_bytes(vocabulary_in(head)))
    assert beginnings(trie, "millers") == [("mi", 5, -6), ("mill", 6, -5.5)]
    assert beginnings(trie, "é") == [("é", 7, -7.25)]
    assert beginnings(trie, "<s>") == beginnings(trie, "") == beginnings(trie, "\0mi") == []
    assert trie.longest == 4


def test_it_is_made_once_and_made_anew_where_it_is_damaged(
    folder: Path, known: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert beginnings(prepared_trie(known), "mill") == [("mi", 5, -6), ("mill", 6, -5.5)]
    assert [path.name for path in folder.iterdir()] == [KEPT_NAME]
    whole = (folder / KEPT_NAME).read_bytes()
    for damaged in (b"", whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1]), bytes(len(whole))):
        (folder / KEPT_NAME).write_bytes(damaged)
        assert beginnings(prepared_trie(known), "mill") == [("mi", 5, -6), ("mill", 6, -5.5)]
        assert (folder / KEPT_NAME).read_bytes() == whole
    monkeypatch.setattr(module, "trie_bytes", lambda _vocabulary: pytest.fail("made again"))
    assert beginnings(prepared_trie(known), "mi") == [("mi", 5, -6)]


def test_a_folder_that_takes_nothing_costs_the_time_and_nothing_else(folder: Path, known: bytes) -> None:
    folder.write_bytes(b"a file in its place")
    assert beginnings(prepared_trie(known), "mi") == [("mi", 5, -6)]


def test_another_vocabulary_never_gets_this_ones_place(
    folder: Path, known: bytes, make_e5_head: Callable[..., bytes]
) -> None:
    prepared_trie(known)
    kept = (folder / KEPT_NAME).read_bytes()
    other = make_e5_head([("mi", -4.0)])
    assert beginnings(prepared_trie(other), "mill") == [("mi", 4, -4)]
    assert (folder / KEPT_NAME).read_bytes() == kept


def test_what_is_no_trie_is_refused(head: bytes) -> None:
    whole = trie_bytes(vocabulary_in(head))
    for damaged in (b"", whole[:7], whole[:20], whole[:40], whole[:40] + b"no trie"):
        with pytest.raises(ValueError, match="no trie"):
            PieceTrie(damaged)


def test_what_is_pinned_is_what_is_made_of_the_model(e5_model: Path) -> None:
    head = vocabulary_bytes(e5_model)
    assert hashlib.sha256(head).hexdigest() == VOCABULARY_SHA256
    assert hashlib.sha256(trie_bytes(vocabulary_in(head))).hexdigest() == KEPT_SHA256
