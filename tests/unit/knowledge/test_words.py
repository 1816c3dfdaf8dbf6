"""Words meet in any of their forms, in any script; what is no word stays as it is."""

from __future__ import annotations

import threading

import pytest

from chatbot_app.knowledge.search.irregular_forms import BASE_OF
from chatbot_app.knowledge.search.words import stem, stems


@pytest.mark.parametrize(
    "forms",
    [
        "die died dies dying death",
        "lose lost losing loses loss",
        "win won winning wins",
        "sing sang sung sings song",
        "name named names naming",
        "company companies",
        "defend defended defends defending",
        "child children",
        "marry married marries marriage",
        "город города городами",
        "нефть нефти нефтью",
    ],
)
def test_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


def test_other_words_keep_apart() -> None:
    words = "die dye lie lay find found founder 北京 q3 covid-19 1990s x".split()
    assert len({stem(word) for word in words}) == len(words) - 1, "found is of find"


@pytest.mark.parametrize(
    "word", ["", "a", "1990", "q3", "covid-19", "北京", "ΑΒΓΔ", "עברית", "ﬁ", "x" * 5_000]
)
def test_any_text_has_a_stem(word: str) -> None:
    assert isinstance(stem(word), str)
    assert stem(word) or not word


def test_a_base_form_is_no_form_of_another() -> None:
    assert not {form for form in BASE_OF.values() if form in BASE_OF}


def test_threads_stem_at_the_same_time() -> None:
    stem.cache_clear()
    words = [f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}ational" for n in range(600)]
    found: list[set[str]] = [set() for _ in range(4)]

    def work(place: int) -> None:
        found[place] = stems(" ".join(words))

    threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1] == found[2] == found[3]
