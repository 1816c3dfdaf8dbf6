"""Each sentence of an answer against its sources: supported, not, contradicted, or not to be checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.trust import Check, Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_answer, check_statement

ORACLE = Source(
    "Oracle Corporation was founded by Larry Ellison, Bob Miner and Ed Oates in Santa Clara, California, in 1977. "
    "Ellison was its chief executive officer until 2014. The company does not publish its source code.",
    "Oracle Corporation",
)
APPLE = Source(
    "Three Months Ended July 1, 2023 (in millions)\nProducts | $60,584\nServices | 21,213\nTotal net sales | 81,797",
    "Apple 10-Q › Statements of Operations",
)
SOURCES = [ORACLE, APPLE]


def verdicts(answer: str, question: str = "") -> list[Verdict]:
    return [check.verdict for check in check_answer(answer, SOURCES, question=question)]


@pytest.mark.parametrize(
    "answer",
    [
        "Oracle was founded by Larry Ellison, Bob Miner and Ed Oates.",
        "In 1977, Larry Ellison founded Oracle Corporation in Santa Clara.",
        "Ellison was chief executive of the company until 2014 [1].",
        "Apple's total net sales were $81.8 billion [2].",
        "Total net sales were 81,797 million dollars.",
        "Oracle does not publish its source code.",
    ],
)
def test_what_a_source_says_is_supported(answer: str) -> None:
    [check] = check_answer(answer, SOURCES)
    assert check.verdict is Verdict.SUPPORTED, check.reason
    [span] = check.spans
    assert check.sources == (span.number,)
    assert SOURCES[span.number - 1].text[span.start : span.end].strip()


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ("The founder of the Oracle Corporation is Elon Musk.", "Elon Musk"),
        ("Oracle Corporation was founded in 1987.", "1987"),
        ("Ellison was chief executive officer until 2016.", "2016"),
        ("Total net sales were $71,797 million.", "$71,797 million"),
        ("Oracle was founded in San Francisco.", "San Francisco"),
    ],
)
def test_a_changed_fact_is_named(answer: str, word: str) -> None:
    [check] = check_answer(answer, SOURCES)
    assert check.verdict in (Verdict.CONTRADICTED, Verdict.UNSUPPORTED)
    assert word in check.reason


def test_a_changed_denial_is_contradicted() -> None:
    assert verdicts("The company publishes its source code.") == [Verdict.CONTRADICTED]
    assert verdicts("Ellison was not its chief executive officer.") == [Verdict.CONTRADICTED]


def test_what_no_source_says_is_unsupported() -> None:
    assert verdicts("Whales sing songs that travel through the deep ocean.") == [Verdict.UNSUPPORTED]


@pytest.mark.parametrize(
    "answer", ["Sure!", "Would you like to know more?", "I hope this helps.", "Hello there."]
)
def test_what_states_nothing_is_not_checked(answer: str) -> None:
    assert verdicts(answer) == [Verdict.NOT_CHECKED]


def test_a_short_answer_is_read_with_its_question() -> None:
    assert verdicts("1977.", "When was Oracle Corporation founded?") == [Verdict.SUPPORTED]
    assert verdicts("1978.", "When was Oracle Corporation founded?") != [Verdict.SUPPORTED]


def test_a_statement_reads_a_question_with_its_answer() -> None:
    [check] = check_statement("When was Oracle Corporation founded? 1977.", SOURCES)
    assert (check.start, check.verdict) == (0, Verdict.SUPPORTED)
    [check] = check_statement("When was Oracle Corporation founded? 1987.", SOURCES)
    assert check.verdict in (Verdict.CONTRADICTED, Verdict.UNSUPPORTED)
    assert len(check_statement("Oracle was founded in 1977. Its founder is Elon Musk.", SOURCES)) == 2
    [check] = check_statement("Who are you?", SOURCES)
    assert check.verdict is Verdict.NOT_CHECKED


def test_another_language_is_compared_by_its_numbers_only() -> None:
    german = "Die Firma wurde im Jahr 1977 von Larry Ellison in der Stadt Santa Clara gegründet."
    [check] = check_answer(german, SOURCES)
    assert check.verdict is Verdict.NOT_CHECKED
    assert "another language" in check.reason
    [check] = check_answer(german.replace("1977", "1981"), SOURCES)
    assert check.verdict is Verdict.UNSUPPORTED


def test_code_is_left_out_and_every_other_sentence_has_its_place() -> None:
    answer = "Oracle was founded in 1977.\n\n```sql\nSELECT 1 FROM dual;\n```\n\nIts founder is Elon Musk."
    checks = check_answer(answer, SOURCES)
    assert [answer[check.start : check.end] for check in checks] == [
        "Oracle was founded in 1977.",
        "Its founder is Elon Musk.",
    ]


def test_a_check_that_is_no_longer_wanted_ends() -> None:
    looked = iter([False, False, True])
    checks = check_answer("Oracle was founded in 1977. " * 500, SOURCES, is_cancelled=lambda: next(looked))
    assert len(checks) == 2


def test_without_sources_nothing_is_supported() -> None:
    [check] = check_answer("Oracle was founded in 1977.", [])
    assert check.verdict is Verdict.UNSUPPORTED


@given(st.text(max_size=300), st.lists(st.text(max_size=120), max_size=3))
def test_any_text_gets_verdicts_in_order(answer: str, passages: list[str]) -> None:
    checks = check_answer(answer, [Source(text) for text in passages])
    assert all(0 <= check.start < check.end <= len(answer) for check in checks)
    assert [check.start for check in checks] == sorted(check.start for check in checks)
    assert [Check.from_dict(check.to_dict()) for check in checks] == checks


def test_a_row_far_from_its_heads_supports_what_they_say() -> None:
    context = "Apple › Results\n(In millions) Amounts in $.\n|  | June 25, 2022 | June 26, 2021 |"
    row = Source("| Total net sales | 82,959 | 81,434 |\n| Gross margin | 35,885 | 35,255 |", context)
    said = check_answer("Total net sales were $82,959 million.", [row])
    assert [check.verdict for check in said] == [Verdict.SUPPORTED]
    said = check_answer("Total net sales were $35,885 million.", [row])
    assert [check.verdict for check in said] != [Verdict.SUPPORTED]


CLUB = Source(
    "The club La Encina was founded in 1963 by 48 farmers. Its director is Julián Prats. It sells no oil in shops. "
    "Most of its oil is sold to Italy in autumn, and the rest to Japan. Its oldest member, Remedios Cano, joined in 2001."
)


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        (
            "La Encina, founded in 1963, sells most of its oil to Italy and the rest to Japan.",
            Verdict.SUPPORTED,
        ),
        (
            "La Encina, founded in 1968, sells most of its oil to Italy and the rest to Japan.",
            Verdict.UNSUPPORTED,
        ),
        ("The oldest member of La Encina, Remedios Cano, joined in 1963.", Verdict.CONTRADICTED),
        ("The oldest member of La Encina, Julián Prats, joined in 2001.", Verdict.CONTRADICTED),
    ],
)
def test_a_fact_from_another_sentence_takes_no_other_facts_place(statement: str, verdict: Verdict) -> None:
    [check] = check_statement(statement, [CLUB])
    assert check.verdict is verdict


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("Total net sales decreased 1% in the quarter.", Verdict.SUPPORTED),
        ("Total net sales fell by 1% in the quarter.", Verdict.SUPPORTED),
        ("Total net sales increased 1% in the quarter.", Verdict.CONTRADICTED),
        ("Services net sales rose 8% in the quarter.", Verdict.SUPPORTED),
        ("Services net sales fell 8% in the quarter.", Verdict.CONTRADICTED),
    ],
)
def test_what_a_row_says_by_signs_is_said_in_words(statement: str, verdict: Verdict) -> None:
    table = Source(
        "| | Three Months Ended July 1, 2023 | June 25, 2022 | Change |\n|---|---|---|---|\n"
        "| Services net sales | 21,213 | 19,604 | 8 % |\n| Total net sales | $81,797 | $82,959 | (1)% |\n\n"
        "Mac net sales decreased in the quarter due to lower net sales of laptops, by 14 models."
    )
    [check] = check_statement(statement, [table])
    assert check.verdict is verdict


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("The director of the foundation is Julia Prats.", Verdict.SUPPORTED),
        ("Remedios Cano is the president of the foundation.", Verdict.SUPPORTED),
        ("The director is Remedios Cano.", Verdict.CONTRADICTED),
        ("The treasurer is Julia Prats.", Verdict.CONTRADICTED),
    ],
)
def test_the_sentence_before_gives_no_name_its_office(statement: str, expected: Verdict) -> None:
    source = (
        "The foundation was set up in 1998. Its director is Julia Prats, who joined in 2004. "
        "Its president, Remedios Cano, lives in Valencia. The treasurer is Paul Ames."
    )
    (check,) = check_statement(statement, [Source(source)])
    assert check.verdict is expected


def test_a_contradiction_names_the_whole_name_of_the_source() -> None:
    source = "The foundation was set up in 1998. Its director is Julia Prats, who joined in 2004."
    (check,) = check_statement("The director of the foundation is Henrik Vale.", [Source(source)])
    assert check.reason == "The answer says “Henrik Vale”, the source “Julia Prats”."


@pytest.mark.parametrize(
    "sentence",
    [
        "It remains uncertain whether the visit took place before or after the treaty was signed.",
        "Nobody but the treasurer may sign, not even the chair.",
        "It rose from 4 % to 3 %, which is no rise.",
        "Der Tag der Einheit ist am 3. Oktober, nicht am 4. Oktober.",
    ],
)
def test_what_stands_in_a_source_word_by_word_is_never_doubted(sentence: str) -> None:
    source = Source(f"The file was opened in May. {sentence} It was closed in June 1931.")
    (check,) = check_statement(f"**{sentence.removesuffix('.')}** [1].", [source])
    assert check.verdict is Verdict.SUPPORTED
    assert source.text[check.spans[0].start : check.spans[0].end] == sentence


def test_a_number_that_a_sentence_begins_with_is_no_number_of_a_list() -> None:
    source = Source(
        "Im Herbst ist frei. 3. Oktober ist der Tag der Deutschen Einheit. Alle bleiben zu Hause."
    )
    (check,) = check_statement("4. Oktober ist der Tag der Deutschen Einheit.", [source])
    assert check.verdict is not Verdict.SUPPORTED


def test_the_sentences_of_all_written_passages_are_borne_out_by_themselves() -> None:
    lines = (Path("tests/data/checks/passages.jsonl").read_text("utf-8")).splitlines()
    for passage in (json.loads(line)["text"] for line in lines[::4]):
        for check in check_answer(passage, [Source(passage)]):
            assert check.verdict in (Verdict.SUPPORTED, Verdict.NOT_CHECKED), passage[check.start : check.end]


@pytest.mark.parametrize(
    ("statement", "theirs"),
    [
        ("Nordwind is based in Hamburg.", "Kiel"),
        ("It was founded by Philipp Remmers.", "Karin Ostertag"),
        ("The group was founded in Hamburg.", "Kiel"),
    ],
)
def test_what_the_source_says_instead_is_another_name_in_the_same_place(statement: str, theirs: str) -> None:
    source = "The Nordwind group was founded in 1987 by Karin Ostertag in Kiel."
    [check] = check_statement(statement, [Source(source, "Nordwind")])
    assert check.verdict is Verdict.CONTRADICTED
    assert check.reason.endswith(f"the source “{theirs}”.")
