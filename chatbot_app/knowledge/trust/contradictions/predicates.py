"""Of whom a sentence says what a statement says of somebody else: "the City Council has 11 members" is nothing of Ann Arbor.

Names in the title hold for all sentences below it, and so does what a sentence before says; a sentence that has a subject of its own
says its predicate of that. English alone, where the subject stands before the verb.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from chatbot_app.knowledge.sentences.clauses import clauses
from chatbot_app.knowledge.sentences.source_sentences import SourceSentence
from chatbot_app.knowledge.trust.contradictions.namesakes import namesake
from chatbot_app.knowledge.words.irregular_forms import BASE_OF
from chatbot_app.knowledge.words.language import content_stems, is_small
from chatbot_app.knowledge.words.names import is_said_by, name_form, word_forms
from chatbot_app.knowledge.words.related_words import related_to
from chatbot_app.knowledge.words.words import STOP_WORDS, stem

_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_AUXILIARIES = frozenset(
    "is are was were has have had can could will would may might must should does did do".split()
)
_BASES = frozenset(BASE_OF.values())
_LINKS = frozenset("of the de von and".split())  # between the words of a name
_BEFORE_VERB = frozenset("also then later first now still never often soon already once not".split())
_SHORTEST_PAST = 5  # letters: "ended"
_LONGEST_OPENING = 80  # characters of "In the spring of 1839, "
_LONGEST_NAME = 8  # words
_MOST_WORDS = 40  # that are looked at
_LEAST_SHARED = 0.6  # of the words that a statement says of its subject
_ASKS = re.compile(r"[?:“”\"]")


@dataclass(frozen=True, slots=True)
class _Subject:
    """The name that a clause says something of, as it is written; `forms` are its words as names are compared."""

    written: str
    forms: frozenset[str]

    @property
    def initials(self) -> str:
        """What it may be called for short."""
        return "".join(word[0] for word in self.written.split() if word[0].isupper()).casefold()

    def is_in(self, forms: Set[str]) -> bool:
        """Whether a text speaks of it, of which these are the words: one that is no other word of English is enough, else all."""
        own = {form for form in self.forms if not related_to(stem(form))}
        has = any if own else all
        return has(is_said_by(form, forms) for form in own or self.forms) or self.initials in forms


def is_verb(word: str) -> bool:
    """Whether an English word may be a finite verb: an auxiliary, a form of an irregular one, or a regular one's past."""
    is_regular = word.islower() and len(word) >= _SHORTEST_PAST and word.endswith("ed")
    return is_regular or word in _AUXILIARIES or word in BASE_OF or word.removesuffix("s") in _BASES


def said_of_another(
    statement: str,
    sentence: SourceSentence,
    sentences: Sequence[SourceSentence],
    capitalised: Set[str],
    language: str,
) -> str | None:
    """Return, in a sentence, whom a source's sentence says it of that a statement says of somebody else; None where it may be the same.

    Both have to be names before a verb, neither of which stands in the other's text. `capitalised` are the names of the
    sources that begin no sentence, `language` is that of the sources.
    """
    if sentence.is_row or _ASKS.search(statement):
        return None
    if (names := namesake(statement, sentence, sentences, language)) is not None:
        return f"The answer says this of “{names[0]}”, the source of “{names[1]}”."
    if language not in ("", "en"):
        return None
    mine = _subject_of(statement, capitalised)
    if mine is None or mine.is_in(sentence.forms):
        return None
    predicate = set(content_stems(statement)) - set(content_stems(mine.written))
    held = {clause: len(predicate & set(content_stems(clause))) for clause in clauses(sentence.text)}
    clause = max(held, key=lambda one: held[one], default="")
    theirs = _subject_of(clause, capitalised)
    if not predicate or theirs is None or theirs.is_in(word_forms(statement)):
        return None
    if held[clause] < _LEAST_SHARED * len(predicate) or theirs.initials in mine.forms:
        return None
    return f"The answer says this of “{mine.written}”, the source of “{theirs.written}”."


def _subject_of(clause: str, capitalised: Set[str]) -> _Subject | None:
    """Return the name that an English clause begins with, behind an opening such as "In 1839,", right before its verb; else None."""
    first = _WORD.search(clause)
    comma = clause.find(", ", 0, _LONGEST_OPENING)
    if first is not None and comma > 0 and first.group() not in ("The", "the") and _is_small(first.group()):
        clause = clause[comma + 2 :]
    words = list(_WORD.finditer(clause))[:_MOST_WORDS]
    has_article = bool(words) and words[0].group() in ("The", "the")
    if has_article:
        del words[0]
    name: list[re.Match[str]] = []
    while words and len(name) < _LONGEST_NAME:
        is_link = bool(name) and words[0].group() in _LINKS and words[1:] and words[1].group()[0].isupper()
        if not (words[0].group()[0].isupper() or is_link):
            break
        name.append(words.pop(0))
    if not name:
        return None
    written = clause[name[0].start() : name[-1].end()]
    while words and (words[0].group() in _BEFORE_VERB or words[0].group().endswith("ly")):
        del words[0]
    if not words or not is_verb(words[0].group()):
        return None
    if re.search(r"[,;()]|['’]s?$", clause[name[0].start() : words[0].start()].rstrip()):
        return None  # one of several, or whose it is
    forms = frozenset(name_form(word.group()) for word in name if word.group() not in _LINKS)
    # A single word that begins a sentence may be any.
    if any(map(_is_small, forms)) or (len(forms) == 1 and not forms <= capitalised):
        return None
    # "The Company" and "the Board of Directors" may be whomever the title names.
    is_described = len(name) == 1 or " of " in written
    if has_article and is_described and all(related_to(stem(form)) for form in forms):
        return None
    return _Subject(written, forms)


def _is_small(word: str) -> bool:
    return is_small(word) or word.casefold() in STOP_WORDS
