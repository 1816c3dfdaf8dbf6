"""Which sentences of an answer the sources say: supported, not supported, or contradicted in a fact.

A fact (a number, date or name) is supported where it stands in a sentence that says the rest of the statement
about as well as any sentence does: the right number in the wrong sentence is no support.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import TYPE_CHECKING

from chatbot_app.core.trust import Check, Verdict
from chatbot_app.knowledge.sentences.facts import (
    MOST_FACTS,
    STOP_STEMS,
    TEMPLATE_STEMS,
    Fact,
    common_nouns,
    facts_of,
)
from chatbot_app.knowledge.sentences.negation import denied
from chatbot_app.knowledge.sentences.source_sentences import (
    Source,
    SourceSentence,
    source_sentences,
    word_by_word,
)
from chatbot_app.knowledge.sentences.statements import (
    letters_of,
    plain_statement,
    statements,
    states_nothing,
    with_its_answer,
    with_their_questions,
)
from chatbot_app.knowledge.trust.checks.held_facts import FactIndex, HeldFacts
from chatbot_app.knowledge.trust.checks.likeness import Likeness
from chatbot_app.knowledge.trust.checks.main_clauses import joined, main_clauses
from chatbot_app.knowledge.trust.checks.own_scales import ABOVE, scaled_statements
from chatbot_app.knowledge.trust.checks.reordered import Reordered
from chatbot_app.knowledge.trust.checks.sayings import Sayings, Words
from chatbot_app.knowledge.trust.checks.support_levels import is_near_enough, least_share
from chatbot_app.knowledge.trust.checks.wrong_facts import WrongFacts
from chatbot_app.knowledge.trust.contradictions.contradictions import (
    OPPOSITE,
    Compared,
    contradiction,
    opposed_elsewhere,
)
from chatbot_app.knowledge.trust.contradictions.decided_checks import (
    contradicted,
    differing,
    supported,
    unsupported,
)
from chatbot_app.knowledge.trust.contradictions.offices_held import OfficeSources
from chatbot_app.knowledge.trust.contradictions.predicates import said_of_another
from chatbot_app.knowledge.trust.contradictions.replaced import Known, denied_in, replaced_in
from chatbot_app.knowledge.trust.contradictions.table_rows import row_of_another_date
from chatbot_app.knowledge.trust.contradictions.word_for_word import word_against
from chatbot_app.knowledge.values.derived_values import follows
from chatbot_app.knowledge.words.abbreviations import Abbreviations
from chatbot_app.knowledge.words.language import content_stems, differ, language_of
from chatbot_app.knowledge.words.names import names_of
from chatbot_app.knowledge.words.question_language import small_words
from chatbot_app.knowledge.words.words import stems

__all__ = ["Source", "check_answer", "check_statement"]

if TYPE_CHECKING:
    from chatbot_app.knowledge.embedder import Embedder

ALSO_NEAR = 0.85  # of the best match, for a sentence that may say it instead
DENIED_ALIKE = 0.4  # of it, for one that denies what the statement denies
VERY_SAME = 0.8  # of a statement's words, from which a sentence speaks of nothing else
MOST_NEAR = 3
ALL_SAID = 0.75  # of the words of a statement that is too short to be found by a share of them
MOSTLY_SAID = 0.4  # of the words of a statement, for it to be tried with what it says in full said for short
FEWEST_WORDS = 2  # content words, below which only facts can be compared


def check_answer(
    answer: str,
    sources: Sequence[Source],
    embedder: Embedder | None = None,
    question: str = "",
    is_cancelled: Callable[[], bool] = lambda: False,
) -> list[Check]:
    """Return a verdict for each sentence of an answer, in order; code and what states nothing is left out.

    `question` gives the words for answers that are too short to stand alone ("308."). A long answer takes
    seconds: once `is_cancelled` says so, what is checked by then is returned. Raises AppError where the
    embedding model cannot be used.
    """
    sentences = source_sentences(sources)
    checker = _Checker(sources, sentences, embedder, question)
    checks: list[Check] = []
    for start, end in statements(answer):
        if is_cancelled():
            break
        checks.append(checker.check(start, end, answer[start:end], answer[max(0, start - ABOVE) : start]))
    return checks


def check_statement(
    statement: str, sources: Sequence[Source], embedder: Embedder | None = None
) -> list[Check]:
    """Return the verdicts on a statement that stands alone; a question in it is read with its answer.

    "Who founded Oracle? Larry Ellison." is one statement. Raises AppError where the embedding model cannot be used.
    """
    checker = _Checker(sources, source_sentences(sources), embedder, "")
    return [
        checker.check(start, end, with_its_answer(statement[start:end]))
        for start, end in with_their_questions(statement)
    ]


class _Checker:
    def __init__(
        self,
        sources: Sequence[Source],
        sentences: list[SourceSentence],
        embedder: Embedder | None,
        question: str,
    ) -> None:
        self._sources = sources
        self._sentences = sentences
        self._word_by_word = word_by_word(sentences)
        self._reordered = Reordered(sentences)
        self._offices = OfficeSources(sources, sentences)
        self._question = question
        text = " ".join(source.text for source in sources)
        self._language = language_of(text)
        self._likeness = Likeness([sentence.text for sentence in sentences], embedder)
        self._wrong = WrongFacts(sentences, self._likeness)
        names = names_of(text)
        self._common = common_nouns(text) if self._language == "de" else frozenset()
        self._sayings = Sayings(sentences, self._language)
        self._facts = FactIndex(sentences, self._sayings)
        self._abbreviations = Abbreviations([source.text for source in sources], self._language)
        self._capitalised = {name.form for name in names if not name.is_first}
        self._known = Known(self._capitalised, self._common if self._language == "de" else None)

    def check(self, start: int, end: int, text: str, above: str = "") -> Check:
        plain = plain_statement(text)
        if not self._sentences:
            return unsupported(start, end, "No source was sent.")
        if states_nothing(plain):
            return Check(start, end, Verdict.NOT_CHECKED, reason="This states nothing to check.")
        if (same := self._word_by_word.get(letters_of(text))) is not None:
            return supported(start, end, same)  # no rule knows better
        if (same := self._reordered.sentence(plain)) is not None:
            return supported(start, end, same)
        whole = self._check_by_one(start, end, plain)
        if whole.verdict in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED):
            for written in self._abbreviations.variants(plain, whole.reason):
                if max(self._sayings.words(frozenset(content_stems(written))).scores()) < MOSTLY_SAID:
                    continue
                check = self._check_by_one(start, end, written)
                if check.verdict is Verdict.SUPPORTED:
                    whole, plain = check, written
                    break
            for written in scaled_statements(text, above, self._sources):
                check = self._check_by_one(start, end, plain_statement(written))
                if check.verdict is Verdict.SUPPORTED:
                    return check
        clauses = [] if whole.verdict is Verdict.NOT_CHECKED else main_clauses(plain, language_of(plain))
        if not clauses:
            return whole
        checks = [self.check(start, end, clause) for clause in clauses]
        if self._sayings.is_of_one(clauses):  # what is joined there as well is no doubt
            against = (check for check in checks if check.verdict is Verdict.CONTRADICTED)
            return next(against, whole)
        return joined(whole, clauses, checks)

    # --- inside --------------------------------------------------------------------------------------

    def _check_by_one(self, start: int, end: int, plain: str) -> Check:
        """Return the verdict on a statement, without marks and markers, that one sentence of the sources has to say."""
        language = language_of(plain)
        is_german = "de" in (language, self._language)
        facts = facts_of(plain, self._capitalised, is_german, self._common)
        words = self._words_said(plain, language)
        if not facts and len(words) < FEWEST_WORDS + 1:
            if (denying := self._denying(plain, words)) is not None:
                return contradicted(start, end, denying, OPPOSITE)
            return Check(start, end, Verdict.NOT_CHECKED, reason="This is too short to check.")
        if differ(language, self._language):
            return self._check_facts_only(start, end, plain, facts)
        offices = self._offices.said_of(plain)
        if offices is not None and (offices.instead or offices.is_all):
            return offices.check(start, end)
        if offices is not None:
            facts = [fact for fact in facts if fact.value is not None or not offices.forms >= {*fact.names}]
        return self._check_by_nearest(start, end, plain, facts, self._sayings.words(words))

    def _words_said(self, plain: str, language: str) -> set[str]:
        """Return the stems of a statement that say something, with those of the question where they are few."""
        small = small_words(language or self._language)
        words = {
            term
            for term in stems(plain)
            if not (term in STOP_STEMS or term in TEMPLATE_STEMS or term in small or term.isdigit())
        }
        if len(words) < FEWEST_WORDS + 1 and self._question:
            words |= {t for t in stems(self._question) if t not in STOP_STEMS and not t.isdigit()}
        return words

    def _check_by_nearest(self, start: int, end: int, plain: str, facts: list[Fact], said: Words) -> Check:
        """Return the verdict of the sentences that say most of a statement: first on its facts, then on what is said of them."""
        scores = said.scores()
        brought: list[Fact] = []
        held = HeldFacts(plain, self._facts, scores)
        wrong = self._wrong.least_held(plain, facts, said, brought, held)
        if wrong is not None:
            return self._wrong.check(start, end, said, facts, *wrong)
        if (instead := self._replaced(start, end, plain, facts, said, held)) is not None:
            return instead
        facts = [fact for fact in facts if fact not in brought]
        holding = held.holding_all(facts)
        values = [fact for fact in facts if fact.value is not None and not fact.is_soft]
        holding = [i for i in holding if held.says_all(i, values)] or holding
        best = max(holding or range(len(scores)), key=lambda i: scores[i])
        hard = [fact for fact in facts if not fact.is_soft] if holding else []
        if scores[best] < least_share(hard) and not self._is_near_enough(plain, best, said):
            return unsupported(start, end)
        places = self._as_near(plain, best, scores, holding, facts, held)
        return self._check_by_places(start, end, plain, facts, said, places)

    def _check_by_places(
        self, start: int, end: int, plain: str, facts: list[Fact], said: Words, places: Sequence[int]
    ) -> Check:
        """Return that a statement is supported by the first of some sentences that nothing tells against, else contradicted."""
        against: list[Check] = []
        for place in places:
            reason = self._reason_against(plain, facts, said, place)
            if reason is None:
                found = opposed_elsewhere(plain, place, said.scores(), self._sentences)
                if found is not None:
                    return contradicted(start, end, *found)
                return supported(start, end, self._sentences[place])
            against.append(contradicted(start, end, self._sentences[place], reason))
        return against[0]

    def _denying(self, text: str, words: Set[str]) -> SourceSentence | None:
        """Return the sentence that denies all that a short statement says, or says what that denies; None where one says it so."""
        said = self._sayings.words(words)
        near = [i for i, score in enumerate(said.scores()) if words and score >= ALL_SAID]
        reasons = [self._reason_against(text, (), said, place) for place in near]
        return self._sentences[near[0]] if reasons and all(one == OPPOSITE for one in reasons) else None

    def _as_near(
        self,
        text: str,
        best: int,
        scores: Sequence[float],
        holding: Sequence[int],
        facts: Sequence[Fact],
        held: HeldFacts,
    ) -> list[int]:
        """Return the sentences that say a statement about as well as the best, that one first.

        For one that denies something, those that deny the same need not be as near.
        """
        said_by_best = held.count(best, facts[:MOST_FACTS])
        denials = denied(text)

        def is_near(place: int) -> bool:
            if scores[place] >= ALSO_NEAR * scores[best]:
                return held.count(place, facts[:MOST_FACTS]) >= said_by_best
            return VERY_SAME > scores[best] <= scores[place] / DENIED_ALIKE and any(
                denial.is_of_same(theirs) for denial in denials for theirs in self._sentences[place].denied
            )

        near = [i for i in holding or range(len(scores)) if i != best and is_near(i)]
        return [best, *sorted(near, key=lambda i: -scores[i])[:MOST_NEAR]]

    def _replaced(
        self, start: int, end: int, text: str, facts: Sequence[Fact], said: Words, held: HeldFacts
    ) -> Check | None:
        """Return what contradicts a statement that is a sentence of the sources but for a value, a name or a denial."""
        if not said.weights:
            return None
        values = [fact.value for fact in facts[:MOST_FACTS] if fact.value is not None]
        shares = said.scores_by_words_alone()
        if (denying := denied_in(self._sentences, shares, text)) is not None:
            return contradicted(start, end, denying, OPPOSITE)
        if (figure := row_of_another_date(text, values, self._sentences, held.saying)) is not None:
            row, written, date = figure
            return contradicted(start, end, row, f"The source gives “{written}” for “{date}”.")
        found = replaced_in(self._sentences, shares, text, values, self._known)
        if found is None:
            return None
        sentence, mine, theirs = found
        meant = (value for value in values if text[value.start : value.end].rstrip(".") == mine)
        if any(follows(text, value, sentence.text, sentence.values, sentence.dates_above) for value in meant):
            return None
        return contradicted(start, end, sentence, differing(mine, theirs))

    def _reason_against(self, text: str, facts: Sequence[Fact], said: Words, place: int) -> str | None:
        values = [fact.value for fact in facts[:MOST_FACTS] if fact.value is not None]
        of_facts = frozenset[str]().union(*(fact.words for fact in facts))

        def share(without: Set[str]) -> float:
            return said.scores(of_facts | without)[place]

        sentence = self._sentences[place]
        words = said.weights.keys()
        forms = {word: self._sayings.other_forms(word)[0] for word in words}
        against = contradiction(Compared(text, values, words, sentence, self._sentences, share, forms))
        against = against or word_against(text, sentence, self._sentences, self._language)
        return against or said_of_another(text, sentence, self._sentences, self._capitalised, self._language)

    def _is_near_enough(self, text: str, place: int, said: Words) -> bool:
        best, cosines = self._sentences[place], self._likeness.cosines(text)
        kind = best.source, best.is_row
        others = (i for i, one in enumerate(self._sentences) if (one.source, one.is_row) == kind)
        around = [place] if best.is_row else list(others)
        return is_near_enough(said.of_two(place, around), max(cosines[i] for i in around))

    def _check_facts_only(self, start: int, end: int, text: str, facts: Sequence[Fact]) -> Check:
        """Another language: numbers and names can be compared, words cannot."""
        held = HeldFacts(text, self._facts, [0.0] * len(self._sentences))
        for fact in facts:
            if fact.value is not None and not any(held.holds(i, fact) for i in held.candidates(fact)):
                return unsupported(start, end, f"“{fact.text}” does not stand in the sources.")
        return Check(start, end, Verdict.NOT_CHECKED, reason="Not checked: another language.")
