"""What a scale counts is read with it: "thousand m³" and no thousand alone."""

from __future__ import annotations

import time

import pytest

from chatbot_app.knowledge.tables.counted import is_measured, is_per_thing, names_unit, plain_measure
from chatbot_app.knowledge.tables.units import head_unit, unit_of


@pytest.mark.parametrize(
    ("caption", "scale", "factor"),
    [
        ("(thousand MWh)", "thousand MWh", 1e3),
        ("All volumes in million m³", "million m³", 1e6),
        ("in Tausend Personen", "Tausend Personen", 1e3),
        ("(en milliers de m³)", "milliers de m³", 1e3),
        ("Milliers de tonnes", "milliers de tonnes", 1e3),
        ("Production by field Thousand barrels per day", "thousand barrels per day", 1e3),
        ("Wärmeverbrauch nach Stadtteilen, in Mio. kWh", "Mio. kWh", 1e6),
        ("Superficie cultivada (en miles de hectáreas)", "miles de hectáreas", 1e3),
        ("Closing stocks of grain, thousand tonnes", "thousand tonnes", 1e3),
        ("Holzeinschlag nach Baumart (1.000 m³)", "Tsd. m³", 1e3),
        ("Direct emissions Thousands of tonnes of CO2", "thousand tonnes of CO2", 1e3),
        ("Energy (MWh thousands)", "thousand MWh", 1e3),
        ("tonnes '000", "thousand tonnes", 1e3),
        ("('000)", "thousand", 1e3),
        ("Produktion (Tsd. Stück)", "Tsd. Stück", 1e3),
        ("(thousand TEU)", "thousand TEU", 1e3),
        ("(в тыс. т)", "тыс. т", 1e3),
        ("in thousands of square metres by region", "thousand square metres", 1e3),
        ("(in millions of barrels of oil equivalent)", "million barrels of oil equivalent", 1e6),
        ("in thousands of metric tonnes, dry weight", "thousand metric tonnes", 1e3),
    ],
)
def test_a_scale_says_what_it_counts(caption: str, scale: str, factor: float) -> None:
    found = unit_of(caption)
    assert (found.scale, found.currency, found.factor, found.is_money) == (scale, "", factor, False)


@pytest.mark.parametrize(
    ("caption", "scale", "currency"),
    [
        ("(in thousands unaudited)", "thousand", ""),
        ("Revenue in millions by segment", "million", ""),
        ("(in thousands, unless otherwise noted)", "thousand", ""),
        ("£000 unless stated otherwise", "thousand", "£"),
        ("(£m per site)", "million per site", "£"),
        ("(EUR thousand per employee)", "thousand per employee", "EUR"),
        ("in thousands of New Zealand dollars", "thousand New Zealand dollars", ""),
    ],
)
def test_words_behind_a_scale_that_are_counted_by_nobody_are_none_of_it(
    caption: str, scale: str, currency: str
) -> None:
    found = unit_of(caption)
    assert (found.scale, found.currency) == (scale, currency)


@pytest.mark.parametrize(
    "text",
    [
        "Thousand Oaks",
        "Millions of customers trust us.",
        "The number of stars is in the millions.",
        "Thousands of people were at the fair.",
        "It cost 5 million tonnes of ore",
        "(kt)",
    ],
)
def test_prose_and_units_alone_have_no_scale(text: str) -> None:
    assert unit_of(text).scale == ""


def test_a_unit_below_the_words_of_a_head_counts_them() -> None:
    assert head_unit("Pupils thousands").scale == "thousand pupils"
    assert head_unit("Spending £m").scale == "million"
    assert head_unit("Pupils").scale == ""
    assert head_unit("In 2023 EUR 5 million").scale == ""


@pytest.mark.parametrize(
    ("head", "scale", "currency"),
    [
        ("2023 £m", "million", "£"),
        ("30 June 2023 £'000", "thousand", "£"),
        ("2022/23 £000", "thousand", "£"),
        ("2023 Mio. €", "Mio. €", ""),
        ("31.12.2023 TEUR", "TEUR", ""),
        ("Q1 $m", "million", "$"),
        ("2023 thousand tonnes", "thousand tonnes", ""),
        ("2023", "", ""),
        ("2023 restated", "", ""),
    ],
)
def test_a_unit_below_the_time_of_a_head_is_its_own(head: str, scale: str, currency: str) -> None:
    """As accounts are printed: "2023" above, "£m" below it."""
    found = head_unit(head)
    assert (found.scale, found.currency) == (scale, currency)


@pytest.mark.parametrize(
    ("caption", "measure"),
    [
        ("Net generation (GWh)", "GWh"),
        ("Emissions in tonnes of CO2e", "tonnes of CO2e"),
        ("Harvest in Tonnen", "Tonnen"),
        ("Sales in Berlin", ""),
        ("Sales in 2023", ""),
        ("Delays in minutes", ""),  # lengths of time are no measure of a whole table
        ("Sales (in thousands)", ""),
    ],
)
def test_a_measure_without_a_scale_is_read_from_the_end_of_a_caption(caption: str, measure: str) -> None:
    assert plain_measure(caption) == measure


def test_units_things_and_labels_of_their_own_are_told() -> None:
    assert all(map(names_unit, ("MWh", "tonnes of CO2", "t", "m³", "km/h", "Tonnen")))
    assert not any(map(names_unit, ("EUR", "%", "customers", "")))
    assert is_measured("Verkaufsfläche (m²)")
    assert is_measured("Production, t")
    assert not is_measured("Umsatz (Mio. €)")
    assert is_per_thing("Cost per square metre (£ per m²)")
    assert is_per_thing("Umsatz je Mitarbeiter")
    assert is_per_thing("Spending per pupil")
    assert not is_per_thing("Cost as per contract")
    assert not is_per_thing("pro rata")


def test_long_and_odd_captions_cost_little() -> None:
    begun = time.process_time()
    for text in (
        "thousand " * 40,
        "in thousands of a " * 22,
        "(" * 400,
        "t " * 200,
        "x, thousands of " + "a-" * 190,
    ):
        unit_of(text)
        plain_measure(text)
        head_unit(text[:110])
    assert time.process_time() - begun < 1.0
