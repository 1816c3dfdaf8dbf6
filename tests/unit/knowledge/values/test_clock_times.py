"""Times of day, however they are written or said."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.values.values import values_of

HALF_PAST_SEVEN_IN_THE_EVENING = [
    "Choir practice is at 19:30.",
    "Choir practice is at 7:30 pm.",
    "Choir practice is at 7.30 p.m.",
    "Choir practice is at half past seven in the evening.",
    "Choir practice is at 30 minutes past seven pm.",
    "Die Probe beginnt um halb acht abends.",
    "Die Probe beginnt um 19.30 Uhr.",
    "Die Probe beginnt um 19 Uhr 30.",
    "Die Probe beginnt um 7:30 Uhr abends.",
    "Die Probe beginnt am Montag um halb acht am Abend.",
    "La répétition commence à sept heures et demie du soir.",
    "La répétition commence à 19h30.",
    "La répétition commence à 19 h 30.",
    "El ensayo empieza a las siete y media de la tarde.",
    "Репетиция в половине восьмого вечера.",
    "排练晚上七点半开始。",
    "排练19点30分开始。",
]


def clocks(text: str) -> list[tuple[float, ...]]:
    return [value.readings for value in values_of(text) if value.dimension == "clock"]


@pytest.mark.parametrize("text", HALF_PAST_SEVEN_IN_THE_EVENING)
def test_one_time_in_many_notations(text: str) -> None:
    assert clocks(text) == [(19 * 60.0 + 30,)]


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("The bus leaves at ten past seven in the morning.", 7, 10),
        ("The bus leaves at a quarter to nine in the morning.", 8, 45),
        ("The bus leaves at ten minutes to nine pm.", 20, 50),
        ("The bus leaves at seven in the evening.", 19, 0),
        ("The bus leaves at eleven at night.", 23, 0),
        ("The bus leaves at three at night.", 3, 0),
        ("The bus leaves at noon.", 12, 0),
        ("Die Probe beginnt um fünf vor halb acht morgens.", 7, 25),
        ("Die Probe beginnt um Viertel vor acht abends.", 19, 45),
        ("Die Probe beginnt um drei viertel acht abends.", 19, 45),
        ("Die Probe beginnt um acht Uhr abends.", 20, 0),
        ("Das Geschäft öffnet um 8 Uhr am Morgen.", 8, 0),
        ("La répétition commence à huit heures moins le quart du soir.", 19, 45),
        ("El ensayo empieza a las ocho menos cuarto de la mañana.", 7, 45),
        ("Репетиция в 7 часов вечера.", 19, 0),
    ],
)
def test_times_that_are_said(text: str, hour: int, minute: int) -> None:
    assert clocks(text) == [(60.0 * hour + minute,)]


@pytest.mark.parametrize(
    "text", ["It begins at half past seven.", "Es beginnt um halb acht.", "It begins at 7:30."]
)
def test_a_time_without_a_half_of_the_day_may_be_in_either(text: str) -> None:
    assert clocks(text) == [(450.0, 1170.0)]


@pytest.mark.parametrize(
    "text",
    [
        "It rose from a quarter to nine percent.",
        "A quarter to nine people said so.",
        "Only a few of the past seven years were good.",
        "Drei Viertel der Mitglieder kamen.",
        "Deux heures et demie de route.",
        "The crossing takes 1 h 40 min.",
        "Version 7.30 of the program.",
        "Half past experience counts.",
        "一点也不好。",
    ],
)
def test_what_is_no_time_of_day(text: str) -> None:
    assert not clocks(text)
