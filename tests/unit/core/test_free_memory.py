"""What is given back to the system reads the same afterwards, and nothing of anybody else's is touched."""

from __future__ import annotations

import mmap
import sys

import psutil
import pytest

from chatbot_app.core.free_memory import private_mappings, return_zeroed_memory

MB = 1 << 20
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells its mappings")


def cleared(size: int) -> mmap.mmap:
    """Memory that a library has cleared: pages of zeros that count as used."""
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    for place in range(0, size, MB):
        memory[place : place + MB] = bytes(MB)
    return memory


def resident() -> int:
    return int(psutil.Process().memory_info().rss)


def test_cleared_memory_is_given_back_and_what_stands_in_it_stays() -> None:
    before = private_mappings()
    memory = cleared(200 * MB)
    memory[100 * MB + 5 : 100 * MB + 10] = b"hello"
    used = resident()
    assert return_zeroed_memory(before) >= 150 * MB
    assert used - resident() > 150 * MB
    assert memory[100 * MB + 5 : 100 * MB + 10] == b"hello"
    memory[150 * MB] = 7  # a page that was given back comes when it is used
    assert (memory[150 * MB], memory[150 * MB + 1], memory[20 * MB]) == (7, 0, 0)
    memory.close()


def test_what_was_there_before_is_left_alone() -> None:
    memory = cleared(200 * MB)
    used = resident()
    assert return_zeroed_memory(private_mappings()) == 0
    assert used - resident() < 20 * MB
    memory.close()


def test_small_memory_is_left_alone() -> None:
    before = private_mappings()
    memory = cleared(20 * MB)
    used = resident()
    assert return_zeroed_memory(before) == 0
    assert used - resident() < 5 * MB
    memory.close()
