"""A question as it is put to the agreement that it names by its kind and parties."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.fields.addressed import addressed_to_document

NAMES = "airway gls a b wattle larkspur theglobe com boxlet brenner nordlicht".split()


@pytest.mark.parametrize(
    ("question", "addressed"),
    [
        (
            "Which law governs the exclusive distributor agreement between Airway and GLS?",
            "Which law governs this agreement?",
        ),
        ("which law governs the airway distributor agreement?", "which law governs this agreement?"),
        (
            "Which state's law applies to the co-branding agreement of Larkspur and A.B. Wattle?",
            "Which state's law applies to this agreement?",
        ),
        (
            "Until when is the co-branding agreement of theglobe.com and Boxlet in force?",
            "Until when is this agreement in force?",
        ),
        (
            "Under the law of which state is the Airway software licence and maintenance agreement?",
            "Under the law of which state is this agreement?",
        ),
        ("Does Airway's contract with GLS renew?", "Does this contract renew?"),
        (
            "Welches Recht gilt für den Lizenzvertrag zwischen der Brenner GmbH und Nordlicht?",
            "Welches Recht gilt für den Lizenzvertrag?",
        ),
        (
            "Quel droit régit le contrat de distribution entre Airway et GLS ?",
            "Quel droit régit le contrat ?",
        ),
        ("Is the agreement renewed?", ""),
        ("Which agreement did Airway sign?", ""),
        ("What did Larkspur sell in 2022?", ""),
    ],
)
def test_kind_and_parties_give_way_to_what_a_document_calls_itself(question: str, addressed: str) -> None:
    assert addressed_to_document(question, NAMES) == addressed


@pytest.mark.parametrize("text", ["the a word of and ", "a'", ".", "-", "A.B. ", "the agreement between "])
def test_a_pasted_page_is_no_question_about_an_agreement(text: str) -> None:
    """Nor does it take the square of its length to say so."""
    assert addressed_to_document(text * (20_000 // len(text)), NAMES) == ""
    addressed_to_document(text * (2_000 // len(text)), NAMES)
