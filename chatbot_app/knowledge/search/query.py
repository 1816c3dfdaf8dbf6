"""What a search is asked: a question, what it leans on, and the documents among which its answer is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot_app.knowledge.fields.content import without_kinds
from chatbot_app.knowledge.fields.matching import Wanted
from chatbot_app.knowledge.search.exact_things import ExactThings
from chatbot_app.knowledge.search.field_ranking import SEARCHED_APART
from chatbot_app.knowledge.words.standard_clauses import clause_asked


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched, and among which documents.

    `question` is as a person wrote it, `searched` the same with what it leaves out of the questions before. `limit` is the
    number of passages wanted. No `collections` mean all documents; `kept_to` are the ids of those that a filter leaves,
    None without a filter.
    """

    question: str
    searched: str
    limit: int
    wanted: Wanted
    collections: tuple[str, ...] = ()
    kept_to: Sequence[str] | None = None

    @property
    def asking(self) -> str:
        """The question as passages are read with it: as it is put to the one agreement that it names, else as it was searched."""
        return self.wanted.addressed or self.searched

    @property
    def wording(self) -> str:
        """How the clause mostly is worded that is asked for of the agreement that is named, "" where none is."""
        clause = clause_asked(self.wanted.addressed) if self.wanted.addressed else None
        return "" if clause is None else clause.wording

    @property
    def content(self) -> str:
        """What is searched by words: without those that only name documents. A vector of the whole question finds more."""
        return self.wanted.content or self.searched

    @property
    def searched_apart(self) -> tuple[str, ...]:
        """The ids of documents that are asked for and few enough to be searched beside the whole library, too."""
        fitting = self.wanted.fitting
        return fitting if len(fitting) <= SEARCHED_APART else ()

    @property
    def scope(self) -> tuple[tuple[str, ...], Sequence[str]]:
        """Collections and ids of documents as the store takes them: ids alone say all where there are any."""
        return (self.collections, ()) if self.kept_to is None else ((), self.kept_to)

    @property
    def is_narrowed(self) -> bool:
        """Whether collections or a filter leave out documents."""
        return bool(self.collections) or self.kept_to is not None

    def exact_things(self) -> ExactThings:
        """Return what is named exactly; names of kinds ("10-K") only choose documents, where they do."""
        if self.wanted.asked is not None and self.wanted.asked.by_names:
            return ExactThings(self.content)  # the number that has chosen a document is not on all its pages
        if self.wanted.addressed:
            return ExactThings(self.wanted.addressed)
        names_kinds = self.wanted.asked is not None and bool(self.wanted.asked.kinds)
        return ExactThings(without_kinds(self.searched) if names_kinds else self.searched)
