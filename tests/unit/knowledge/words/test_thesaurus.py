"""The thesauri of other languages than English."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.words.inflection import forms_of
from chatbot_app.knowledge.words.thesaurus import is_common, is_known, kinds_of, synonyms_of


def _synonyms(word: str, language: str) -> set[str]:
    own = forms_of(word, language).own or {word}
    return {synonym for form in own for synonym in synonyms_of(form, language)}


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("monitor", "bildschirm", "de"),
        ("zustimmung", "einverstandnis", "de"),
        ("krankenhaus", "klinik", "de"),
        ("acheter", "acquer", "fr"),
        ("comprar", "adquir", "es"),
        ("абориген", "туземн", "ru"),
    ],
)
def test_words_that_may_say_the_same_know_each_other(one: str, other: str, language: str) -> None:
    assert other in _synonyms(one, language) or other in {
        synonym[: len(other)] for synonym in _synonyms(one, language)
    }


@pytest.mark.parametrize(
    ("one", "other"), [("kunde", "lieferant"), ("krankenhaus", "schule"), ("katze", "hund")]
)
def test_what_is_merely_of_one_kind_does_not(one: str, other: str) -> None:
    assert not forms_of(other, "de").own & _synonyms(one, "de")


def test_a_word_knows_of_what_kind_a_thing_is() -> None:
    assert "person" in kinds_of("patient", "de")


def test_the_name_of_a_place_is_no_common_word() -> None:
    assert is_known("pol", "de")
    assert not is_common("pol", "de")
    assert is_common("klinik", "de")


def test_what_nobody_knows_has_no_synonyms() -> None:
    assert synonyms_of("velatrigant", "de") == frozenset()
    assert synonyms_of("klinik", "xx") == frozenset()
