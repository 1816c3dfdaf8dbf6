"""What commands print as JSON of citations, quotes and checks."""

from __future__ import annotations

from typing import Any

from chatbot_app.cli.file_states import FileStates
from chatbot_app.core.citations import Citation
from chatbot_app.core.document_fields import DocumentFields
from chatbot_app.core.messages import Message
from chatbot_app.core.trust import Check, Quote, Quotes, checks_of, quotes_of, trust_of


def citation_as_json(citation: Citation, files: FileStates) -> dict[str, Any]:
    """Return a citation with the fields of a search result, and what it says about the answer."""
    return {
        "number": citation.number,
        **_place_as_json(citation, files),
        "heading": citation.heading,
        "added": citation.added,
        "answer_start": citation.answer_start,
        "answer_end": citation.answer_end,
        "fields": fields_as_json(citation.fields),
    }


def _place_as_json(item: Citation | Quote, files: FileStates) -> dict[str, Any]:
    return {
        "document": item.document,
        "path": item.path,
        "page": item.page,
        "start": item.start,
        "end": item.end,
        "score": round(item.score, 6),
        "text": item.text,
        **files.of(item.document_id),
    }


def fields_as_json(fields: DocumentFields) -> dict[str, Any]:
    """Return the fields of a document; null where nothing says. "corrected" names those that a person wrote."""
    return {
        "company": fields.company or None,
        "kind": fields.kind or None,
        "period": fields.period_shown or None,
        "date": fields.date or None,
        "corrected": sorted(fields.corrected),
    }


def quotes_as_json(quotes: Quotes, files: FileStates) -> dict[str, Any]:
    """Return whether the documents are silent, and the quotes with the fields of a search result."""
    told = [quote_as_json(quote, files) for quote in quotes.quotes]
    return {"refused": quotes.refused, "certain": quotes.certain, "quotes": told}


def quote_as_json(quote: Quote, files: FileStates) -> dict[str, Any]:
    """Return a quote with the fields of a search result; of a row of a table also what it says in words."""
    return {
        **_place_as_json(quote, files),
        **({"described": quote.described} if quote.described else {}),
        "fields": fields_as_json(quote.fields),
    }


def check_as_json(check: Check) -> dict[str, Any]:
    """Return a verdict; offsets are in characters of the answer or statement."""
    mapping = check.to_dict()
    del mapping["spans"]
    return mapping


def trust_as_json(answer: Message, files: FileStates) -> dict[str, Any]:
    """Return what `ask` adds for an answer from documents."""
    trust = trust_of(answer.metadata)
    return {
        "quotes": [quote_as_json(quote, files) for quote in quotes_of(answer.metadata)],
        "refused": trust is not None and trust.refused,
        "certain": trust is not None and trust.certain,
        "checks": [check_as_json(check) for check in checks_of(answer.metadata)],
    }
