"""Words of a question in a script without spaces that no passage has."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.words.unspaced_words import missing_words
from chatbot_app.knowledge.words.words import pairs_of_characters

LIBRARY = "图书馆开放时间：周二至周五，星期六也开放。期刊的借期是十四天。遗失图书按原价赔偿。"


def known_of(text: str) -> set[str]:
    return set(pairs_of_characters(text).split())


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("图书馆星期六的停车费是多少？", ["停车费"]),
        ("期刊可以借多少天？", []),
        ("遗失图书怎么赔偿？", []),
        ("图书馆的馆长是谁？", ["馆长"]),
        ("谁捐赠了油画？", ["捐赠", "油画"]),
        ("图书馆有几层楼？", []),
        ("密码忘了怎么重置？", ["密码忘"]),
        ("显示E12是什么意思？", []),
        ("图书可以预约吗？", []),
    ],
)
def test_characters_of_no_known_pair_are_a_word_that_is_missing(question: str, missing: list[str]) -> None:
    assert missing_words(question, known_of(LIBRARY)) == missing


def test_japanese_words_are_seen_between_their_particles() -> None:
    known = known_of("図書館は土曜日も開いています。")
    assert missing_words("図書館の駐車料金はいくらですか。", known) == ["駐車料金"]
    assert missing_words("図書館のエレベーターは開いていますか。", known) == ["エレベーター"]


def test_other_scripts_and_long_texts_have_none() -> None:
    assert missing_words("What does parking cost?", set()) == []
    assert len(missing_words("停车费的" * 50_000 + "油画的捐赠", set())) <= 6
