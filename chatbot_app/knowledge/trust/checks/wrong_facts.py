"""The fact of a statement that its sources bear out least: the right number in the wrong sentence is no support."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.core.trust import Check
from chatbot_app.knowledge.sentences.facts import (
    MOST_FACTS,
    Fact,
    is_counted_otherwise,
    replaces,
    said_instead,
)
from chatbot_app.knowledge.sentences.source_sentences import SourceSentence
from chatbot_app.knowledge.trust.checks.held_facts import HeldFacts
from chatbot_app.knowledge.trust.checks.likeness import Likeness
from chatbot_app.knowledge.trust.checks.sayings import Words
from chatbot_app.knowledge.trust.checks.support_levels import SAME_SUBJECT
from chatbot_app.knowledge.trust.contradictions.decided_checks import contradicted, differing, unsupported

# Of the best match of the rest of the statement, for the sentence that holds a fact: more than where that has the rest from the
# sentence before alone ("Its director is Ann. Its president, Lee, …" names no Lee the director).
FACT_RATIO = 0.64
LEAST_MATCH = (
    0.1  # added to every match: where the rest of a statement matches nothing, no sentence is nearer
)
COSINE_SHARE = 0.4  # of how well a sentence matches a statement, the rest being the words in common
BROUGHT_SHARE = 0.1  # of a statement's rare words, for a sentence that adds a fact to the nearest


class WrongFacts:
    """The sentences of the sources, and how near their vectors are to a statement's."""

    def __init__(self, sentences: Sequence[SourceSentence], likeness: Likeness) -> None:
        self._sentences = sentences
        self._likeness = likeness

    def least_held(
        self, text: str, facts: Sequence[Fact], said: Words, brought: list[Fact], held: HeldFacts
    ) -> tuple[Fact, int] | None:
        """Return the fact that the sources bear out least, and the sentence that comes nearest to the rest.

        What a statement that joins two sentences has from the other one goes to `brought`.
        """
        cosines = self._likeness.cosines(text)
        share = COSINE_SHARE if any(cosines) else 0.0
        worst: tuple[float, Fact, int] | None = None
        for fact in facts[:MOST_FACTS]:
            scores = [
                LEAST_MATCH + (1 - share) * score + share * cosine
                for score, cosine in zip(said.scores(fact.words), cosines, strict=True)
            ]
            nearest, most = max(range(len(scores)), key=lambda i: scores[i]), 0.0
            for place in sorted(held.candidates(fact), key=lambda i: (-scores[i], i)):
                if scores[place] <= most:
                    break  # none of the rest can hold it better
                most = max(most, scores[place] * held.holds(place, fact))
            if fact.is_soft and not is_counted_otherwise(self._sentences[nearest], fact):
                continue
            ratio = most / scores[nearest]
            if ratio < FACT_RATIO and self._is_brought(fact, nearest, facts[:MOST_FACTS], said, held):
                brought.append(fact)
                continue
            if ratio < FACT_RATIO and (worst is None or ratio < worst[0]):
                worst = ratio, fact, nearest
        return None if worst is None else worst[1:]

    def check(
        self, start: int, end: int, said: Words, facts: Sequence[Fact], fact: Fact, place: int
    ) -> Check:
        """Return the verdict on a statement of which the sentence at a place has a fact otherwise, or no sentence has it."""
        sentence = self._sentences[place]
        other = said_instead(sentence, fact, facts)
        if other is None or not (sentence.is_row or said.scores(fact.words)[place] >= SAME_SUBJECT):
            return unsupported(start, end, f"“{fact.text}” is not said so in the sources.")
        return contradicted(start, end, sentence, differing(fact.text, other))

    # --- inside --------------------------------------------------------------------------------------

    def _is_brought(
        self, fact: Fact, nearest: int, facts: Sequence[Fact], said: Words, held: HeldFacts
    ) -> bool:
        """Whether another sentence of the source has a fact, with words that the nearest has not, and it replaces none there."""
        sentence = self._sentences[nearest]
        if sentence.is_row or replaces(sentence, fact, facts):
            return False
        return any(
            self._sentences[place].source == sentence.source
            and not self._sentences[place].is_row
            and held.has_itself(place, fact)
            and said.gain(place, nearest, fact.words) >= BROUGHT_SHARE
            for place in held.candidates(fact)
            if place != nearest
        )
