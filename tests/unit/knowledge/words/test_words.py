"""Words meet in any of their forms, in any script; what is no word stays as it is."""

from __future__ import annotations

import random
import re
import threading
from pathlib import Path

import pytest

from chatbot_app.knowledge.words.irregular_forms import BASE_OF
from chatbot_app.knowledge.words.question_language import question_language, small_words
from chatbot_app.knowledge.words.sentence_ends import END_MARKS, sentence_spans
from chatbot_app.knowledge.words.wanted_stems import WantedStems
from chatbot_app.knowledge.words.words import query_terms, stem, stems


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


LIBRARY = Path(__file__).parents[3] / "data" / "small_library"
TEXTS = [
    "They Went and DEFENDED it; Defence defends 12 goals, 1,410 m (covid-19).",
    "Yesterday’s café: naïve Défense défendu, it’s “going” – gone.",
    "Город города, нефть NEFT нефтью. Ёлка",
    "東京大学は東京都にある。Tokyo東京 ไทย 대한민국은",
    "went_going under_score x\x1fy\ttab\nline",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_wanted_stems_are_found_where_each_word_has_them(text: str) -> None:
    words = [match for match in re.finditer(r"[^\W_]+", text) if match.group().isascii()]
    every = stems(text)
    assert {stem(match.group().casefold()) for match in words} <= every | {stem("tokyo")}
    finder = WantedStems(every)
    at = finder.at(text)
    assert {found for _place, found in at} == every
    assert set(at) >= {
        (match.start(), stem(match.group().casefold())) for match in words if match.group() != "Tokyo"
    }
    assert at == sorted(at) == finder.at(text), "also when its words are known"
    assert WantedStems(set()).at(text) == []


def test_a_word_is_found_in_a_second_text_and_by_its_irregular_form() -> None:
    finder = WantedStems({"go", "defend", "東京"})
    assert finder.at("Nothing here") == []
    assert finder.at("He went. We defended GOING") == [(3, "go"), (12, "defend"), (21, "go")]
    assert finder.at("Went to 東京都") == [(0, "go"), (8, "東京")]


def test_each_form_of_a_word_begins_as_it_is_looked_for() -> None:
    """Words are looked for by their beginnings: each of the library's words is found by its stem."""
    texts = [path.read_text("utf-8") for path in sorted((LIBRARY / "a").glob("*.*"))]
    texts += [
        "Vying, vied, VIES; dying, lying, tying, skies, cries, crying, Cry, owing, hoping, hopped, hop, ſkies."
    ]
    words = {word for each in texts for word in re.findall(r"[^\W_]+", each)}
    text = " ".join(sorted(word for word in words if max(word) < "ɐ"))  # Latin letters
    places = [(match.start(), stem(match.group().casefold())) for match in re.finditer(r"\S+", text)]
    roots = list(dict.fromkeys(root for _at, root in places))
    assert len(roots) > 2000
    for first in range(0, len(roots), 12):
        wanted = set(roots[first : first + 12])
        finder = WantedStems(wanted)
        assert finder.looks_for_beginnings
        assert finder.at(text) == [place for place in places if place[1] in wanted]


def test_sentences_end_at_marks_as_three_rules_say() -> None:
    """The rules are written as one pattern that begins with a class, for speed."""
    rules = re.compile("[.!?…؟۔।]+[\"'”’»)\\]]*(?=\\s)|[。！？｡．]+[”’」』）】]*|\\n+")
    chance = random.Random(3)
    for _ in range(2000):
        text = "".join(chance.choices(".!?…。！\n ”)]」aB1", k=chance.randint(0, 14)))
        assert [m.span() for m in END_MARKS.finditer(text)] == [m.span() for m in rules.finditer(text)], text
    assert list(sentence_spans("One. Two!\n\nThree", 0, 16)) == [(0, 4), (5, 9), (11, 16)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It is § 433 Abs. 1 S. 2 BGB. Es gilt.", ["It is § 433 Abs. 1 S. 2 BGB.", "Es gilt."]),
        ("He lives at 12 N. Main Street.", ["He lives at 12 N. Main Street."]),
        ("Um 44 v. Chr. starb er in Rom.", ["Um 44 v. Chr. starb er in Rom."]),
        ("В 2024 г. Иванов подписал договор.", ["В 2024 г. Иванов подписал договор."]),
        ("The lamp takes G9, max. 4 W. It is replaced.", ["The lamp takes G9, max. 4 W.", "It is replaced."]),
        (
            "Siehe Abb. 3 und Kap. 12. Es geht es weiter.",
            ["Siehe Abb. 3 und Kap. 12.", "Es geht es weiter."],
        ),
        ("См. рис. 4 и стр. 12.", ["См. рис. 4 и стр. 12."]),
        ("Called by J. Smith at 5 p. m. on 3 May.", ["Called by J. Smith at 5 p. m. on 3 May."]),
        (
            "[12/04/24, 08:20] Jonas: me, I'll leave it with Mrs Pohl on the 2nd floor\n"
            "[12/04/24, 12:02] Mia: the plumber comes thursday between 9 and 11",
            [
                "[12/04/24, 08:20] Jonas: me, I'll leave it with Mrs Pohl on the 2nd floor",
                "[12/04/24, 12:02] Mia: the plumber comes thursday between 9 and 11",
            ],
        ),
        (
            "2024-04-12T08:22:01Z INFO server started on port 8443 with nine workers\n<Jonas> where shall we meet tonight",
            [
                "2024-04-12T08:22:01Z INFO server started on port 8443 with nine workers",
                "<Jonas> where shall we meet tonight",
            ],
        ),
        (
            "This line is wrapped in the middle of what it says, as mails do it, and\nRome is where it goes on.",
            [
                "This line is wrapped in the middle of what it says, as mails do it, and\nRome is where it goes on."
            ],
        ),
        (  # nor is the last word of a line somebody who speaks
            "There is, as far as the committee could find out by itself, one single\nReason: nobody came to the office.",
            [
                "There is, as far as the committee could find out by itself, one single\nReason: nobody came to the office."
            ],
        ),
        (
            "Jonas Meier: shall we meet on Sunday at the boat house with all of them\nMia: yes",
            ["Jonas Meier: shall we meet on Sunday at the boat house with all of them", "Mia: yes"],
        ),
        *(
            ("\n".join(lines), lines)
            for lines in (
                [
                    "Nov 28 10:41:02 host sshd[311]: Failed password for root from 10.0.0.3 port 22",
                    "Nov  8 10:41:09 host sshd[311]: Accepted publickey for mia from 10.0.0.7 port 41022",
                ],
                [
                    "2026-11-28 10:41:04,123 INFO the disk is nearly full and will be read only",
                    "20261128T104105Z the disk is full and has been read only since that moment",
                    "[    0.004211] Command line: root=/dev/sda1 ro quiet splash and nothing more",
                ],
                [
                    "ERROR:root:the server has been stopped on its port by its own watch dog",
                    "127.0.0.1 - - [28/Nov/2026:10:41:02 +0000] GET /index.html with no answer",
                    "10:41:02.123 [main] the server has been started on its port once again",
                ],
                [
                    "mia: shall we meet on sunday at the boat house with all of them",
                    "jo: yes",
                    "mia k.: bring the blue bowl that stands on the shelf beside the cellar",
                    "jo: ok",
                ],
            )
        ),
        *(
            (text, [text])
            for text in (
                "There were no borrowings outstanding under the agreement as of\nJune 30, 2023 and 2022.",
                "It is wrapped in the middle of what it says, and the reason is\nsimple: nobody came.",
            )
        ),
        ("It goes to the max. Then it stops.", ["It goes to the max.", "Then it stops."]),
    ],
)
def test_where_a_sentence_ends(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text, 0, len(text))] == sentences


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Wie ist der Skonto?", ["skonto"]),
        ("Was kostet die Montage?", ["kostet", "montage"]),
        ("Combien coûte la livraison ?", ["coûte", "livraison"]),
        ("¿Cuándo es la reunión?", ["reunión"]),
        ("Сколько стоит доставка?", ["стоит", "доставка"]),
        ("When did the king die?", ["king", "die"]),
        ("What is Daniel Vogt's phone?", ["daniel", "vogt", "phone"]),
        ("Wer ist das?", ["wer", "ist", "das"]),
    ],
)
def test_the_small_words_of_the_questions_own_language_say_nothing(question: str, words: list[str]) -> None:
    assert query_terms(question, small_words(question_language(question)))[0] == words
