"""Ids are those of tiktoken, of the library `tokenizers` and of llama.cpp; every step is shown, and nothing freezes."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import tiktoken
import tokenizers
from tokenizers import models, normalizers, pre_tokenizers, trainers

from chatbot_app.core.errors import AppError
from chatbot_app.core.local_models import LocalModel, ModelFacts
from chatbot_app.core.model_errors import TokenizerUnknown, TokenizerUnusable
from chatbot_app.core.paths import resources_dir
from chatbot_app.lab.gguf_tokenizer import from_gguf
from chatbot_app.lab.library_tokenizer import LibraryTokenizer
from chatbot_app.lab.table_tokenizer import TableTokenizer
from chatbot_app.lab.tokenizer_choice import find_choice, tokenizer_choices
from chatbot_app.lab.tokenizers import Tokenizer, as_read
from chatbot_app.llm.local.gguf import read_metadata
from chatbot_app.llm.local.server import LocalServer
from tests.texts_in_scripts import texts_in_scripts
from tests.tiny_gguf import CONTROL, NORMAL, UNKNOWN, USER_DEFINED, gguf_bytes, write_model
from tests.tiny_onnx import WORDS, write_sentence_model
from tests.unit.llm.local.test_control_tokens import COMMAND, Model

TABLES = resources_dir() / "tokenizers"
TEXTS = [
    *texts_in_scripts(40),
    "",
    " ",
    "\x00",
    "a <|endoftext|> b",
    "  two  \n \n spaces  ",
    "\u0301",
    "\ufeffx",
]
EMBEDDING = TABLES / "all-minilm-l6-v2.tokenizer.json"


def theirs(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tiktoken.Encoding:
    """tiktoken's own encoding, out of its cache: it checks the sum of the table itself."""
    address = f"https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"
    shutil.copy(TABLES / f"{name}.tiktoken", folder / hashlib.sha1(address.encode()).hexdigest())
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(folder))
    return tiktoken.get_encoding(name)


@pytest.mark.parametrize("name", ["r50k_base", "cl100k_base"])  # all five: bench_tokens
def test_ids_are_those_of_tiktoken(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reference, ours = theirs(name, tmp_path, monkeypatch), TableTokenizer(name)
    for text in TEXTS:
        assert ours.encode(text).ids == reference.encode(text, allowed_special="all")
        assert ours.encode(text, specials=False).ids == reference.encode_ordinary(text)


def test_gpt2_is_r50k_and_p50k_has_runs_of_spaces() -> None:
    assert TableTokenizer("gpt2").encode("Hello world").ids == [
        15496,
        995,
    ]  # the example of tiktoken's README
    assert TableTokenizer("p50k_base").encode("a" + " " * 9 + "b").ids[1] == 50263
    assert len(TableTokenizer("gpt2").encode("a" + " " * 9 + "b")) > 3


def test_ids_are_those_of_the_library() -> None:
    reference = tokenizers.Tokenizer.from_file(str(EMBEDDING))
    reference.no_truncation()
    reference.no_padding()
    ours = LibraryTokenizer.from_file(EMBEDDING)
    for text in [*TEXTS, "[SEP] x [MASK]"]:
        assert ours.encode(text).ids == reference.encode(text).ids


TOKENIZERS = ["gpt2", "embedding", "built-in"]


@pytest.fixture(scope="module", params=TOKENIZERS)
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    try:
        return find_choice(request.param).open()
    except TokenizerUnusable:
        pytest.skip("needs the built-in model: run chatbot-app models fetch")


def test_the_steps_lead_to_the_ids_and_back(tokenizer: Tokenizer) -> None:
    for text in TEXTS:
        encoded, steps = tokenizer.encode(text), tokenizer.steps(text)
        assert list(steps.processed) == list(encoded.ids)
        assert len(steps.tokens) == len(steps.ids)
        plain = tokenizer.steps(text, specials=False)
        if tokenizer.is_lossless:
            assert plain.decoded == text
            assert "".join(plain.pre_tokens) == text
        shown = tokenizer.shown(encoded, 0, len(encoded))
        assert all(0 <= token.start <= token.end <= len(text) for token in shown)
        assert [token.id for token in shown] == list(encoded.ids)
        if tokenizer.method == "byte-pair encoding":  # each box stands over its own part of the text
            whole = [token for token in shown if not token.is_bytes]
            assert all(token.text == text[token.start : token.end] for token in whole)
            assert b"".join(tokenizer.facts(token.id).bytes for token in shown) == text.encode() or not (
                tokenizer.is_lossless
            )


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ud800", "\ud83d\ude00 joined", "a\udfff", "\ufffe\uffff", "👩‍👩‍👧‍👦🏳️‍🌈"]
)
def test_odd_texts_get_an_answer(tokenizer: Tokenizer, text: str) -> None:
    steps = tokenizer.steps(text)
    json.dumps(steps.to_json(), ensure_ascii=False).encode("utf-8")
    assert steps.text == as_read(text)
    assert tokenizer.count(text) == len(steps.processed)


def test_halves_of_a_character_are_joined_and_lone_ones_replaced() -> None:
    assert as_read("\ud83d\ude00") == "😀"
    assert as_read("a\ud800b") == "a\ufffdb"


@pytest.mark.parametrize("letter", [" ", "a", "é", "!", "漢", "\n", "1"])
def test_a_long_run_of_one_letter_ends(tokenizer: Tokenizer, letter: str) -> None:
    assert len(tokenizer.steps(letter * 50_000).processed) == tokenizer.count(letter * 50_000) > 0


def test_ranks_are_places_in_the_order_of_merging() -> None:
    gpt2 = TableTokenizer("gpt2")
    assert gpt2.facts(256).bytes == b" t"  # the first merge of GPT-2
    assert gpt2.facts(256).rank == 256
    assert gpt2.facts(50256).is_special
    with pytest.raises(KeyError):
        gpt2.facts(10**6)


def trained(kind: str) -> tokenizers.Tokenizer:
    kinds = {
        "BPE": (models.BPE(unk_token="[U]"), trainers.BpeTrainer),
        "WordPiece": (models.WordPiece(unk_token="[U]"), trainers.WordPieceTrainer),
        "Unigram": (models.Unigram(), trainers.UnigramTrainer),
        "WordLevel": (models.WordLevel(unk_token="[U]"), trainers.WordLevelTrainer),
    }
    model, trainer = kinds[kind]
    made = tokenizers.Tokenizer(model)
    made.normalizer = normalizers.NFKC()
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.train_from_iterator(
        ["the cat sat on the mat"] * 3, trainer(special_tokens=["[U]"], show_progress=False)
    )
    return made


@pytest.mark.parametrize("kind", ["BPE", "WordPiece", "Unigram", "WordLevel"])
def test_any_tokenizer_json_can_be_looked_at(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    reference = trained(kind)
    reference.save(str(path))
    ours = find_choice(str(path)).open()
    encoded = ours.encode("the mat ①" if kind != "Unigram" else "the mat")
    assert list(encoded.ids) == reference.encode(encoded.text).ids
    assert kind == "Unigram" or ours.steps("ﬁ").normalised == "fi"
    for token in encoded.ids:
        assert ours.facts(token).spelling


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"GGUF", b"GGUF\x03\0\0\0" + bytes(16), b"\xff\xfe", b"[1]", b"null"]
)
@pytest.mark.parametrize("name", ["t.json", "t.gguf"])
def test_what_is_none_is_said_in_a_sentence(content: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(TokenizerUnusable) as told:
        find_choice(str(path)).open()
    assert str(told.value).endswith("Choose another one.")
    with pytest.raises(TokenizerUnusable):
        find_choice(str(tmp_path / f"gone-{name}")).open()
    with pytest.raises(TokenizerUnusable, match="There are: built-in"):
        find_choice("no such thing")


def test_names_are_unique() -> None:
    names = [choice.name for choice in tokenizer_choices()]
    assert len(set(names)) == len(names)


SPECIAL = [
    ("<unk>", UNKNOWN),
    ("<s>", CONTROL),
    ("</s>", CONTROL),
    ("<|x|>", CONTROL),
    ("\n\n", USER_DEFINED),
]

LEARNT = [(text, NORMAL) for text in "▁t he in er ▁the ing ▁▁ ll ell ▁he ▁hell hello ▁in ▁▁▁▁".split()]


@pytest.fixture(scope="module", params=["pieces", "bytes"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[LibraryTokenizer, Model]]:
    path = tmp_path_factory.mktemp("model") / "tiny.gguf"
    write_model(
        path,
        [*SPECIAL, *(LEARNT if request.param == "pieces" else [])],
        template="{{ messages[0].content }}",
        sentencepiece=request.param == "pieces",
    )
    server = LocalServer(path, command=COMMAND)
    try:
        yield from_gguf(path, "tiny"), Model(server.ensure_running(), read_metadata(path))
    finally:
        server.stop()


def test_ids_of_a_gguf_are_those_of_its_server(served: tuple[LibraryTokenizer, Model]) -> None:
    ours, server = served
    more = ["<s> hello <|x|> he\n\nll</s>", "the thing  hello    inner   ▁hell", "shell thing thee ellll"]
    for text in [*TEXTS, *more]:
        body = {"content": text, "add_special": True, "parse_special": True}
        assert list(ours.encode(text).ids) == server.ask("/tokenize", body)["tokens"], text


def test_word_pieces_of_a_gguf_are_those_of_bert(tmp_path: Path) -> None:
    known = LibraryTokenizer.from_file(EMBEDDING)
    vocabulary = sorted(known.tokenizer.get_vocab().items(), key=lambda item: item[1])
    spelled = [
        text
        if text.startswith("[") and len(text) > 3
        else text[2:]
        if text.startswith("##") and text != "##"
        else f"▁{text}"
        for text, _ in vocabulary
    ]
    special = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    values = {
        "general.architecture": "bert",
        "tokenizer.ggml.model": "bert",
        "tokenizer.ggml.tokens": spelled,
        "tokenizer.ggml.token_type": [CONTROL if text in special else NORMAL for text, _ in vocabulary],
        "tokenizer.ggml.unknown_token_id": 100,
        "tokenizer.ggml.cls_token_id": 101,
        "tokenizer.ggml.seperator_token_id": 102,
    }
    path = tmp_path / "bert.gguf"
    path.write_bytes(gguf_bytes(values))
    ours = find_choice(str(path)).open()
    for text in TEXTS:
        assert list(ours.encode(text).ids) == list(known.encode(text).ids)


def test_a_text_that_a_tokenizer_cannot_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    trained("Unigram").save(str(path))
    with pytest.raises(TokenizerUnusable, match="cannot read this text"):
        find_choice(str(path)).open().encode("zzz")


def test_a_tokenizer_that_makes_the_library_panic_is_said_in_a_sentence(tmp_path: Path) -> None:
    made = trained("BPE")
    made.pre_tokenizer = pre_tokenizers.Split(tokenizers.Regex("(a+)+$"), "isolated")
    path = tmp_path / "tokenizer.json"
    made.save(str(path))
    ours = find_choice(str(path)).open()
    for use in (ours.encode, ours.steps, ours.count):
        with pytest.raises(TokenizerUnusable, match="cannot read this text"):
            use("a" * 28 + "b")
    assert ours.count("the") > 0


def test_what_only_llama_cpp_knows_is_asked_of_it_while_it_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    template = "{{ messages[0].content }}"
    write_model(path, SPECIAL, template=template, extra={"tokenizer.ggml.pre": "viking"})
    model = LocalModel("mine", "Mine", path, ModelFacts())
    with pytest.raises(TokenizerUnknown, match="Load the model"):
        find_choice("Mine", [model]).open()
    server = LocalServer(path, command=COMMAND)
    try:
        endpoint = server.ensure_running()
        choices = tokenizer_choices([model], lambda model_id: server.served if model_id == "mine" else None)
        ours = next(choice for choice in choices if choice.name == "Mine").open()
        reference = Model(endpoint, read_metadata(path))
        for text in [*TEXTS[:30], "", "hello <|x|>", "\ud800"]:
            body = {"content": as_read(text), "add_special": True, "parse_special": True}
            encoded, steps = ours.encode(text), ours.steps(text)
            assert list(encoded.ids) == reference.ask("/tokenize", body)["tokens"] == list(steps.processed)
            shown = ours.shown(encoded, 0, len(encoded))
            assert all(0 <= token.start <= token.end <= len(encoded.text) for token in shown)
        assert [token.text for token in ours.shown(ours.encode("hello"), 0, 9)] == ["he", "ll", "o"]
        assert ours.decode(ours.encode("hello").ids) == "hello"
        assert ours.facts(3).is_special
    finally:
        server.stop()
    with pytest.raises(AppError, match="not loaded any more"):
        ours.count("hello")


def test_an_embedding_model_of_ones_own_has_its_tokenizer_beside_it(tmp_path: Path) -> None:
    path = write_sentence_model(tmp_path / "small-words", longest=64)
    model = LocalModel("mine", "Small words", path, ModelFacts())
    for name in ("Small words", str(path), str(path.parent)):
        ours = find_choice(name, [model]).open()
        assert ours.steps(WORDS[5]).processed_tokens == ("[CLS]", WORDS[5], "[SEP]")
    assert find_choice("Small words", [model]).open().longest_input == 64
