"""What changed places in a sentence that is the same otherwise."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.trust.contradictions.swapped import replaced_characters, swapped


@pytest.mark.parametrize(
    ("said", "source", "found"),
    [
        ("线下销售首次超过线上销售。", "线上销售首次超过线下销售。", ("线下", "线上")),
        ("The dog bit the man in the park.", "The man bit the dog in the park.", ("dog", "man")),
        ("Coll sustituirá a Minguez en enero.", "Minguez sustituirá a Coll en enero.", ("coll", "minguez")),
    ],
)
def test_two_that_changed_places_are_found(said: str, source: str, found: tuple[str, str]) -> None:
    assert swapped(said, source) == found


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("线上销售首次超过线下销售。", "线上销售首次超过线下销售。"),
        ("Anna und Ben führen den Laden in Ulm.", "Ben und Anna führen den Laden in Ulm."),
        ("Room 4.12 is on the fourth floor.", "On the fourth floor is room 4.12."),
        ("Water boils at 100 °C and freezes at 0 °C.", "Water freezes at 0 °C and boils at 100 °C."),
        ("Use lamp A and lamp B at night.", "Use lamp B and lamp A at night."),
        ("Numerous elderly people take many drugs.", "Many elderly people take numerous drugs."),
        ("The bakery is next to the church.", "The church is next to the bakery."),
        ("The milk and the bread are on the table.", "The bread and the milk are on the table."),
        ("The pump, the filter and the hose are old.", "The hose, the filter and the pump are old."),
        ("Die Pumpe steht still.", "Im Keller liegt Kohle."),
    ],
)
def test_the_same_and_a_list_in_another_order_are_no_exchange(said: str, source: str) -> None:
    assert swapped(said, source) is None


def test_chinese_words_in_the_place_of_others_are_found() -> None:
    source = "去年公司在云南收购了两个茶园,共4500亩。"
    assert replaced_characters("去年公司在贵州收购了两个茶园。", source) == ("贵州", "云南")
    assert replaced_characters("去年公司在云南收购了两个茶园。", source) is None


def test_chinese_words_with_a_character_in_common_may_say_the_same() -> None:
    assert replaced_characters("公司去年的收入增加了一成。", "公司去年的收入增长了一成。") is None
    assert replaced_characters("公司的总部位于福建武夷山。", "公司的总部设在福建武夷山。") is None


def test_russian_cases_tell_who_does_it_in_any_order() -> None:
    source = Source("В среду на посту главы города Ивана сменил Пётр.")
    [check] = check_statement("В среду на посту главы города Пётр сменил Ивана.", [source])
    assert check.verdict is Verdict.SUPPORTED, check.reason
