"""The clause that is asked for of an agreement is quoted, and to its end."""

from __future__ import annotations

import pytest

from chatbot_app.core.document_fields import DocumentFields
from chatbot_app.core.documents import Evidence, Passage, Retrieval, StageScores
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of
from chatbot_app.knowledge.trust.quotes.clauses_asked import at_clauses_asked
from chatbot_app.knowledge.trust.quotes.quote_windows import LONGEST_QUOTE, LONGEST_WHOLE
from chatbot_app.knowledge.trust.quotes.quotes import find_quotes
from chatbot_app.knowledge.words.standard_clauses import clause_asked

TERM = "This Agreement shall continue for an initial term of five (5) years from the date hereof."
LAW = "This Agreement shall be governed by and construed in accordance with the laws of the State of Nevada."
INVALID = "If any term of this Agreement is held to be invalid, the others remain in full force and effect."


def evidence(text: str, kind: str = "contract") -> Evidence:
    passage = Passage(1, "d", 0, 0, len(text), text, None, (), "", familiarity=1.0)
    return Evidence(
        passage, "title", "path", StageScores(0.5, 0.5, 0.5, 0.5), fields=DocumentFields(kind=kind)
    )


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("When does this agreement expire?", "term"),
        ("How long does this lease run?", "term"),
        ("Wie lange läuft dieser Vertrag?", "term"),
        ("Which law governs this agreement?", "governing law"),
        ("Welches Recht gilt für diesen Vertrag?", "governing law"),
        ("May this contract be assigned to another company?", "assignment"),
        ("What happens to this agreement if a party is taken over?", "change of control"),
        ("How much notice must be given so that this agreement is not renewed?", "renewal"),
        ("May a party get out of this agreement without a reason?", "termination"),
        ("How long does the warranty last under this agreement?", "warranty period"),
        ("How long does this fish live?", None),
        ("Who wrote this agreement down?", None),
    ],
)
def test_people_ask_for_clauses_in_their_own_words(question: str, name: str | None) -> None:
    clause = clause_asked(question)
    assert (clause.name if clause is not None else None) == name


def test_its_sentences_are_known_by_their_wording() -> None:
    passages = [evidence(text) for text in (TERM, LAW, INVALID)]
    sentences = sentences_of([item.passage for item in passages])
    said = at_clauses_asked("When does this agreement expire?", sentences, passages)
    assert said is not None
    assert said.tolist() == [1, 0, 0]
    said = at_clauses_asked("Which law governs this agreement?", sentences, passages)
    assert said is not None
    assert said.tolist() == [0, 1, 0]


def test_what_is_no_agreement_has_no_clauses() -> None:
    passages = [evidence(TERM, kind="press release")]
    assert (
        at_clauses_asked("When does this agreement expire?", sentences_of([passages[0].passage]), passages)
        is None
    )


def _long(clauses: int) -> str:
    """Return a sentence of law, of about seventy characters a clause."""
    clause = "the party that has not paid shall give notice of it to the other party, "
    return f"If rent is late, {clause * clauses}and may then end this lease within 30 days."


def test_a_sentence_of_law_is_quoted_whole_where_it_is_read_at_a_glance() -> None:
    text = _long(9)
    assert LONGEST_QUOTE[0] < len(text) < LONGEST_WHOLE[0]
    first = find_quotes(Retrieval("When may the lease end within 30 days?", "", (evidence(text),))).quotes[0]
    assert first.text == text


def test_a_longer_one_stays_within_a_quotes_length() -> None:
    text = _long(30)
    first = find_quotes(Retrieval("When may the lease end within 30 days?", "", (evidence(text),))).quotes[0]
    assert len(first.text) <= LONGEST_QUOTE[0]
