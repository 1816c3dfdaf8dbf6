"""Who holds an office that a question asks for: "Who is the CFO?" is answered where a name and the title stand together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.sentences.offices import (
    OF_ANYTHING,
    Holder,
    begins,
    holders_of,
    names_office,
    offices_of,
    speaks_of_the_past,
    unit_asked,
)
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes.quote_features import Features
from chatbot_app.knowledge.words.names import initials, is_said_by, names_of, word_forms
from chatbot_app.knowledge.words.questions import Asked, asked_for


def office_said(
    question: str, sentences: Sequence[Sentence], evidence: Sequence[Evidence]
) -> Features | None:
    """Return 1 for each sentence that says who holds an office which a question asks for, 0 for others, shape (sentences,).

    None where no office is asked for. An office of a part of the company that the question does not name ("CEO Amazon Web
    Services"), one of what the document never says ("the CEO of Microsoft"), and one that was held once, are others.
    """
    if asked_for(question) is not Asked.PERSON:
        return None
    offices = offices_of(question)
    if not offices:
        return None
    said = np.zeros(len(sentences), np.float32)
    asked = word_forms(question)
    is_past = speaks_of_the_past(question)
    whose = word_forms(unit_asked(question)) - OF_ANYTHING
    for number, sentence in enumerate(sentences):
        item = evidence[sentence.source]
        if sentence.is_of_table or item.match is FieldMatch.DIFFERS or not names_office(sentence.text):
            continue
        if speaks_of_the_past(sentence.text) and not is_past:
            continue
        if not _says(item, whose):
            continue
        known = asked | word_forms(item.fields.company) | OF_ANYTHING
        said[number] = any(
            holder.office in offices and _is_of(holder, known) for holder in holders_of(sentence.text)
        )
    return said


def _is_of(holder: Holder, known: set[str]) -> bool:
    """Whether an office is one of what the question or the document's company is named by, or of nothing that is said."""
    return all(any(begins(one, form) for one in known) for form in word_forms(holder.unit))


def _says(item: Evidence, names: set[str]) -> bool:
    """Whether a passage, or what is known of its document, has all of some names or their initials."""
    if not names:
        return True
    known = (item.title, item.fields.company, *item.fields.aliases, item.passage.context, item.passage.text)
    text = "\n".join(known)
    forms = word_forms(text)
    if all(is_said_by(name, forms) or any(one.startswith(name) for one in forms) for name in names):
        return True
    return names <= forms | initials(names_of(text))
