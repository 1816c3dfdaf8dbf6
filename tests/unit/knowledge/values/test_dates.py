"""Dates where the same words are a month's name or not: all forms look for names of months at the same places."""

from __future__ import annotations

import re

import pytest

from chatbot_app.knowledge.values import dates
from chatbot_app.knowledge.values.dates import dates_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Mayor 12 marched, maybe 5 decades.", []),
        ("No figures, but in July and since maio.", []),
        ("May May 5, 2023 May 6", [("May 5, 2023", "2023-5-5"), ("May 6", "None-5-6")]),
        ("MÄRZ 3 2024, août 1 1999", [("MÄRZ 3 2024", "2024-3-3"), ("août 1 1999", "1999-8-1")]),
        ("(sept. 4) .July 2021", [("July 2021", "2021-7-None"), ("sept. 4", "None-9-4")]),
        ("12 to 16 May 2023", [("16 May 2023", "2023-5-16"), ("12", "2023-5-12")]),
        ("May 12–16, 2023", [("May 12", "None-5-12"), ("16", "2023-5-16"), ("2023", "2023-None-None")]),
        ("5 maja 2023, 3 mei", [("5 maja 2023", "2023-5-5"), ("3 mei", "None-5-3")]),
        ("mei 2023 Jul-2023", [("mei 2023", "2023-5-None"), ("Jul-2023", "2023-7-None")]),
        # A name, an emperor, a rank, "it marks" in Spanish.
        ("Maja 12, Augustus 27 BC, Maj. 7, marca 10 goles", []),
        ("in the 1980s, the 80s; 1980s5", [("1980s", "1980-None-None"), ("80s", "1980-None-None")]),
    ],
)
def test_what_stands_where(text: str, found: list[tuple[str, str]]) -> None:
    said = [
        (text[start:end], f"{when[0].year}-{when[0].month}-{when[0].day}")
        for start, end, when in dates_of(text)
    ]
    assert said == found


def test_every_form_finds_what_it_finds_alone() -> None:
    text = (
        "May 1, 2023. On 1 July 2023 or 3. Mai; june 4, AUGUST 2020, Sept. 9. 12 bis 16. Mai 2022, May 12–16, Mar 5 mars 6 2020"
        " decided 5 junior 7 octet 8, 1 de julio de 2023, 2023-07-01 und 01.07.2023, январь 2020, 7 февраля."
    )
    months = [found.start() for found in re.finditer(dates.MONTH_BEGINS, text)]
    forms = [*dates.FORMS, *dates.SPANS, dates.LONE_MONTH]
    ours = [[found.span() for found in form.found(text, months)] for form in forms]
    alone = [[found.span() for found in form.pattern.finditer(text)] for form in forms]
    assert ours == alone
    assert sum(map(bool, ours)) >= 9


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3. Mrz 2024", (2024, 3, 3)),
        ("12 janv. 2023", (2023, 1, 12)),
        ("1 avr. 2023", (2023, 4, 1)),
        ("6 déc. 2021", (2021, 12, 6)),
        ("5 ene 2024", (2024, 1, 5)),
        ("3 ago 2023", (2023, 8, 3)),
        ("dic. 2023", (2023, 12, None)),
        ("5 янв. 2024", (2024, 1, 5)),
        ("14 июл 2022", (2022, 7, 14)),
    ],
)
def test_short_names_of_months_are_read(text: str, day: tuple[int, int, int | None]) -> None:
    ((_start, _end, meanings),) = dates_of(text)
    assert [(one.year, one.month, one.day) for one in meanings] == [day]


@pytest.mark.parametrize("text", ["two years ago 15 people came", "long ago, 2010 people voted"])
def test_ago_is_no_month(text: str) -> None:
    assert not any(one.month for _s, _e, meanings in dates_of(text) for one in meanings)
