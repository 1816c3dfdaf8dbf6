"""Which sentences of an answer the sources say: supported, not supported, or contradicted in a fact.

A fact (a number, date or name) is supported where it stands in a sentence that says the rest of the statement
about as well as any sentence does: the right number in the wrong sentence is no support.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot_app.core.trust import Check, SourceSpan, Verdict
from chatbot_app.knowledge.search.words import STOP_WORDS, stem, stems
from chatbot_app.knowledge.trust.language import differ, language_of
from chatbot_app.knowledge.trust.names import Name, initials, is_said_by, names_of
from chatbot_app.knowledge.trust.negation import denied, disagree
from chatbot_app.knowledge.trust.source_sentences import Source, SourceSentence, source_sentences
from chatbot_app.knowledge.trust.statements import (
    plain_statement,
    statements,
    states_nothing,
    with_its_answer,
)
from chatbot_app.knowledge.trust.values import Value, ValueKind, values_of

__all__ = ["Source", "check_answer", "check_statement"]

if TYPE_CHECKING:
    from chatbot_app.knowledge.embedder import Embedder, Vectors

SUPPORT = (
    0.4  # share of a statement's rare words that a source sentence, with what stands above it, must hold
)
SUPPORT_WITH_FACTS = 0.3  # where the sentence holds every number and name of the statement
DOUBTFUL_SUPPORT = 0.2  # enough where the vectors agree
AGREEING_COSINE = 0.5
FACT_RATIO = 0.65  # of the best match of the rest of the statement, for the sentence that holds a fact
LEAST_MATCH = (
    0.1  # added to every match: where the rest of a statement matches nothing, no sentence is nearer
)
VALUE_ABOVE = 0.85  # for a value that stands in the heading or the sentence before
NAME_ABOVE = 0.9
NAME_SHARE = 0.5  # of a name's words, rare ones counting more
COSINE_SHARE = 0.4  # of how well a sentence matches a statement, the rest being the words in common
FROM_CONTEXT = 0.6  # of a word that stands in the title, the headings or the sentence before
FEWEST_WORDS = 2  # content words, below which only facts can be compared
MOST_FACTS = 24  # of one statement
MOST_EMBEDDED = 160  # sentences of the sources
MOST_EMBEDDED_STATEMENTS = 200  # of one answer; the words of what follows have to do

_TEMPLATE_STEMS = frozenset(
    stem(word)
    for word in "answer question source sources document documents passage text provided according based mention"
    " mentioned stated states say says following information context article".split()
)
_STOP_STEMS = frozenset(stem(word) for word in STOP_WORDS)
_NEXT_WORD = re.compile(r"[\s-]*([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class _Fact:
    """A value or name of a statement, and the stems of the words that it is written with."""

    value: Value | None
    names: tuple[str, ...]
    words: frozenset[str]
    text: str
    is_soft: bool = False  # a number in words: "two bodies" need not be counted in the source
    counted: str = ""  # the stem of the word behind a value


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
        foreign = differ(language_of(plain), self._language)
        facts = self._facts(plain)
        words = {
            term
            for term in stems(plain)
            if term not in _STOP_STEMS and term not in _TEMPLATE_STEMS and not term.isdigit()
        }
        if len(words) < FEWEST_WORDS + 1 and self._question:
            words |= {t for t in stems(self._question) if t not in _STOP_STEMS and not t.isdigit()}
        if not facts and len(words) < FEWEST_WORDS + 1:
            return Check(start, end, Verdict.NOT_CHECKED, reason="This is too short to check.")
        if foreign:
            return self._check_facts_only(start, end, facts)
        weights = {term: self._weight(term) for term in words}
        scores = [self._score(sentence, weights) for sentence in self._sentences]
        best = max(range(len(scores)), key=lambda i: scores[i])
        wrong = self._wrong_fact(plain, facts, weights)
        if wrong is not None:
            fact, place = wrong
            return self._contradiction(start, end, fact, place)
        holding = [i for i in range(len(scores)) if self._holds_all(self._sentences[i], facts)]
        if holding:
            best = max(holding, key=lambda i: scores[i])
        if not self._is_supported(
            plain, scores, best, bool(holding) and any(not fact.is_soft for fact in facts)
        ):
            return Check(start, end, Verdict.UNSUPPORTED, reason="None of the sources says this.")
        sentence = self._sentences[best]
        spans = (SourceSpan(sentence.source, sentence.start, sentence.end),)
        if disagree(denied(plain), words, sentence.denied, sentence.stems):
            return Check(
                start,
                end,
                Verdict.CONTRADICTED,
                (sentence.source,),
                "The source says the opposite: one of the two is a denial.",
                spans,
            )
        return Check(start, end, Verdict.SUPPORTED, (sentence.source,), "", spans)

    # --- inside --------------------------------------------------------------------------------------

    def _facts(self, text: str) -> list[_Fact]:
        facts = []
        values = values_of(text)
        for value in values:
            written = text[value.start : value.end]
            is_soft = value.kind is not ValueKind.DATE and not any(c.isdigit() for c in written)
            facts.append(
                _Fact(value, (), frozenset(stems(written)), written, is_soft, _next_stem(text, value.end))
            )
        runs: list[list[Name]] = []
        for name in names_of(text):
            if any(value.start < name.end and name.start < value.end for value in values):
                continue
            if name.is_first and name.form not in self._capitalised:
                continue
            if stem(name.form) in _STOP_STEMS or stem(name.form) in _TEMPLATE_STEMS:
                continue
            if runs and not text[runs[-1][-1].end : name.start].strip(" .-"):
                runs[-1].append(name)
            else:
                runs.append([name])
        for run in runs:
            written = text[run[0].start : run[-1].end]
            facts.append(_Fact(None, tuple(name.form for name in run), frozenset(stems(written)), written))
        return facts

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
        self, text: str, facts: Sequence[_Fact], weights: dict[str, float]
    ) -> tuple[_Fact, int] | None:
        """Return the fact that the sources bear out least, and the sentence that comes nearest to the rest."""
        cosines = self._cosines(text)
        share = COSINE_SHARE if any(cosines) else 0.0
        worst: tuple[float, _Fact, int] | None = None
        for fact in facts[:MOST_FACTS]:
            rest = {term: weight for term, weight in weights.items() if term not in fact.words}
            scores = [
                LEAST_MATCH + (1 - share) * self._score(sentence, rest) + share * cosine
                for sentence, cosine in zip(self._sentences, cosines, strict=True)
            ]
            nearest = max(range(len(scores)), key=lambda i: scores[i])
            held = max(
                (scores[i] * self._holds(self._sentences[i], fact) for i in range(len(scores))), default=0.0
            )
            if fact.is_soft and not self._is_counted_otherwise(self._sentences[nearest], fact):
                continue
            ratio = held / scores[nearest]
            if ratio < FACT_RATIO and (worst is None or ratio < worst[0]):
                worst = ratio, fact, nearest
        return None if worst is None else worst[1:]

    def _holds(self, sentence: SourceSentence, fact: _Fact) -> float:
        """Return how near a fact stands to a sentence: 1 in it, less above it, 0 where it does not."""
        if fact.value is not None:
            if any(value.says(fact.value, sentence.scale) for value in sentence.values):
                return 1.0
            if fact.text.isdigit() and fact.text in sentence.forms:
                return 1.0  # a part of a designation: "oxygen-18"
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
                held += NAME_ABOVE * weight
        share = held / total if total else 0.0
        return share if share >= NAME_SHARE else 0.0

    def _is_counted_otherwise(self, sentence: SourceSentence, fact: _Fact) -> bool:
        """Whether a sentence counts the same things as a number in words, and finds another number of them."""
        assert fact.value is not None
        return any(
            value.comparable(fact.value)
            and not value.says(fact.value)
            and _next_stem(sentence.text, value.end) == fact.counted
            for value in sentence.values
        )

    def _holds_all(self, sentence: SourceSentence, facts: Sequence[_Fact]) -> bool:
        return all(self._holds(sentence, fact) for fact in facts if not fact.is_soft)

    def _contradiction(self, start: int, end: int, fact: _Fact, place: int) -> Check:
        sentence = self._sentences[place]
        other = self._instead(sentence, fact)
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

    def _instead(self, sentence: SourceSentence, fact: _Fact) -> str | None:
        """Return what the source says in place of a fact, None where nothing comparable stands there."""
        if fact.value is not None:
            for value in sentence.values:
                if value.comparable(fact.value) and not value.says(fact.value):
                    return sentence.text[value.start : value.end]
            return None
        for name in names_of(sentence.text):
            if not name.is_first:
                return sentence.text[name.start : name.end]
        return None

    def _is_supported(self, text: str, scores: Sequence[float], best: int, has_facts: bool) -> bool:
        if scores[best] >= (SUPPORT_WITH_FACTS if has_facts else SUPPORT):
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

    def _check_facts_only(self, start: int, end: int, facts: Sequence[_Fact]) -> Check:
        """Another language: numbers and names can be compared, words cannot."""
        for fact in facts:
            if fact.value is not None and not any(self._holds(s, fact) for s in self._sentences):
                return Check(
                    start, end, Verdict.UNSUPPORTED, reason=f"“{fact.text}” does not stand in the sources."
                )
        return Check(start, end, Verdict.NOT_CHECKED, reason="Not checked: another language.")


def _next_stem(text: str, end: int) -> str:
    found = _NEXT_WORD.match(text, end)
    return stem(found.group(1).casefold()) if found else ""
