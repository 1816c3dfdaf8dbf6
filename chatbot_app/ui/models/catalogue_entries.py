"""What the page of downloads shows: models that can be had, and the files of one."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLocale

from chatbot_app.chat.model_catalogue import Offers, facts_of
from chatbot_app.core.hub_models import FoundRepository, Recommendation, Repository
from chatbot_app.core.local_models import Fit, ModelFacts, ModelKind, Origin
from chatbot_app.ui.models.model_row import FIT_INKS, fit_words
from chatbot_app.ui.models.model_words import DOT, kind_words, one_line, parameter_words, size_words
from chatbot_app.ui.models.two_line_list import TwoLines


def _tr(words: str) -> str:
    return QCoreApplication.translate("Models", words)


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A model that can be downloaded; `fit` is None where its size is not known, `is_best` the one to take here."""

    origin: Origin
    facts: ModelFacts
    fit: Fit | None = None
    is_whole: bool = True
    is_here: bool = False
    is_best: bool = False

    def lines(self) -> TwoLines:
        """Return it for a list."""
        name = one_line(self.facts.quantisation) or one_line(self.origin.file.rpartition("/")[2])
        parts = (
            size_words(self.facts.bytes) if self.facts.bytes else "",
            kind_words(self.facts.kind),
            one_line(self.origin.file.rpartition("/")[2]) if self.facts.quantisation else "",
        )
        note = _tr("best here") if self.is_best else ""
        note = _tr("here already") if self.is_here else note
        note = note if self.is_whole else _tr("parts are missing")
        return TwoLines(
            self.origin.file,
            name,
            DOT.join(filter(None, parts)),
            note,
            fit_words(self.fit),
            "success" if self.is_whole else "danger",
            FIT_INKS[self.fit.verdict] if self.fit is not None else "muted",
        )


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A model of the short list, or a repository that a search found; `files` are known of the first alone."""

    key: str
    title: str
    facts: str  # the line below its name
    repository: str
    words: str = ""  # what it is good at
    licence: str = ""
    languages: str = ""
    is_gated: bool = False
    note: str = ""
    files: tuple[OfferedFile, ...] = ()

    def lines(self) -> TwoLines:
        """Return it for a list."""
        fit = self.files[0].fit if self.files else None
        ink = FIT_INKS[fit.verdict] if fit is not None and fit.verdict != "well" else "muted"
        is_here = any(file.is_here for file in self.files)
        note = _tr("here already") if is_here else _tr("terms to accept") if self.is_gated else ""
        return TwoLines(
            self.key,
            self.title,
            self.facts,
            note,
            fit_words(fit) or self.note,
            "success" if is_here else "warning",
            ink,
        )


def recommended_entry(recommended: Recommendation) -> CatalogueEntry:
    """Return an entry of the list that ships."""
    model = recommended.model
    facts = ModelFacts(
        parameters=model.parameters, bytes=model.bytes or 0, licence=model.licence, kind=model.kind
    )
    line = DOT.join(
        filter(None, (parameter_words(model.parameters), kind_words(model.kind), one_line(model.licence)))
    )
    file = OfferedFile(model.origin, facts, recommended.fit, is_here=recommended.here is not None)
    return CatalogueEntry(
        f"{model.repository}/{model.file}",
        one_line(model.name),
        line,
        model.repository,
        one_line(model.good_at),
        one_line(model.licence),
        one_line(model.languages),
        files=(file,),
    )


def found_entry(found: FoundRepository) -> CatalogueEntry:
    """Return an entry of a search."""
    downloads = _tr("{n} downloads").format(n=QLocale().toString(found.downloads)) if found.downloads else ""
    return _entry_of(found, downloads, kind_words(ModelKind.EMBEDDING) if found.makes_vectors else "")


def repository_entry(offers: Offers) -> CatalogueEntry:
    """Return an entry for a repository that an address named."""
    return _entry_of(offers.repository)


def _entry_of(repository: FoundRepository | Repository, note: str = "", kind: str = "") -> CatalogueEntry:
    owner, _, name = repository.id.partition("/")
    parts = (one_line(owner), kind, parameter_words(repository.parameters), one_line(repository.licence))
    return CatalogueEntry(
        repository.id,
        one_line(name) or one_line(repository.id),
        DOT.join(filter(None, parts)),
        repository.id,
        licence=one_line(repository.licence),
        is_gated=repository.gated,
        note=note,
    )


def offered_files(offers: Offers, here: Set[tuple[str, str]]) -> tuple[OfferedFile, ...]:
    """Return the files of a repository; `here` has the repositories and files that were downloaded, folded."""
    return tuple(
        OfferedFile(
            origin := offers.origin_of(offer),
            facts_of(offers.repository, offer.file),
            offer.fit,
            is_whole=offer.file.is_whole,
            is_here=(origin.repository.casefold(), origin.file.casefold()) in here,
            is_best=offer.is_best,
        )
        for offer in offers.offers
    )
