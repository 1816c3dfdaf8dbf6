"""A statement that joins two main clauses is checked by each of them."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.sentences.source_sentences import source_sentences
from chatbot_app.knowledge.trust.checks.claims import Source, check_answer
from chatbot_app.knowledge.trust.checks.main_clauses import main_clauses
from chatbot_app.knowledge.trust.checks.sayings import Sayings

SOURCES = [
    Source("The Bremer Mill was built in 1874 by Karl Hoss. It burnt down in 1901.", "Mills"),
    Source("Ann Reuter bought the ferry in 1932. Its crossing took eleven minutes.", "Ferries"),
]
BUILT = "The Bremer Mill was built in 1874"


def test_clauses_are_taken_apart_where_each_can_stand_alone() -> None:
    assert main_clauses(f"{BUILT}, and Ann Reuter bought the ferry.", "en") == [
        BUILT,
        "Ann Reuter bought the ferry",
    ]
    assert len(main_clauses(f"{BUILT}; the ferry was sold in 1932, but it sank.", "en")) == 0
    assert len(main_clauses("Die Mühle wurde 1874 gebaut, und die Fähre gehörte Ann Reuter.", "de")) == 2


def test_a_clause_without_a_subject_has_that_of_the_one_before() -> None:
    assert main_clauses(f"{BUILT} and burnt down in 1901.", "en") == [
        BUILT,
        "The Bremer Mill burnt down in 1901",
    ]
    assert main_clauses(f"{BUILT}, but was sold to the town soon after.", "en")[1:] == [
        "The Bremer Mill was sold to the town soon after"
    ]


def test_a_clause_with_who_has_the_name_before() -> None:
    assert main_clauses("Ann Reuter, who bought the ferry in 1932, sold it to the town.", "en") == [
        "Ann Reuter bought the ferry in 1932",
        "Ann Reuter sold it to the town",
    ]
    assert main_clauses("The ferry was sold to Ann Reuter, who bought the mill in 1932.", "en") == [
        "Ann Reuter bought the mill in 1932",
        "The ferry was sold to Ann Reuter",
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "It was an old and respected firm of the town of Bremen.",
        "The proposed treaty was signed in 1901, and ended the long war.",
        "He played drums, guitars, and several wind instruments from Asia.",
        "He played drums and learned guitar.",
        "Belts and filters count as wear parts and are therefore excluded from the guarantee.",
        f"What was built and when: {BUILT}, and the ferry was sold in 1932.",
        f"He said “{BUILT}, and the ferry was sold in 1932.”",
        "It was sold. " + "The mill was built in 1874; " * 9,
    ],
)
def test_lists_and_what_is_said_by_others_stay_whole(statement: str) -> None:
    assert main_clauses(statement, "en") == []


def test_two_sources_bear_out_what_joins_them() -> None:
    [check] = check_answer(f"{BUILT}, and Ann Reuter bought the ferry in 1932.", SOURCES)
    assert (check.verdict, check.sources) == (Verdict.SUPPORTED, (1, 2))
    said = [SOURCES[span.number - 1].text[span.start : span.end] for span in check.spans]
    assert said == ["The Bremer Mill was built in 1874 by Karl Hoss.", "Ann Reuter bought the ferry in 1932."]


@pytest.mark.parametrize(
    ("other", "verdict", "reason"),
    [
        ("Ann Reuter bought the ferry in 1901", Verdict.CONTRADICTED, "1932"),
        ("Ann Reuter did not buy the ferry in 1932", Verdict.CONTRADICTED, "denial"),
        (
            "whales were singing in the deep ocean",
            Verdict.UNSUPPORTED,
            "whales were singing in the deep ocean",
        ),
    ],
)
def test_one_clause_that_is_not_so_is_not_hidden_by_the_other(
    other: str, verdict: Verdict, reason: str
) -> None:
    for statement in (
        f"{BUILT}, and {other}.",
        f"{other[0].upper()}{other[1:]}, and the mill was built in 1874.",
    ):
        [check] = check_answer(statement, SOURCES)
        assert check.verdict is verdict
        assert reason.casefold() in check.reason.casefold()
        assert (check.start, check.end) == (0, len(statement))


def test_what_one_sentence_joins_itself_is_known() -> None:
    sayings = Sayings(source_sentences([Source(f"{BUILT}, but Ann Reuter kept the ferry."), *SOURCES]), "en")
    assert sayings.is_of_one([BUILT, "Karl Hoss kept the ferry"]) is False
    assert sayings.is_of_one([BUILT, "Ann Reuter kept the ferry"]) is True
    assert sayings.is_of_one(["Ann Reuter bought the ferry", BUILT]) is False


def test_what_one_sentence_joins_may_have_changed_places_in_the_statement() -> None:
    source = Source("Members pay 20 euros and guests 30 euros.")
    [check] = check_answer("Members pay 30 euros, and guests pay 20 euros.", [source])
    assert check.verdict is Verdict.CONTRADICTED
    [check] = check_answer("Members pay 20 euros, and guests pay 30 euros.", [source])
    assert check.verdict is Verdict.SUPPORTED


def test_what_stands_in_a_source_word_by_word_is_not_taken_apart() -> None:
    source = Source("The mill was built in 1874, and nobody has ever said who paid for it.")
    [check] = check_answer(source.text, [source])
    assert (check.verdict, len(check.spans)) == (Verdict.SUPPORTED, 1)
