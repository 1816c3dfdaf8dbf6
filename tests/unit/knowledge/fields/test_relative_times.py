"""Times that a question names by that of the one before."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.fields.asking import leaning_on, read_question
from chatbot_app.knowledge.fields.relative_times import relative_spans
from chatbot_app.knowledge.fields.telling import telling_part


@pytest.mark.parametrize(
    ("before", "question", "period"),
    [
        ("Wie hoch war der Umsatz im ersten Quartal 2023?", "Und im Quartal danach?", "Q2 2023"),
        ("How high was revenue in Q4 2022?", "And in the next quarter?", "Q1 2023"),
        ("Quel était le bénéfice au deuxième trimestre 2023 ?", "Et au premier ?", "Q1 2023"),
        ("¿Cuánto ganó en el segundo trimestre de 2023?", "¿Y qué pasó en el tercero?", "Q3 2023"),
        ("Какова была прибыль в третьем квартале 2023 года?", "А во втором?", "Q2 2023"),
        ("What was earned in 2022?", "And the year after?", "2023"),
        ("利润2023年第三季度是多少？", "下一年呢？", "Q3 2024"),
        ("What was earned in H2 2022?", "And the half after that?", "H1 2023"),
    ],
)
def test_the_time_after_and_a_part_by_its_number_are_read(before: str, question: str, period: str) -> None:
    asked = leaning_on(read_question(question), read_question(before))
    assert [one.period.shown for one in asked.periods if one.period is not None] == [period]


def test_the_month_after_is_read_across_years() -> None:
    asked = leaning_on(read_question("Und im Monat danach?"), read_question("Was geschah im Dezember 2023?"))
    assert [(when.year, when.month) for when in asked.dates] == [(2024, 1)]


@pytest.mark.parametrize(
    ("question", "attribute"),
    [
        ("А годом ранее?", "last_year"),
        ("Et l'année d'avant ?", "last_year"),
        ("那前一年呢？", "last_year"),
        ("Und eine Woche früher?", "previous"),
        ("And the month before, please?", "previous"),
        ("Et le mois d'avant ?", "previous"),
    ],
)
def test_the_time_before_is_read(question: str, attribute: str) -> None:
    assert getattr(read_question(question), attribute)
    assert telling_part(question) == ""


@pytest.mark.parametrize(
    "question",
    [
        "What happened in the month before the accident?",
        "Wer gewann im Jahr danach den Preis der Stadt?",
        "Who came in third?",
    ],
)
def test_what_a_question_names_a_time_by_itself_is_no_other_time(question: str) -> None:
    assert not [span for span in relative_spans(question) if span[1] == len(question)]
    assert telling_part(question).split()[-1] == question.split()[-1]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("And how did that look for Nile the year before, please?", "And for Nile?"),
        ("Und wie sah es bei Leon aus?", "Und bei Leon?"),
        ("那亚马逊呢？", "亚马逊"),
        ("Who paid for it?", "Who paid for it?"),
        ("那么图书的情况怎么样？", "图书"),
    ],
)
def test_what_a_follow_up_tells(question: str, told: str) -> None:
    assert telling_part(question) == told


def test_a_long_text_is_told_at_once() -> None:
    for text in (
        "in " * 700 + "x month before?",
        "und " * 500 + "das Jahr davor?",
        "那" * 1999,
        "please " * 100_000,
    ):
        assert set(telling_part(text)) <= set(text)  # nothing is told that is not there
        spans = relative_spans(text[:2000])
        assert all(0 <= start < end <= 2000 for start, end in spans)
