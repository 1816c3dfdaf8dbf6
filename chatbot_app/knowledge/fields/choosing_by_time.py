"""Which documents the time of a question chooses: a day, a period, the newest or the one before, by their own dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chatbot_app.knowledge.fields.asking import Asked
from chatbot_app.knowledge.fields.document_order import (
    before,
    by_day,
    nth_of_series,
    of_last_year,
    year_before,
    year_of,
)
from chatbot_app.knowledge.fields.documents_of_periods import (
    ending_quarter,
    ending_the_year,
    in_period,
    is_on,
    or_beside_the_next,
)
from chatbot_app.knowledge.fields.known_documents import KnownDocument
from chatbot_app.knowledge.fields.open_times import Counted
from chatbot_app.knowledge.fields.periods import PeriodMention


@dataclass(frozen=True, slots=True)
class ChosenByTime:
    """What the time of a question chooses; `is_precise` where it is more than a year.

    `secondary` is what that is compared with, `spared` what may be meant as well.
    """

    primary: list[KnownDocument] = field(default_factory=list)
    secondary: list[KnownDocument] = field(default_factory=list)
    spared: list[KnownDocument] = field(default_factory=list)
    is_precise: bool = False
    periods: int = 0  # named and found
    is_open: bool = False  # by a time that is open to one side: "since 2021"


def chosen_by_time(asked: Asked, pool: Sequence[KnownDocument]) -> ChosenByTime:
    """Return which documents of `pool` a question means by the times that it names or compares, and by their order."""
    if asked.leans_back:
        return _chosen_from(asked, pool)
    dated = [document for document in pool if document.day is not None]
    chosen = _by_order(asked, _of_named_times(asked, dated), dated)
    compared: list[KnownDocument] = []
    if asked.previous and chosen.primary:
        compared += before(chosen.primary, dated)
    elif asked.previous and not asked.several:  # than the newest
        chosen = replace(chosen, primary=nth_of_series(dated, 1), is_precise=True)
    compared += _compared_with(asked, chosen, dated)
    primary = set(chosen.primary)
    secondary = [document for document in dict.fromkeys(compared) if document not in primary]
    return replace(chosen, secondary=secondary, is_open=bool(asked.stretches))


def _chosen_from(asked: Asked, pool: Sequence[KnownDocument]) -> ChosenByTime:
    """Return what lies before the documents of the time that the question before named; those where nothing does, for
    reports say what was before them as well."""
    base = chosen_by_time(replace(asked, previous=False, last_year=False, leans_back=False), pool)
    dated = [document for document in pool if document.day is not None]
    lying_before = year_before if asked.last_year else before
    earlier = list(dict.fromkeys(lying_before(base.primary, dated)))
    if not earlier:
        return base
    return ChosenByTime(earlier, [], [], base.is_precise, len({document.day for document in earlier}))


# --- times that are named ------------------------------------------------------------------------------


def _of_named_times(asked: Asked, dated: Sequence[KnownDocument]) -> ChosenByTime:
    """Return the documents of the days that a question names; where there are none, those of its periods, of last year
    and of the times that are open to one side."""
    on_day = [d for d in dated if any(is_on(d.fields.date, when) for when in asked.dates)]
    if on_day:
        return ChosenByTime(on_day, is_precise=True, periods=len({d.fields.date for d in on_day}))
    has_parts = any(mention.part for mention in asked.periods)
    candidates = dated
    primary: list[KnownDocument] = []
    if dated and asked.last_year and not (asked.year_over_year or asked.stretches or _has_year(asked)):
        candidates = of_last_year(dated, asked.years_back)
        if not has_parts and len(candidates) < len(dated):
            primary += candidates
    about = [_about(mention, asked, candidates) for mention in asked.periods]
    found = sum(
        len({document.day for document in fitting}) if asked.each_quarter else bool(fitting)
        for fitting, _also in about
    )
    within = _within(asked, dated)
    if asked.last_year:  # "the year before 2023" is the last of all that lie before it
        within = nth_of_series(within, 0)
    primary = list(dict.fromkeys([*primary, *(one for fitting, _also in about for one in fitting), *within]))
    if has_parts and candidates is not dated:  # of last year, and none of it says of which quarter it is
        primary = primary or list(candidates)
    is_precise = any(mention.part and mention.year for mention in asked.periods) or (
        bool(within) and all(stretch.is_of_days for stretch in asked.stretches)
    )
    return ChosenByTime(primary, [], [one for _fitting, also in about for one in also], is_precise, found)


def _about(
    mention: PeriodMention, asked: Asked, dated: Sequence[KnownDocument]
) -> tuple[list[KnownDocument], list[KnownDocument]]:
    """Return (documents about a period that a question names, others that may be meant), with those that stand in for them."""
    fitting, also = in_period(mention, dated)
    if not fitting and mention.part.startswith("H"):
        fitting, also = in_period(ending_quarter(mention), dated)
    fitting, also = or_beside_the_next(mention, fitting, also, dated)
    if not (mention.part or asked.quarters or asked.several or asked.compares):
        fitting, parts = ending_the_year(fitting)
        also = [*also, *parts]
    if asked.each_quarter and not mention.part:
        fitting = [*fitting, *(one for one in also if one.period is not None and one.period.part)]
        also = [one for one in also if one.period is None or not one.period.part]
    return fitting, also


def _has_year(asked: Asked) -> bool:
    return any(mention.year is not None for mention in asked.periods)


def _within(asked: Asked, dated: Sequence[KnownDocument]) -> list[KnownDocument]:
    """Return the documents in all times that are open to one side, in any of them where none is in all."""
    held = [[stretch.holds(d.period, d.day) for stretch in asked.stretches] for d in dated]
    return [d for d, one in zip(dated, held, strict=True) if one and all(one)] or [
        d for d, one in zip(dated, held, strict=True) if any(one)
    ]


# --- times that the documents' own dates tell ----------------------------------------------------------


def _by_order(asked: Asked, named: ChosenByTime, dated: Sequence[KnownDocument]) -> ChosenByTime:
    """Return the newest or oldest, or so many of the newest, of what is of the named times; of all that has a date where
    that is nothing."""
    if asked.counted is not None:
        newest = _counted(asked.counted, [*named.primary, *named.spared] or dated)
        return ChosenByTime(newest, is_precise=True, periods=len({document.day for document in newest}))
    is_told = bool(named.primary) and named.is_precise
    # "Compared with last year": the newest is.
    is_newest_compared = asked.year_over_year and not (named.primary or asked.several)
    if (asked.newest and not is_told) or is_newest_compared:
        return replace(named, primary=nth_of_series(named.primary or dated, 0), is_precise=True)
    if asked.oldest and not is_told:
        return replace(named, primary=nth_of_series(named.primary or dated, -1), is_precise=True)
    return named


def _counted(counted: Counted, documents: Sequence[KnownDocument]) -> list[KnownDocument]:
    """Return so many of the newest documents of each company, or those about so many of the newest years.

    A company's reports are counted together: that about a year stands for its last quarter.
    """
    companies: dict[frozenset[tuple[str, ...]], list[KnownDocument]] = {}
    for document in sorted(documents, key=by_day, reverse=True):
        companies.setdefault(document.companies, []).append(document)
    found: list[KnownDocument] = []
    for one in companies.values():
        if not counted.years:
            days = list(dict.fromkeys(document.day for document in one))[: counted.number]
            found += [document for document in one if document.day in days]
            continue
        newest = year_of(one[0])
        recent = [document for document in one if year_of(document) > newest - counted.number]
        whole = {d.period.year for d in recent if d.period is not None and not d.period.part}
        found += [d for d in recent if d.period is None or not d.period.part or d.period.year not in whole]
    return found


def _compared_with(asked: Asked, chosen: ChosenByTime, dated: Sequence[KnownDocument]) -> list[KnownDocument]:
    """Return what a question compares the chosen documents with: the same part of the year before, or the others of their series."""
    found: list[KnownDocument] = []
    if asked.year_over_year or (asked.last_year and (asked.newest or _has_year(asked))):
        found += year_before(chosen.primary, dated)
    if asked.several and not (chosen.periods or asked.stretches):
        # "The latest one compared with the quarters before": the others of its series.
        series = {document.series for document in chosen.primary}
        found += [document for document in dated if document.series in series]
    return found
