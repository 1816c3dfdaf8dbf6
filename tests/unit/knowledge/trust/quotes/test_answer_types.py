"""The type of answer that a question expects, and quotes that have none of it."""

from __future__ import annotations

import time

import pytest

from chatbot_app.knowledge.trust.quotes.answer_types import lacks_answer_type


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("What does the lock cost?", "The lock is made of brass and fits doors of 40 mm."),
        (
            "How much is the monthly rent of the flat?",
            "Between Ellwood (“the landlord”) and Rybak for 12 Birch Lane",
        ),
        (
            "Wie hoch ist der Beitrag im Turnverein?",
            "§ 1 Der Verein wurde 1921 gegründet und hat seinen Sitz in Eichenau.",
        ),
        ("Сколько стоит ремонт крыши?", "Крышу покрыли в мае, работали пять человек."),
        ("What is the phone number of Petra Nowak?", "To: Petra Nowak\nDate: Tue, 8 Oct 2024 17:42:11 +0100"),
        ("Unter welcher Telefonnummer ist Herr Basler da?", "Herr Basler beginnt am 22.02.2024 um 7.30 Uhr."),
        ("What is Dr Reith's e-mail address?", "Dr Callum Reith, formerly my manager. Addresses on request."),
        ("What is the no-claims discount of the policy?", "Policy number: HQ-77120-C"),
        ("How old is the terrier Pendulum?", "He leaves a one-eyed terrier called Pendulum."),
        ("How long does the boat trip take?", "15:00 Boat trip, meeting point at the fish market"),
        ("Wie lange dauert die Führung?", "Die Führung beginnt um 10.15 Uhr am Tor."),
        (
            "When was the mill built?",
            "The path follows the stream to the mill. The hut opens from 10 to 17 h.",
        ),
        ("¿En qué año nació Hortensia Ledesma?", "Los ojos los fabricaba Hortensia Ledesma. Sala 3."),
        (
            "What is the serial number of the pH meter?",
            "The pH meter was calibrated with buffers 4.01 and 7.00.",
        ),
        (
            "How many members does the club have?",
            "§ 3 Members. Persons from the age of 12 may join, since 1921.",
        ),
        (
            "Wie viele Mitglieder hat der Verein?",
            "§ 1 Der Verein wurde 1921 gegründet.\n§ 2 Mitglied ist jede Person.",
        ),
    ],
)
def test_a_quote_without_the_type_of_answer_lacks_it(question: str, quoted: str) -> None:
    assert lacks_answer_type(question, quoted)


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("What does the lock cost?", "price_eur: 19.90; stock: 0"),
        ("What does the lock cost?", "Spare locks are free in the first year."),
        ("Was kostet der Parkplatz?", "Start am Parkplatz Mühlgrund (kostenlos)."),
        ("Combien coûte la visite ?", "L’entrée est gratuite."),
        ("What is the phone number of Petra Nowak?", "Petra Nowak, 0421 / 55 61 20"),
        ("What is the phone number of the desk?", "Dial 14 from any room."),
        ("What is Dr Reith's e-mail address?", "reith@cawdrey.example"),
        ("What is the discount for members?", "Members get a third off."),
        ("How old is the terrier Pendulum?", "Pendulum, born in 2016, is looking for a home."),
        ("¿Cuántos años tiene Lola?", "las gemelas Lola y Ana (9 años)"),
        ("How long does the boat trip take?", "Boat trip 15:00–16:30"),
        ("How long does the wash take?", "Wool: cold–30 °C; 42 min"),
        ("Wie lange dauert die Führung?", "Eine zweistündige Führung beginnt am Tor."),
        ("How long is the guarantee on the motor?", "The motor is guaranteed for five years."),
        ("When was the mill built?", "The mill was built in the 18th century."),
        ("What is the serial number of the pH meter?", "Serial no. PH-2213"),
        ("How many members does the club have?", "In 2023 the club had 212 members."),
        ("How many children may come along?", "One child travels free."),
        ("Wie viele Urlaubstage gibt es?", "Der Jahresurlaub beträgt 30 Tage."),
        ("How many days may I stay?", "The tenancy runs for ninety days."),
        ("Who counted the birds?", "Counted at Mere Lake."),  # people are said in too many ways
    ],
)
def test_what_may_be_an_answer_of_the_type_does_not(question: str, quoted: str) -> None:
    assert not lacks_answer_type(question, quoted)


def test_long_texts_are_looked_at_to_a_limit() -> None:
    begun = time.process_time()
    assert lacks_answer_type("How many " + "very " * 20_000 + "?", "word, " * 200_000)
    assert time.process_time() - begun < 1
