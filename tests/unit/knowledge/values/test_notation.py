"""What digits can mean, by the words behind them, the figures around them and the figure that they are compared with."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.values.notation import decimal_mark_of, open_mark
from chatbot_app.knowledge.values.values import values_of


def says(source: str, claim: str, scale: float = 1.0) -> bool:
    return any(said.says(claimed, scale) for said in values_of(source) for claimed in values_of(claim))


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("4,377 thousand MWh", "4,377,000 MWh"),
        ("4,377 thousand MWh", "4.377 million MWh"),
        ("4,377 thousand MWh", "4,377 GWh"),
        ("3,615 kt", "3.615 million tonnes"),
        ("4.377 Tsd. t", "4,377 thousand tonnes"),
        ("4,377 Mio. t", "4.377 million tonnes"),
        ("86,0 miles de hectáreas", "86.000 hectáreas"),
        ("1,234 kg", "1.234 kg"),
        ("2,877 m³", "2877 m3"),
        ("1,234 km", "1,234,000 m"),
    ],
)
def test_notations_of_several_languages_agree(source: str, claim: str) -> None:
    assert says(source, claim)


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("4,377 thousand MWh", "4,377 MWh"),
        ("4,377 thousand MWh", "4377 MWh"),
        ("4,377 thousand MWh", "4,377 million MWh"),
        ("4.377 Tausend t", "4.377 Millionen t"),
        ("£5,118 thousand", "£5,118"),
        ("1,105 thousand TEU", "1,105 TEU"),
        ("3,615 kt", "3,615 tonnes"),
        ("2,877 m³", "2,877 litres"),
    ],
)
def test_a_figure_is_not_once_in_thousands_and_once_with_decimals(source: str, claim: str) -> None:
    assert not says(source, claim)


@pytest.mark.parametrize(
    ("source", "claim"), [("86,0 miles de hectáreas", "86 millones de hectáreas"), ("412 kg", "412 t")]
)
def test_no_table_scales_what_says_its_own_scale(source: str, claim: str) -> None:
    assert not says(source, claim, 1000.0)
    assert says("412", "412 thousand", 1000.0)
    assert says("$412", "$412 thousand", 1000.0)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("| 64.2 | 38.5 | 1,940 | 8.75 |", "."),
        ("| 64,2 | 38,5 | 1.940 | 8,75 |", ","),
        ("1,234,567 and 2,345,678", "."),
        ("1.234,50 und 2.345,60", ","),
        ("| 1,940 | 3,615 |", ""),
        ("Clause 7.3 of 31.12.2023, at 11.30", ""),
        ("| 64.2 | 38,5 | 1.2 | 3,4 |", ""),
        ("version 2.10.1 at 10.0.0.1", ""),
        ("", ""),
    ],
)
def test_a_text_tells_how_it_writes_decimals(text: str, mark: str) -> None:
    assert decimal_mark_of(text) == mark


def test_a_value_is_read_in_the_notation_of_its_text() -> None:
    [value] = values_of("3,615 kt")
    assert len(value.readings) == 2
    assert value.in_notation(".").readings == value.readings[:1]
    assert value.in_notation(",").readings == value.readings[1:]
    assert value.in_notation("") is value
    [plain] = values_of("3615 kt")
    assert plain.in_notation(",") is plain


@pytest.mark.parametrize(
    ("digits", "behind", "mark"),
    [
        ("4,377", " million", ""),
        ("4,377", " million d’habitants", ","),
        ("4,377", " millions de", ","),
        ("4.377", " million", "."),
        ("4.377", " Millionen", ""),
        ("4,377", "", ","),
        ("4,37", "", ""),
        ("4,000", "", ""),
    ],
)
def test_the_language_of_a_magnitude_tells_its_thousands(digits: str, behind: str, mark: str) -> None:
    assert open_mark(digits, behind) == mark


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 kt", "5,000 t"),
        ("2 Mt", "2 million tonnes"),
        ("3 hl", "300 litres"),
        ("7 TJ", "7,000 GJ"),
        ("4 cm3", "4 ml"),
        ("12 µg", "0.012 mg"),
        ("2 bbl", "2 barrels"),
        ("3 km2", "300 ha"),
        ("6 Std.", "6 hours"),
        ("8 MWp", "8,000 kWp"),
    ],
)
def test_units_of_the_field_are_known(one: str, other: str) -> None:
    assert says(one, other)
    assert all(value.dimension for value in (*values_of(one), *values_of(other)))
