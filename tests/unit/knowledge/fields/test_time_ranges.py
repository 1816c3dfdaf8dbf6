"""Ranges of days, months and quarters in a question, and what a follow-up makes of them."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.fields.asking import leaning_on, read_question
from chatbot_app.knowledge.search.years_asked import years_asked


def stretches(question: str) -> list[tuple[str, str]]:
    return [(str(one.first), str(one.last)) for one in read_question(question).stretches]


MONTHS = [
    "What was decided from February to May 2024?",
    "What was decided between February and May 2024?",
    "What was decided from February 2024 to May 2024?",
    "What was the rent from February through May 2024?",
    "What were sales in Feb–May 2024?",
    "What was decided from mid-February until mid-May 2024?",
    "What was decided from the beginning of February to the end of May 2024?",
    "In 2024, what was decided from February to May?",
    "Was wurde von Februar bis Mai 2024 beschlossen?",
    "Was wurde zwischen Februar und Mai 2024 beschlossen?",
    "Qu'a-t-on décidé de février à mai 2024 ?",
    "Qu'a-t-on décidé entre février et mai 2024 ?",
    "¿Qué se decidió de febrero a mayo de 2024?",
    "¿Qué se decidió entre febrero y mayo de 2024?",
    "Что решили с февраля по май 2024 года?",
    "Что решили с февраля до мая 2024 года?",
    "Что решили между февралём и маем 2024 года?",
    "Cosa è stato deciso da febbraio a maggio 2024?",
    "Vad beslutades från februari till maj 2024?",
    "2024年2月到5月决定了什么？",
    "从2024年2月至2024年5月决定了什么？",
]
DAYS = [
    "What was sold from 3 to 9 March 2024?",
    "What was sold from March 3 to 9, 2024?",
    "What was sold between March 3 and 9, 2024?",
    "What was sold March 3–9, 2024?",
    "What was sold from 2024-03-03 to 2024-03-09?",
    "Was wurde vom 3. bis zum 9. März 2024 verkauft?",
    "Was wurde zwischen dem 3. und dem 9. März 2024 verkauft?",
    "Was wurde vom 03.03. bis 09.03.2024 verkauft?",
    "Qu'a-t-on vendu du 3 au 9 mars 2024 ?",
    "¿Qué se vendió del 3 al 9 de marzo de 2024?",
    "Что продали с 3 по 9 марта 2024 года?",
    "2024年3月3日至9日卖了什么？",
]


@pytest.mark.parametrize("question", MONTHS)
def test_months_that_are_joined_are_all_that_lies_between_them(question: str) -> None:
    assert stretches(question) == [("2024-02-01", "2024-05-31")]
    assert not read_question(question).dates
    assert not read_question(question).periods


@pytest.mark.parametrize("question", DAYS)
def test_days_that_are_joined_are_all_that_lies_between_them(question: str) -> None:
    assert stretches(question) == [("2024-03-03", "2024-03-09")]
    assert not read_question(question).dates
    assert not read_question(question).periods


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What did we pay from November 2022 to February 2023?", "2022-11-01", "2023-02-28"),
        ("What did we pay from November to February 2023?", "2022-11-01", "2023-02-28"),
        ("What did we pay from November 2022 to February?", "2022-11-01", "2023-02-28"),
        ("Was wurde von November 2022 bis Februar 2023 bezahlt?", "2022-11-01", "2023-02-28"),
        ("从2022年11月至2023年2月的销售额是多少？", "2022-11-01", "2023-02-28"),
        ("What was sold between 28 December 2023 and 3 January 2024?", "2023-12-28", "2024-01-03"),
        ("What was sold from 28 December to 3 January 2024?", "2023-12-28", "2024-01-03"),
    ],
)
def test_a_range_goes_on_into_the_next_year(question: str, first: str, last: str) -> None:
    assert stretches(question) == [(first, last)]
    assert years_asked(question) == (int(first[:4]), int(last[:4]))


@pytest.mark.parametrize(
    "question",
    [
        "Sales from the first to the third quarter of 2023?",
        "Sales between the first and the third quarter of 2023?",
        "Umsatz vom ersten bis zum dritten Quartal 2023?",
        "Umsatz vom 1. bis 3. Quartal 2023?",
        "Chiffre d'affaires du premier au troisième trimestre 2023 ?",
        "Ventas del primer al tercer trimestre de 2023?",
        "Выручка с первого по третий квартал 2023 года?",
        "2023年第一季度到第三季度的销售额是多少？",
    ],
)
def test_quarters_that_are_joined_have_the_one_between_them(question: str) -> None:
    found = read_question(question)
    assert [(one.year, one.part) for one in found.periods] == [(2023, "Q1"), (2023, "Q2"), (2023, "Q3")]
    assert not found.stretches


def test_months_that_are_listed_or_compared_are_two() -> None:
    for question in (
        "What was decided in February and May 2024?",
        "How did sales differ between February and May 2024?",
        "Was wurde im Februar und Mai 2024 beschlossen?",
    ):
        found = read_question(question)
        assert [(one.year, one.month) for one in found.dates] == [(2024, 2), (2024, 5)], question
        assert not found.stretches


@pytest.mark.parametrize(
    "question",
    [
        "What happens from June to August?",  # of any year
        "Was there a drop between May 2023 and March 2022?",
        "What may be done from March to 2024?",
        "What happened between 1 and 3 pm on 5 March 2024?",
        "How many may march to the hall?",
    ],
)
def test_what_is_no_range_of_a_year(question: str) -> None:
    assert not stretches(question)


def test_a_range_without_a_year_has_that_of_the_question_before() -> None:
    earlier = read_question("What was decided from January to February 2024?")
    asked = leaning_on(read_question("And from March to May?"), earlier)
    assert [(str(one.first), str(one.last)) for one in asked.stretches] == [("2024-03-01", "2024-05-31")]
    assert not leaning_on(
        read_question("And from March to May?"), read_question("What was decided?")
    ).stretches
