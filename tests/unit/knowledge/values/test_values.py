"""Numbers, units and dates as values, in the spellings of several languages."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.values.measures import ValueKind
from chatbot_app.knowledge.values.table_scale import table_scale
from chatbot_app.knowledge.values.values import values_of


def says(source: str, claim: str) -> bool:
    return any(said.says(claimed) for said in values_of(source) for claimed in values_of(claim))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.2 billion", "1,200 million"),
        ("$1.2bn", "1.2 billion dollars"),
        ("1,2 Mrd. Euro", "€1.2 billion"),
        ("1.200.000 Euro", "€1.2 million"),
        ("1 234 567", "1,234,567"),
        ("1\u202f234,5", "1,234.5"),
        ("5 %", "5 percent"),
        ("5%", "5 Prozent"),
        ("July 1, 2023", "01.07.2023"),
        ("1. Juli 2023", "2023-07-01"),
        ("1 de julio de 2023", "1 July 2023"),
        ("this 3rd day of March, 2001", "3 March 2001"),
        ("1 июля 2023", "July 1, 2023"),
        ("2023年7月1日", "July 1, 2023"),
        ("7/1/2023", "July 1, 2023"),
        ("twenty-one", "21"),
        ("three hundred", "300"),
        ("sixteenth century", "16th century"),
        ("1.2亿", "120 million"),
        ("1.2 km", "1,200 metres"),
        ("300 м", "0,3 км"),
        ("20x30 cm", "30 cm"),
        ("$81,797 million", "$81.8 billion"),
        ("1,234 people", "about 1,200 people"),
        ("July 1, 2023", "July 2023"),
        ("July 2023", "2023"),
        ("-5 °C", "−5 °C"),
        ("２０２３", "2023"),
        ("in 1984", "the 1980s"),
        ("the 1980's", "the 1980s"),
        ("in 1984", "the 80s"),
        ("It ended on May 28.", "on May 28"),
    ],
)
def test_other_spellings_of_a_value_are_the_same(one: str, other: str) -> None:
    assert says(one, other)


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("308", "309"),
        ("12%", "12 million"),
        ("$5 million", "€5 million"),
        ("2015", "2016"),
        ("$81,797 million", "$82.8 billion"),
        ("July 1, 2023", "July 2, 2023"),
        ("third", "3"),
        ("July 2023", "July 1, 2023"),
        ("-5 °C", "5 °C"),
        ("1,234 people", "1,200 people"),
        ("the 1980s", "1984"),
        ("in 1994", "the 1980s"),
    ],
)
def test_other_values_are_not(source: str, claim: str) -> None:
    assert not says(source, claim)


@pytest.mark.parametrize("text", ["COVID-19", "the F-16", "H2O", "a 3D film", "version v2"])
def test_digits_of_a_name_are_no_value(text: str) -> None:
    assert values_of(text) == []


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("half a m\u0131nute", "30 seconds"),
        ("F\u0130VE and a half hours", "5.5 hours"),
        ("half past f\u0131ve", "5.30 pm"),
        ("nearly three-f\u0131fths of it", "60 %"),
        ("1 Apr\u0131l 2020", "April 1, 2020"),
        ("dreißig Tage", "30 Tage"),
        ("412 T€", "412.000 Euro"),
        ("5 crore rupees", "50 million rupees"),
        ("12,000 m²", "1.2 ha"),
        ("am 31.12.19 fällig", "31 December 2019"),
        ("on 12/31/19", "31 December 2019"),
        ("since May '19", "May 2019"),
        ("二〇一九年五月", "2019年五月"),
        ("412 kEUR", "EUR 412 thousand"),
        ("412 Tsd. CHF", "412.000 CHF"),
        ("412 miles de euros", "412.000 euros"),
    ],
)
def test_letters_that_are_no_others_without_regard_to_case_are_read(written: str, same: str) -> None:
    """Regular expressions match the Turkish ones, tables of words do not hold them."""
    assert says(same, written)


def test_a_value_covers_its_unit() -> None:
    text = "It cost about $1.2 billion in May 2020."
    cost, date = values_of(text)
    assert text[cost.start : cost.end] == "$1.2 billion"
    assert (date.kind, text[date.start : date.end]) == (ValueKind.DATE, "May 2020")


@pytest.mark.parametrize(
    ("caption", "scale"),
    [("Umsatz (Mio. EUR)", 1e6), ("in T€", 1e3), ("单位：万元", 1e4), ("млрд руб.", 1e9), ("Energy (GWh)", 1e9), ("5 Mio. €", 1.0)],
)  # fmt: skip
def test_a_table_says_its_scale_as_it_is_written(caption: str, scale: float) -> None:
    assert table_scale(f"{caption} | 81") == scale


def test_a_table_in_millions_says_billions() -> None:
    table = "Net sales (in millions) | 81,797"
    [value] = [v for v in values_of(table) if v.readings and v.readings[0] > 1000]
    [claimed] = values_of("$81.797 billion")
    assert table_scale(table) == 1e6
    assert value.says(claimed, 1e6)
    assert not value.says(claimed)


@given(st.text(max_size=80))
def test_any_text_has_values_inside_it(text: str) -> None:
    for value in values_of(text):
        assert 0 <= value.start < value.end <= len(text)
        assert value.says(value)


@given(st.integers(0, 10**9))
def test_thousands_separators_change_nothing(number: int) -> None:
    for form in (f"{number:,}", f"{number:,}".replace(",", "."), f"{number:,}".replace(",", "\u202f")):
        assert says(f"There were {number} of them", f"{form} of them"), form


def test_how_far_a_number_is_rounded_is_known_for_each_of_its_readings() -> None:
    [said] = values_of("roughly 116,000 people")
    [source] = values_of("about 161,000 people")
    assert not source.says(said)


@pytest.mark.parametrize(
    ("source", "said", "is_said"),
    [
        ("8,848.86 metres", "29,032 feet", True),
        ("1.094,26 km", "1,094 km", True),
        ("91,482 visitors", "91,500 visitors", True),
        ("308 goals", "300 goals", False),
        ("4,250 goals", "4,200 goals", False),
        ("总长6300公里", "6,300 km", True),
        ("装机容量为2250万千瓦", "22.5 GW", True),
        ("两国之间约6300公里", "6400公里", False),
        ("a quarter of the staff", "25 %", True),
        ("two-thirds of the votes", "67 %", True),
    ],
)
def test_a_rounded_converted_or_chinese_number_is_the_same_value(
    source: str, said: str, is_said: bool
) -> None:
    [theirs], [mine] = values_of(source), values_of(said)
    assert theirs.says(mine) is is_said


@pytest.mark.parametrize(
    "text", ["9" * 50_000, "about 1" + "0" * 400, "hundred " * 200, "9" * 299 + " trillion trillion tonnes"]
)
def test_what_no_float_holds_is_no_value(text: str) -> None:
    assert all(math.isfinite(reading) for value in values_of(text) for reading in value.readings)
    assert [value.readings for value in values_of(f"{text}, 12 people")][-1] == (12.0,)


def test_a_number_repeated_in_brackets_has_the_unit_behind_them() -> None:
    assert [value.dimension for value in values_of("ninety (90) days")] == ["", "time"]
    assert [value.dimension for value in values_of("members (90) people")] == [""]


def test_what_lists_a_number_is_no_sign_of_it() -> None:
    assert [value.readings for value in values_of("- 250 g red lentils")] == [(0.25,)]
    assert [value.readings for value in values_of("it fell by -8.2 points")] == [(-8.2,)]


def test_what_names_its_own_thousands_is_not_multiplied_by_those_of_its_table() -> None:
    table = "| Year | Shop income (EUR thousand) |\n|---|---|\n| 2021 | 77 |\n| 2022 | 154 |\n"

    [wrong] = check_statement("Shop income in 2022 amounted to EUR 154 million.", [Source(table)])
    [right] = check_statement("Shop income in 2022 amounted to EUR 154,000.", [Source(table)])

    assert wrong.verdict is Verdict.CONTRADICTED
    assert right.verdict is Verdict.SUPPORTED
