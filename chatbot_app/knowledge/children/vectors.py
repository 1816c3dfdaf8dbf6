"""The built-in embedding model, in a child process that holds it: nothing of it is in this one.

The child is started by the first text. What is asked here (`embed`, `embed_tokens`) comes before what an import
asks (`for_imports`), between two of its batches. A child that dies is replaced and asked once more.

The process itself stands for the first half, all-MiniLM-L6-v2 alone, which compares sentences; `joined` stands for both,
which search passages.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import count
from typing import Any, TypeVar

import numpy as np

from chatbot_app.core.checksums import sha256_of
from chatbot_app.core.children.framing import Message
from chatbot_app.core.children.process import ChildProcess
from chatbot_app.core.paths import child_command
from chatbot_app.knowledge.children.built_in_embedder import model_path
from chatbot_app.knowledge.children.built_in_stamps import BUILT_IN_DIMENSION, joined, stamped
from chatbot_app.knowledge.children.joined_vectors import ForImports, JoinedVectors, checked_rows
from chatbot_app.knowledge.children.recently_made import RecentlyMade
from chatbot_app.knowledge.children.vectors_errors import EmbeddingInterrupted, VectorsStopped, error_of
from chatbot_app.knowledge.cross_encoding import CrossEncoding, ReadText
from chatbot_app.knowledge.embedder import Embedder, EmbeddingModel, TokenVectors, Vectors
from chatbot_app.llm.model_files import MULTILINGUAL_MODEL, find_model_file, is_intact

VECTORS_FLAG = "--vectors"
QUESTION_SECONDS = 60.0  # that a part of an answer may take, the start of the child included
IMPORT_SECONDS = 600.0  # a batch of an import waits for every question
STARTS = 2  # children that a request may be asked of
_Made = TypeVar("_Made")
_QUESTION = "\0"  # before a question where its vector is kept beside those of texts


class VectorsProcess:
    """all-MiniLM-L6-v2, and both models `joined`, in a child process. For any thread; `close` ends the child."""

    def __init__(
        self,
        command: Sequence[str] | None = None,
        *,
        question_seconds: float = QUESTION_SECONDS,
        import_seconds: float = IMPORT_SECONDS,
    ) -> None:
        command = command if command is not None else child_command(VECTORS_FLAG)
        self._child = ChildProcess(command, self._take, name="vectors-replies")
        self._question_seconds = question_seconds
        self._import_seconds = import_seconds
        self._asking = threading.Lock()  # one starts the child and writes to it at a time
        self._numbers = count()
        self._waiting: dict[int, queue.SimpleQueue[Message | None]] = {}
        self._interrupted = threading.Event()
        self._model: EmbeddingModel | None = None
        self._joined: JoinedVectors | None = None
        self._looking = threading.Lock()
        self._is_joined: bool | None = None  # None: nobody has looked
        self._recent: RecentlyMade[str, TokenVectors] = RecentlyMade()
        self._recent_across: RecentlyMade[str, TokenVectors] = RecentlyMade()
        self._recent_pairs: RecentlyMade[tuple[str, ReadText], CrossEncoding] = RecentlyMade()
        self.for_imports: Embedder = ForImports(self)

    @property
    def pid(self) -> int | None:
        """The child's process id, None where none runs."""
        return self._child.pid

    @property
    def model(self) -> EmbeddingModel:
        """The stamp of the vectors; part of the file's hash is in it, so a swapped file is noticed. Raises OSError."""
        if self._model is None:
            self._model = stamped(sha256_of(model_path()))
        return self._model

    @property
    def joined(self) -> JoinedVectors | None:
        """The same with the second model beside it; None where its file is absent or damaged. Raises OSError."""
        with self._looking:
            if self._is_joined is None:
                path = find_model_file(MULTILINGUAL_MODEL.name)
                is_joined = path is not None and is_intact(MULTILINGUAL_MODEL, path)
                if is_joined:
                    self._joined = JoinedVectors(self, joined(self.model))
                self._is_joined = is_joined  # where the first model's file is absent, the next look is anew
            return self._joined

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), 384). Raises AppError.

        Texts longer than 256 tokens are read up to there.
        """
        return self.embed_for(texts, is_urgent=True)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, float32, shape (len(texts), dimension): a model may make them otherwise than `embed`.

        Raises AppError.
        """
        return checked_rows(self.rows(texts, "questions", is_urgent=True), self.model)

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the vectors of each text and of its tokens, [CLS] and [SEP] left out. Raises AppError.

        Those of the last texts are kept.
        """
        return self._recent.of(texts, self._tokens_of)

    def cosines_across(self, question: str, texts: Sequence[str]) -> Vectors:
        """Return how near texts are to a question in another language, by the second model: shape (len(texts),).

        The vectors of the last texts are kept. Raises AppError.
        """
        if not texts:
            return np.zeros(0, np.float32)
        kept = [f"{_QUESTION} {question}"]
        (asked,) = self._recent_across.of(kept, lambda _: self._across([question], "questions"))
        told = self._recent_across.of(texts, lambda missing: self._across(missing, "texts"))
        cosines: Vectors = np.array([one.vector for one in told], np.float32) @ asked.vector
        return cosines

    def encode_pairs(self, question: str, passages: Sequence[ReadText]) -> list[CrossEncoding]:
        """Return what reading the question with each passage tells; those of the last passages are kept. Raises AppError."""

        def read(missing: Sequence[tuple[str, ReadText]]) -> list[CrossEncoding]:
            return self._readings(question, [passage for _, passage in missing])

        return self._recent_pairs.of([(question, passage) for passage in passages], read)

    def embed_for(self, texts: Sequence[str], *, is_urgent: bool) -> Vectors:
        """Return vectors as `embed` does; those of an import give way to others. Raises AppError."""
        return checked_rows(self.rows(texts, is_urgent=is_urgent), self.model)

    def rows(self, texts: Sequence[str], wanted: str = "texts", *, is_urgent: bool) -> list[Vectors]:
        """Return the vector of each text as the child gave it, whichever model it holds. Raises AppError.

        `wanted` is "texts" or "questions", with "joined " before it those of both models, with "multilingual " of the second.
        """
        return self._gathered(texts, wanted, _rows_of, len(texts), is_urgent=is_urgent)

    def interrupt(self) -> None:
        """End what is being computed, from any thread, and refuse what comes later: the program ends.

        The calls that are ended raise EmbeddingInterrupted.
        """
        self._interrupted.set()
        self._child.kill()

    def close(self) -> None:
        """End the child, and refuse what comes later."""
        self.interrupt()
        with self._asking:
            self._child.end(0.0)  # it holds nothing that could be lost

    # --- inside ----------------------------------------------------------------------------------------

    def _across(self, texts: Sequence[str], kind: str) -> list[TokenVectors]:
        rows = self.rows(texts, f"multilingual {kind}", is_urgent=True)
        return [TokenVectors(row, row[None, :0], ()) for row in rows]

    def _tokens_of(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self._gathered(texts, "tokens", _token_vectors_of, len(texts), is_urgent=True)

    def _readings(self, question: str, passages: Sequence[ReadText]) -> list[CrossEncoding]:
        texts = [question, *(part for passage in passages for part in passage)]
        return self._gathered(texts, "pairs", _reading_of, len(passages), is_urgent=True)

    def _gathered(
        self,
        texts: Sequence[str],
        wanted: str,
        read: Callable[[Message], Iterable[tuple[int, _Made]]],
        most: int,
        *,
        is_urgent: bool,
    ) -> list[_Made]:
        """Return what the child makes of some texts, in their order; `read` takes it and its places from a reply.

        Raises VectorsStopped where the child is done before `most` came.
        """
        found: dict[int, _Made] = {}
        with contextlib.closing(self._replies(texts, wanted, is_urgent=is_urgent)) as replies:
            for reply in replies:
                found.update(read(reply))
                if len(found) == most:
                    break  # that it is done says nothing more
        if sorted(found) != list(range(most)):
            raise VectorsStopped(detail=f"{len(found)} replies came where {most} were wanted")
        return [found[place] for place in range(most)]

    def _replies(
        self, texts: Sequence[str], wanted: str, *, is_urgent: bool
    ) -> Generator[Message, None, None]:
        """Yield what the child says of some texts, asking a second child where the first one dies."""
        request = {"wanted": wanted, "urgent": is_urgent, "texts": list(texts)}
        seconds = self._question_seconds if is_urgent else self._import_seconds
        for _ in range(STARTS if texts else 0):
            with self._asked(request) as replied:
                while True:
                    try:
                        found = replied.get(timeout=seconds)
                    except queue.Empty:
                        self._child.kill()  # it hangs; others are asked again of the next one
                        raise VectorsStopped(detail=f"it took longer than {seconds:.0f} s") from None
                    if found is None:
                        break
                    if "error" in found[0]:
                        raise error_of(found[0])
                    if "done" in found[0]:
                        return
                    yield found
            if self._interrupted.is_set():
                raise EmbeddingInterrupted
        if texts:
            raise VectorsStopped(detail="it ended unexpectedly, and so did the next one")

    @contextlib.contextmanager
    def _asked(self, request: dict[str, Any]) -> Iterator[queue.SimpleQueue[Message | None]]:
        """Lend what a child says to a request; None: it has gone."""
        replied: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        with self._asking:
            if self._interrupted.is_set():
                raise EmbeddingInterrupted
            if not self._child.is_running:
                try:
                    self._child.start()
                except OSError as exc:
                    raise VectorsStopped(detail=exc.strerror or str(exc)) from exc
                if self._interrupted.is_set():  # meanwhile: nobody else ends this one
                    self._child.kill()
            number = next(self._numbers)
            self._waiting[number] = replied
            self._child.ask({"id": number, **request})
            if not self._child.is_running:
                replied.put(None)  # it went before it could be waited for
        try:
            yield replied
        finally:
            self._waiting.pop(number, None)

    def _take(self, message: Message | None) -> None:
        if message is not None:
            waiting = self._waiting.get(message[0].pop("id", -1))
            if waiting is not None:
                waiting.put(message)
            return
        for waiting in list(self._waiting.values()):
            waiting.put(None)


def _rows_of(reply: Message) -> Iterable[tuple[int, Vectors]]:
    """Return (place, vector) of each text that a reply is about."""
    message, payload = reply
    numbers = np.frombuffer(payload, "<f4").reshape(len(message["rows"]), -1)
    return zip(message["rows"], numbers, strict=True)


def _token_vectors_of(reply: Message) -> Iterable[tuple[int, TokenVectors]]:
    """Return (place, the vectors of it and of its tokens) of the one text that a reply is about."""
    message, payload = reply
    numbers = np.frombuffer(payload, "<f4").reshape(-1, BUILT_IN_DIMENSION)
    return [(message["row"], TokenVectors(numbers[0], numbers[1:], _spans_of(message)))]


def _reading_of(reply: Message) -> Iterable[tuple[int, CrossEncoding]]:
    """Return (place, what reading it tells) of the one passage that a reply is about."""
    message, payload = reply
    passage, whole, *tokens = np.frombuffer(payload, "<f4")
    told = CrossEncoding(float(passage), float(whole), np.array(tokens, np.float32), _spans_of(message))
    return [(message["row"], told)]


def _spans_of(message: dict[str, Any]) -> tuple[tuple[int, int], ...]:
    """Return the characters that each token stands for."""
    return tuple((int(start), int(end)) for start, end in message["spans"])
