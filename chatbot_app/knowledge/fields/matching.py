"""Which documents a question asks, by their fields; and which of their likes it does not ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chatbot_app.core.document_fields import FieldMatch, FieldsAsked
from chatbot_app.knowledge.fields.addressed import addressed_to_document
from chatbot_app.knowledge.fields.asking import Asked, leaning_on, read_question
from chatbot_app.knowledge.fields.choosing_by_time import ChosenByTime, chosen_by_time
from chatbot_app.knowledge.fields.choosing_in_series import ChosenInSeries, chosen_in_series, without_places
from chatbot_app.knowledge.fields.content import content_of
from chatbot_app.knowledge.fields.displaced import displaced
from chatbot_app.knowledge.fields.figures import asks_for_figures, asks_for_reasons, asks_why
from chatbot_app.knowledge.fields.kinds import is_company_report, is_kind, root_kind
from chatbot_app.knowledge.fields.known_documents import KnownDocument, KnownLibrary
from chatbot_app.knowledge.fields.telling import telling_part
from chatbot_app.knowledge.fields.times_shown import times_shown
from chatbot_app.knowledge.words.names import name_form

_LONGEST_QUESTION = 2000  # characters that are looked at: who pastes a page names no documents in it
_MOST_COMPANIES = 4  # that are named above an answer
_SHORTEST_OWN_KIND = 4  # letters of a kind that a person wrote, to be found in a question


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question wants of the library. Without `matches` it names nothing that tells documents apart.

    `fitting` are the ids of those that fit, also those that others are compared with. `strength`, 0 to 1, is how
    sure it is that a passage must come from them. `content` is what the question asks them, "" for all of it; `addressed` is the question as it is put to the one agreement that it names, "" where it
    names none so. `newness`
    is that of `KnownLibrary` where the question speaks of no time. `company_of` tells the companies of fitting documents
    apart where several are asked for.
    """

    matches: Mapping[str, FieldMatch] = field(default_factory=dict)
    fitting: tuple[str, ...] = ()
    several: bool = False
    strength: float = 0.0
    asked: FieldsAsked | None = None
    content: str = ""
    addressed: str = ""
    asks_for_figures: bool = False
    asks_for_reasons: bool = False
    newness: Mapping[str, float] = field(default_factory=dict)
    company_of: Mapping[str, str] = field(default_factory=dict)

    def match_of(self, document_id: str) -> FieldMatch:
        """Return how a document stands to the question."""
        return self.matches.get(document_id, FieldMatch.NONE)


NOTHING_WANTED = Wanted()


def wanted_documents(
    question: str, library: KnownLibrary, earlier: Sequence[str] = (), searched: str = ""
) -> Wanted:
    """Return which of the known documents a question asks, by what it names and by their own dates.

    `earlier` are the questions that it leans on, newest first: what it does not name itself is meant as it was there; `searched`
    is the question completed by them.
    """
    searched = searched or question
    is_long = len(question) > _LONGEST_QUESTION
    question, earlier = question[:_LONGEST_QUESTION], [one[:_LONGEST_QUESTION] for one in earlier]
    asked = _read_with(question, earlier)
    newness = library.newness if asked.is_timeless else {}
    nothing = replace(NOTHING_WANTED, newness=newness)
    companies = _companies_asked(question, earlier, asked, library)
    in_series = chosen_in_series(question, earlier, asked, library, companies)
    if in_series:
        return _wanted_in_series(in_series, question, searched, newness)
    kinds = _kinds_of(question, asked, library.kinds)
    if not companies and not kinds and not asked.names_time:
        return nothing
    by_place = asked.newest or asked.oldest or asked.previous
    known = library.in_series if by_place else library.documents
    pool = _pool_of(question, asked, companies, kinds, known)
    chosen = _chosen_of(asked, pool)
    primary = chosen.primary or pool.documents
    if not chosen.primary and not pool.things:
        return nothing
    several = _asks_several(asked, pool, primary, chosen)
    is_vague = not several and _is_vague(pool, chosen)
    # A year that a company has no report of stands in the columns of another one's.
    is_named = not is_vague or (bool(pool.companies) and asked.names_time)
    matches = _matches(known, pool, primary, chosen)
    fitting = tuple(one for one, match in matches.items() if match is not FieldMatch.DIFFERS)
    of_company = {one.document_id: one.fields for one in primary if one.companies & companies}
    aliases = {alias for fields in of_company.values() for alias in fields.aliases}
    addressed = "" if several or is_vague or is_long else _addressed(searched, pool.kinds, companies, aliases)
    content = content_of(addressed or searched, companies, aliases) if is_named and not is_long else ""
    if len(fitting) == len(known) and FieldMatch.ALSO not in matches.values() and not several:
        # All are meant: nothing is told apart. But its title has the names of the only agreement, too.
        return replace(nothing, content=content, addressed=addressed) if addressed else nothing
    return Wanted(
        matches,
        fitting,
        several and len(fitting) > 1,
        0.5 if is_vague else 1.0,
        FieldsAsked(
            tuple(sorted({fields.company for fields in of_company.values()}))[:_MOST_COMPANIES],
            tuple(pool.kinds),
            () if is_vague or not chosen.primary else times_shown(asked, primary),
            len(fitting),
            several and len(fitting) > 1,
        ),
        content,
        addressed,
        _asks_for_figures(question, earlier),
        asks_for_reasons(question),
        newness,
        {one: fields.company for one, fields in of_company.items()} if len(companies) > 1 else {},
    )


def _addressed(
    searched: str, kinds: Sequence[str], companies: set[tuple[str, ...]], aliases: Iterable[str]
) -> str:
    """Return a question as it is put to the agreement that it names, "" where it names none."""
    if "contract" not in kinds:
        return ""
    return addressed_to_document(
        searched, {*(word for key in companies for word in key), *map(name_form, aliases)}
    )


# --- what is named -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pool:
    """The documents that have what a question names, before its time chooses among them.

    `kinds` are those of which there are any. `of_any`: it names nothing but a place in time.
    """

    documents: Sequence[KnownDocument]
    companies: set[tuple[str, ...]]
    kinds: Sequence[str]
    of_any: bool
    is_of_all: bool = False  # each has all the companies that are named: they are the parties of an agreement

    @property
    def things(self) -> int:
        """How many things the question names that the documents know."""
        return bool(self.companies) + bool(self.kinds)


def _companies_asked(
    question: str, earlier: Sequence[str], asked: Asked, library: KnownLibrary
) -> set[tuple[str, ...]]:
    """Return the companies that a question names, or else the newest before it that names any; all that report where it
    asks for each."""
    named_by_each = (library.companies.asked(one) for one in (question, *earlier))
    companies: set[tuple[str, ...]] = next(filter(None, named_by_each), set())
    return _reporting(library.documents) if asked.each_company and not companies else companies


def _pool_of(
    question: str,
    asked: Asked,
    companies: set[tuple[str, ...]],
    kinds: Sequence[str],
    known: Sequence[KnownDocument],
) -> _Pool:
    """Return the known documents that a question can mean by companies and kinds; of all kinds where those named have none."""
    pool = [one for one in known if one.companies & companies] if companies else known
    of_kind = [one for one in pool if any(is_kind(one.fields.kind, kind) for kind in kinds)]
    pool, kinds = (of_kind, kinds) if of_kind else (pool, [])
    together = _together(pool, companies) if kinds or all(len(one.companies) > 1 for one in pool) else []
    pool = together or pool
    of_days = bool(asked.stretches) and all(stretch.is_of_days for stretch in asked.stretches)
    of_any = not (companies or kinds or asked.periods or asked.dates or of_days)
    if of_any:
        # "The last statement", "the oldest version" of what nobody has named: an amount is asked of reports, all else of anything.
        is_of_reports = asked.quarters or asks_for_figures(question)
        pool = [one for one in pool if is_of_reports and one.companies and is_company_report(one.fields.kind)]
    return _Pool(pool, companies, kinds, of_any, bool(together))


def _together(pool: Sequence[KnownDocument], companies: set[tuple[str, ...]]) -> list[KnownDocument]:
    """Return the documents that have most of the companies named, and more than one: the agreement between two of them."""
    most = max((len(one.companies & companies) for one in pool), default=0)
    return [one for one in pool if len(one.companies & companies) == most] if most > 1 else []


# --- what of it is meant -------------------------------------------------------------------------------


def _chosen_of(asked: Asked, pool: _Pool) -> ChosenByTime:
    """Return what the time of a question chooses of the pool; the newest reports where it compares companies at no time."""
    are_several = len(pool.companies) > 1 and not pool.is_of_all
    are_compared = are_several and (asked.compares or asked.each_company)
    if are_compared and not (asked.names_time or asked.some_time or asked.several):
        return _newest_reports(asked, pool.documents)
    return chosen_by_time(asked, pool.documents)


def _is_vague(pool: _Pool, chosen: ChosenByTime) -> bool:
    """Whether one thing alone says which document is meant: a company, or a time that anything may mention.

    A quarter, a day or the newest of its series tells more than a year does.
    """
    if pool.kinds or pool.things + bool(chosen.primary) > 1:
        return False
    return bool(pool.companies) or pool.of_any or not chosen.is_precise


def _matches(
    known: Sequence[KnownDocument], pool: _Pool, primary: Sequence[KnownDocument], chosen: ChosenByTime
) -> dict[str, FieldMatch]:
    """Return how those of the known documents stand to a question that are asked, compared or set aside, by their ids."""
    matches = {document.document_id: FieldMatch.FITS for document in primary}
    for document in chosen.secondary:
        matches.setdefault(document.document_id, FieldMatch.ALSO)
    left_alone = {*matches, *(one.document_id for one in chosen.spared)}
    series = {document.series for document in primary}
    others = [
        one
        for one in known
        if one.document_id not in left_alone and (not pool.of_any or one.series in series)
    ]
    aside = displaced(others, primary, by_company=bool(pool.companies), by_kind=bool(pool.kinds))
    return {**matches, **{document.document_id: FieldMatch.DIFFERS for document in aside}}


def _asks_for_figures(question: str, earlier: Sequence[str]) -> bool:
    """Whether an amount answers a question, or the one that it leans on: "And at Nile?" asks for what that does.

    Where it names another time, the document of that time says it, whatever else has such a row.
    """
    names_another = read_question(question).names_time and bool(telling_part(question))
    leant_on = () if names_another else earlier
    return any(map(asks_for_figures, (question, *leant_on))) and not asks_why(question, earlier)


def _wanted_in_series(
    chosen: Sequence[ChosenInSeries], question: str, searched: str, newness: Mapping[str, float]
) -> Wanted:
    """Return what is wanted of series of which a question asks a place: that document before its likes, and nothing besides."""
    matches = dict.fromkeys((one for part in chosen for one in part.others), FieldMatch.DIFFERS)
    fitting = tuple(dict.fromkeys(one for part in chosen for one in part.primary))
    matches.update(dict.fromkeys(fitting, FieldMatch.FITS))
    return Wanted(
        matches,
        fitting,
        strength=1.0 if all(part.is_sure for part in chosen) else 0.5,
        content=without_places(searched, chosen),
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
    "minutes agenda letter paper report policy manual receipt quotation filing thesis memo contract plan protocol".split()
)


def _names(question: str, kind: str) -> bool:
    return f" {kind.casefold()}" in question


# --- several -------------------------------------------------------------------------------------------


def _asks_several(asked: Asked, pool: _Pool, primary: Sequence[KnownDocument], chosen: ChosenByTime) -> bool:
    """Whether a question asks about more than one document."""
    is_compared = asked.previous or asked.year_over_year
    if (
        (len(pool.companies) > 1 and not pool.is_of_all)
        or chosen.periods > 1
        or (chosen.secondary and is_compared)
    ):
        return True
    # Without a company or a kind, all that has a date is of a time that is open to one side.
    if chosen.is_open and pool.things and len(primary) > 1:
        return True
    if asked.several and not (chosen.is_precise and chosen.periods == 1 and not chosen.secondary):
        return len({d.document_id for d in primary}) + len(chosen.secondary) > 1
    return bool(chosen.secondary) and asked.compares
