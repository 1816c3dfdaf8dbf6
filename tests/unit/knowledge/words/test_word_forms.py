"""Words of a question in other languages than English meet their other forms."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.words.question_language import question_language
from chatbot_app.knowledge.words.questions import is_question
from chatbot_app.knowledge.words.word_forms import WordForms, beginning_of


@pytest.mark.parametrize(
    ("language", "word", "text"),
    [
        ("de", "verteidigung", "Die Verteidiger standen."),
        ("de", "verteidigung", "Die Panthersverteidigung stand."),  # inside a compound
        ("de", "städte", "Eine Stadt am Fluss."),
        ("de", "straße", "In allen Straßen lag Schnee."),
        ("de", "strasse", "In allen Straßen lag Schnee."),  # as a question is folded
        ("de", "tag", "An diesem Tage."),
        ("fr", "fréquences", "La fréquence est basse."),
        ("es", "canciones", "Una canción de cuna."),
        ("ru", "защита", "Игроки защиты устали."),
        ("ru", "очков", "Команда набрала 5 очков."),
        ("ru", "ещё", "Она пришла ещё раз."),
        ("", "lost", "He loses the game."),
    ],
)
def test_a_word_meets_its_other_forms(language: str, word: str, text: str) -> None:
    forms = WordForms({word: 2.0}, language)
    assert [key for _at, key in forms.at(text)] == list(forms.weights)
    assert forms.inside(text) == set(forms.weights)


def test_no_other_word_is_met() -> None:
    forms = WordForms({"rat": 1.0, "2015": 1.0, "haus": 1.0}, "de")
    assert forms.at("Die Ratte von 20151 lebte im Schlosshaus.") == []
    assert beginning_of("information", "de") == "inform"  # the index has what Porter leaves
    assert beginning_of("2015", "de") is None
    assert beginning_of("verteidigung", "en") is None


def test_pairs_of_characters_are_found_beside_words() -> None:
    forms = WordForms({"москва": 1.0, "北京": 1.0}, "ru")
    assert {key for _at, key in forms.at("Из Москвы в 北京市.")} == set(forms.weights)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Wie hoch ist der Berg?", "de"),
        ("Wer war der König von Polen?", "de"),
        ("Quel est le nom du fleuve ?", "fr"),
        ("¿Cuántos años tenía Ana?", "es"),
        ("Quanto costa il biglietto?", "it"),
        ("Hoeveel kost een kaartje?", "nl"),
        ("Hur mycket kostar en biljett?", "sv"),
        ("Сколько очков набрала команда?", "ru"),
        ("Which river runs through Bern?", "en"),
        ("invoice 4711", ""),
        ("", ""),
        ("多少分？", ""),
    ],
)
def test_the_language_of_a_question(question: str, language: str) -> None:
    assert question_language(question) == language


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("How high is the mountain", True),
        ("Wann begann der Krieg", True),
        ("This is higher?", True),
        ("多少分？", True),
        ("Strip styles when colours are disabled.", False),
        ("revenue 2023", False),
        ("", False),
    ],
)
def test_what_is_asked_is_told_from_what_is_stated(text: str, asks: bool) -> None:
    assert is_question(text) is asks
