"""The row below the text of the composer: whole words or none, whatever they are."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.core.trust import AnswerMode
from chatbot_app.ui.chat.composer import Composer
from chatbot_app.ui.chat.mode_choice import ModeChoice
from chatbot_app.ui.context.gauge import ContextGauge
from chatbot_app.ui.knowledge.collection_choice import CollectionChoice
from chatbot_app.ui.models.model_button import ModelButton


class _Row:
    def __init__(self, qtbot: QtBot) -> None:
        self.composer = Composer()
        qtbot.addWidget(self.composer)
        self.gauge = ContextGauge()
        self.model = ModelButton("composer_model_button", widest=11)
        self.model.show_model("this computer", "SmolLM2-135M-Instruct.Q4_1.gguf")
        self.collections = CollectionChoice()
        self.collections.set_choice(())
        self.mode = ModeChoice()
        self.mode.show_mode(None, AnswerMode.QUOTES)
        for widget in self.all:
            self.composer.add_accessory(widget)
            widget.show()
        self.composer.resize(1200, 120)
        self.composer.show()
        qtbot.waitExposed(self.composer)
        self.settle()

    @property
    def all(self) -> tuple[QWidget, ...]:
        return self.gauge, self.model, self.collections, self.mode

    def settle(self) -> None:
        for _ in range(4):
            QApplication.processEvents()

    def at(self, width: int) -> tuple[bool, bool, bool]:
        """Whether model, collections and mode show their words; nothing is ever cut."""
        self.composer.resize(width, 120)
        self.settle()
        for widget in self.all:
            assert widget.width() >= widget.sizeHint().width(), (width, widget.objectName())
        return bool(self.model.text()), bool(self.collections.text()), bool(self.mode.text())


@pytest.fixture
def row(qtbot: QtBot) -> _Row:
    return _Row(qtbot)


def test_no_word_is_cut_at_any_width_and_the_model_gives_way_first(row: _Row) -> None:
    seen = [row.at(width) for width in range(1200, row.composer.minimumSizeHint().width() - 40, -20)]
    in_turn = list(dict.fromkeys(seen))
    assert in_turn == [(True, True, True), (False, True, True), (False, True, False), (False, False, False)]
    assert row.at(1200) == (True, True, True)  # and they come back


def test_longer_words_and_larger_letters_are_measured_anew(row: _Row) -> None:
    width = next(
        width for width in range(row.composer.minimumSizeHint().width(), 1200, 4) if all(row.at(width))
    )
    row.mode.show_mode(AnswerMode.BOTH, AnswerMode.QUOTES)
    assert row.at(width) == (False, True, True)
    row.mode.show_mode(AnswerMode.QUOTES, AnswerMode.QUOTES)
    assert row.at(width) == (True, True, True)
    row.collections.hide()
    row.mode.show_mode(AnswerMode.BOTH, AnswerMode.QUOTES)
    assert row.at(width)[0]


def test_a_sentence_beside_the_buttons_has_room(row: _Row) -> None:
    width = next(
        width for width in range(row.composer.minimumSizeHint().width(), 1200, 4) if all(row.at(width))
    )
    row.composer.show_hint("Write a message first.")
    assert row.at(width) != (True, True, True)
    row.composer.clear_hint()
    assert row.at(width) == (True, True, True)
