"""What a mail says comes before the lines above it, but for who wrote it, and when."""

from __future__ import annotations

import pytest

from chatbot_app.core.documents import Evidence, Passage, Retrieval, StageScores
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of
from chatbot_app.knowledge.trust.quotes import quote_confidence
from chatbot_app.knowledge.trust.quotes.mail_heads import (
    OF_A_HEAD,
    OF_A_SUBJECT,
    OF_THE_WRITER,
    by_mail_heads,
)
from chatbot_app.knowledge.trust.quotes.quotes import find_quotes

MAIL = (
    "Subject: Re: New timing system\nFrom: Priya Raman <priya@club.example>\nTo: Committee <list@club.example>\n"
    "Date: Mon, 02 Sep 2024 21:40:00 +0100\n\nI have three offers. LapLine has no battery, so I would go for ChronoTag.\n\nPriya"
)


def evidence(number: int, text: str) -> Evidence:
    passage = Passage(number, f"d{number}", number, 0, len(text), text, None, (), "")
    return Evidence(passage, "mail", "/folder/mail.eml", StageScores(1.0, 0.5, 0.5, 1.0))


def added(question: str, text: str = MAIL) -> dict[str, float]:
    item = evidence(0, text)
    sentences = sentences_of([item.passage])
    scores = by_mail_heads(question, sentences, [item])
    return {one.text[:8]: float(score) for one, score in zip(sentences, scores, strict=True) if score}


@pytest.mark.parametrize(
    "question",
    ["Which timing system does Priya prefer?", "Welches System will Priya?", "When is the track closed?"],
)
def test_a_head_comes_behind_what_the_mail_says(question: str) -> None:
    assert added(question) == {
        "Subject:": -OF_A_SUBJECT,
        "From: Pr": -OF_A_HEAD,
        "To: Comm": -OF_A_HEAD,
        "Date: Mo": -OF_A_HEAD,
    }


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("When did Priya write about the timing system?", "Date: Mo"),
        ("Wann hat Priya geschrieben?", "Date: Mo"),
        ("Who sent the mail about the timing system?", "From: Pr"),
        ("Qui a envoyé le message ?", "From: Pr"),
    ],
)
def test_who_wrote_and_when_is_asked_of_the_head(question: str, line: str) -> None:
    assert added(question) == {line: OF_THE_WRITER}


@pytest.mark.parametrize("question", ["Who wants a timing system?", "What is the subject of Priya's mail?"])
def test_a_head_may_say_it(question: str) -> None:
    assert added(question) == {}


@pytest.mark.parametrize(
    "text", ["From: Leeds\n\nThe train leaves.", "Date: 1 May\n", "It begins.\nSubject: a\nFrom: b"]
)
def test_other_texts_have_no_head(text: str) -> None:
    assert not added("When does it leave?", text)


def test_the_quote_is_what_the_mail_says() -> None:
    question = "Which timing system does Priya prefer?"
    terms = (("timing", 3.0), ("system", 2.0), ("priya", 3.0), ("prefer", 3.0))
    found = Retrieval(question, question, (evidence(0, MAIL),), terms=terms, passages=300)
    assert "ChronoTag" in find_quotes(found).quotes[0].text


def test_who_wrote_is_surer(monkeypatch: pytest.MonkeyPatch) -> None:
    question = "Who wrote about the timing system?"
    terms = (("timing", 3.0), ("system", 2.0), ("wrote", 3.0))
    found = Retrieval(question, question, (evidence(0, MAIL),), terms=terms, passages=300)
    quotes = find_quotes(found)
    assert "Priya Raman" in quotes.quotes[0].text
    monkeypatch.setattr(quote_confidence, "WRITER_HELD", 0.0)
    assert find_quotes(found).confidence < quotes.confidence
