"""Asks a sentence-embedding model of the person's, which a child of its own holds (see `vectors.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from chatbot_app.core.paths import child_command
from chatbot_app.knowledge.children.vectors import VECTORS_FLAG, VectorsProcess


class SentenceClient:
    """A `VectorClient` of an ONNX file. A text alone is taken for a question: it comes before those of an import."""

    def __init__(self, path: Path, pooling: str = "") -> None:
        self._process = VectorsProcess(child_command(VECTORS_FLAG, str(path), pooling))

    @property
    def pid(self) -> int | None:
        """The process id of the child, None where there is none; it may have ended since."""
        return self._process.pid

    def request(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector for each text. Raises AppError."""
        rows = self._process.rows(texts, is_urgent=len(texts) == 1)
        return [row.tolist() for row in rows]

    def interrupt(self) -> None:
        """End what is under way, from any thread, and refuse what comes later."""
        self._process.interrupt()

    def close(self) -> None:
        """End the child."""
        self._process.close()
