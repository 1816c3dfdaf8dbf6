"""Follow-ups are told from questions that stand alone, in six languages; `-s` prints the figures of each half."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from chatbot_app.knowledge.search.follow_ups import complete_follow_up
from chatbot_app.knowledge.search.leaning import leaned_on, leans
from chatbot_app.knowledge.words.words import query_terms, stem

QUESTIONS = Path(__file__).with_name("follow_up_questions.txt")
PRECISION = RECALL = 0.9  # of the half that chose nothing


def halves() -> tuple[list[tuple[bool, str]], list[tuple[bool, str]]]:
    """Return (leans, question) of the odd lines, which the rules were chosen on, and of the even ones."""
    lines = [line for line in QUESTIONS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    labelled = [(line[0] == "+", line[2:]) for line in lines]
    return labelled[::2], labelled[1::2]


def figures(labelled: list[tuple[bool, str]]) -> tuple[float, float, list[str]]:
    """Return precision, recall and the questions that are decided wrongly."""
    decided = [(label, leans(question), question) for label, question in labelled]
    right = sum(label and found for label, found, _ in decided)
    wrong = [question for label, found, question in decided if label != found]
    return right / sum(f for _, f, _ in decided), right / sum(label for label, _, _ in decided), wrong


def searched_for(question: str, before: Sequence[str]) -> str:
    """Return what is searched for a question after others."""
    return complete_follow_up(question, leaned_on(question, before))


def test_there_are_enough_questions_of_both_kinds() -> None:
    chosen, reported = halves()
    assert len(chosen) + len(reported) >= 120
    assert all(40 <= sum(label for label, _ in half) <= len(half) - 40 for half in (chosen, reported))


@pytest.mark.parametrize("half", ["chosen on", "reported"])
def test_precision_and_recall(half: str) -> None:
    labelled = halves()[half == "reported"]
    precision, recall, wrong = figures(labelled)
    print(  # noqa: T201 - the figures are what `-s` is for
        f"\n{half}: {len(labelled)} questions, precision {precision:.3f}, recall {recall:.3f}, wrong: {wrong}"
    )
    assert precision >= PRECISION, wrong
    assert recall >= RECALL, wrong


def test_a_whole_question_gets_no_words_of_the_one_before() -> None:
    before = ["How long is the notice period at Acme?"]
    for question in ("Is there a warranty on dishwashers?", "Gibt es eine Garantie auf Geschirrspüler?"):
        assert searched_for(question, before) == question


def test_a_follow_up_of_a_follow_up_reaches_back_to_the_whole_question() -> None:
    completed = searched_for("Why?", ["Who owns Acme?", "How much did Zorblax earn in 2022?", "And in 2023?"])
    assert "zorblax" in completed
    assert "earn" in completed
    assert "acme" not in completed
    assert "2022" not in completed


@pytest.mark.timeout(120)
@pytest.mark.parametrize("question", ["Wie groß ist der Unterschied?", "Wie gross sind die Unterschiede?"])
def test_what_is_asked_of_nothing_leans_however_it_is_spelt(question: str) -> None:
    assert leans(question)


def test_any_text_is_decided() -> None:
    for text in ("", "?", "it " * 20_000, "- " * 20_000, "那" * 20_000, "и, " * 20_000):
        assert leans(text)
    assert not leans("a" * 200_000)


PAIRS = Path(__file__).parents[2] / "data" / "follow_up_pairs.txt"


def pairs() -> list[list[str]]:
    """Return (before, follow-up, words that must be searched, words that must not) of every pair."""
    lines = [line for line in PAIRS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [[part.strip() for part in f"{line} |".split("|")][:4] for line in lines]


def roots(text: str) -> set[str]:
    return {stem(word) for word in query_terms(text)[0]}


def test_there_are_pairs_that_lean_and_pairs_that_do_not_also_in_german() -> None:
    found = pairs()
    assert len(found) >= 60
    assert 15 <= sum(needed == "=" for _b, _f, needed, _u in found) <= len(found) - 40
    assert sum("ü" in before or before.startswith(("W", "Wie")) for before, *_rest in found) >= 12


def test_what_is_searched_for_a_follow_up() -> None:
    wrong = []
    for before, follow_up, needed, unwanted in pairs():
        searched = searched_for(follow_up, [before])
        added = roots(searched.removeprefix(follow_up)) if searched != follow_up else set()
        is_right = (
            searched == follow_up
            if needed == "="
            else roots(needed) <= roots(searched) and not roots(unwanted) & added
        )
        if not is_right:
            wrong.append((before, follow_up, searched))
    assert not wrong


def test_a_question_leans_on_all_up_to_one_that_stands_alone() -> None:
    asked = ["What is rust?", "What were Pear's sales in Q3 2022?", "And in 2021?"]
    assert leaned_on("What about Nile?", asked) == ("And in 2021?", "What were Pear's sales in Q3 2022?")
    assert leaned_on("What were Nile's sales in Q3 2021?", asked) == ()


@pytest.mark.parametrize(
    ("before", "question", "needed", "unwanted"),
    [
        (
            ["How high was Pear's tax in Q3 2023?", "And in the second quarter?"],
            "Why did it change?",
            "second tax",
            "q3",
        ),
        (["How many ducks were seen in 2022?", "And in 2020?"], "And geese?", "2020 seen", "2022"),
        (
            ["What were Nile's net sales in Q3 2023?", "And a year earlier?"],
            "How much came from it?",
            "sales",
            "2023 q3",
        ),
        (
            ["How high was Pear's revenue in May?", "And the net income?"],
            "And at Nile?",
            "net income",
            "revenue",
        ),
        (["Wie hoch war Pears Umsatz im Mai?", "Und der Gewinn?"], "Und bei Nile?", "gewinn", "umsatz"),
        (["Why did Pear's phone sales fall in May?"], "And tablets?", "why sales fall", ""),
        (["Why did Pear's phone sales fall in May?"], "And how high were they?", "phone sales", "why"),
    ],
)
def test_what_a_newer_question_replaces_is_gone_and_what_it_keeps_is_kept(
    before: list[str], question: str, needed: str, unwanted: str
) -> None:
    searched = searched_for(question, before)
    assert roots(needed) <= roots(searched)
    assert not roots(unwanted) & roots(searched.removeprefix(question))


@pytest.mark.parametrize(
    "question",
    ["En in 2021?", "Och 2021?", "A w 2021?", "E nel 2021?", "Och Tesla?", "Og i 2021?", "E em 2021?"],
)
def test_what_only_names_what_is_different_leans_in_more_languages(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    "question", ["A B2B customer list of 2021?", "En quoi consiste Tesla 3?", "US GDP 2021?"]
)
def test_what_looks_like_it_stands_alone(question: str) -> None:
    assert not leans(question)


def test_a_follow_up_about_another_year_does_not_search_the_year_before() -> None:
    earlier = ["What was Meridian's revenue in FY2023?"]
    assert "fy2023" not in searched_for("And in the year before?", earlier).casefold()
    assert "fy2023" not in searched_for("And in 2022?", earlier).casefold()
    assert "revenue" in searched_for("And in 2022?", earlier)
    assert "fy2023" in searched_for("And the margin?", earlier).casefold()


def test_a_follow_up_about_another_year_keeps_the_quarter_of_the_question_before() -> None:
    completed = searched_for("And in 2023?", ["What were Pear's sales in the third quarter of last autumn?"])
    assert "third quarter" in completed


def test_a_follow_up_about_other_months_does_not_search_those_before() -> None:
    completed = searched_for("And from March to May?", ["What was decided from January to February 2024?"])
    assert "january" not in completed.casefold()
    assert "decided" in completed


@pytest.mark.parametrize(
    ("before", "question", "needed", "unwanted"),
    [
        ("What does a nurse get for a weekend?", "And a vet?", "get weekend", "nurse"),
        ("How much does an adult ticket cost?", "And a student?", "ticket cost", "adult"),
        ("How long may a dog be left alone?", "And a cat?", "left alone", "dog"),
        ("What does a locker cost?", "And a lost badge?", "cost", "locker"),
        ("May I keep a dog?", "And an old cat?", "keep", "dog"),
        ("Was kostet ein Kind im Bad?", "Und ein Erwachsener?", "kostet bad", "kind"),
        ("Do you sell glasses?", "And a lens?", "sell glasses", ""),
    ],
)
def test_one_of_another_kind_is_named_by_an_article(
    before: str, question: str, needed: str, unwanted: str
) -> None:
    added = roots(searched_for(question, [before]).removeprefix(question))
    assert roots(needed) <= added
    assert not roots(unwanted) & added if unwanted else added


def test_a_is_a_verb_in_french_alone() -> None:
    assert not leans("Et a-t-on une garantie sur les vélos loués à la semaine ?")
    assert leans("And a bicycle?")
