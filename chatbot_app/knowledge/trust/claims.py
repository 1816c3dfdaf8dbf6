"""Which sentences of an answer the sources say: supported, not supported, or contradicted in a fact.

A fact (a number, date or name) is supported where it stands in a sentence that says the rest of the statement
about as well as any sentence does: the right number in the wrong sentence is no support.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence, Set
from typing import TYPE_CHECKING

from chatbot_app.core.trust import Check, SourceSpan, Verdict
from chatbot_app.knowledge.search.words import stem, stems
from chatbot_app.knowledge.trust.contradictions import contradiction
from chatbot_app.knowledge.trust.derived_values import follows
from chatbot_app.knowledge.trust.facts import (
    STOP_STEMS,
    TEMPLATE_STEMS,
    Fact,
    facts_of,
    is_counted_otherwise,
    said_instead,
)
from chatbot_app.knowledge.trust.language import differ, language_of
from chatbot_app.knowledge.trust.names import initials, is_said_by, names_of
from chatbot_app.knowledge.trust.negation import denied
from chatbot_app.knowledge.trust.offices_held import OfficeSources, OfficesSaid
from chatbot_app.knowledge.trust.replaced import replaced_in
from chatbot_app.knowledge.trust.source_sentences import Source, SourceSentence, source_sentences
from chatbot_app.knowledge.trust.statements import (
    plain_statement,
    statements,
    states_nothing,
    with_its_answer,
)

__all__ = ["Source", "check_answer", "check_statement"]

if TYPE_CHECKING:
    from chatbot_app.knowledge.embedder import Embedder, Vectors

# The share of a statement's rare words that a source sentence, with what stands above it, must hold: where the sentence holds
# no number or name of the statement, one at least (and all), or more than one number.
SUPPORT_BY_FACTS = (0.4, 0.3, 0.15)
DOUBTFUL_SUPPORT = 0.2  # enough where the vectors agree
AGREEING_COSINE = 0.5
FACT_RATIO = 0.65  # of the best match of the rest of the statement, for the sentence that holds a fact
LEAST_MATCH = (
    0.1  # added to every match: where the rest of a statement matches nothing, no sentence is nearer
)
VALUE_ABOVE = 0.85  # for a value that stands in the heading or the sentence before
DERIVED = 0.9  # for a value that follows from those of a sentence
NAME_ABOVE = 0.9
NAME_REPLACED = 0.5  # for one that stands in a sentence before, where the sentence has a subject of its own
NAME_SHARE = 0.5  # of a name's words, rare ones counting more
COSINE_SHARE = 0.4  # of how well a sentence matches a statement, the rest being the words in common
FROM_CONTEXT = 0.6  # of a word that stands in the title, the headings or the sentence before
ALSO_NEAR = 0.85  # of the best match, for a sentence that may say it instead
DENIED_ALIKE = 0.4  # of it, for one that denies what the statement denies
VERY_SAME = 0.8  # of a statement's words, from which a sentence speaks of nothing else
MOST_NEAR = 3
FEWEST_WORDS = 2  # content words, below which only facts can be compared
MOST_FACTS = 24  # of one statement
MOST_EMBEDDED = 160  # sentences of the sources
MOST_EMBEDDED_STATEMENTS = 200  # of one answer; the words of what follows have to do


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
        checks.append(checker.check(start, end, answer[start:end]))
    return checks


def check_statement(
    statement: str, sources: Sequence[Source], embedder: Embedder | None = None
) -> list[Check]:
    """Return the verdicts on a statement that stands alone; a question in it is read with its answer.

    "Who founded Oracle? Larry Ellison." is one statement. Raises AppError where the embedding model cannot be used.
    """
    checker = _Checker(sources, source_sentences(sources), embedder, "")
    spans: list[tuple[int, int]] = []
    asked: int | None = None
    for start, end in statements(statement):
        if statement[start:end].rstrip("\"'”’»)*_").endswith(("?", "？")):
            asked = start if asked is None else asked
            continue
        spans.append((start if asked is None else asked, end))
        asked = None
    if asked is not None:
        spans.append((asked, len(statement.rstrip())))
    return [checker.check(start, end, with_its_answer(statement[start:end])) for start, end in spans]


class _Checker:
    def __init__(
        self,
        sources: Sequence[Source],
        sentences: list[SourceSentence],
        embedder: Embedder | None,
        question: str,
    ) -> None:
        self._sentences = sentences
        self._offices = OfficeSources(sources, sentences)
        self._embedder = embedder
        self._question = question
        self._language = language_of(" ".join(source.text for source in sources))
        self._frequency = Counter(term for sentence in sentences for term in sentence.stems)
        self._vectors: Vectors | None = None
        self._embedded = 0
        names = names_of(" ".join(source.text for source in sources))
        self._initials = initials(names)
        self._capitalised = {name.form for name in names if not name.is_first}

    def check(self, start: int, end: int, text: str) -> Check:
        plain = plain_statement(text)
        if not self._sentences:
            return Check(start, end, Verdict.UNSUPPORTED, reason="No source was sent.")
        if states_nothing(plain):
            return Check(start, end, Verdict.NOT_CHECKED, reason="This states nothing to check.")
        language = language_of(plain)
        facts = facts_of(plain, self._capitalised, "de" in (language, self._language))
        words = {
            term
            for term in stems(plain)
            if term not in STOP_STEMS and term not in TEMPLATE_STEMS and not term.isdigit()
        }
        if len(words) < FEWEST_WORDS + 1 and self._question:
            words |= {t for t in stems(self._question) if t not in STOP_STEMS and not t.isdigit()}
        if not facts and len(words) < FEWEST_WORDS + 1:
            return Check(start, end, Verdict.NOT_CHECKED, reason="This is too short to check.")
        if differ(language, self._language):
            return self._check_facts_only(start, end, plain, facts)
        offices = self._offices.said_of(plain)
        if offices is not None and (offices.instead or offices.is_all):
            return self._office_check(start, end, offices)
        if offices is not None:
            facts = [fact for fact in facts if fact.value is not None or not offices.forms >= {*fact.names}]
        weights = {term: self._weight(term) for term in words}
        scores = [self._score(sentence, weights) for sentence in self._sentences]
        best = max(range(len(scores)), key=lambda i: scores[i])
        wrong = self._wrong_fact(plain, facts, weights)
        if wrong is not None:
            return self._contradiction(start, end, *wrong)
        if (instead := self._replaced(start, end, plain, facts, weights)) is not None:
            return instead
        holding = [i for i in range(len(scores)) if self._holds_all(plain, self._sentences[i], facts)]
        if holding:
            best = max(holding, key=lambda i: scores[i])
        hard = [fact for fact in facts if not fact.is_soft] if holding else []
        firm = max(min(len(hard), 1), sum(fact.value is not None for fact in hard))
        if not self._is_supported(plain, scores, best, firm):
            return Check(start, end, Verdict.UNSUPPORTED, reason="None of the sources says this.")
        against: Check | None = None
        for place in self._as_near(plain, best, scores, holding, facts):
            sentence = self._sentences[place]
            spans = (SourceSpan(sentence.source, sentence.start, sentence.end),)
            reason = self._reason_against(plain, facts, weights, sentence)
            if reason is None:
                return Check(start, end, Verdict.SUPPORTED, (sentence.source,), "", spans)
            against = against or Check(start, end, Verdict.CONTRADICTED, (sentence.source,), reason, spans)
        assert against is not None
        return against

    # --- inside --------------------------------------------------------------------------------------

    def _office_check(self, start: int, end: int, offices: OfficesSaid) -> Check:
        sentence = offices.sentence
        spans = (SourceSpan(sentence.source, sentence.start, sentence.end),)
        if not offices.instead:
            return Check(start, end, Verdict.SUPPORTED, (sentence.source,), "", spans)
        said = f"The answer says “{offices.person}”, the source “{offices.instead}”."
        return Check(start, end, Verdict.CONTRADICTED, (sentence.source,), said, spans)

    def _as_near(
        self, text: str, best: int, scores: Sequence[float], holding: Sequence[int], facts: Sequence[Fact]
    ) -> list[int]:
        """Return the sentences that say a statement about as well as the best, that one first.

        For one that denies something, those that deny the same need not be as near.
        """
        among = holding or range(len(scores))

        def says(place: int) -> int:  # of the facts, without those that stand above it
            sentence = self._sentences[place]
            return sum(
                sentence.says(fact.value)
                if fact.value is not None
                else any(is_said_by(form, sentence.forms) for form in fact.names)
                for fact in facts[:MOST_FACTS]
            )

        said_by_best = says(best)
        denials = denied(text)

        def is_near(place: int) -> bool:
            if scores[place] >= ALSO_NEAR * scores[best]:
                return says(place) >= said_by_best
            return VERY_SAME > scores[best] <= scores[place] / DENIED_ALIKE and any(
                len(denial.about & theirs.about) > 1 and denial.is_like(theirs)
                for denial in denials
                for theirs in self._sentences[place].denied
            )

        near = [i for i in among if i != best and is_near(i)]
        return [best, *sorted(near, key=lambda i: -scores[i])[:MOST_NEAR]]

    def _replaced(
        self, start: int, end: int, text: str, facts: Sequence[Fact], weights: dict[str, float]
    ) -> Check | None:
        """Return what contradicts a statement that is a sentence of the sources but for a value or a name."""
        total = sum(weights.values())
        if not total or not facts:
            return None
        values = [fact.value for fact in facts[:MOST_FACTS] if fact.value is not None]
        shares = [sum(weights[t] for t in weights.keys() & s.stems) / total for s in self._sentences]
        found = replaced_in(self._sentences, shares, text, values, self._initials)
        if found is None:
            return None
        sentence, mine, theirs = found
        span = SourceSpan(sentence.source, sentence.start, sentence.end)
        reason = f"The answer says “{mine}”, the source “{theirs}”."
        return Check(start, end, Verdict.CONTRADICTED, (sentence.source,), reason, (span,))

    def _reason_against(
        self, text: str, facts: Sequence[Fact], weights: dict[str, float], sentence: SourceSentence
    ) -> str | None:
        values = [fact.value for fact in facts[:MOST_FACTS] if fact.value is not None]
        of_facts = frozenset[str]().union(*(fact.words for fact in facts))

        def share(without: Set[str]) -> float:
            rest = {t: weight for t, weight in weights.items() if t not in without and t not in of_facts}
            return self._score(sentence, rest)

        return contradiction(text, values, weights.keys(), sentence, self._sentences, share)

    def _weight(self, term: str) -> float:
        count = len(self._sentences)
        return math.log(1 + (count + 1) / (self._frequency[term] + 1))

    def _score(self, sentence: SourceSentence, weights: dict[str, float]) -> float:
        total = sum(weights.values())
        if not total:
            return 1.0
        held = 0.0
        for term, weight in weights.items():
            if term in sentence.stems:
                held += weight
            elif term in sentence.above:
                held += FROM_CONTEXT * weight
        return held / total

    def _wrong_fact(
        self, text: str, facts: Sequence[Fact], weights: dict[str, float]
    ) -> tuple[Fact, int] | None:
        """Return the fact that the sources bear out least, and the sentence that comes nearest to the rest."""
        cosines = self._cosines(text)
        share = COSINE_SHARE if any(cosines) else 0.0
        worst: tuple[float, Fact, int] | None = None
        for fact in facts[:MOST_FACTS]:
            rest = {term: weight for term, weight in weights.items() if term not in fact.words}
            scores = [
                LEAST_MATCH + (1 - share) * self._score(sentence, rest) + share * cosine
                for sentence, cosine in zip(self._sentences, cosines, strict=True)
            ]
            order = sorted(range(len(scores)), key=lambda i: -scores[i])
            nearest, held = order[0], 0.0
            for place in order:
                if scores[place] <= held:
                    break  # none of the rest can hold it better
                held = max(held, scores[place] * self._holds(text, self._sentences[place], fact))
            if fact.is_soft and not is_counted_otherwise(self._sentences[nearest], fact):
                continue
            ratio = held / scores[nearest]
            if ratio < FACT_RATIO and (worst is None or ratio < worst[0]):
                worst = ratio, fact, nearest
        return None if worst is None else worst[1:]

    def _holds(self, text: str, sentence: SourceSentence, fact: Fact) -> float:
        """Return how near a fact stands to a sentence: 1 in it, less above it, 0 where it does not."""
        if fact.value is not None:
            if sentence.says(fact.value):
                return 1.0
            if fact.text.isdigit() and fact.text in sentence.forms:
                return 1.0  # a part of a designation: "oxygen-18"
            if follows(text, fact.value, sentence.text, sentence.values, sentence.near_values):
                return DERIVED
            return (
                VALUE_ABOVE if any(v.says(fact.value, sentence.scale) for v in sentence.near_values) else 0.0
            )
        total = held = 0.0
        for form in fact.names:
            weight = self._weight(stem(form))
            total += weight
            if is_said_by(form, sentence.forms) or form in self._initials:
                held += weight
            elif is_said_by(form, sentence.near_forms):
                replaced = not is_said_by(form, sentence.heading_forms) and not sentence.subject <= fact.said
                held += (NAME_REPLACED if replaced else NAME_ABOVE) * weight
        share = held / total if total else 0.0
        return share if share >= NAME_SHARE else 0.0

    def _holds_all(self, text: str, sentence: SourceSentence, facts: Sequence[Fact]) -> bool:
        return all(self._holds(text, sentence, fact) for fact in facts if not fact.is_soft)

    def _contradiction(self, start: int, end: int, fact: Fact, place: int) -> Check:
        sentence = self._sentences[place]
        other = said_instead(sentence, fact)
        if other is None:
            return Check(
                start, end, Verdict.UNSUPPORTED, reason=f"“{fact.text}” is not said so in the sources."
            )
        return Check(
            start,
            end,
            Verdict.CONTRADICTED,
            (sentence.source,),
            f"The answer says “{fact.text}”, the source “{other}”.",
            (SourceSpan(sentence.source, sentence.start, sentence.end),),
        )

    def _is_supported(self, text: str, scores: Sequence[float], best: int, firm_facts: int) -> bool:
        if scores[best] >= SUPPORT_BY_FACTS[min(firm_facts, len(SUPPORT_BY_FACTS) - 1)]:
            return True
        if scores[best] < DOUBTFUL_SUPPORT or self._embedder is None:
            return False
        return self._cosines(text)[best] >= AGREEING_COSINE

    def _cosines(self, text: str) -> list[float]:
        """Return the cosine of a statement with each source sentence; 0 without an embedding model."""
        if self._embedder is None or self._embedded == MOST_EMBEDDED_STATEMENTS:
            return [0.0] * len(self._sentences)
        self._embedded += 1
        if self._vectors is None:
            self._vectors = self._embedder.embed([s.text for s in self._sentences[:MOST_EMBEDDED]])
        found = self._vectors @ self._embedder.embed([text])[0]
        return [max(0.0, float(c)) for c in found] + [0.0] * (len(self._sentences) - len(found))

    def _check_facts_only(self, start: int, end: int, text: str, facts: Sequence[Fact]) -> Check:
        """Another language: numbers and names can be compared, words cannot."""
        for fact in facts:
            if fact.value is not None and not any(self._holds(text, s, fact) for s in self._sentences):
                return Check(
                    start, end, Verdict.UNSUPPORTED, reason=f"“{fact.text}” does not stand in the sources."
                )
        return Check(start, end, Verdict.NOT_CHECKED, reason="Not checked: another language.")
