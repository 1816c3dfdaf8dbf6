"""The child in which models learn: what it says, that it goes on where it was killed, and that it goes with the window."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatbot_app.core.child_environment import child_environment
from chatbot_app.core.children.framing import receive, send
from chatbot_app.core.paths import child_command
from chatbot_app.lab.sampling import Sampling
from chatbot_app.lab.small import checkpoint, comparing, kept_models, training
from chatbot_app.lab.small.checkpoint import STATE
from chatbot_app.lab.small.model_shape import ModelShape
from chatbot_app.lab.small.refusals import Why
from chatbot_app.lab.small.training_plan import Source, TrainingPlan
from chatbot_app.lab.small.writing import Wish

SHAPE = ModelShape(vocabulary=1, context=16, width=16, layers=1, heads=2, key_value_heads=2)
SUMS = TrainingPlan(shape=SHAPE, source=Source.ADDITIONS, digits=1, steps=4, batch=8)
TEXT = "She sells sea shells on the sea shore.\n" * 40


class Child:
    def __init__(self) -> None:
        self.process = subprocess.Popen(
            child_command("--small-models"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
        )
        assert self.process.stdin
        assert self.process.stdout
        self.requests, self.replies = self.process.stdin, self.process.stdout

    def ask(self, **request: Any) -> None:
        send(self.requests, request)

    def until(self, *last: str) -> list[dict[str, Any]]:
        events = []
        while (message := receive(self.replies)) is not None:
            events.append(message[0])
            if message[0]["event"] in last:
                return events
        raise AssertionError(events)

    def end(self) -> None:
        self.requests.close()
        self.process.wait(60)
        self.replies.close()


@pytest.fixture
def child() -> Iterator[Child]:
    one = Child()
    yield one
    one.process.kill()
    one.end()


def test_it_learns_writes_and_compares(child: Child, tmp_path: Path) -> None:
    model = kept_models.create(tmp_path, "Sums", SUMS, "")
    child.ask(do="train", folder=str(model.folder), number=7)
    events = child.until("done", "failed")
    assert {event["number"] for event in events} == {7}
    kinds = [event["event"] for event in events]
    assert kinds[0] == "begun"
    assert kinds[-2:] == ["saved", "done"]
    assert kinds.count("look") == kinds.count("sample") == 5
    assert "=" in next(event["text"] for event in events if event["event"] == "sample")
    kept = kept_models.read(model.folder)
    assert kept.is_done
    assert kept.exact is not None

    wish = Wish("1 + 2 =", 12, 3, Sampling(temperature=0.5, repeat_penalty=1.1))
    child.ask(do="write", folder=str(model.folder), **wish.to_dict())
    written = child.until("done", "failed")
    child.ask(do="write", folder=str(model.folder), **wish.to_dict())
    assert child.until("done", "failed") == written

    child.ask(do="compare", plan={**SUMS.to_dict(), "steps": 2}, group="parts")
    points = [event for event in child.until("done", "failed") if event["event"] == "point"]
    assert {point["name"] for point in points} == {variant.name for variant in comparing.GROUPS["parts"]}

    child.ask(do="compare", plan={**SUMS.to_dict(), "steps": 2}, group="cross")
    sizes = {
        event["name"]: event["parameters"]
        for event in child.until("done", "failed")
        if event["event"] == "compared_with"
    }
    assert sizes["cross-attention"] > sizes["no-cross-attention"]


def test_it_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    plan = TrainingPlan(shape=SHAPE, source=Source.DOCUMENTS, steps=1_000_000, batch=4)
    model = kept_models.create(tmp_path, "Mine", plan, TEXT)
    first = Child()
    first.ask(do="train", folder=str(model.folder), begin_with="She ")
    first.until("sample")
    first.ask(do="save")
    saved = first.until("saved")[-1]["step"]
    first.process.kill()
    first.end()
    second = Child()
    second.ask(do="train", folder=str(model.folder))
    begun = second.until("begun")[-1]
    assert begun["step"] == saved
    assert begun["looks"]
    assert begun["counting"] > 0
    second.ask(do="stop")
    stopped = second.until("stopped")[-1]["step"]
    # What was asked for and given up at once does not begin to run for ever.
    second.ask(do="train", folder=str(model.folder))
    second.ask(do="stop")
    second.until("stopped")
    # The window goes: what was learned meanwhile is kept.
    second.ask(do="train", folder=str(model.folder))
    second.until("begun")
    second.end()
    assert second.process.returncode == 0
    assert kept_models.read(model.folder).step >= stopped


def test_what_cannot_be_done_is_said_as_a_code(child: Child, tmp_path: Path) -> None:
    plan = TrainingPlan(shape=SHAPE, source=Source.DOCUMENTS)
    model = kept_models.create(tmp_path, "Short", plan, "too short")
    child.ask(do="train", folder=str(model.folder))
    assert child.until("failed")[-1]["why"] == Why.SHORT_TEXT
    child.ask(do="write", folder=str(model.folder), **Wish("a").to_dict())
    assert child.until("failed")[-1]["why"] == Why.NOTHING_LEARNED
    (model.folder / kept_models.TEXT).write_bytes(b"\xff")
    child.ask(do="train", folder=str(model.folder))
    assert child.until("failed")[-1]["why"] == Why.DAMAGED
    child.ask(do="train", folder=str(tmp_path / "nowhere"))
    failed = child.until("failed")[-1]
    assert failed["why"] == Why.SYSTEM
    assert failed["values"]["reason"]
    child.ask(do="compare", plan={**SUMS.to_dict(), "source": "nothing"}, group="parts")
    failed = child.until("failed")[-1]
    assert failed["why"] == Why.UNEXPECTED
    assert not failed["values"]  # nothing that an error of Python's says


def test_kept_models_are_found_named_and_removed(tmp_path: Path) -> None:
    assert kept_models.models_in(tmp_path / "none yet") == []
    first = kept_models.create(tmp_path, "b", SUMS, "")
    second = kept_models.create(tmp_path, "A", SUMS, "")
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / kept_models.ABOUT).write_text("[]")
    assert [model.name for model in kept_models.models_in(tmp_path)] == ["A", "b"]
    kept_models.rename(first, "c")
    first.write_progress()
    kept_models.remove(second)
    assert [model.name for model in kept_models.models_in(tmp_path)] == ["c"]


def test_what_could_not_be_saved_is_saved_when_there_is_room(child: Child, tmp_path: Path) -> None:
    plan = replace(SUMS, steps=1_000_000)
    model = kept_models.create(tmp_path, "Sums", plan, "")
    in_the_way = model.folder / f"{STATE}.part"
    in_the_way.mkdir()  # as good as a full disk: the file cannot be written
    child.ask(do="train", folder=str(model.folder))
    child.until("step")
    child.ask(do="stop")
    assert child.until("not_saved", "stopped")[-1]["why"] == Why.SYSTEM
    child.ask(do="save")
    assert child.until("not_saved", "stopped")[-1]["event"] == "not_saved"
    in_the_way.rmdir()
    child.ask(do="save")
    saved, stopped = child.until("stopped")[-2:]
    assert saved["event"] == "saved"
    assert (stopped["is_saved"], kept_models.read(model.folder).step) == (True, stopped["step"])
    # Whoever wants an end once more gets it, and is told.
    in_the_way.mkdir()
    child.ask(do="train", folder=str(model.folder))
    child.until("begun")
    child.ask(do="stop")
    child.until("not_saved")
    child.ask(do="stop")
    assert child.until("stopped")[-1]["is_saved"] is False


def test_an_end_that_was_wanted_too_late_does_not_give_up_what_learns_next(
    child: Child, tmp_path: Path
) -> None:
    model = kept_models.create(tmp_path, "Sums", SUMS, "")
    child.ask(do="train", folder=str(model.folder))
    child.until("done")
    child.ask(do="stop")  # it had ended by itself
    other = kept_models.create(tmp_path, "Others", SUMS, "")
    (other.folder / f"{STATE}.part").mkdir()
    child.ask(do="train", folder=str(other.folder))
    child.until("not_saved")
    child.ask(do="save")
    assert child.until("not_saved", "done")[-1]["event"] == "not_saved"
    child.ask(do="stop")
    assert child.until("done")[-1]["is_saved"] is False


def test_a_state_that_could_not_be_written_takes_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        checkpoint.save(training.begin(SUMS, ""), tmp_path)
    assert list(tmp_path.iterdir()) == []
