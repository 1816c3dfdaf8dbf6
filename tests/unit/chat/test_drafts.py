"""Drafts of several conversations, and the questions that leave them and come back."""

from __future__ import annotations

from chatbot_app.chat.drafts import Drafts, joined


def test_every_conversation_has_a_draft_of_its_own() -> None:
    drafts = Drafts({"": "for a new one"})
    drafts.keep("c", "for this one")
    assert (drafts.of(""), drafts.of("c"), drafts.of("d")) == ("for a new one", "for this one", "")
    drafts.forget("c")
    drafts.forget("unknown")
    assert drafts.all() == {"": "for a new one"}


def test_a_stored_question_leaves_what_was_added_to_it() -> None:
    drafts = Drafts({"c": "Why?\nAnd how?"})
    drafts.take_out("c", "Why?")
    assert drafts.all() == {"c": "And how?"}
    drafts.take_out("c", "And how?")
    assert drafts.all() == {}


def test_a_question_that_was_not_stored_comes_back_once() -> None:
    drafts = Drafts({"c": "And how?"})
    drafts.give_back("c", "Why?")
    drafts.give_back("c", " Why? ")
    assert drafts.of("c") == "Why?\n\nAnd how?"


def test_questions_on_their_way_are_kept_with_the_drafts_and_do_not_change_them() -> None:
    drafts = Drafts({"c": "And how?", "d": "  "})
    assert drafts.all([("c", "Why?"), ("e", "Who?")]) == {"c": "Why?\n\nAnd how?", "e": "Who?"}
    assert drafts.all() == {"c": "And how?"}


def test_texts_without_a_word_are_not_joined() -> None:
    assert joined("One.", " \n", "", "Two.") == "One.\n\nTwo."
