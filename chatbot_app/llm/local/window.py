"""The context window that a GGUF file runs with here: the one it was trained with, as far as memory goes."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot_app.core.local_models import EngineSettings, ModelFacts

# What every model got before, and gets at least, in tokens: where this does not fit, loading says so.
SMALLEST_WINDOW = 8192
STEP = 256  # llama.cpp rounds windows to this

KEPT_FREE = 1 << 30  # bytes for the rest of the machine, this program's window and its parser among it
COMPUTING = 300 << 20  # bytes of llama.cpp's buffers at 256 tokens a step
# Of f16: a block of q8_0 holds 32 numbers in 34 bytes, one of q4_0 in 18.
_SHARE_OF_F16 = {"f16": 1.0, "q8_0": 34 / 64, "q4_0": 18 / 64}


@dataclass(frozen=True, slots=True)
class LocalWindow:
    """Tokens of a window; `trained` is what the file says, None where it says nothing."""

    tokens: int
    trained: int | None


def local_window(facts: ModelFacts, settings: EngineSettings, available: int | None) -> LocalWindow:
    """Return the window for a model where `available` bytes of memory are free (None: unknown).

    What the person set is taken as it is.
    """
    trained = facts.context_length
    if settings.context is not None:
        return LocalWindow(settings.context, trained)
    if trained is None:
        return LocalWindow(SMALLEST_WINDOW, None)
    per_token = cache_bytes(facts, settings)
    if trained <= SMALLEST_WINDOW or per_token is None or available is None:
        return LocalWindow(min(trained, SMALLEST_WINDOW), trained)
    room = available - facts.bytes - COMPUTING - KEPT_FREE
    fitting = max(room // per_token // STEP * STEP, SMALLEST_WINDOW)
    return LocalWindow(min(trained, fitting), trained)


def cache_bytes(facts: ModelFacts, settings: EngineSettings) -> int | None:
    """Return what a token takes in the table of keys and values as it is set; None where that is not known."""
    if facts.cache_bytes is None:
        return None
    return max(1, round(facts.cache_bytes * _SHARE_OF_F16[settings.cache_type or "f16"]))


def memory_needed(facts: ModelFacts, settings: EngineSettings, tokens: int) -> int:
    """Return the bytes that a model takes with a window of so many tokens; the rest of the machine is not in it."""
    return facts.bytes + COMPUTING + tokens * (cache_bytes(facts, settings) or 0)
