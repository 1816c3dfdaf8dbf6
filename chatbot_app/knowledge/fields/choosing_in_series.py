"""Which document of a series a question asks by its place: the latest travel policy, the release before 2.10.0, the first minutes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import takewhile

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.fields.asking import Asked
from chatbot_app.knowledge.fields.known_documents import KnownDocument, KnownLibrary
from chatbot_app.knowledge.fields.own_dates import day_of
from chatbot_app.knowledge.fields.series import Series
from chatbot_app.knowledge.words.words import STOP_WORDS, stems


class _Step(Enum):
    """The place in a series, or the step from another one."""

    NEWEST = "newest"
    OLDEST = "oldest"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class ChosenInSeries:
    """The ids of the documents at a place of a series, and of its others; `is_sure` where the question names the series.

    `telling` are stems of the words that name the series, or any document; `step` is the place that is asked for.
    """

    primary: tuple[str, ...]
    others: tuple[str, ...]
    is_sure: bool
    telling: Set[str]
    step: _Step


def _words(pattern: str) -> LatePattern:
    return LatePattern(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", re.IGNORECASE)


# What only ever says which document: "the last stop", "the final exam" and "current" say other things, too.
_NEWEST_ALONE = r"latest|newest|most\s+recent|neu(?:e?st)e[nrms]?|jüngste[nrms]?|aktuellste[nrms]?|plus\s+récente?s?|más\s+recientes?|новейш\w+"
_SURELY_NEWEST = _words(_NEWEST_ALONE)
# The state of what is in force: "the signed lease", "the amended statutes".
_IN_FORCE = (
    r"signed|executed|amended|revised|updated|approved|adopted|effective|unterschriebene[nrms]?|unterzeichnete[nrms]?|geänderte[nrms]?|überarbeitete[nrms]?|gültige[nrms]?"
    r"|geltende[nrms]?|beschlossene[nrms]?|signée?s?|modifiée?s?|révisée?s?|approuvée?s?|firmad[oa]s?|modificad[oa]s?|revisad[oa]s?|vigentes?|aprobad[oa]s?"
    r"|подписанн\w+|изменённ\w+|измененн\w+|исправленн\w+|утвержд[её]нн\w+|действующ\w+"
)
_DRAFT = (
    r"(?:first\s+)?draft(?:\s+(?:version\s+)?of\s+the|\s+for\s+the)?|unsigned|unamended|entwurf(?:\s+(?:des|der|vom|zum|zur))?|vorläufige[nrms]?|unterschriftsreife[nrms]?"
    r"|(?:brouillon|projet)(?:\s+d[eu](?:\s+la)?)?|borrador(?:\s+del?(?:\s+la)?)?|черновик\w*|проект\w*|неподписанн\w+"
)
_STATE = _words(
    rf"{_IN_FORCE}|{_DRAFT}|final|endgültige[nrms]?|définiti(?:f|ve)s?|definitiv[oa]s?|окончательн\w+"
)
_NEWEST = _words(
    rf"{_NEWEST_ALONE}|{_IN_FORCE}|current|last|final|aktuelle[nrms]?|letzte[nrms]?|derni(?:er|ère)s?|actuel(?:le)?s?|últim[oa]s?|actual(?:es)?|последн\w+|актуальн\w+|текущ\w+"
)
_OLDEST = _words(
    rf"{_DRAFT}|first|oldest|earliest|original|initial|erste[nrms]?|älteste[nrms]?|früheste[nrms]?|ursprüngliche[nrms]?|premi(?:er|ère)s?|primer[oa]?s?|перв\w+|самы\w\s+ранн\w+"
)
_PREVIOUS = _words(
    r"previous|prior|preceding|former|penultimate|last\s+but\s+one|second[\s-]+(?:latest|newest|last|most\s+recent)|vorige[nrms]?|vorherige[nrms]?|vorangegangene[nrms]?|vorletzte[nrms]?"
    r"|zweit(?:letzte|neueste|jüngste)[nrms]?|précédente?s?|avant-derni(?:er|ère)s?|anterior(?:es)?|penúltim[oa]|предыдущ\w+|предпоследн\w+|прошл\w+"
)
_BEFORE = _words(
    r"before|prior\s+to|preceding|vor|davor|zuvor|avant|d['’]avant|antes(?:\s+de)?|anterior\s+a|перед|до"
)
_NEXT = _words(
    r"next|following|nächste[nrms]?|folgende[nrms]?|suivante?s?|prochaine?s?|siguientes?|следующ\w+"
)
_AFTER = _words(r"after|nach|danach|après|después(?:\s+de)?|после")
_EASTERN = (
    (_Step.NEWEST, re.compile(r"最新|最近|现行|当前|(?:签署|修订|修改)(?:过|后)?的")),
    (_Step.OLDEST, re.compile(r"最早|首[个次份版]|第一[个次份版]|草[稿案]")),
    (_Step.BEFORE, re.compile(r"上一?[个次份版]|前一?[个次份版]|之前")),
    (_Step.AFTER, re.compile(r"下一?[个次份版]|之后")),
)
# What a person calls a document of which there are several, whatever it is.
_UNITS = stems(
    "version release revision edition issue report document minutes meeting week month round update statement newsletter bulletin one ones list plan letter review"
    " fassung ausgabe auflage bericht protokoll sitzung dokument woche monat runde stand rapport édition réunion semaine mois procès informe edición reunión semana mes acta"
    " версия версии редакция выпуск отчёт отчет протокол неделя месяц"
)
_VERSIONS = stems("version release revision rev fassung auflage edition версия редакция")
_PLACES = {
    _Step.NEWEST: _NEWEST,
    _Step.OLDEST: _OLDEST,
    _Step.BEFORE: _PREVIOUS,
    _Step.AFTER: _NEXT,
}
_BEHIND, _AHEAD = 5, 3  # words
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")


def chosen_in_series(
    question: str,
    earlier: Sequence[str],
    asked: Asked,
    library: KnownLibrary,
    companies: set[tuple[str, ...]],
) -> list[ChosenInSeries]:
    """Return what a question asks by its place in series that its words choose, [] where they choose none.

    `earlier` are the questions that it leans on, newest first: the series, and the place to step from, may stand there.
    """
    if asked.several or asked.counted or not _speaks_of_places(question):
        return []
    known = {document.document_id: document for document in library.documents}
    for place, text in enumerate((question, *earlier)):
        found = [
            chosen
            for series, is_whole in library.series.asked(text)
            if _are_likes(series, known, companies, is_whole=is_whole)
            and (chosen := _chosen(question, earlier if place else (), asked, series, is_whole=is_whole))
        ]
        if found:
            return found
    return []


def without_places(question: str, chosen: Iterable[ChosenInSeries]) -> str:
    """Return a question without the words that chose documents of series ("latest", "previous"), which seldom say them themselves.

    Such a word must stand at one that names the series: "the first minutes", not "first class" in them.
    """
    for part in chosen:
        for pattern in (_SURELY_NEWEST, _PLACES[part.step]):
            for found in reversed([*pattern.finditer(question)]):
                if pattern is _SURELY_NEWEST or _stands_at(question, found, part.telling):
                    question = question[: found.start()] + question[found.end() :].lstrip()
    return question


def _speaks_of_places(question: str) -> bool:
    plain = (*_PLACES.values(), _BEFORE, _AFTER)
    return any(one.search(question) for one in plain) or any(one.search(question) for _, one in _EASTERN)


def _are_likes(
    series: Series, known: dict[str, KnownDocument], companies: set[tuple[str, ...]], *, is_whole: bool
) -> bool:
    """Whether the members of a series are of one company, or of none; and of that which a question names."""
    of_each = {known[one.document_id].companies for one in series.members if one.document_id in known}
    named = {one for one in of_each if one}
    if len(named) > 1:
        return False
    return not companies or (
        is_whole and len(of_each) == 1 and bool(next(iter(named), frozenset()) & companies)
    )


def _chosen(
    question: str, earlier: Sequence[str], asked: Asked, series: Series, *, is_whole: bool
) -> ChosenInSeries | None:
    telling = series.words | _UNITS
    step = _step(question, series, asked, telling, leans=bool(earlier))
    if step is None:
        return None
    by_version = any(stem in stems(question) for stem in _VERSIONS) or _near(question, _STATE, telling)
    order = series.ordered(by_version=by_version)
    is_near = _near(question, _NEWEST, telling)
    if not order or (step is _Step.NEWEST and not (is_near or series.is_dated)):
        return None
    place = 0 if step is _Step.OLDEST else len(order) - 1
    if step in (_Step.BEFORE, _Step.AFTER):
        named = next(
            filter(None, (series.named_in(text, _days(asked)) for text in (question, *earlier))), set()
        )
        at = [number for number, one in enumerate(order) if named & set(one)]
        if step is _Step.AFTER and not at:
            return None
        base = at[0] if at else place
        if not at and earlier and _OLDEST.search(earlier[0]):
            base = 0
        place = base + (1 if step is _Step.AFTER else -1)
        if not 0 <= place < len(order):
            return None
    elif asked.periods or asked.dates:
        return None  # "the last newsletter of 2023": the time says which
    hits = series.words & stems(question)
    others = [document for number, one in enumerate(order) if number != place for document in one]
    return ChosenInSeries(
        tuple(order[place]),
        tuple(others),
        is_whole or len(hits) > 1 or bool(earlier),
        telling,
        step,
    )


def _step(question: str, series: Series, asked: Asked, telling: Set[str], *, leans: bool) -> _Step | None:
    """Return which place a question asks for; a word like "first" counts where it stands at a word of the series, or at
    one for any document."""
    for step, pattern in _EASTERN:
        if pattern.search(question):
            return step
    is_before = _near(question, _BEFORE, telling, behind=True) and (
        leans or bool(series.named_in(question, _days(asked))) or _NEWEST.search(question) is not None
    )
    if is_before or asked.previous or _near(question, _PREVIOUS, telling):
        return _Step.BEFORE
    if _near(question, _NEXT, telling) or (
        _near(question, _AFTER, telling, behind=True) and series.named_in(question, _days(asked))
    ):
        return _Step.AFTER
    if asked.newest or _near(question, _NEWEST, telling):
        return _Step.NEWEST
    if asked.oldest or _near(question, _OLDEST, telling):
        return _Step.OLDEST
    return None


def _days(asked: Asked) -> list[date]:
    return [day for when in asked.dates if (day := day_of(when)) is not None]


def _near(question: str, pattern: LatePattern, telling: Set[str], *, behind: bool = False) -> bool:
    """Whether a telling word stands closely after what is found, before any small word; `behind`: or on its other side."""
    return any(_stands_at(question, found, telling, behind=behind) for found in pattern.finditer(question))


def _stands_at(question: str, found: re.Match[str], telling: Set[str], *, behind: bool = False) -> bool:
    near = _WORD.findall(question[found.end() :])[:_AHEAD]
    if behind:
        near += _WORD.findall(question[: found.start()])[-_BEHIND:]
    else:
        near = list(takewhile(lambda word: word.casefold() not in STOP_WORDS, near))
    return any(stems(word) & telling for word in near)
