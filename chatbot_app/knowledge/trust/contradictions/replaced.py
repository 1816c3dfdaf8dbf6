"""What stands in a sentence where a statement has something else: "grew to 43,000 men" of "grew to 18,000 men".

The two are aligned word by word (Ratcliff and Obershelp's matching, as in `difflib`). A statement takes a value or a name from
the sentence before when it joins two sentences, but then this one has no other in the very same place. A denial is found in
the same way, in texts too whose words are not set apart.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from chatbot_app.knowledge.sentences.facts import names_in_german
from chatbot_app.knowledge.sentences.source_sentences import SourceSentence
from chatbot_app.knowledge.trust.contradictions.comparisons import sides_exchanged
from chatbot_app.knowledge.values.measures import Value
from chatbot_app.knowledge.words.exclusive_words import exclude, exclusive_words
from chatbot_app.knowledge.words.language import is_small
from chatbot_app.knowledge.words.names import Name, is_said_by, names_of, word_forms
from chatbot_app.knowledge.words.unknown_words import is_unknown
from chatbot_app.knowledge.words.words import STOP_WORDS, UNSPACED, stem

_PIECE = re.compile(rf"{UNSPACED.pattern}|[^\W_]+")
_CLOSELY_SAID = 0.5  # of a statement's rare words, for a sentence to be the same but for a value or a name
_AS_CLOSELY = 0.85  # of the best, for one that may say it instead
_MOST_SENTENCES = 3
_MOST_WORDS = 160  # of either, that are aligned
_MOST_REPLACED = 4  # words of either
_BESIDE = 3  # words beside what was replaced that both have, on both sides together
_NEGATIONS = frozenset("not never no nicht nie kein keine не никогда pas jamais 不 没 沒 未 无 無".split())
# "Not without consent" is with it.
_CONDITIONS = frozenset(
    map(stem, "without with unless except only ohne mit außer sans avec sin con без с".casefold().split())
)
_NUMERALS = frozenset("〇零一二两兩三四五六七八九十百千万萬亿億")
_OF_DENIAL = _NEGATIONS | frozenset(map(stem, "do does did ne n".split()))


@dataclass(frozen=True, slots=True)
class Known:
    """What the names of all sources are: those that begin no sentence."""

    names: Set[str] = frozenset()
    nouns: Set[str] | None = None  # of German sources, those that are no names


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class _Words:
    """A text as its words, in order: what they are compared by, and where they stand."""

    forms: tuple[str, ...]
    spans: list[tuple[int, int]]


def replaced_in(
    sentences: Sequence[SourceSentence],
    shares: Sequence[float],
    said: str,
    values: Sequence[Value],
    known: Known = NOTHING_KNOWN,
) -> tuple[SourceSentence, str, str] | None:
    """Return the sentence that a statement is but for a value or a name, with what the two say; None where one says it so.

    `shares` are the shares of the statement's rare words that each sentence holds. What stands in a place counts for more
    than what the sentences around say, which may well have it of something else.
    """
    first: tuple[SourceSentence, str, str] | None = None
    for place in _closest(sentences, shares):
        found = replaced(said, values, sentences[place], known)
        if found is None:
            return None
        first = first or (sentences[place], *found)
    return first


def replaced(
    said: str, values: Sequence[Value], sentence: SourceSentence, known: Known = NOTHING_KNOWN
) -> tuple[str, str] | None:
    """Return (what a statement says, what a sentence has in that place), None where no value and no name was replaced.

    `values` are those of the statement, `known` the names of all sources.
    """
    mine = _words_of(said, values)
    if not values and not names_of(said) and exclusive_words().keys().isdisjoint(mine.forms):
        return None
    theirs = _words_of(sentence.text, sentence.values)
    forms = word_forms(said)
    is_as_denied = _NEGATIONS.isdisjoint(set(mine.forms) ^ set(theirs.forms))
    for start, end, their_start, their_end in _apart(mine, theirs):
        if start == end or their_start == their_end:
            continue
        span = mine.spans[start][0], mine.spans[end - 1][1]
        their_span = theirs.spans[their_start][0], theirs.spans[their_end - 1][1]
        if (
            is_as_denied
            and exclude(mine.forms[start:end], theirs.forms[their_start:their_end])
            and not sides_exchanged(said, sentence.text)
        ):
            return _whole(said, span), _whole(sentence.text, their_span)
        found = _value(values, span, sentence, their_span) or _name(
            said, forms, span, sentence, their_span, known
        )
        if found is not None:
            (start, end), (their_start, their_end) = found
            return said[start:end].rstrip("."), sentence.text[their_start:their_end].rstrip(".")
    return None


def denied_in(
    sentences: Sequence[SourceSentence], shares: Sequence[float], said: str
) -> SourceSentence | None:
    """Return the sentence that a statement is but for one denial; None where one says it so. `shares` as above."""
    first: SourceSentence | None = None
    mine = _words_of(said, ())
    for place in _closest(sentences, shares):
        theirs = _words_of(sentences[place].text, ())
        if _NEGATIONS.isdisjoint(mine.forms) and _NEGATIONS.isdisjoint(theirs.forms):
            return None
        if not _CONDITIONS.isdisjoint(set(mine.forms) ^ set(theirs.forms)):
            return None
        denials = 0
        for start, end, their_start, their_end in _apart(mine, theirs):
            here, there = mine.forms[start:end], theirs.forms[their_start:their_end]
            if _OF_DENIAL.issuperset(here + there):
                denials += _NEGATIONS.isdisjoint(here) != _NEGATIONS.isdisjoint(there)
        if denials != 1:
            return None  # two may take each other back
        first = first or sentences[place]
    return first


def _closest(sentences: Sequence[SourceSentence], shares: Sequence[float]) -> list[int]:
    """Return the sentences that say about as much of a statement as the closest, no rows; none where none is close."""
    least = max(_CLOSELY_SAID, _AS_CLOSELY * max(shares, default=0.0))
    close = [i for i, share in enumerate(shares) if share >= least and not sentences[i].is_row]
    return sorted(close, key=lambda i: -shares[i])[:_MOST_SENTENCES]


def _apart(mine: _Words, theirs: _Words) -> Iterator[tuple[int, int, int, int]]:
    """Yield (start, end, start, end) of the few words in which two texts differ where those beside them are the same."""
    blocks = _aligned(mine.forms, theirs.forms)
    for place, (kind, start, end, their_start, their_end) in enumerate(blocks):
        if kind == "equal" or max(end - start, their_end - their_start) > _MOST_REPLACED:
            continue
        beside = [blocks[at] if 0 <= at < len(blocks) else None for at in (place - 1, place + 1)]
        same = [block[2] - block[1] if block is not None and block[0] == "equal" else 0 for block in beside]
        at_edge = [their_start == 0 and start == 0, end == len(mine.forms)]
        if sum(same) >= _BESIDE and all(one or edge for one, edge in zip(same, at_edge, strict=True)):
            yield start, end, their_start, their_end


@lru_cache(maxsize=2 * _MOST_SENTENCES)
def _aligned(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Sequence[tuple[str, int, int, int, int]]:
    """Return the blocks of two texts; where neither has a value, denials and replacements are looked for in the same."""
    return SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()


def _whole(text: str, span: tuple[int, int]) -> str:
    """Return what stands between two places, with all of the Chinese number that it is a part of."""
    start, end = span
    if text[start] in _NUMERALS:
        while start and text[start - 1] in _NUMERALS:
            start -= 1
        while end < len(text) and text[end] in _NUMERALS:
            end += 1
    return text[start:end]


def _value(
    values: Sequence[Value], span: tuple[int, int], sentence: SourceSentence, their_span: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return where a value stands that the sentence does not say, and the one of the same measure in its place."""
    for value in _inside(values, span):
        if sentence.says(value):
            continue
        for other in _inside(sentence.values, their_span):
            if (
                other.kind is value.kind
                and other.dimension == value.dimension
                and not any(other.says(one, sentence.scale) for one in values)
            ):
                return (value.start, value.end), (other.start, other.end)
    return None


def _inside(values: Sequence[Value], span: tuple[int, int]) -> list[Value]:
    return [value for value in values if value.start < span[1] and span[0] < value.end]


def _name(
    said: str,
    forms: Set[str],
    span: tuple[int, int],
    sentence: SourceSentence,
    their_span: tuple[int, int],
    known: Known,
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return where names stand that the sentence does not have there, and those in their place that the statement has not."""
    all_mine, all_theirs = names_of(said), names_of(sentence.text)
    mine = [name for name in all_mine if span[0] <= name.start < span[1]]
    theirs = [name for name in all_theirs if their_span[0] <= name.start < their_span[1]]
    firsts = [name.form for name in (*mine, *theirs) if name.is_first]
    if any(form in STOP_WORDS or not (form in known.names or is_unknown(form)) for form in firsts):
        return None  # "He" may be whom the statement names
    if known.nouns is not None and not (
        names_in_german(said, mine, known.names, known.nouns)
        and names_in_german(sentence.text, theirs, known.names, known.nouns)
    ):
        return None
    if not _are_all(mine, said, span) or not _are_all(theirs, sentence.text, their_span):
        return None  # "went to Harvard is" is no name in the place of "General"

    def count(form: str, names: Sequence[Name]) -> int:
        return sum(name.form == form for name in names)

    # Of what both have, one took another's place where one text has it more often.
    if any(
        is_said_by(name.form, forms) and not count(name.form, all_theirs) > count(name.form, all_mine) > 0
        for name in theirs
    ):
        return None
    if any(
        is_said_by(name.form, sentence.forms)
        and not count(name.form, all_mine) > count(name.form, all_theirs) > 0
        for name in mine
    ):
        return None
    return (mine[0].start, mine[-1].end), (theirs[0].start, theirs[-1].end)


def _are_all(names: Sequence[Name], text: str, span: tuple[int, int]) -> bool:
    """Whether some names are all that stands between two places of a text, but for small words."""
    if not names:
        return False
    inside = {(name.start, name.end) for name in names}
    return all(
        is_small(match.group().casefold()) or any(start <= match.start() < end for start, end in inside)
        for match in _PIECE.finditer(text, *span)
    )


def _words_of(text: str, values: Sequence[Value]) -> _Words:
    """Return the words of a text; a value is one, equal to no other but the same one."""
    forms: list[str] = []
    spans: list[tuple[int, int]] = []
    starts = [value.start for value in values]
    done = 0
    for match in _PIECE.finditer(text):
        if len(forms) >= _MOST_WORDS:
            break
        if match.start() < done:
            continue
        at = bisect_left(starts, match.end()) - 1
        if at >= 0 and values[at].end > match.start():
            value = values[at]
            forms.append(f"\0{text[value.start : value.end].casefold()}")
            spans.append((value.start, value.end))
            done = value.end
        elif UNSPACED.match(match.group()):
            for offset, character in enumerate(match.group()):
                if match.start() + offset >= done:
                    forms.append(character)
                    spans.append((match.start() + offset, match.start() + offset + 1))
        else:
            forms.append(stem(match.group().casefold()))
            spans.append(match.span())
    return _Words(tuple(forms), spans)
