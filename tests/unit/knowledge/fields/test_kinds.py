"""Kinds of documents, each by the patterns that find it."""

from __future__ import annotations

from chatbot_app.knowledge.fields.kinds import KINDS, kind_in_name, kinds_asked


def test_every_pattern_is_one_although_it_is_compiled_late() -> None:
    for kind in KINDS:
        patterns = [kind.pattern] if kind.asked is None else [kind.pattern, kind.asked]
        for pattern in patterns:
            assert pattern.compiled.search("") is None, kind.name


def test_a_kind_is_found_in_a_name_and_in_a_question() -> None:
    named = kind_in_name("Invoice 2023-117")
    assert named is not None
    assert named.name == "invoice"
    assert [kind.name for kind in kinds_asked("What does the lease agreement say of the invoices?")] == [
        "invoice",
        "contract",
    ]


def test_mails_are_asked_for_by_whose_and_when_they_are() -> None:
    for question, kinds in (
        ("Who sent the mail of 3 May about the pump?", ["mail"]),
        ("What does the latest e-mail say?", ["mail"]),
        ("How do I change the address of my e-mail account?", []),
        ("Is e-mail a valid form of notice under the leases?", ["contract"]),
        ("Wie hoch ist der Beitrag nach der neuesten Satzung?", ["statutes"]),
        ("What does the price list of 2024 say?", ["price list"]),
    ):
        assert [kind.name for kind in kinds_asked(question)] == kinds, question
