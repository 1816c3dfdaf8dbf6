"""The context window that a GGUF file runs with here: the one it was trained with, as far as memory goes."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot_app.llm.local.gguf import GgufMetadata

# What every model got before, and gets at least, in tokens: where this does not fit, loading says so.
SMALLEST_WINDOW = 8192
STEP = 256  # llama.cpp rounds windows to this

_BYTES_OF_F16 = 2
_KEPT_FREE = 1 << 30  # bytes for the rest of the machine, this program's window and its parser among it
_COMPUTING = 300 << 20  # bytes of llama.cpp's buffers at 256 tokens a step


@dataclass(frozen=True, slots=True)
class LocalWindow:
    """Tokens of a window; `trained` is what the file says, None where it says nothing."""

    tokens: int
    trained: int | None


def local_window(metadata: GgufMetadata, file_bytes: int, available: int | None) -> LocalWindow:
    """Return the window for a file of `file_bytes` where `available` bytes of memory are free (None: unknown)."""
    trained = _number(metadata.of_architecture("context_length"))
    if trained is None:
        return LocalWindow(SMALLEST_WINDOW, None)
    per_token = bytes_per_token(metadata)
    if trained <= SMALLEST_WINDOW or per_token is None or available is None:
        return LocalWindow(min(trained, SMALLEST_WINDOW), trained)
    room = available - file_bytes - _COMPUTING - _KEPT_FREE
    fitting = max(room // per_token // STEP * STEP, SMALLEST_WINDOW)
    return LocalWindow(min(trained, fitting), trained)


def bytes_per_token(metadata: GgufMetadata) -> int | None:
    """Return what a token takes in the table of keys and values (f16), None where the file does not say enough.

    Layers that look at a part of the window only are counted as the others: it is at most too much.
    """
    layers = _number(metadata.of_architecture("block_count"))
    heads = _each_layer(metadata.of_architecture("attention.head_count"), layers)
    key_heads = _each_layer(metadata.of_architecture("attention.head_count_kv"), layers) or heads
    if layers is None or heads is None or key_heads is None:
        return None
    width = _number(metadata.of_architecture("embedding_length"))
    most = max(heads)
    head = width // most if width is not None and most else None
    key = _number(metadata.of_architecture("attention.key_length")) or head
    value = _number(metadata.of_architecture("attention.value_length")) or head
    if key is None or value is None:
        return None
    return sum(key_heads) * (key + value) * _BYTES_OF_F16 or None


def _each_layer(value: object, layers: int | None) -> list[int] | None:
    """Return a number for each layer: files give one for all, or a list."""
    if layers is None or layers > 10_000:
        return None
    if isinstance(value, list):
        numbers = [number for number in value if isinstance(number, int) and number >= 0]
        return numbers[:layers] if len(numbers) >= layers else None
    number = _number(value)
    return None if number is None else [number] * layers


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
