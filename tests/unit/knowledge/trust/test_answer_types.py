"""What a question asks for by its form, and what holds something of the kind."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.trust.answer_types import AnswerType, answer_type, holds


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How much does an iPhone cost?", AnswerType.PRICE),
        ("What did the beer cost in the hut?", AnswerType.PRICE),
        ("What is the unit price of the posters?", AnswerType.PRICE),
        ("What was the price of the bus to Emstrur?", AnswerType.PRICE),
        ("Was kostet ein neuer Filter?", AnswerType.PRICE),
        ("Wie viel kostet das Mittagessen?", AnswerType.PRICE),
        ("Combien coûte une banderole ?", AnswerType.PRICE),
        ("¿Cuánto cuesta la entrada?", AnswerType.PRICE),
        ("Сколько стоит билет?", AnswerType.PRICE),
        ("这个多少钱", AnswerType.PRICE),
        ("Why did the price of oil fall?", None),
        ("How did the cost of living change?", None),
        ("What does Priya earn?", AnswerType.EARNED),
        ("What is the salary of a driver?", AnswerType.SALARY),
        ("What is the effect of low wages?", None),
        ("What is Priya Nair's home address?", AnswerType.ADDRESS),
        ("Amazon's address", AnswerType.ADDRESS),
        ("Wie lautet die Adresse der Schule?", AnswerType.ADDRESS),
        ("What is the address of 10.0.4.17?", None),
        ("What is the IP address of the printer?", None),
        ("What was Lincoln's Gettysburg address?", None),
        ("What problems does the plan address?", None),
        ("What is Dr Reith's e-mail address?", AnswerType.EMAIL),
        ("What is e-mail?", None),
        ("Wie ist die Telefonnummer des Hausmeisters?", AnswerType.PHONE),
        ("Who invented the telephone?", None),
        ("¿Quién inventó el teléfono?", None),
        ("How long does descaling take?", AnswerType.DURATION),
        ("Wie lange dauert das Entkalken?", AnswerType.DURATION),
        ("How long is the bridge?", None),
        ("Who is the chair?", None),
        ("", None),
    ],
)
def test_the_form_of_a_question_says_what_it_asks_for(question: str, kind: AnswerType | None) -> None:
    assert answer_type(question) is kind


@pytest.mark.parametrize(
    ("kind", "text", "is_held"),
    [
        (AnswerType.PRICE, "Beer at Volcano Huts cost 1,650 krónur.", True),
        (AnswerType.PRICE, "Das Mittagessen kostet 4,20 Euro.", True),
        (AnswerType.PRICE, "Vinyl banner: Quantity 2, Unit price £64.00", True),
        (AnswerType.PRICE, "每个二十八元", True),
        (AnswerType.PRICE, "The film cost $20 million and made profits of $3 million.", True),
        (AnswerType.PRICE, "iPhone net sales were $39.7 billion.", False),
        (AnswerType.PRICE, "Oluwaseun will ask what it costs.", False),
        (AnswerType.PRICE, "| Bohnenbehälter | 250 g |", False),
        (AnswerType.SALARY, "The salary is 52,000 euros a year.", True),
        (AnswerType.SALARY, "The budget is 52,000 euros.", False),
        (AnswerType.EARNED, "Advertising brought in $12 billion.", True),
        (AnswerType.ADDRESS, "410 Terry Avenue North, Seattle, Washington 98109-5210", True),
        (AnswerType.ADDRESS, "One Apple Park Way, Cupertino", True),
        (AnswerType.ADDRESS, "Am Mühlgraben 9\n35085 Ebsdorfergrund", True),
        (AnswerType.ADDRESS, "Lindenstraße 12", True),
        (AnswerType.ADDRESS, "Unit 6, Canal Yard, Leeds LS11 5QT", True),
        (AnswerType.ADDRESS, "Net sales of 81797 million", False),
        (AnswerType.ADDRESS, "From: priya.nair@lindenlabs.example", False),
        (AnswerType.PHONE, "Call Moira on 0113 496 0178.", True),
        (AnswerType.PHONE, "+49 171 555 0923", True),
        (AnswerType.PHONE, "(408) 996-1010", True),
        (AnswerType.PHONE, "In 2023 it sold 1,200 units for 3,450 euros.", False),
        (AnswerType.EMAIL, "Write to service@aquino.example.", True),
        (AnswerType.EMAIL, "Mail Priya at work.", False),
        (AnswerType.DURATION, "Der Vorgang dauert rund 35 Minuten.", True),
        (AnswerType.DURATION, "Structural engineer — September 2014 to March 2019", True),
        (AnswerType.DURATION, "Tuesday 14 May 2024, 7.30 pm", False),
        (AnswerType.DURATION, "It was decided not to use the room until the roof is repaired.", False),
    ],
)
def test_what_is_asked_for_is_told_by_its_shape(kind: AnswerType, text: str, is_held: bool) -> None:
    assert holds(kind, text) is is_held


def test_a_row_of_a_table_in_millions_is_no_price_unless_it_says_so() -> None:
    assert not holds(AnswerType.PRICE, "iPhone: $39,669", 1e6)
    assert holds(AnswerType.PRICE, "Operating expenses: Research and development: $7,442", 1e6)
