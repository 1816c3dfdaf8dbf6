"""A model runs with the window that it was trained with, unless memory is too short for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from chatbot_app.core.available_memory import available_memory
from chatbot_app.core.local_models import EngineSettings, ModelFacts
from chatbot_app.llm.local.gguf import GgufMetadata
from chatbot_app.llm.local.model_facts import bytes_per_token, facts_of
from chatbot_app.llm.local.server import LocalServer
from chatbot_app.llm.local.window import SMALLEST_WINDOW, LocalWindow, local_window, memory_needed
from tests.tiny_gguf import CONTROL, UNKNOWN, write_model

GIB = 1 << 30


def of(**values: Any) -> GgufMetadata:
    named = {name.replace("__", "."): value for name, value in values.items()}
    return GgufMetadata({"general.architecture": "a", **{f"a.{k}": v for k, v in named.items()}}, (), ())


def window_of(metadata: GgufMetadata, size: int, available: int | None) -> LocalWindow:
    return local_window(facts_of(metadata, (), size), EngineSettings(), available)


LLAMA_8B: dict[str, Any] = {
    "context_length": 131072,
    "block_count": 32,
    "embedding_length": 4096,
    "attention__head_count": 32,
    "attention__head_count_kv": 8,
}


def test_keys_and_values_are_counted_by_heads_layers_and_widths() -> None:
    assert bytes_per_token(of(**LLAMA_8B)) == 128 * 1024  # the figure that llama.cpp prints for Llama 3.1 8B
    wide = LLAMA_8B | {"attention__key_length": 256, "attention__value_length": 256}
    assert bytes_per_token(of(**wide)) == 256 * 1024
    hybrid = LLAMA_8B | {"attention__head_count_kv": [0, 8] * 16}  # every other layer keeps nothing
    assert bytes_per_token(of(**hybrid)) == 64 * 1024
    assert bytes_per_token(of(context_length=4096)) is None
    latent = LLAMA_8B | {"attention__kv_lora_rank": 512, "rope__dimension_count": 64}  # DeepSeek
    assert bytes_per_token(of(**latent)) == 32 * (512 + 64) * 2


@pytest.mark.parametrize(
    ("available", "tokens"),
    [
        (64 * GIB, 131072),  # all of it
        (14 * GIB, 66816),  # what is left beside the weights, computing and the rest of the machine
        (2 * GIB, SMALLEST_WINDOW),
        (None, SMALLEST_WINDOW),
    ],
)
def test_memory_bounds_the_trained_window(available: int | None, tokens: int) -> None:
    window = window_of(of(**LLAMA_8B), int(4.5 * GIB), available)
    assert window.trained == 131072
    assert window.tokens == pytest.approx(tokens, rel=0.03)
    assert window.tokens % 256 == 0


def test_no_model_gets_more_than_it_was_trained_with() -> None:
    assert window_of(of(**LLAMA_8B | {"context_length": 2048}), GIB, 64 * GIB).tokens == 2048
    assert window_of(of(), GIB, 64 * GIB).tokens == SMALLEST_WINDOW
    assert window_of(of(context_length="many"), GIB, 64 * GIB).trained is None


def test_what_a_person_sets_is_taken_and_a_smaller_table_leaves_room_for_more() -> None:
    facts = facts_of(of(**LLAMA_8B), (), int(4.5 * GIB))
    assert local_window(facts, EngineSettings(context=4096), 64 * GIB) == LocalWindow(4096, 131072)
    small = local_window(facts, EngineSettings(cache_type="q8_0"), 10 * GIB)
    plain = local_window(facts, EngineSettings(), 10 * GIB)
    assert small.tokens == pytest.approx(plain.tokens * 64 / 34, rel=0.02)
    assert memory_needed(facts, EngineSettings(), 8192) == int(4.5 * GIB) + (300 << 20) + GIB
    assert memory_needed(ModelFacts(bytes=5), EngineSettings(), 8192) == 5 + (300 << 20)


def test_a_file_of_the_persons_runs_with_its_own_window(tmp_path: Path) -> None:
    special = [("<unk>", UNKNOWN), ("<s>", CONTROL), ("</s>", CONTROL)]
    for trained in (1024, 16384):
        path = tmp_path / f"{trained}.gguf"
        write_model(path, special, context_length=trained)
        server = LocalServer(path, command=[sys.executable, "-m", "chatbot_app.llm.local.server_process"])
        try:
            endpoint = server.ensure_running()
            assert (endpoint.context_window, endpoint.trained_window) == (trained, trained)
        finally:
            server.stop()


def test_this_machine_tells_its_memory() -> None:
    free = available_memory()
    assert free is None or free > 0
    assert free is not None or sys.platform != "linux"
