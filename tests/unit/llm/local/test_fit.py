"""What fits a machine is said with numbers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

import pytest

from chatbot_app.core.local_models import (
    BUILT_IN_LOCAL_MODEL,
    Device,
    EngineSettings,
    Machine,
    ModelFacts,
    ModelKind,
)
from chatbot_app.llm.local.fit import fit
from chatbot_app.llm.local.machine import read_machine

GB = 10**9
LAPTOP = Machine(16 * GB, 10 * GB, 4)
LLAMA_8B = ModelFacts(
    "llama", quantisation="Q4_K_M", context_length=131072, bytes=int(4.9 * GB), active_bytes=int(4.9 * GB),
    layers=32, cache_bytes=131072,
)  # fmt: skip
LLAMA_70B = ModelFacts(
    "llama", context_length=131072, bytes=42 * GB, active_bytes=42 * GB, cache_bytes=327680
)
MIXTURE = ModelFacts("qwen3moe", context_length=32768, bytes=9 * GB, active_bytes=GB, cache_bytes=1000)


@pytest.mark.parametrize(
    ("facts", "machine", "verdict", "words"),
    [
        (BUILT_IN_LOCAL_MODEL.facts, LAPTOP, "well", ["0.6 GB", "8,192 tokens", "16.0 GB", "tokens a second"]),
        (LLAMA_8B, LAPTOP, "slowly", ["8.9 GB of 16.0 GB", "28,160 tokens", "about 3.3 tokens a second"]),
        (LLAMA_8B, Machine(16 * GB, 3 * GB, 8), "slowly", ["3.0 GB are free now", "close other programs"]),
        (LLAMA_70B, LAPTOP, "no", ["45.0 GB", "this computer has 16.0 GB"]),
        (LLAMA_70B, Machine(128 * GB, 100 * GB, 16), "slowly", ["0.6 tokens a second"]),
        (MIXTURE, Machine(32 * GB, 20 * GB, 4), "well", ["16 tokens a second"]),
        (LLAMA_8B, Machine(16 * GB, 10 * GB, 4, (Device("Big GPU", 24 * GB, 23 * GB),)), "well", ["Big GPU has 23.0"]),
        (LLAMA_8B, Machine(None, None, 8), "well", ["8,192 tokens"]),
    ],
)  # fmt: skip
def test_a_verdict_has_its_numbers(
    facts: ModelFacts, machine: Machine, verdict: str, words: Sequence[str]
) -> None:
    found = fit(facts, machine)
    assert found.verdict == verdict, found.reason
    for word in words:
        assert word in found.reason, found.reason
    assert found.reason.startswith("It takes ")
    assert found.reason.endswith(".")


def test_what_was_measured_counts_more_than_what_is_estimated() -> None:
    assert fit(LLAMA_8B, LAPTOP, tokens_per_second=9.4).verdict == "well"
    measured = fit(BUILT_IN_LOCAL_MODEL.facts, LAPTOP, tokens_per_second=2.0)
    assert measured.verdict == "slowly"
    assert "its last answer came with 2.0 tokens a second" in measured.reason


def test_a_model_that_makes_vectors_is_a_question_of_memory() -> None:
    facts = ModelFacts("bert", quantisation="ONNX int8", kind=ModelKind.EMBEDDING, bytes=GB, active_bytes=GB)
    graphics = Machine(16 * GB, 10 * GB, 4, (Device("Big GPU", 24 * GB, 23 * GB),))
    assert fit(facts, graphics).reason == "It takes 1.3 GB of 16.0 GB of memory."
    assert (
        fit(replace(facts, quantisation="Q8_0"), graphics).reason
        == "It takes 1.3 GB of memory, and Big GPU has 23.0 GB free."
    )
    assert fit(facts, Machine(16 * GB, GB, 4)).verdict == "slowly"
    assert fit(facts, Machine(GB, GB, 4)).verdict == "no"


def test_settings_count() -> None:
    short = fit(LLAMA_8B, LAPTOP, EngineSettings(context=2048))
    assert (short.context, short.memory) == (2048, LLAMA_8B.bytes + (300 << 20) + 2048 * 131072)
    graphics = Machine(16 * GB, 10 * GB, 4, (Device("Big GPU", 24 * GB, 23 * GB),))
    assert fit(LLAMA_8B, graphics, EngineSettings(gpu_layers=0)).verdict == "slowly"


def test_this_machine_is_read_with_what_llama_cpp_lists() -> None:
    machine = read_machine([sys.executable, "-m", "chatbot_app.llm.local.server_process"])
    assert machine.cores >= 1
    assert machine.memory is None or machine.memory > 10**8
    for device in machine.devices:
        assert device.name
        assert 0 <= device.free <= device.memory
    assert read_machine(["/nowhere/at/all"]).devices == ()
