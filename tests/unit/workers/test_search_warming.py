"""The search is loaded while a question to documents is written."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest

from chatbot_app.chat.evidence import EvidenceFinder
from chatbot_app.workers.chat_worker import ChatWorker
from chatbot_app.workers.search_warming import SearchWarming


class Worker:
    """Keeps what it is to do."""

    def __init__(self) -> None:
        self.work: list[Callable[[], Coroutine[Any, Any, None]]] = []

    def call(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self.work.append(work)


class Evidence:
    """Remembers the threads in which it was warmed up."""

    def __init__(self) -> None:
        self.threads: list[int] = []

    def warm_up(self) -> None:
        self.threads.append(threading.get_ident())


@pytest.mark.parametrize("is_wanted", [True, False])
def test_the_search_is_loaded_in_a_thread_of_its_own_where_documents_are_asked(is_wanted: bool) -> None:
    worker, evidence = Worker(), Evidence()
    warming = SearchWarming(
        cast(ChatWorker, worker), lambda: cast(EvidenceFinder, evidence), lambda: is_wanted
    )
    warming.begin()
    assert evidence.threads == []

    for work in worker.work:
        asyncio.run(work())

    assert len(evidence.threads) == is_wanted
    assert threading.get_ident() not in evidence.threads
