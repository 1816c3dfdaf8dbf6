"""Which documents a question asks, by their fields; and which of their likes it does not ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chatbot_app.core.document_fields import FieldMatch, FieldsAsked
from chatbot_app.knowledge.fields.asking import Asked, leaning_on, read_question
from chatbot_app.knowledge.fields.choosing_by_time import ChosenByTime, chosen_by_time
from chatbot_app.knowledge.fields.choosing_in_series import ChosenInSeries, chosen_in_series, without_places
from chatbot_app.knowledge.fields.content import content_of
from chatbot_app.knowledge.fields.figures import asks_for_figures, asks_for_reasons, asks_why
from chatbot_app.knowledge.fields.kinds import is_company_report, is_kind, is_own_kind, root_kind
from chatbot_app.knowledge.fields.known_documents import KnownDocument, KnownLibrary
from chatbot_app.knowledge.fields.times_shown import times_shown

_LONGEST_QUESTION = 2000  # characters that are looked at: who pastes a page names no documents in it
_SHORTEST_OWN_KIND = 4  # letters of a kind that a person wrote, to be found in a question


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question wants of the library. Without `matches` it names nothing that tells documents apart.

    `fitting` are the ids of those that fit, also those that others are compared with. `strength`, 0 to 1, is how
    sure it is that a passage must come from them. `content` is what the question asks them, "" for all of it. `newness`
    is that of `KnownLibrary` where the question speaks of no time. `company_of` tells the companies of fitting documents
    apart where several are asked for.
    """

    matches: Mapping[str, FieldMatch] = field(default_factory=dict)
    fitting: tuple[str, ...] = ()
    several: bool = False
    strength: float = 0.0
    asked: FieldsAsked | None = None
    content: str = ""
    asks_for_figures: bool = False
    asks_for_reasons: bool = False
    newness: Mapping[str, float] = field(default_factory=dict)
    company_of: Mapping[str, str] = field(default_factory=dict)

    def match_of(self, document_id: str) -> FieldMatch:
        """Return how a document stands to the question."""
        return self.matches.get(document_id, FieldMatch.NONE)


NOTHING_WANTED = Wanted()


def wanted_documents(question: str, library: KnownLibrary, earlier: Sequence[str] = ()) -> Wanted:
    """Return which of the known documents a question asks, by what it names and by their own dates.

    `earlier` are the questions that it leans on, newest first: what it does not name itself is meant as it was there.
    """
    is_long = len(question) > _LONGEST_QUESTION
    question, earlier = question[:_LONGEST_QUESTION], [one[:_LONGEST_QUESTION] for one in earlier]
    asked = _read_with(question, earlier)
    newness = library.newness if asked.is_timeless else {}
    nothing = replace(NOTHING_WANTED, newness=newness)
    named_by_each = (library.companies.asked(one) for one in (question, *earlier))
    companies: set[tuple[str, ...]] = next(filter(None, named_by_each), set())
    if asked.each_company and not companies:
        companies = _reporting(library.documents)
    are_compared = len(companies) > 1 and (asked.compares or asked.each_company)
    kinds = _kinds_of(question, asked, library.kinds)
    in_series = chosen_in_series(question, earlier, asked, library, companies)
    if in_series:
        return _wanted_in_series(in_series, question, newness)
    if not companies and not kinds and not asked.names_time:
        return nothing
    by_place = asked.newest or asked.oldest or asked.previous
    known = library.in_series if by_place else library.documents
    pool = known
    named = 0  # how many things the question names that the documents know
    if companies:
        pool = [document for document in pool if document.companies & companies]
        named += 1
    of_kind = [document for document in pool if any(is_kind(document.fields.kind, kind) for kind in kinds)]
    if of_kind:
        pool = of_kind
        named += 1
    else:
        kinds = []
    of_days = bool(asked.stretches) and all(stretch.is_of_days for stretch in asked.stretches)
    of_any = not named and not asked.periods and not asked.dates and not of_days
    if of_any:
        # "The last statement", "the oldest version" of what nobody has named: an amount is asked of reports, all else of anything.
        is_of_reports = asked.quarters or asks_for_figures(question)
        pool = [one for one in pool if is_of_reports and one.companies and is_company_report(one.fields.kind)]
    chosen = chosen_by_time(asked, pool)
    if are_compared and not (asked.names_time or asked.some_time or asked.several):
        chosen = _newest_reports(asked, pool)
    if chosen.primary:
        named += 1
    elif not named:
        return nothing
    primary = chosen.primary or pool
    several = _asks_several(asked, companies, primary, chosen)
    # Without a company or a kind, all that has a date is of a time that is open to one side.
    several = several or (chosen.is_open and bool(companies or kinds) and len(primary) > 1)
    # A quarter, a day or the newest of its series tells more than a year does, which anything may mention.
    is_vague = (
        named == 1 and not kinds and not several and (bool(companies) or of_any or not chosen.is_precise)
    )
    matches = {document.document_id: FieldMatch.FITS for document in primary}
    for document in chosen.secondary:
        matches.setdefault(document.document_id, FieldMatch.ALSO)
    fitting = tuple(matches)
    aliases = {
        alias for document in primary if document.companies & companies for alias in document.fields.aliases
    }
    series = {document.series for document in primary}
    others = [
        document
        for document in known
        if document.document_id not in matches
        and document not in chosen.spared
        and (not of_any or document.series in series)
    ]
    for document in _displaced(others, primary, by_company=bool(companies), by_kind=bool(kinds)):
        matches[document.document_id] = FieldMatch.DIFFERS
    if len(fitting) == len(known) and FieldMatch.ALSO not in matches.values() and not several:
        return nothing  # all are meant: nothing is told apart
    return Wanted(
        matches,
        fitting,
        several and len(fitting) > 1,
        0.5 if is_vague else 1.0,
        FieldsAsked(
            tuple(sorted({d.fields.company for d in primary if companies & d.companies}))[:4],
            tuple(kinds),
            () if is_vague or not chosen.primary else times_shown(asked, primary),
            len(fitting),
            several and len(fitting) > 1,
        ),
        "" if is_vague or is_long else content_of(question, companies, aliases),
        _asks_for_figures(question, earlier),
        asks_for_reasons(question),
        newness,
        {d.document_id: d.fields.company for d in primary if d.companies & companies}
        if len(companies) > 1
        else {},
    )


def _asks_for_figures(question: str, earlier: Sequence[str]) -> bool:
    """Whether an amount answers a question, or the one that it leans on: "And at Nile?" asks for what that does.

    Where it names another time, the document of that time says it, whatever else has such a row.
    """
    leant_on = earlier if earlier and not read_question(question).names_time else ()
    return any(map(asks_for_figures, (question, *leant_on))) and not asks_why(question, earlier)


def _wanted_in_series(
    chosen: Sequence[ChosenInSeries], question: str, newness: Mapping[str, float]
) -> Wanted:
    """Return what is wanted of series of which a question asks a place: that document before its likes, and nothing besides."""
    matches = dict.fromkeys((one for part in chosen for one in part.others), FieldMatch.DIFFERS)
    fitting = tuple(dict.fromkeys(one for part in chosen for one in part.primary))
    matches.update(dict.fromkeys(fitting, FieldMatch.FITS))
    return Wanted(
        matches,
        fitting,
        strength=1.0 if all(part.is_sure for part in chosen) else 0.5,
        content=without_places(question, chosen),
        asked=FieldsAsked(documents=len(fitting)),
        asks_for_figures=_asks_for_figures(question, ()),
        asks_for_reasons=asks_for_reasons(question),
        newness=newness,
    )


def _read_with(question: str, earlier: Sequence[str]) -> Asked:
    """Return what a question asks, with what it does not name itself from those before; a chain of follow-ups from its start."""
    first, *later = (*reversed(earlier), question)
    asked = read_question(first)
    for one in later:
        asked = leaning_on(read_question(one), asked)
    return asked


def _reporting(known: Sequence[KnownDocument]) -> set[tuple[str, ...]]:
    """Return the companies of which there are reports, none where it is one alone."""
    found = {key for one in known if is_company_report(one.fields.kind) for key in one.companies}
    return found if len(found) > 1 else set()


def _newest_reports(asked: Asked, pool: Sequence[KnownDocument]) -> ChosenByTime:
    """Return the newest report of each company: who compares them and names no time means those."""
    reports = [document for document in pool if is_company_report(document.fields.kind)]
    newest = chosen_by_time(replace(asked, newest=True), reports).primary
    return ChosenByTime(newest, [], [document for document in pool if document not in newest], True, 0)


# --- kinds ---------------------------------------------------------------------------------------------


def _kinds_of(question: str, asked: Asked, known: Iterable[str]) -> list[str]:
    """Return the kinds that a question names and a document has; also those that a person wrote."""
    kinds = [kind for kind in asked.kinds if any(is_kind(one, kind) for one in known)]
    plain = f" {' '.join(question.casefold().split())} "
    own = (kind for kind in known if len(kind) >= _SHORTEST_OWN_KIND and root_kind(kind) == kind.casefold())
    return list(
        dict.fromkeys([*kinds, *(kind for kind in own if _names(plain, kind) and kind not in _ORDINARY)])
    )


# Kinds with rules of their own, whose names are ordinary words.
_ORDINARY = frozenset(
    "minutes agenda letter paper report policy manual receipt quotation filing thesis memo contract".split()
)


def _names(question: str, kind: str) -> bool:
    return f" {kind.casefold()}" in question


# --- several, and others -------------------------------------------------------------------------------


def _asks_several(
    asked: Asked, companies: set[tuple[str, ...]], primary: Sequence[KnownDocument], chosen: ChosenByTime
) -> bool:
    if (
        len(companies) > 1
        or chosen.periods > 1
        or (chosen.secondary and (asked.previous or asked.year_over_year))
    ):
        return True
    if asked.several and not (chosen.is_precise and chosen.periods == 1 and not chosen.secondary):
        return len({d.document_id for d in primary}) + len(chosen.secondary) > 1
    return bool(chosen.secondary) and asked.compares


def _displaced(
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
