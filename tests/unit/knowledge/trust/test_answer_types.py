"""What a question asks for by its form."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.trust.answer_types import AnswerType, answer_type


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
        ("What does the company do to earn trust?", None),
        ("How much does a driver earn a month?", AnswerType.EARNED),
        ("What will the mistake cost him?", None),
        ("What did the war cost in lives?", None),
        ("What does the room cost per night?", AnswerType.PRICE),
        ("What is the salary of a driver?", AnswerType.SALARY),
        ("What is the effect of low wages?", None),
        ("What is Priya Nair's home address?", AnswerType.ADDRESS),
        ("Amazon's address", AnswerType.ADDRESS),
        ("Wie lautet die Adresse der Schule?", AnswerType.ADDRESS),
        ("What is the address of 10.0.4.17?", None),
        ("What is the IP address of the printer?", None),
        ("What was Lincoln's Gettysburg address?", None),
        ("What problems does the plan address?", None),
        ("What is the main problem the authors want to address?", None),
        ("What are the questions that the law would address?", None),
        ("What is the address of the API server?", None),
        ("¿Cuál es la dirección del servidor?", None),
        ("What is the address of the museum?", AnswerType.ADDRESS),
        ("What is Dr Reith's e-mail address?", AnswerType.EMAIL),
        ("What is e-mail?", None),
        ("Wie ist die Telefonnummer des Hausmeisters?", AnswerType.PHONE),
        ("Who invented the telephone?", None),
        ("¿Quién inventó el teléfono?", None),
        ("How long does descaling take?", AnswerType.DURATION),
        ("Wie lange dauert das Entkalken?", AnswerType.DURATION),
        ("How long is the bridge?", None),
        ("How long should a password be?", None),
        ("How long can invoices be kept?", AnswerType.DURATION),
        ("Who is the chair?", None),
        ("", None),
    ],
)
def test_the_form_of_a_question_says_what_it_asks_for(question: str, kind: AnswerType | None) -> None:
    assert answer_type(question) is kind
