"""What follows from the values of a sentence, and what does not."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.values.derived_values import follows
from chatbot_app.knowledge.values.values import values_of

PROFIT = "Operating profit slipped from £96 million to £88 million."
BALANCE = "The treasurer reported a balance of £3,870, which is £410 less than last year."
LIFE = "Elisabet Marklund (3 February 1871 – 19 October 1944) was a botanist."


def _follows(statement: str, source: str, written: str) -> bool:
    [claimed] = [
        value for value in values_of(statement) if statement[value.start : value.end].rstrip(".") == written
    ]
    return follows(statement, claimed, source, values_of(source))


@pytest.mark.parametrize(
    ("statement", "source", "written"),
    [
        ("Profit fell by £8 million.", PROFIT, "£8 million"),
        ("Profit fell by about 8 %.", PROFIT, "8 %"),
        ("A year earlier there were £4,280 in the account.", BALANCE, "£4,280"),
        ("She was 73 when she died.", LIFE, "73"),
        (
            "Los ingresos aumentaron 800.000 euros",
            "Los ingresos subieron de 9,8 a 10,6 millones de euros.",
            "800.000 euros",
        ),
        ("More than 18,000 people came.", "The 18,412 people were silent.", "18,000"),
        ("More than half of it is sold abroad.", "60 % of it is exported.", "half"),
        ("In all, 600 copies were ordered.", "450 copies go to Bergen and 150 to Oslo.", "600"),
        ("It was opened in the 19th century.", "It was opened on 11 September 1887.", "19th"),
        ("The robber was 34 years old.", "The police arrested a man aged 34.", "34 years"),
        ("The robber, aged 34, was arrested.", "The police arrested a 34-year-old man.", "34"),
        ("The robber, a 34-year-old man, was arrested.", "John Doe (34) was arrested.", "34-year"),
        ("It opened in 1964.", "The work began in 1958; six years later it was done.", "1964"),
    ],
)
def test_what_follows_is_said(statement: str, source: str, written: str) -> None:
    assert _follows(statement, source, written)


@pytest.mark.parametrize(
    ("statement", "source", "written"),
    [
        ("Profit fell by £9 million.", PROFIT, "£9 million"),
        ("Profit fell by about 12 %.", PROFIT, "12 %"),
        ("Profit was £8 million.", PROFIT, "£8 million"),  # nothing is said to have changed
        ("A year earlier there were £3,460 in the account.", BALANCE, "£3,460"),
        ("She was 74 when she died.", LIFE, "74"),
        ("She had 73 pupils.", LIFE, "73"),
        ("More than 19,000 people came.", "The 18,412 people were silent.", "19,000"),
        ("More than 5,000 people came.", "The 18,412 people were silent.", "5,000"),  # too far to be meant
        ("Charge it for at least three hours.", "Charge it for at least five hours.", "three hours"),
        ("More than half of it is sold abroad.", "40 % of it is exported.", "half"),
        ("650 copies were ordered.", "450 copies go to Bergen and 200 to Oslo.", "650"),
        ("It was opened in the 18th century.", "It was opened on 11 September 1887.", "18th"),
        ("It was the 19th bridge.", "It was opened on 11 September 1887.", "19th"),
        ("The robber was 35 years old.", "The police arrested a man aged 34.", "35 years"),
        ("He stole 34 watches.", "The police arrested a 34-year-old man.", "34"),
        ("It opened in 1952.", "The work began in 1958; six years later it was done.", "1952"),
    ],
)
def test_another_value_does_not_follow(statement: str, source: str, written: str) -> None:
    assert not _follows(statement, source, written)


class TestTimes:
    @pytest.mark.parametrize(
        ("said", "source", "wanted"),
        [
            ("It ends at 10:00.", "It begins at 07:00 and takes three hours.", True),
            ("It ends at 11:00.", "It begins at 07:00 and takes three hours.", False),
            ("The crossing takes 100 minutes.", "Mellis - Sund, 1 h 40 min", True),
            ("The crossing takes 110 minutes.", "Mellis - Sund, 1 h 40 min", False),
        ],
    )
    def test_a_time_and_a_duration(self, said: str, source: str, wanted: bool) -> None:
        [claimed] = values_of(said)
        assert follows(said, claimed, source, values_of(source)) is wanted
