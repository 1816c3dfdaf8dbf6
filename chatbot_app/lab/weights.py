"""The weights of a model as arrays: read out of a GGUF file one by one, and unpacked to float32.

A GGUF file keeps weights in blocks of a few bits with a scale of their own (Q4_K, Q8_0 …). The package `gguf` turns such
blocks into numbers; where they stand is read by `llm.local.gguf`, which is a hundred times as fast with a vocabulary.
The file is mapped, so that only what is asked for is ever read.
"""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot_app.core.available_memory import available_memory
from chatbot_app.core.errors import AppError
from chatbot_app.core.visible_text import visible_text
from chatbot_app.llm.local.examine import parts_of
from chatbot_app.llm.local.ggml_types import GGML_TYPES
from chatbot_app.llm.local.gguf import GgufMetadata, Tensor, read_tensors
from chatbot_app.llm.local.machine import usable_cores

FloatArray = npt.NDArray[np.float32]

_FLOAT32 = 0  # as GGUF numbers it
_BYTES_OF_FLOAT = 4
# What a core does in a second, at least: the slowest of the packed types (IQ3_S) unpacks 48 million weights, and a
# product of matrices in float32 makes 2e10 additions and multiplications.
_UNPACKED_A_SECOND = 4e7
_OPERATIONS_A_SECOND = 2e10
MOST_SECONDS = 120.0  # that anybody waits for a picture
_KEPT_FREE = 1 << 30  # bytes for everything else that runs here


class WeightsUnusable(AppError):
    """The laboratory cannot compute with a model; `name` is the model, `detail` says why."""

    summary_template = "The laboratory cannot look into {name}: {detail}"
    next_step_template = "Choose another model; the built-in one always works."


class Weights:
    """The tensors of one model by name, each unpacked when it is asked for. Close it, or use it as a context."""

    def __init__(self, path: Path, name: str = "") -> None:
        """Map the file, or all parts of a split one. Raises WeightsUnusable."""
        self.name = name or visible_text(path.name)
        self._tensors: dict[str, tuple[mmap.mmap, Tensor]] = {}
        self._maps: list[mmap.mmap] = []
        self.values: dict[str, Any] = {}
        for part in parts_of(path):
            metadata = self._read(part)
            self.values = self.values or dict(metadata.values)
            with part.open("rb") as stream:
                content = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
            self._maps.append(content)
            for tensor in metadata.tensors:
                if tensor.bytes is None or tensor.offset + tensor.bytes > len(content):
                    raise self.unusable("its file is not whole.")
                self._tensors[tensor.name] = (content, tensor)

    def __enter__(self) -> Weights:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the maps back; arrays that were returned are copies and stay."""
        self._tensors.clear()
        for content in self._maps:
            content.close()
        self._maps.clear()

    @property
    def architecture(self) -> str:
        """What the file calls the kind of its model."""
        value = self.values.get("general.architecture")
        return value if isinstance(value, str) else ""

    @property
    def names(self) -> frozenset[str]:
        """The names of all tensors."""
        return frozenset(self._tensors)

    def of_architecture(self, key: str) -> Any:
        """Return the value of `<architecture>.<key>`, None where the file does not say it."""
        return self.values.get(f"{self.architecture}.{key}")

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a tensor as numpy has it: (out, in) for a matrix. Raises KeyError."""
        return self._tensors[name][1].dimensions[::-1]

    def array(self, name: str) -> FloatArray:
        """Return a tensor, float32, shape `shape(name)`. Raises WeightsUnusable where it is missing or packed unknown."""
        rows = self._packed(name)
        return self._unpacked(name, rows).reshape(self.shape(name))

    def rows(self, name: str, indices: Sequence[int]) -> FloatArray:
        """Return some rows of a matrix, float32, shape (len(indices), columns): the others stay packed."""
        return self._unpacked(name, self._packed(name)[np.asarray(indices, np.int64)])

    def arrays(self, names: Sequence[str]) -> dict[str, FloatArray]:
        """Return several tensors, unpacked on all cores; raises like `array`."""
        with ThreadPoolExecutor(usable_cores()) as pool:  # numpy leaves the interpreter to others meanwhile
            return dict(zip(names, pool.map(self.array, names), strict=True))

    def size(self, names: Sequence[str] | frozenset[str]) -> int:
        """Return how many numbers some tensors hold together."""
        return sum(self._tensors[name][1].elements for name in names)

    def require_room(self, names: frozenset[str], tokens: int) -> None:
        """Refuse what would not fit into memory, or take longer than anybody waits. Raises WeightsUnusable.

        `names` are the tensors that are to be unpacked, `tokens` the length of the text.
        """
        count = self.size(names)
        needed, free = count * _BYTES_OF_FLOAT, available_memory()
        if free is not None and needed > free - _KEPT_FREE:
            raise self.unusable(
                f"its {count / 1e9:.1f} billion weights take {needed / 1e9:.1f} GB when they are unpacked, and"
                f" {free / 1e9:.1f} GB of memory are free."
            )
        seconds = (count / _UNPACKED_A_SECOND + 2 * count * tokens / _OPERATIONS_A_SECOND) / usable_cores()
        if seconds > MOST_SECONDS:
            raise self.unusable(
                f"to compute {count / 1e9:.1f} billion weights for {tokens} tokens would take about"
                f" {seconds / 60:.0f} minutes here."
            )

    def unusable(self, detail: str) -> WeightsUnusable:
        """Return the error that says why this model cannot be computed."""
        return WeightsUnusable(name=self.name, detail=detail)

    def _packed(self, name: str) -> npt.NDArray[np.uint8]:
        """Return the bytes of a tensor as they lie in the file, one row of the matrix each."""
        try:
            content, tensor = self._tensors[name]
        except KeyError:
            raise self.unusable(f"it has no weights “{name}”.") from None
        size = tensor.bytes or 0
        row_count = tensor.elements // max(tensor.dimensions[0], 1) if tensor.dimensions else 1
        flat = np.frombuffer(content, np.uint8, size, tensor.offset)
        if not row_count or size % row_count:
            raise self.unusable(f"the weights “{name}” have a shape that is not theirs.")
        return flat.reshape(row_count, size // row_count)

    def _unpacked(self, name: str, rows: npt.NDArray[np.uint8]) -> FloatArray:
        from gguf import GGMLQuantizationType, quants  # 0.1 s

        kind = self._tensors[name][1].kind
        try:
            numbers = quants.dequantize(rows, GGMLQuantizationType(kind))
        except (NotImplementedError, ValueError) as exc:
            packing = GGML_TYPES.get(kind, ("an unknown type",))[0]
            raise self.unusable(
                f"its weights are packed as {packing}, which cannot be unpacked here."
            ) from exc
        # What was float32 already is a view of the file, which may be closed before the array is done with.
        return np.array(numbers) if kind == _FLOAT32 else np.asarray(numbers, np.float32)

    def _read(self, part: Path) -> GgufMetadata:
        try:
            return read_tensors(part)
        except OSError as exc:
            raise self.unusable(f"{exc.strerror}.") from exc
        except ValueError as exc:
            raise self.unusable(f"{exc}.") from exc
