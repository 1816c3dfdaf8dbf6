"""Vocabularies that are learnt from a text, piece by piece."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.core.model_errors import TokenizerUnusable
from chatbot_app.lab.tokenizers import Encoded
from chatbot_app.lab.training_tokens import Learner, learn, text_of

TEXT = "low lower lowest\nnew newer newest wide wider widest low low low " * 20


@pytest.mark.parametrize("learner", list(Learner))
def test_more_pieces_need_fewer_tokens_and_the_text_comes_back(learner: Learner) -> None:
    learnt = learn(TEXT, learner, 60)
    assert learnt.pieces
    counts = []
    for count in (0, len(learnt.pieces) // 2, len(learnt.pieces)):
        tokenizer = learnt.after(count)
        encoded = tokenizer.encode(TEXT)
        counts.append(len(encoded))
        if learner is not Learner.WORD_PIECE:  # which keeps no spaces
            assert tokenizer.decode(encoded.ids) == TEXT
        assert not any(token.is_special for token in tokenizer.shown(encoded, 0, 50))
    assert counts[0] > counts[1] >= counts[2]


def test_byte_pairs_are_merged_by_how_often_they_stand() -> None:
    """The most frequent pair first: counted by hand here."""
    learnt = learn("aaab aaab aaab cd", Learner.BYTE_PAIRS, 100)
    assert learnt.pieces[0].parts == ("a", "a")
    merged: set[str] = set("abcd▁")
    for piece in learnt.pieces:
        assert set(piece.parts) <= merged  # each is made of what is there already
        merged.add(piece.text)


def test_one_merge_changes_what_it_says() -> None:
    learnt = learn(TEXT, Learner.BYTE_PAIRS, 60)
    for number, piece in enumerate(learnt.pieces[:10]):
        after = learnt.after(number + 1)
        pieces = _spelled(after, after.encode(TEXT))
        assert piece.text in pieces
        before = learnt.after(number)
        assert piece.text not in _spelled(before, before.encode(TEXT))


def _spelled(tokenizer, encoded: Encoded) -> set[str]:
    return {tokenizer.facts(number).spelling for number in set(encoded.ids)}


def test_all_letters_are_kept_and_a_size_below_them_teaches_nothing() -> None:
    learnt = learn("the quick brown fox", Learner.BYTE_PAIRS, 5)
    assert learnt.pieces == ()
    assert learnt.letters == len(set("thequickbrownfox")) + 1


@pytest.mark.parametrize("learner", list(Learner))
@pytest.mark.parametrize(
    "text", ["", "  \n ", "a", "😀😀😀", "\x00\x00", "\ud800", "a" * 30_000, "漢字" * 50]
)
def test_any_text_gets_an_answer(learner: Learner, text: str) -> None:
    try:
        learnt = learn(text, learner, 40)
    except TokenizerUnusable:
        return  # said in a sentence
    assert learnt.after(len(learnt.pieces)).count(text) >= 0
    assert learnt.to_json()


def test_learning_ends_when_nobody_wants_it() -> None:
    class Enough(BaseException):
        pass

    def check() -> None:
        raise Enough

    with pytest.raises(Enough):
        learn(TEXT, Learner.BYTE_PAIRS, 60, check)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Grüße, 漢".encode()[:-1], "Grüße, "),  # a character that the limit cut
        ("\ufeffhello".encode(), "hello"),
        ("日本".encode("utf-16"), "日本"),
        ("日本".encode("utf-16-be").join([b"\xfe\xff", b""]), "日本"),
        ("Größe €".encode("cp1252"), "Größe €"),
        (b"", ""),
    ],
)
def test_a_file_is_read_as_it_was_written(raw: bytes, text: str, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(raw + b"more")
    assert text_of(path, len(raw)) == text
