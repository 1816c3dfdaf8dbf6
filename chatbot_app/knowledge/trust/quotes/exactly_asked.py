"""Sentences that stand where a question says: at the clause that it names, at a time of day, in a version of a document, in what is
about the product or case that it names by a code.

The search finds their passages (`knowledge/search/exact_things.py`); which of a passage's sentences is meant, their words do not tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.fields.content import without_kinds
from chatbot_app.knowledge.fields.periods import periods_of
from chatbot_app.knowledge.search.exact_things import ExactThings, names_version, says_version
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes.quote_features import Features
from chatbot_app.knowledge.values.values import values_of
from chatbot_app.knowledge.words.words import STOP_WORDS, stems

# Beside the scores of sentences, whose softmax is how probably each is the answer: a place is named to be read, a time of day may
# be only one part of what is asked, and another version mostly says the same words, as does the manual of another model.
AT_A_PLACE = 8.0
AT_A_TIME = 4.0
OF_ANOTHER_VERSION = 4.0
OF_ANOTHER_CODE = 8.0
# Of the logarithm of the odds that a question is answered: what it names by its number, or by a code, stands nowhere.
NOWHERE = 6.0
# What, beside small words, only asks for the meaning of a code. English, German, French, Spanish, Russian.
_OF_MEANING = stems(
    "mean means meaning stand stands error fault code message signal display shows shown appears"
    " was der die das ein eine steht stehen für bedeutet bedeuten bedeutung heißt fehler fehlercode fehlermeldung meldung anzeige zeigt"
    " que qu est ce le la l un une du de d signifie signification veut dire erreur panne défaut message affiche"
    " qué el un significa significado quiere decir error código avería mensaje muestra"
    " что такое это означает значит значение ошибка ошибки код сообщение"
)
_WORD = re.compile(r"[^\W\d_]+")
_BEFORE_CODE = 30  # characters of a row before its code: the title of its column
_LONGEST_QUESTION = 2000  # characters that are looked at


@dataclass(frozen=True, slots=True)
class ToldExactly:
    """What is added to the scores of sentences, shape (sentences,), and to the logarithm of the odds that the question is answered."""

    scores: Features
    odds: float
    is_place_held: bool


def told_exactly(question: str, sentences: Sequence[Sentence], evidence: Sequence[Evidence]) -> ToldExactly:
    """Return what the exact things of a question tell of sentences; `evidence` are the passages that they are from."""
    scores = np.zeros(len(sentences), np.float32)
    exact = ExactThings(_beside_times(question))
    if not exact:
        return ToldExactly(scores, 0.0, False)
    meant = {number for number, item in enumerate(evidence) if item.match is not FieldMatch.DIFFERS}
    is_place_held = False
    for place in exact.places:
        for number in meant:
            passage = evidence[number].passage
            for start, end in place.spans_in(passage.text, passage.heading_path):
                at = [
                    row
                    for row, one in enumerate(sentences)
                    if one.source == number and start <= one.start < end
                ]
                scores[at] = AT_A_PLACE
                is_place_held = is_place_held or bool(at)
    if exact.codes and _asks_meaning(question, exact):
        at = [row for row, one in enumerate(sentences) if one.source in meant and _explains(one, exact)]
        scores[at] += AT_A_PLACE
        is_place_held = is_place_held or bool(at)
    if exact.clocks:
        scores[_at_times(exact, sentences, evidence)] += AT_A_TIME
    if exact.versions:
        named = [
            any(names_version(one, item.path, item.title) for one in exact.versions) for item in evidence
        ]
        others = [
            any(named) and not is_named and says_version(item.path, item.title)
            for item, is_named in zip(evidence, named, strict=True)
        ]
        scores -= OF_ANOTHER_VERSION * np.array(others)[[one.source for one in sentences]]
    if exact.codes:
        of_others = _with_other_codes(exact, evidence)
        scores -= OF_ANOTHER_CODE * np.array(
            [evidence[one.source].passage.document_id in of_others for one in sentences]
        )
    odds = -NOWHERE if _is_nowhere(exact, evidence, meant, is_place_held=is_place_held) else 0.0
    return ToldExactly(scores, odds, is_place_held)


def _beside_times(question: str) -> str:
    """Return a question without kinds of documents and periods: "10-K" and "4Q23" are no codes."""
    kept = without_kinds(question[:_LONGEST_QUESTION])
    for mention in periods_of(kept, lone_years=False):
        kept = kept[: mention.start] + " " * (mention.end - mention.start) + kept[mention.end :]
    return kept


def _asks_meaning(question: str, exact: ExactThings) -> bool:
    """Whether nothing but the meaning of codes is asked for: "What does F08 mean?"."""
    kept = question[:_LONGEST_QUESTION]
    for code in exact.codes:
        kept = code.pattern.sub(" ", kept)
    words = " ".join(word for word in _WORD.findall(kept.casefold()) if word not in STOP_WORDS)
    return stems(words) <= _OF_MEANING


def _explains(sentence: Sentence, exact: ExactThings) -> bool:
    """Whether a sentence, or a row, begins with a code that is asked for and says more: "F08  Motor too hot."."""
    for code in exact.codes:
        found = code.pattern.search(sentence.text)
        if found is None or not _WORD.search(sentence.text, found.end()):
            continue
        before = sentence.text[: found.start()]
        if len(before) <= _BEFORE_CODE if sentence.is_row else not _WORD.search(before):
            return True
    return False


def _at_times(exact: ExactThings, sentences: Sequence[Sentence], evidence: Sequence[Evidence]) -> list[int]:
    """Return the sentences at a time of day that is asked for: that say it, or whose heading does."""
    found = []
    heading: tuple[int, bool] = (-1, False)  # (passage, whether its last heading says it)
    for row, sentence in enumerate(sentences):
        if heading[0] != sentence.source:
            above = evidence[sentence.source].passage.heading_path[-1:]
            heading = sentence.source, any(_says_time(exact, text) for text in above)
        says = _says_time(exact, sentence.text)
        if sentence.is_heading:
            heading = sentence.source, says
        if says or heading[1]:
            found.append(row)
    return found


def _says_time(exact: ExactThings, text: str) -> bool:
    return any(value.says(asked, exactly=True) for value in values_of(text) for asked in exact.clocks)


def _with_other_codes(exact: ExactThings, evidence: Sequence[Evidence]) -> set[str]:
    """Return the ids of the documents that say another code where a second one says the code that is asked for.

    The manual of "WX 710" has the words of the one of "WX 720". Of several codes of one shape it is enough to say one.
    """
    texts: dict[str, list[str]] = {}
    for item in evidence:
        texts.setdefault(item.passage.document_id, []).append(_said_by(item))
    said = {number: "\n".join(parts) for number, parts in texts.items()}
    found: set[str] = set()
    for alike in {code.alike for code in exact.codes if code.alike is not None}:
        named = [code.pattern for code in exact.codes if code.alike == alike]
        meant = {number for number, text in said.items() if any(one.search(text) for one in named)}
        if meant:
            found |= {number for number, text in said.items() if number not in meant and alike.search(text)}
    return found


def _said_by(item: Evidence) -> str:
    return f"{item.path}\n{item.title}\n{item.passage.context}\n{item.passage.text}"


def _is_nowhere(
    exact: ExactThings, evidence: Sequence[Evidence], meant: set[int], *, is_place_held: bool
) -> bool:
    """Whether a place or a code that is asked for stands in none of the passages that are meant."""
    texts = [_said_by(evidence[number]) for number in meant]
    if exact.places and not is_place_held:
        return not any(place.pattern.search(text) for place in exact.places for text in texts)
    return bool(exact.codes) and not any(code.pattern.search(text) for code in exact.codes for text in texts)
