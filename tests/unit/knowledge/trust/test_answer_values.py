"""What holds something of the type that is asked for, and what speaks of it at all."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.trust.answer_types import AnswerType
from chatbot_app.knowledge.trust.answer_values import holds, may_hold, measures_something_else


@pytest.mark.parametrize(
    ("kind", "text", "is_held"),
    [
        (AnswerType.PRICE, "Beer at Volcano Huts cost 1,650 krónur.", True),
        (AnswerType.PRICE, "Das Mittagessen kostet 4,20 Euro.", True),
        (AnswerType.PRICE, "Vinyl banner: Quantity 2, Unit price £64.00", True),
        (AnswerType.PRICE, "每个二十八元", True),
        (AnswerType.PRICE, "The film cost $20 million and made profits of $3 million.", True),
        (AnswerType.PRICE, "The yoga course is free of charge for members.", True),
        (AnswerType.PRICE, "Parking at the museum is complimentary.", True),
        (AnswerType.PRICE, "The tour is included in the admission.", True),
        (AnswerType.PRICE, "A seat in the plan is 30 per month.", True),
        (AnswerType.PRICE, "Der Eintritt ins Museum ist frei.", True),
        (AnswerType.PRICE, "Für die Beratung wird nichts berechnet.", True),
        (AnswerType.PRICE, "L'entrée du musée est gratuite.", True),
        (AnswerType.PRICE, "El taller es gratuito para los socios.", True),
        (AnswerType.PRICE, "Вход в музей бесплатный.", True),
        (AnswerType.PRICE, "Вход 300 руб.", True),
        (AnswerType.PRICE, "停车不收费。", True),
        (AnswerType.PRICE, "You are free to leave; the hut is free of mice.", False),
        (AnswerType.PRICE, "iPhone net sales were $39.7 billion.", False),
        (AnswerType.PRICE, "Oluwaseun will ask what it costs.", False),
        (AnswerType.PRICE, "| Bohnenbehälter | 250 g |", False),
        (AnswerType.SALARY, "The salary is 52,000 euros a year.", True),
        (AnswerType.EARNED, "The CEO earns 3.4 million a year.", True),
        (AnswerType.SALARY, "The budget is 52,000 euros.", False),
        (AnswerType.EARNED, "Advertising brought in $12 billion.", True),
        (AnswerType.ADDRESS, "410 Terry Avenue North, Seattle, Washington 98109-5210", True),
        (AnswerType.ADDRESS, "One Apple Park Way, Cupertino", True),
        (AnswerType.ADDRESS, "Am Mühlgraben 9\n35085 Ebsdorfergrund", True),
        (AnswerType.ADDRESS, "Lindenstraße 12", True),
        (AnswerType.ADDRESS, "Unit 6, Canal Yard, Leeds LS11 5QT", True),
        (AnswerType.ADDRESS, "Laugavegur 12, 101 Reykjavík", True),
        (AnswerType.ADDRESS, "You find the workshop at Kirkegata 14 in Bergen.", True),
        (AnswerType.ADDRESS, "in der Alten Landstraße 17b", True),
        (AnswerType.ADDRESS, "Hauptstr 12, 1010 Wien", True),
        (AnswerType.ADDRESS, "Prinsengracht 263, Amsterdam", True),
        (AnswerType.ADDRESS, "1010 Wien, Kärntner Ring 5", True),
        (AnswerType.ADDRESS, "Straße des 17. Juni 135", True),
        (AnswerType.ADDRESS, "4-2-8 Shibakoen, Minato-ku", True),
        (AnswerType.ADDRESS, "на Садовой, дом 5", True),
        (AnswerType.ADDRESS, "In June 2022, Hanne joined; see Chapter 12, Appendix.", False),
        (AnswerType.ADDRESS, "Net sales of 81797 million", False),
        (AnswerType.ADDRESS, "From: priya.nair@lindenlabs.example", False),
        (AnswerType.PHONE, "Call Moira on 0113 496 0178.", True),
        (AnswerType.PHONE, "+49 171 555 0923", True),
        (AnswerType.PHONE, "(408) 996-1010", True),
        (AnswerType.PHONE, "The emergency phone number is 112.", True),
        (AnswerType.PHONE, "The plumber has the phone number 555-0134.", True),
        (AnswerType.PHONE, "Telefon 0664 1234567", True),
        (AnswerType.PHONE, "The night nurse is at extension 417.", True),
        (AnswerType.PHONE, "学校电话13800138000。", True),
        (AnswerType.PHONE, "He phoned them and paid 12.50 for 3 of 14 tickets.", False),
        (AnswerType.PHONE, "In 2023 it sold 1,200 units for 3,450 euros.", False),
        (AnswerType.EMAIL, "Write to service@aquino.example.", True),
        (AnswerType.EMAIL, "Write to treasurer (at) rowing-club.example.", True),
        (AnswerType.EMAIL, "Mail Priya at work.", False),
        (AnswerType.DURATION, "Der Vorgang dauert rund 35 Minuten.", True),
        (AnswerType.DURATION, "Structural engineer — September 2014 to March 2019", True),
        (AnswerType.DURATION, "Das Angebot gilt bis Ende März.", True),
        (AnswerType.DURATION, "Die Prüfung dauert ein Vierteljahr.", True),
        (AnswerType.DURATION, "Der Vertrag gilt auf unbestimmte Zeit.", True),
        (AnswerType.DURATION, "El permiso es indefinido.", True),
        (AnswerType.DURATION, "Договор бессрочный.", True),
        (AnswerType.DURATION, "合同长期有效。", True),
        (AnswerType.DURATION, "The meeting runs from 10 to 11.", True),
        (AnswerType.DURATION, "Tuesday 14 May 2024, 7.30 pm", False),
        (AnswerType.DURATION, "It was decided not to use the room until the roof is repaired.", False),
    ],
)
def test_what_is_asked_for_is_told_by_its_shape(kind: AnswerType, text: str, is_held: bool) -> None:
    assert holds(kind, text) is is_held


def test_a_row_of_a_table_in_millions_is_no_price_unless_it_says_so() -> None:
    assert not holds(AnswerType.PRICE, "iPhone: $39,669", 1e6)
    assert holds(AnswerType.PRICE, "Operating expenses: Research and development: $7,442", 1e6)


@pytest.mark.parametrize(
    ("kind", "text", "is_spoken_of"),
    [
        (AnswerType.PRICE, "The sailing course is paid for by the club.", True),
        (AnswerType.PRICE, "The room goes for sixty a night.", True),
        (AnswerType.PRICE, "Large pizza 12.50", True),
        (AnswerType.PRICE, "Gita asked for a first aid course.", False),
        (AnswerType.PRICE, "iPhone net sales were $39.7 billion.", False),
        (AnswerType.SALARY, "The organist is paid by grade.", True),
        (AnswerType.SALARY, "The organist also teaches.", False),
        (AnswerType.ADDRESS, "The cottage is the last house on the left.", True),
        (AnswerType.ADDRESS, "The site: docs.example.com", True),
        (AnswerType.ADDRESS, "Priya Nair <priya.nair@lindenlabs.example>", False),
        (AnswerType.ADDRESS, "The tailor shortens trousers in a day.", False),
        (AnswerType.PHONE, "The porter's number is on the sticker by the door.", True),
        (AnswerType.PHONE, "The skipper paints boats.", False),
        (AnswerType.DURATION, "Die Ausstellung läuft noch bis Pfingsten.", True),
        (AnswerType.DURATION, "La excursión sale de la plaza.", False),
    ],
)
def test_a_sentence_may_speak_of_what_is_asked_for_without_a_known_shape(
    kind: AnswerType, text: str, is_spoken_of: bool
) -> None:
    assert not holds(kind, text)
    assert may_hold(kind, text) is is_spoken_of


def test_a_weight_is_no_price() -> None:
    assert measures_something_else(AnswerType.PRICE, "| Bohnenbehälter | 250 g |")
    assert measures_something_else(AnswerType.PRICE, "iPhone net sales were $39.7 billion.")
    assert measures_something_else(AnswerType.PRICE, "iPhone: $39,669", 1e6)
    assert not measures_something_else(AnswerType.PRICE, "Its profits pay for the course.")
    assert not measures_something_else(AnswerType.PRICE, "The chair was a present.")
    assert not measures_something_else(AnswerType.DURATION, "It weighs 250 g.")
