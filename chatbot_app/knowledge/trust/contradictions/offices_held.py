"""Whether sources say that a person holds an office: the name and the title stand beside each other, or another name does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot_app.core.trust import Check
from chatbot_app.knowledge.sentences.offices import (
    Holder,
    begins,
    holders_of,
    names_office,
    speaks_of_the_past,
    without_offices,
)
from chatbot_app.knowledge.sentences.source_sentences import Source, SourceSentence
from chatbot_app.knowledge.trust.contradictions.decided_checks import contradicted, differing, supported
from chatbot_app.knowledge.words.names import name_form, names_of, word_forms
from chatbot_app.knowledge.words.words import STOP_WORDS, stem, stems

_SAYS_NOTHING = frozenset(
    stem(word)
    for word in (
        *STOP_WORDS,
        *"currently now still serve serves served hold holds position role office title company corporation inc named called".split(),
    )
)


@dataclass(frozen=True, slots=True)
class OfficesSaid:
    """What sources say of the offices in a statement, by the sentence that says it.

    `instead` is who holds one of them, "" where those of the statement do. `forms` are the words of the names that were
    found to be right; `is_all` says that the statement says nothing else.
    """

    sentence: SourceSentence
    person: str = ""
    instead: str = ""
    forms: frozenset[str] = frozenset()
    is_all: bool = False

    def check(self, start: int, end: int) -> Check:
        """Return the verdict that this decides, on characters `start` to `end` of an answer."""
        if not self.instead:
            return supported(start, end, self.sentence)
        return contradicted(start, end, self.sentence, differing(self.person, self.instead))


class OfficeSources:
    """The holders of offices in the sources of an answer, read when a statement first names one."""

    def __init__(self, sources: Sequence[Source], sentences: Sequence[SourceSentence]) -> None:
        self._sources = sources
        self._sentences = sentences
        self._held: list[tuple[Holder, SourceSentence]] | None = None
        self._forms: dict[int, set[str]] = {}

    def said_of(self, statement: str) -> OfficesSaid | None:
        """Return what the sources say of a statement's offices; None where it names none, or they say nothing of it."""
        if not names_office(statement) or speaks_of_the_past(statement.replace(" was ", " ")):
            return None
        claimed = holders_of(statement)
        if not claimed:
            return None
        if self._held is None:
            self._held = [
                (holder, sentence)
                for sentence in self._sentences
                if not sentence.is_row and names_office(sentence.text)
                for holder in holders_of(sentence.text)
                if not speaks_of_the_past(sentence.text)
            ]
        people = {form for holder in claimed for form in holder.names}
        companies = {
            name.form for name in names_of(without_offices(statement)) if name.form not in people
        } - _SAYS_NOTHING
        held = [pair for pair in self._held if self._speaks_of(pair[1].source, companies)]
        found: SourceSentence | None = None
        for claim in claimed:
            same = [sentence for holder, sentence in held if claim.is_held_by(holder)]
            others = [
                (holder, sentence)
                for holder, sentence in held
                if claim.is_same_office(holder) and holder.names[-1] != claim.names[-1]
            ]
            if not same and others:
                return OfficesSaid(others[0][1], claim.person, others[0][0].person)
            if not same:
                return None
            found = found or same[0]
        assert found is not None
        rest = stems(without_offices(statement)) - {stem(form) for form in people | companies} - _SAYS_NOTHING
        forms = people | companies | word_forms(statement) - word_forms(without_offices(statement))
        return OfficesSaid(found, forms=frozenset(forms), is_all=not rest)

    def _speaks_of(self, number: int, companies: set[str]) -> bool:
        """Whether a source, numbered from 1, names all companies that a statement names."""
        if not companies:
            return True
        if number not in self._forms:
            source = self._sources[number - 1]
            self._forms[number] = word_forms(f"{source.context}\n{source.text}")
        forms = self._forms[number]
        return all(any(begins(form, known) for known in forms) for form in map(name_form, companies))
