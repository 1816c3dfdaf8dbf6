"""The child's side of `vectors.py`: holds the models, and answers questions between two batches of an import."""

from __future__ import annotations

import glob
import json
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np

from chatbot_app.core.children.child_side import leave_network, limit_memory, open_replies
from chatbot_app.core.children.framing import Message, send
from chatbot_app.core.errors import AppError
from chatbot_app.core.free_memory import return_free_memory
from chatbot_app.knowledge.children.cross_encoder import BuiltInCrossEncoder
from chatbot_app.knowledge.children.joined_embedder import JoinedEmbedder
from chatbot_app.knowledge.children.sentence_embedder import SentenceEmbedder
from chatbot_app.knowledge.cross_encoding import CrossEncoding, ReadText
from chatbot_app.knowledge.embedder import QueryEmbedder, TokenVectors, Vectors, lower_priority

_Steps = Iterator[Message]
_ROOM = 2 * 1024**3  # bytes beside a model of the person's


class BatchModel(Protocol):
    """What makes vectors of texts; of questions too, in another way, where it is a `QueryEmbedder`."""

    def load(self) -> None:
        """Load it. Raises AppError."""

    def embed_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield (indices into `texts`, their unit vectors, float32, shape (indices, dimension)); no indices where something else may go first.

        Raises AppError.
        """
        ...


class Model(BatchModel, Protocol):
    """What the child holds."""

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the vectors of each text and of its tokens. Raises AppError."""
        ...


class PairModel(Protocol):
    """What reads a question and passages together: a `BuiltInCrossEncoder`."""

    def load(self) -> None:
        """Load it. Raises AppError."""

    def encode_one_by_one(
        self, question: str, passages: Sequence[ReadText]
    ) -> Iterator[tuple[int, CrossEncoding]]:
        """Yield (place in `passages`, what reading it tells)."""
        ...


class VectorsChild:
    """Answers requests in two threads: what somebody waits for at once, an import's texts while nobody does.

    The batch of an import that is under way when a question comes is finished beside it: to wait for its end
    would take longer than to share the processors with it.
    """

    def __init__(
        self,
        replies: IO[bytes],
        model: Model,
        joined: BatchModel | None = None,
        multilingual: BatchModel | None = None,
        pairs: PairModel | None = None,
    ) -> None:
        """`joined` makes the vectors of passages of `model` and of `multilingual`, `pairs` reads questions and passages together.

        Each is loaded when it is first asked.
        """
        self._replies = replies
        self._lock = threading.Lock()  # of the replies
        self._changed = threading.Condition()
        self._urgent: list[tuple[int, int, _Steps]] = []  # texts, id, what is left to do
        self._background: deque[tuple[int, _Steps]] = deque()
        self._steps_of: dict[str, Callable[[list[str]], _Steps]] = {
            "texts": lambda texts: self._steps(model, texts),
            "questions": lambda texts: self._question_steps(model, texts),
            "tokens": lambda texts: self._token_steps(model, texts),
        }
        if joined is not None:
            self._steps_of["joined texts"] = lambda texts: self._steps(joined, texts)
            self._steps_of["joined questions"] = lambda texts: self._question_steps(joined, texts)
        if multilingual is not None:
            self._steps_of["multilingual texts"] = lambda texts: self._steps(multilingual, texts)
            self._steps_of["multilingual questions"] = lambda texts: self._question_steps(multilingual, texts)
        if pairs is not None:
            self._steps_of["pairs"] = lambda texts: self._pair_steps(pairs, texts)
        self._loading = {id(one): threading.Lock() for one in (model, joined, multilingual, pairs)}
        self._loaded: set[int] = set()

    def run(self, requests: Iterable[bytes]) -> None:
        """Answer until the requests end."""
        threading.Thread(target=self._serve_imports, name="imports", daemon=True).start()
        threading.Thread(target=self._serve_questions, name="questions", daemon=True).start()
        for line in requests:
            request = json.loads(line)
            number, texts = int(request["id"]), list(request["texts"])
            steps = self._steps_of[request["wanted"]](texts)
            with self._changed:
                if request["urgent"]:
                    self._urgent.append((len(texts), number, steps))
                else:
                    self._background.append((number, steps))
                self._changed.notify_all()

    def _steps(self, model: BatchModel, texts: list[str]) -> _Steps:
        self._load(model)
        for rows, vectors in model.embed_batches(texts):
            yield {"rows": rows}, np.ascontiguousarray(vectors, "<f4").tobytes()

    def _question_steps(self, model: BatchModel, texts: list[str]) -> _Steps:
        if not isinstance(model, QueryEmbedder):
            yield from self._steps(model, texts)
            return
        self._load(model)
        vectors = np.ascontiguousarray(model.embed_queries(texts), "<f4")
        yield {"rows": list(range(len(texts)))}, vectors.tobytes()

    def _token_steps(self, model: Model, texts: list[str]) -> _Steps:
        self._load(model)
        for row, found in enumerate(model.embed_tokens(texts)):
            numbers = np.concatenate([found.vector[None, :], found.tokens]).astype("<f4")
            yield {"row": row, "spans": found.spans}, numbers.tobytes()

    def _pair_steps(self, model: PairModel, texts: list[str]) -> _Steps:
        """Read the first of `texts` with the others: of each passage what stands above it, then itself."""
        self._load(model)
        question, *others = texts
        passages = [ReadText(*pair) for pair in zip(others[::2], others[1::2], strict=True)]
        for place, reading in model.encode_one_by_one(question, passages):
            numbers = np.array([reading.passage, reading.whole, *reading.tokens], "<f4")
            yield {"row": place, "spans": reading.spans}, numbers.tobytes()

    def _load(self, model: BatchModel | PairModel) -> None:
        # Whoever asks first loads it: a question does not wait for a polite thread.
        with self._loading[id(model)]:
            if id(model) not in self._loaded:
                model.load()
                return_free_memory()  # of the graph as it was before onnxruntime has arranged it: 65 MB
                self._loaded.add(id(model))

    def _serve_questions(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._urgent)
                # One question does not wait for the sentences of a whole answer.
                task = min(self._urgent, key=lambda entry: entry[:2])
            if not self._step(*task[1:]):
                with self._changed:
                    self._urgent.remove(task)
                    self._changed.notify_all()

    def _serve_imports(self) -> None:
        lower_priority()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._background and not self._urgent)
                number, steps = self._background[0]
            if not self._step(number, steps):
                with self._changed:
                    self._background.popleft()

    def _step(self, number: int, steps: _Steps) -> bool:
        """Do one batch and send it; return whether there may be another."""
        return self._guarded(number, lambda: self._send_next(number, steps))

    def _send_next(self, number: int, steps: _Steps) -> bool:
        message, payload = next(steps, ({"done": True}, b""))
        if message.get("rows") != []:  # else nothing was finished: another may go first
            self._send({"id": number, **message}, payload)
        return "done" not in message

    def _guarded(self, number: int, task: Callable[[], Any]) -> bool:
        try:
            return bool(task())
        except BrokenPipeError:
            os._exit(1)  # nobody listens any more
        except AppError as exc:
            details = {name: str(value) for name, value in exc.details.items()}
            self._send({"id": number, "error": type(exc).__name__, "details": details})
        except Exception as exc:  # noqa: BLE001  # onnxruntime's and tokenizers' errors have no base of their own
            detail = f"{type(exc).__name__}: {exc}"[:200]
            self._send({"id": number, "error": "", "details": {"detail": detail}})
        return False

    def _send(self, message: dict[str, Any], payload: bytes = b"") -> None:
        with self._lock:
            send(self._replies, message, payload)


def main(arguments: Sequence[str] = ()) -> int:
    """Run as the child: `python -m chatbot_app --vectors [FILE.onnx [POOLING]]`; without a file, the model that ships."""
    leave_network()
    model: Model
    joined: JoinedEmbedder | None = None
    pairs: BuiltInCrossEncoder | None = None
    if arguments:
        path = Path(arguments[0])
        limit_memory(_ROOM + 3 * _size_with_weights(path))
        model = SentenceEmbedder(path, arguments[1] if len(arguments) > 1 else "")
    else:
        limit_memory()
        joined = JoinedEmbedder()
        model = joined.english
        pairs = BuiltInCrossEncoder(joined.english)
    multilingual = joined.multilingual if joined is not None else None
    VectorsChild(open_replies(), model, joined, multilingual, pairs).run(sys.stdin.buffer)
    os._exit(0)  # whoever asked has gone: what is being computed is for nobody


def _size_with_weights(path: Path) -> int:
    """Return the bytes of an ONNX file and of what it keeps outside."""
    try:
        return sum(file.stat().st_size for file in path.parent.glob(f"{glob.escape(path.name)}*"))
    except OSError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
