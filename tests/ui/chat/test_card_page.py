from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.ui.chat.card_page import Card, CardPage
from chatbot_app.ui.chat.look import look_of

SENTENCE = (
    "Answers from your own documents, word for word, or in a model's words that are checked against them."
)


def test_the_lines_of_a_sentence_are_about_as_long_as_each_other(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    page = CardPage(
        look_of(place), "Title", (SENTENCE,), [Card("key", "card", "A card", "what it does")], place
    )
    words = page.findChild(QLabel)
    assert words is not None
    whole = words.fontMetrics().horizontalAdvance(SENTENCE)
    line = words.fontMetrics().lineSpacing()
    for width in range(whole // 3, whole + 200, 37):
        page.resize(width, 900)
        lines = round(words.heightForWidth(words.width()) / line)
        assert words.width() <= max(page.width(), 200)
        if lines > 1:  # a narrower one would have more
            assert words.heightForWidth(words.width() - 1) > words.heightForWidth(words.width())
            assert words.width() * lines < whole * 1.35
