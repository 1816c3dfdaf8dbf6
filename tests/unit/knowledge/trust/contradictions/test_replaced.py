"""A value or a name in the place of another: the sentence beside it may well hold what took the place."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.sentences.source_sentences import source_sentences
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.trust.contradictions.replaced import replaced
from chatbot_app.knowledge.values.values import values_of

SOURCE = (
    "The old mill was built in 1835 and sold to Henrik Vale. "
    "The new mill on the Orra was opened in 1901 by Clara Bohn, who led it for twelve years. "
    "In 1946 it employed 240 people and was owned by Ostermann."
)


def verdict(statement: str, *texts: str) -> Verdict:
    (check,) = check_statement(statement, [Source(text) for text in texts or (SOURCE,)])
    return check.verdict


def in_place(statement: str, source: str) -> tuple[str, str] | None:
    return replaced(statement, values_of(statement), source_sentences([Source(source)])[0])


@pytest.mark.parametrize(
    "statement",
    [
        "The new mill on the Orra was opened in 1835 by Clara Bohn, who led it for twelve years.",
        "The new mill on the Orra was opened in 1946 by Clara Bohn, who led it for twelve years.",
        "The new mill on the Orra was opened in 1901 by Henrik Vale, who led it for twelve years.",
        "The new mill on the Orra was opened in 1901 by Ostermann, who led it for twelve years.",
    ],
)
def test_what_the_sentences_around_say_is_no_support_where_another_stands_in_its_place(
    statement: str,
) -> None:
    assert verdict(statement) is Verdict.CONTRADICTED


@pytest.mark.parametrize(
    "statement",
    [
        "The new mill on the Orra was opened in 1901 by Clara Bohn, who led it for twelve years.",
        "The old mill was built in 1835, and the new mill on the Orra was opened in 1901 by Clara Bohn.",
        "The new mill was opened in 1901, and in 1946 it employed 240 people.",
    ],
)
def test_what_joins_two_sentences_replaces_nothing(statement: str) -> None:
    assert verdict(statement) is Verdict.SUPPORTED


@pytest.mark.parametrize(
    "statement", ["after Compaq had failed to buy it", "after Digital had failed to buy it"]
)
def test_a_name_that_both_have_may_stand_in_the_place_of_another(statement: str) -> None:
    source = (
        "Dell took the firm from Digital and Compaq for 332 million, after Dell had failed to buy it in May."
    )
    (check,) = check_statement(
        f"Dell took the firm from Digital and Compaq for 332 million, {statement} in May.", [Source(source)]
    )
    assert check.verdict is Verdict.CONTRADICTED


def test_a_pronoun_that_begins_a_sentence_is_nobody_else() -> None:
    source = "Nikola Tesla was born in Smiljan. He tried to put his ideas to practical use. In the play “Me and He” a man falls."
    assert verdict("Tesla tried to put his ideas to practical use.", source) is Verdict.SUPPORTED


def test_another_source_may_say_the_very_same_with_another_value() -> None:
    later = SOURCE.replace("1901", "1902")
    statement = "The new mill on the Orra was opened in 1902 by Clara Bohn, who led it for twelve years."
    assert verdict(statement, SOURCE, later) is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("source", "statement", "pair"),
    [
        (
            "Der Markt wurde 1808 eröffnet und liegt am Fluss.",
            "Der Markt wurde 1835 eröffnet und liegt am Fluss.",
            ("1835", "1808"),
        ),
        (
            "Экономист Томас Пикетти оспаривает эту точку зрения.",
            "Экономист Томас Кузнец оспаривает эту точку зрения.",
            ("Кузнец", "Пикетти"),
        ),
        ("在1960年，国际大会命名了单位。", "在1943年，国际大会命名了单位。", ("1943年", "1960年")),
    ],
)
def test_words_of_any_language_are_aligned(source: str, statement: str, pair: tuple[str, str]) -> None:
    assert in_place(statement, source) == pair


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        (
            "It covers 1,094.26 km of the coast near Bergen.",
            "It covers 1,094 km of the coast near Bergen.",
        ),  # rounded
        ("The talks were led by Mr Cook in Bergen.", "The talks were led by Tim Cook in Bergen."),
        ("UN Secretary General Ban Ki-moon spoke.", "What UN secretary went to Harvard: Ban Ki-moon."),
        ("In May he left and in June she came.", "He sold it to Ostermann in the end."),
    ],
)
def test_what_says_the_same_or_stands_elsewhere_replaces_nothing(source: str, statement: str) -> None:
    assert (
        replaced(
            statement,
            values_of(statement),
            source_sentences([Source(source)])[0],
        )
        is None
    )


def test_long_texts_are_aligned_as_far_as_a_sentence_goes() -> None:
    run = "Ostermann und " * 5_000
    assert in_place(run, run.replace("Ostermann", "Bohn")) is None


@pytest.mark.parametrize("answer", ["Universal", "Ostend", "The Harbour Trust"])
def test_a_short_answer_is_what_was_asked_for(answer: str) -> None:
    assert verdict(f"Who opened the new mill on the Orra? {answer}.") is not Verdict.SUPPORTED


def test_the_right_short_answer_is_supported() -> None:
    assert verdict("Who opened the new mill on the Orra? Clara Bohn.") is Verdict.SUPPORTED


def test_a_denial_of_the_sentence_beside_is_met_there() -> None:
    source = (
        "Some modern flowers cannot be pollinated in nature. "
        "Many modern flowers were formerly simple weeds, which sprouted when the ground was disturbed."
    )
    joined = (
        "Some modern flowers cannot be pollinated in nature, and many modern flowers were formerly simple"
        " weeds, which sprouted when the ground was disturbed."
    )
    assert verdict(joined, source) is Verdict.SUPPORTED
    assert verdict("Many modern flowers were not formerly simple weeds.", source) is Verdict.CONTRADICTED


@pytest.mark.parametrize(
    ("source", "statement", "expected"),
    [
        (
            "The lease does not end with the sale of the house by its owner.",
            "The lease ends with the sale of the house by its owner.",
            Verdict.CONTRADICTED,
        ),
        (
            "氧气的名称是由 安托万·拉瓦锡 命名的。",
            "氧气的名称不是由 安托万·拉瓦锡 命名的。",
            Verdict.CONTRADICTED,
        ),
        ("平均家庭规模是 3.62 人。", "平均家庭规模不是 3.62 人。", Verdict.CONTRADICTED),
        ("平均家庭规模不是 3.62 人。", "平均家庭规模不是 3.62 人。", Verdict.SUPPORTED),
        (
            "Dogs are not allowed in the hall without consent of the warden.",
            "Dogs are allowed in the hall with consent of the warden.",
            Verdict.SUPPORTED,
        ),
    ],
)
def test_a_denial_that_one_of_two_texts_has_is_found_in_its_place(
    source: str, statement: str, expected: Verdict
) -> None:
    assert verdict(statement, source) is expected


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "传统的 镜片头盔 换为透明的",
            "月球表面的EVA宇航服还包括 水冷内衣",
        ),  # a name between words without spaces
        # Each begins with a clause, not with a word that says what it is about.
        (
            "2010年，雨林经历了另一场干旱，比2005年的更严重",
            "受影响的地区大约有 1,160,000 平方英里，而2005年为734,000平方英里",
        ),
    ],
)
def test_two_sentences_joined_in_chinese_are_supported(first: str, second: str) -> None:
    assert verdict(f"{first}, 并且{second}。", f"{first}。{second}。") is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("source", "right", "wrong"),
    [
        (
            "Das Museum ist dienstags geschlossen.",
            "Das Museum ist dienstags geschlossen.",
            "Das Museum ist montags geschlossen.",
        ),
        (
            "Le musée est fermé le lundi en hiver.",
            "Le musée est fermé le lundi en hiver.",
            "Le musée est ouvert le lundi en hiver.",
        ),
        (
            "The older group made fewer errors than the younger one.",
            "The older group made fewer errors than the younger.",
            "The older group made more errors than the younger one.",
        ),
        ("水库淹没了十三座城市。", "水库淹没了十三座城市。", "水库淹没了十五座城市。"),
        ("迁移居民一百四十万人。", "迁移居民一百四十万人。", "迁移居民一百六十万人。"),
        ("项目分三期进行。", "项目分三期进行。", "项目分二期进行。"),
        ("我们有两个办公室在上海。", "我们有二个办公室在上海。", "我们有五个办公室在上海。"),
        ("大坝位于湖北省。", "大坝位于湖北省。", "大坝位于湖南省。"),
    ],
)
def test_of_what_excludes_each_other_one_stands_in_the_place_of_another(
    source: str, right: str, wrong: str
) -> None:
    assert verdict(right, source) is Verdict.SUPPORTED
    assert verdict(wrong, source) is Verdict.CONTRADICTED


def test_a_chinese_number_is_told_whole() -> None:
    (check,) = check_statement("迁移居民一百六十万人。", [Source("迁移居民一百四十万人。")])
    assert check.reason == "The answer says “一百六十万”, the source “一百四十万”."
    assert verdict("大坝于2003年开始发电。", "大坝于二〇〇三年开始发电。") is Verdict.SUPPORTED
    assert verdict("大坝于2005年开始发电。", "大坝于二〇〇三年开始发电。") is Verdict.CONTRADICTED
