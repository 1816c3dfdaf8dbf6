"""Rows of figures where a share is asked for, and labels that say only what a question calls its document by."""

from __future__ import annotations

import pytest

from chatbot_app.core.documents import Evidence, Passage, StageScores
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence, sentences_of
from chatbot_app.knowledge.trust.quotes.amounts_asked import named_rows
from chatbot_app.knowledge.trust.quotes.quote_features import FEATURES, Question, features_of, only_repeats
from chatbot_app.knowledge.trust.quotes.shares_asked import shares_said
from chatbot_app.knowledge.words.words import query_terms

MIX = "| Net sales mix: |  |  |\n|   Cloud | 16 | 17 |\n| Net sales: |  |  |\n|   Cloud | 20,538 | 23,059 |"
GROWTH = "| Growth: |  |  |\n|   Cloud | 27 % | 12 % |\n| Total net sales | $143,083 | (2)% | $127,101 |"
HEADS = "Nile\n|  | Q3 2022 | Q3 2023 |"


def found(*texts: str, document: str = "one", heads: str = HEADS) -> tuple[list[Evidence], list[Sentence]]:
    """Return passages of one document with their sentences."""
    evidence = [
        Evidence(
            Passage(n, document, n, 0, len(text), text, 1, (), heads),
            "",
            "/nile.pdf",
            StageScores(1.0, 0.5, 0.5, 1.0 - n / 10),
        )
        for n, text in enumerate(texts)
    ]
    return evidence, sentences_of([item.passage for item in evidence])


def asked(question: str) -> Question:
    return Question(question, dict.fromkeys(query_terms(question)[0], 3.0))


@pytest.mark.parametrize(
    "question",
    [
        "What percentage of net sales comes from cloud?",
        "What share of net sales came from cloud?",
        "Wie viel Prozent der net sales kommen von cloud?",
        "Quel pourcentage des net sales vient de cloud ?",
        "¿Qué porcentaje de net sales viene de cloud?",
        "Какой процент net sales приходится на cloud?",
    ],
)
def test_the_share_is_meant_and_not_the_amount_nor_how_it_grew(question: str) -> None:
    evidence, sentences = found(MIX, GROWTH)
    said = shares_said(question, sentences, evidence)
    assert said is not None
    by_text = {one.text.partition(",")[0]: value for one, value in zip(sentences, said.tolist(), strict=True)}
    assert by_text["Net sales mix: Cloud"] == 1
    assert by_text["Net sales: Cloud"] == by_text["Growth: Cloud"] == by_text["Total net sales"] == -1


def test_growth_is_meant_where_it_is_asked_for() -> None:
    evidence, sentences = found(GROWTH)
    said = shares_said("By what percentage did cloud grow?", sentences, evidence)
    assert said is not None
    assert said.max() == 1


def test_without_a_share_asked_for_nothing_is_told() -> None:
    evidence, sentences = found(MIX)
    assert shares_said("What were the net sales of cloud per share?", sentences, evidence) is None


def test_rows_that_say_no_share_are_not_named() -> None:
    evidence, sentences = found(MIX)
    question = asked("What percentage of net sales comes from cloud?")
    rows = named_rows(question, evidence, sentences)
    said = shares_said(question.text, sentences, evidence)
    assert said is not None
    meant = rows.of_figures(said)
    first = sentences[int(meant.shares.argmax())].text
    assert first.startswith("Net sales mix: Cloud")
    assert not meant.shares[said < 0].any()


BILL = "|  |  |\n|---|---|\n| Bill number | TW-5580-0524 |\n| Holder | Ada Brook |"
TOTAL = "| Total due | £25.46 |\n| Data used | £0.00 |"


def test_a_label_that_says_only_what_the_question_calls_its_document_by_is_said_of_all_of_it() -> None:
    evidence, sentences = found(BILL, TOTAL)
    question = asked("What was the total of bill TW-5580-0524?")
    repeats = [one.text for one in sentences if only_repeats(one, question)]
    assert repeats == ["Bill number: TW-5580-0524"]
    rows = named_rows(question, evidence, sentences)
    assert not rows.shares[[one.text in repeats for one in sentences]].any()
    place = next(n for n, one in enumerate(sentences) if one.text.startswith("Total due"))
    table = features_of(question, evidence, sentences)
    assert table[place, FEATURES.index("coverage with context")] == 1


def test_of_another_document_it_says_nothing() -> None:
    evidence, _ = found(BILL)
    others, _ = found(TOTAL, document="two")
    sentences = sentences_of([item.passage for item in (*evidence, *others)])
    question = asked("What was the total of bill TW-5580-0524?")
    table = features_of(question, [*evidence, *others], sentences)
    place = next(n for n, one in enumerate(sentences) if one.text.startswith("Total due"))
    assert table[place, FEATURES.index("coverage with context")] < 1
