"""Which likes of what a question asks for it does not ask for."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.knowledge.fields.kinds import is_company_report, is_own_kind, root_kind
from chatbot_app.knowledge.fields.known_documents import KnownDocument


def displaced(
    others: Sequence[KnownDocument],
    primary: Sequence[KnownDocument],
    *,
    by_company: bool,
    by_kind: bool,
) -> list[KnownDocument]:
    """Return the likes of what is asked for that are not asked for: of the same kind, with another company or time.

    What is of another kind, or says nothing of its time, is left alone: it may hold the answer all the same. Where
    the kind is named, the same company's documents of other known kinds are set aside, too. Reports of companies, of
    whatever time they are, resemble each other more than one company's do.
    """
    roots = {root_kind(document.fields.kind) for document in primary if document.fields.kind}
    unnamed = any(not document.fields.kind and document.period for document in primary)
    companies = {key for document in primary for key in document.companies}
    series = {document.series for document in primary if document.fields.kind}
    are_reports = any(is_company_report(document.fields.kind) for document in primary)
    has_time = any(document.day is not None for document in primary)
    found: list[KnownDocument] = []
    for document in others:
        # Without a kind, reports are known by their periods; a mere date makes no two texts alike.
        if document.fields.kind:
            is_others = by_company and bool(document.companies) and not document.companies & companies
            is_like = (
                root_kind(document.fields.kind) in roots
                or document.series in series
                or (is_others and are_reports and _is_report(document))
            )
        else:
            is_like = unnamed and bool(document.period)
        differs = (by_company and bool(document.companies)) or (has_time and document.day is not None)
        other_kind = by_kind and bool(document.fields.kind) and bool(document.companies & companies)
        if (is_like and differs) or other_kind:
            found.append(document)
    return found


def _is_report(document: KnownDocument) -> bool:
    """Whether a document is a report of a company, also where a person has a word of their own for it."""
    kind = document.fields.kind
    return is_company_report(kind) or (is_own_kind(kind) and document.period is not None)
