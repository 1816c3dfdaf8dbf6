"""llama.cpp without a server: the scores of what follows some tokens, straight from its library."""

from __future__ import annotations

import ctypes
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

_ROOM = 1024  # bytes: more than any parameter structure of llama.cpp has


class _Structure(ctypes.Structure):
    """A structure of llama.cpp whose layout is its own business; it is passed by value."""

    _fields_ = (("numbers", ctypes.c_int32 * (_ROOM // 4)),)


class _Batch(ctypes.Structure):
    _fields_ = (("content", ctypes.c_int64 * 7),)


class LlamaLogits:
    """One file in this process; use it as a context."""

    def __init__(self, path: Path) -> None:
        spec = importlib.util.find_spec("xllamacpp")
        assert spec is not None
        assert spec.submodule_search_locations
        folder = Path(spec.submodule_search_locations[0])
        self._library = ctypes.CDLL(str(next(folder.glob("xllamacpp*.so"))))
        self._quiet = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(lambda *_: None)
        self._library.llama_log_set(self._quiet, None)
        for name in ("llama_model_default_params", "llama_context_default_params"):
            getattr(self._library, name).restype = _Structure
        for name in (
            "llama_model_load_from_file",
            "llama_init_from_model",
            "llama_get_memory",
            "llama_model_get_vocab",
        ):
            getattr(self._library, name).restype = ctypes.c_void_p
        self._library.llama_batch_get_one.restype = _Batch
        self._library.llama_get_logits_ith.restype = ctypes.POINTER(ctypes.c_float)
        loaded = self._library.llama_model_load_from_file(
            str(path).encode(), self._library.llama_model_default_params()
        )
        assert loaded, f"llama.cpp does not load {path.name}"
        self._model = ctypes.c_void_p(loaded)
        self._context = ctypes.c_void_p(
            self._library.llama_init_from_model(self._model, self._library.llama_context_default_params())
        )
        self._memory = ctypes.c_void_p(self._library.llama_get_memory(self._context))
        vocabulary = ctypes.c_void_p(self._library.llama_model_get_vocab(self._model))
        self._size = self._library.llama_vocab_n_tokens(vocabulary)

    def __enter__(self) -> LlamaLogits:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._library.llama_free(self._context)
        self._library.llama_model_free(self._model)

    def after(self, ids: Sequence[int]) -> npt.NDArray[np.float32]:
        """Return the scores of all tokens, (V,), to come after at most 512 tokens."""
        self._library.llama_memory_clear(self._memory, True)
        tokens = (ctypes.c_int32 * len(ids))(*ids)
        batch = self._library.llama_batch_get_one(tokens, len(ids))
        assert self._library.llama_decode(self._context, batch) == 0
        return np.ctypeslib.as_array(
            self._library.llama_get_logits_ith(self._context, -1), (self._size,)
        ).copy()
