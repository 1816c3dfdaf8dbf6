"""Files of a repository become models, with names that every system takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.hub_models import FilePart, RepositoryFile
from chatbot_app.core.local_models import ModelKind
from chatbot_app.llm.hub.files import kind_of, models_of, quantisation_of
from chatbot_app.llm.hub.names import MOST_BYTES, folder_name, local_names, safe_name


@pytest.mark.parametrize(
    ("path", "quantisation"),
    [
        ("qwen2.5-1.5b-instruct-q4_k_m.gguf", "Q4_K_M"),
        ("Qwen3-4B-Q4_K_M.gguf", "Q4_K_M"),
        ("model.Q8_0.gguf", "Q8_0"),
        ("gemma-UD-Q4_K_XL.gguf", "Q4_K_XL"),
        ("m-IQ3_XXS.gguf", "IQ3_XXS"),
        ("m.f16.gguf", "F16"),
        ("m-fp16.gguf", "F16"),
        ("m-BF16.GGUF", "BF16"),
        ("m-TQ1_0.gguf", "TQ1_0"),
        ("gpt-oss-20b-mxfp4.gguf", "MXFP4"),
        ("Q2-story-Q5_1.gguf", "Q5_1"),
        ("Q4_K_M/deep-00001-of-00009.gguf", "Q4_K_M"),
        ("deep-q6_k-00001-of-00002.gguf", "Q6_K"),
        ("qwen3.gguf", ""),
        ("q.gguf", ""),
    ],
)
def test_the_quantisation_is_read_from_the_name(path: str, quantisation: str) -> None:
    assert quantisation_of(path) == quantisation


@pytest.mark.parametrize(
    ("path", "repository", "kind"),
    [
        ("Qwen3-4B-Q4_K_M.gguf", "Qwen/Qwen3-4B-GGUF", ModelKind.CHAT),
        ("Qwen3-Embedding-0.6B-Q8_0.gguf", "Qwen/Qwen3-Embedding-0.6B-GGUF", ModelKind.EMBEDDING),
        ("model-q8_0.gguf", "x/multilingual-e5-small-gguf", ModelKind.EMBEDDING),
        ("bge-reranker-v2-m3-Q4_0.gguf", "x/y", ModelKind.RERANKING),
        ("mmproj-model-f16.gguf", "x/llava", ModelKind.PROJECTOR),
        ("lora-adapter.gguf", "x/y", ModelKind.ADAPTER),
        ("e50-chat.gguf", "x/code5", ModelKind.CHAT),
    ],
)
def test_what_a_file_is_for_is_guessed_from_names(path: str, repository: str, kind: ModelKind) -> None:
    assert kind_of(path, repository) is kind


def test_parts_are_one_model_and_what_is_no_model_is_left_out() -> None:
    parts = [
        FilePart("b-Q8_0-00002-of-00002.gguf", 30),
        FilePart("b-Q8_0-00001-of-00002.gguf", 20),
        FilePart("a-Q4_0.gguf", 10),
        FilePart("c-Q2_K-00001-of-00003.gguf", 5),
        FilePart("imatrix.gguf", 1),
        FilePart("README.md", 1),
        FilePart("model.safetensors", 100),
    ]
    found = models_of(parts, "o/n")
    assert [(file.path, file.size, file.is_whole) for file in found] == [
        ("c-Q2_K-00001-of-00003.gguf", 5, False),
        ("a-Q4_0.gguf", 10, True),
        ("b-Q8_0-00001-of-00002.gguf", 50, True),
    ]


def test_a_number_of_parts_that_is_absurd_costs_nothing() -> None:
    (file,) = models_of([FilePart("a-00001-of-99999.gguf", 1)], "o/n")
    assert not file.is_whole


def model(*paths: str) -> RepositoryFile:
    return RepositoryFile(tuple(FilePart(path, 1) for path in paths))


def test_names_that_clash_get_a_number_and_parts_stay_together() -> None:
    assert local_names(model("sub/a.gguf"), {"a.gguf", "a (2).gguf"}.__contains__) == ("a (3).gguf",)
    split = model("Q4/a-00001-of-00002.gguf", "Q4/a-00002-of-00002.gguf")
    assert local_names(split, {"a-00002-of-00002.gguf"}.__contains__) == (
        "a (2)-00001-of-00002.gguf",
        "a (2)-00002-of-00002.gguf",
    )


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("CON", "_CON"),
        ("nul.Q4", "_nul.Q4"),
        ("com¹", "_com¹"),
        ("console", "console"),
        ('a<b>:"c"|?*', "a_b___c____"),
        ("..\\..\\x", "_.._x"),
        ("a\u00a0b", "a_b"),
        ("a. . ", "a"),
        ("\u202egpj\u200b", "_gpj_"),
        ("\ud800", "_"),
        ("...", "model"),
    ],
)
def test_a_name_is_one_on_every_system(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_no_name_is_a_path(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert len(safe.encode()) <= MOST_BYTES + 1
    assert not set(safe) & set('<>:"/\\|?*\0')
    assert safe.strip(" .") == safe
    assert safe.isprintable()


def test_repositories_have_folders_of_their_own() -> None:
    assert folder_name("Qwen/Qwen3-4B") == "Qwen--Qwen3-4B"
    assert folder_name("con/x") == "con--x"
