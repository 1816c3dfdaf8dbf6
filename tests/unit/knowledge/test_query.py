"""A query: what of it is searched by words, and among which documents."""

from __future__ import annotations

from chatbot_app.core.document_fields import FieldsAsked
from chatbot_app.knowledge.fields.matching import NOTHING_WANTED, Wanted
from chatbot_app.knowledge.search.field_ranking import SEARCHED_APART
from chatbot_app.knowledge.search.query import Query


def test_words_are_searched_without_those_that_only_name_documents() -> None:
    question = "What was revenue in the 10-Q?"
    wanted = Wanted(content="What was revenue?")
    assert Query(question, f"{question} Apple", 5, wanted).content == "What was revenue?"
    assert Query(question, f"{question} Apple", 5, NOTHING_WANTED).content == f"{question} Apple"


def test_few_documents_that_are_asked_for_are_searched_apart_and_many_are_not() -> None:
    few, many = (tuple(map(str, range(count))) for count in (SEARCHED_APART, SEARCHED_APART + 1))
    assert Query("q", "q", 5, Wanted(fitting=few)).searched_apart == few
    assert Query("q", "q", 5, Wanted(fitting=many)).searched_apart == ()


def test_a_filter_takes_the_place_of_collections() -> None:
    assert Query("q", "q", 5, NOTHING_WANTED, ("a",)).scope == (("a",), ())
    assert Query("q", "q", 5, NOTHING_WANTED, ("a",), ["one"]).scope == ((), ["one"])


def test_the_name_of_a_kind_is_no_exact_thing_where_it_chooses_documents() -> None:
    question = "What does the 10-Q say about “free shipping”?"
    chosen = Wanted(asked=FieldsAsked(kinds=("10-Q",)))
    assert '"10 Q"' in Query(question, question, 5, NOTHING_WANTED).exact_things().phrases()
    assert Query(question, question, 5, chosen).exact_things().phrases() == ['"free shipping"']
