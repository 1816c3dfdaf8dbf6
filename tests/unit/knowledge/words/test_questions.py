from __future__ import annotations

from chatbot_app.core.document_fields import FieldsAsked
from chatbot_app.knowledge.words.questions import terms_beside_names

ASKED = FieldsAsked(("Apple Inc.",), ("10-Q",), ("Q3 2022",), 4, False)


def test_words_that_only_name_the_documents_are_none_that_an_answer_must_hold() -> None:
    terms = {"apple": 2.0, "founded": 5.1}
    assert terms_beside_names(terms, ASKED) == {"founded": 5.1}
    assert terms_beside_names(terms, None) == terms  # an article on Apple may say it


def test_a_period_stays_for_rows_are_told_apart_by_it() -> None:
    terms = {"apple": 2.0, "sales": 1.5, "q3": 0.7, "2022": 0.6}
    assert terms_beside_names(terms, ASKED) == {"sales": 1.5, "q3": 0.7, "2022": 0.6}


def test_a_question_of_names_alone_keeps_them() -> None:
    assert terms_beside_names({"apple": 2.0}, ASKED) == {"apple": 2.0}
