"""A question that names a row asks for its figures."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.tables.named_rows import named_share, readings_of, unqualified
from chatbot_app.knowledge.words.words import stems

ROWS = "| Net sales: |  |\n|   Products | 60,584 |\n|   Total net sales | 81,797 |\n| Remarks on it | none |"


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("apple total net sales", 3 / 4),
        ("products", 1.0),
        ("total sales", 0.0),  # no row has just this label
        ("remarks", 0.0),  # it has no figures
        ("net sales", 0.0),  # it opens a section
        ("", 0.0),
    ],
)
def test_the_longest_label_that_is_named_whole_counts(question: str, share: float) -> None:
    assert named_share(ROWS, stems(question)) == pytest.approx(share)


def test_prose_names_no_row() -> None:
    assert named_share("Total net sales grew.", stems("total net sales")) == 0.0


@pytest.mark.parametrize(
    ("label", "readings"),
    [
        ("Operating income (loss)", ["Operating income", "Operating loss"]),
        ("Benefit (provision) for income taxes", ["Benefit for income taxes", "provision for income taxes"]),
        (
            "Cash provided by (used in) operations (1)",
            ["Cash provided by operations", "Cash used in operations"],
        ),
        ("Ergebnis (Fehlbetrag) vor Steuern", ["Ergebnis vor Steuern", "Fehlbetrag vor Steuern"]),
        ("Length of the network (km)", ["Length of the network"]),
        ("Output (thousand t)", ["Output"]),
        ("Umsatz (in Mio. EUR)", ["Umsatz"]),
        ("Share of women (%)", ["Share of women"]),
        ("Revenue (Europe)", []),
        ("Members (men)", []),
        ("Total net sales", []),
    ],
)
def test_the_other_sign_and_a_unit_need_not_be_asked_for(label: str, readings: list[str]) -> None:
    assert list(readings_of(label)) == [*readings, label.removesuffix(" (1)")]


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("amazon net income", 2 / 3),
        ("net loss", 1.0),
        ("network length", 1.0),
        ("revenue europe", 1.0),
        ("revenue asia", 0.0),  # Europe's is another one
    ],
)
def test_a_label_is_named_as_people_say_it(question: str, share: float) -> None:
    rows = "| Net income (loss) | (2,028) |\n| Length of the network (km) | 812 |\n| Revenue (Europe) | 93 |"
    assert named_share(rows, stems(question)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("Capital expenditures, net of construction payable", "Capital expenditures"),
        (
            "Purchases of property and equipment, including internal-use software",
            "Purchases of property and equipment",
        ),
        ("Receivables, net", "Receivables"),
        ("Sachanlagen, netto", "Sachanlagen"),
        ("Land, buildings, and equipment", "Land, buildings, and equipment"),
        ("Networks, radios", "Networks, radios"),
        (", net", ", net"),
    ],
)
def test_what_an_amount_is_reckoned_of_is_no_part_of_its_name(label: str, short: str) -> None:
    assert unqualified(label) == short
    assert short in readings_of(label)
