"""Garbage is collected all the same, only not in the middle of an answer."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Iterator
from types import ModuleType

import pytest

from chatbot_app.ui.quiet_collector import FULL_EVERY_SECONDS, LIBRARY_MODULES, QuietCollector


class Knot:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.me = self


class Times:
    """A clock and a state that the test moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.busy = False


@pytest.fixture
def times() -> Times:
    return Times()


@pytest.fixture
def collector(qapp, times: Times) -> Iterator[QuietCollector]:
    collector = QuietCollector(lambda: times.busy, clock=lambda: times.now)
    yield collector
    collector.stop()


def old_knot() -> weakref.ref[Knot]:
    """Return a knot of the oldest generation that nobody holds."""
    knot = Knot()
    gc.collect()
    return weakref.ref(knot)


def test_a_full_collection_waits_until_nothing_moves(collector: QuietCollector, times: Times) -> None:
    left = old_knot()
    times.busy = True
    times.now += 10 * FULL_EVERY_SECONDS
    collector.look()
    assert left() is not None
    times.busy = False
    collector.look()
    assert left() is None


def test_young_garbage_goes_also_while_something_moves(collector: QuietCollector, times: Times) -> None:
    times.busy = True
    gc.collect()
    left = [weakref.ref(Knot()) for _ in range(6_000)]
    collector.look()
    assert sum(one() is not None for one in left) == 0


def test_python_collects_by_itself_again_afterwards(qapp) -> None:
    gc.disable()  # as the launch does, whose imports make no garbage
    collector = QuietCollector(lambda: False)
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_libraries_that_were_loaded_late_are_not_looked_through(
    collector: QuietCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen = gc.get_freeze_count()
    for number in range(LIBRARY_MODULES - 1):
        monkeypatch.setitem(sys.modules, f"late_{number}", ModuleType(f"late_{number}"))
    collector.look()
    assert gc.get_freeze_count() == frozen
    monkeypatch.setitem(sys.modules, "the_last", ModuleType("the_last"))
    collector.look()
    assert gc.get_freeze_count() > frozen
