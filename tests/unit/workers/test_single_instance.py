"""A second launch reaches the first, and nobody else does."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from chatbot_app.workers.single_instance import SingleInstance, raise_first_instance


def test_a_second_launch_asks_the_first_to_come_forward(qtbot: QtBot, data_dir: Path) -> None:
    first = SingleInstance(data_dir)
    with qtbot.waitSignal(first.raise_requested):
        assert raise_first_instance(data_dir)
    first.close()


def test_nobody_answers_for_another_folder(qtbot: QtBot, data_dir: Path, tmp_path: Path) -> None:
    first = SingleInstance(data_dir)
    assert not raise_first_instance(tmp_path / "other")
    first.close()
    assert not raise_first_instance(data_dir)
