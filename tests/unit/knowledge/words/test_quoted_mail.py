"""What a mail repeats of another is known, whoever's program wrote it; wrapped lines behind ">" are sentences."""

from __future__ import annotations

import pytest

from chatbot_app.core.documents import Passage
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of
from chatbot_app.knowledge.words.quoted_mail import repeats_from, without_marks
from chatbot_app.knowledge.words.sentence_ends import sentence_spans

FIRST = (
    "Hello Dev,\n\nPump 3 loses two litres an hour, and the seal that was replaced in February leaks again."
)
REPLY = (
    "Marek comes on Tuesday at 10:30.\n\nOn Thu, 2 May 2024 at 08:14, Rosa Kimball wrote:\n"
    "> Pump 3 loses two litres an hour, and the seal that was replaced in\n> February leaks again."
)


def passage(number: int, text: str) -> Passage:
    return Passage(number, f"d{number}", number, 0, len(text), text, None, (), "")


@pytest.mark.parametrize(
    "line",
    [
        "On Thu, 2 May 2024 at 08:14, Rosa Kimball wrote:",
        "On Thu, 2 May 2024 at 08:14, Rosa Kimball\n<rosa@eastfen.example> wrote:",
        "Am Mo., 3. Mai 2024 um 10:00 Uhr schrieb Jo Brandt <jo@brandt.example>:",
        "Le jeu. 2 mai 2024 à 08:14, Rosa a écrit :",
        "El jue, 2 may 2024 a las 8:14, Rosa escribió:",
        "-----Original Message-----",
        "-------- Weitergeleitete Nachricht --------",
    ],
)
def test_what_stands_above_it(line: str) -> None:
    assert repeats_from(f"Hi,\n\nyes.\n\n{line}\n> Can you?") == 11


@pytest.mark.parametrize(
    "text", ["On the whole he wrote a lot: much.", "- one -\n--- \nOn it", "", "> a note"]
)
def test_other_texts_repeat_nothing(text: str) -> None:
    assert repeats_from(text) == len(text)


def test_lines_behind_marks_are_wrapped_text() -> None:
    said = [without_marks(REPLY[start:end]) for start, end in sentence_spans(REPLY, 0, len(REPLY))]
    assert said[-1].split() == FIRST.partition("\n\n")[2].split()


@pytest.mark.parametrize("order", [(FIRST, REPLY), (REPLY, FIRST)])
def test_what_a_mail_says_comes_before_what_another_repeats_of_it(order: tuple[str, str]) -> None:
    found = sentences_of([passage(number, text) for number, text in enumerate(order)])
    about_pump = [one for one in found if "litres" in one.text]
    assert [order[one.source] for one in about_pump] == [FIRST]


def test_what_only_a_reply_has_can_be_quoted_and_who_wrote_it_is_its_heading() -> None:
    found = sentences_of([passage(0, REPLY)])
    assert [one.is_heading for one in found if one.text.endswith("wrote:")] == [True]
    assert any("litres" in one.text and not one.is_heading for one in found)


def test_settings_are_lines_of_their_own() -> None:
    text = "database:\n  host: db.internal\n  pool_size: 40  # of them\nmax_delay=240.0\nbase_delay=1.5"
    assert [text[start:end] for start, end in sentence_spans(text, 0, len(text))] == [
        line.strip() for line in text.split("\n")
    ]


def test_a_colon_within_wrapped_text_ends_nothing() -> None:
    text = "There were\nreasons: the rain of the summer of last year, the frost and\nwork: all of which took time."
    assert len(list(sentence_spans(text, text.index("the rain"), len(text)))) == 1
