"""Statements stitched together of two sentences that were sent, and true ones that draw on two rightly: "stitched" of `bench_answers checks`.

A small model says "England declared war on France on February 15, 1763": who did what stands in one sentence, the day in another. Made
by clause surgery alone: a sentence's subject and verb with another's time, place or predicate. The true partners pass through the
same surgery: a clause with its own time behind it or before it, two clauses joined, a pronoun that is named, a relative clause.
Whether "He" is who was named last is not known to be so: few true ones are none, and few stitched ones happen to be true.
"""

from __future__ import annotations

import itertools
import random
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.words.irregular_forms import BASE_OF
from chatbot_app.knowledge.words.sentence_ends import sentence_spans
from tests.benchmarks.statements import change
from tests.benchmarks.wikipedia import Wikipedia, title_of

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATE = rf"(?:{_MONTH} \d{{1,2}}, (?:1\d|20)\d\d|(?:\d{{1,2}} )?{_MONTH} (?:1\d|20)\d\d|(?:1\d|20)\d\d)"
_NAMED = r"[A-Z][\w’'-]+(?: (?:of (?:the )?|de |von )?[A-Z][\w’'-]+){0,4}"
_TIME = re.compile(rf"\b(?:in|on|by|since|until) (?:early |late )?{_DATE}(?![\w’'-]|[,.]\d)")
_PLACE = re.compile(rf"\b(?:in|at|from|near|by|against|under|to) (?:the )?(?!{_MONTH}){_NAMED}")
_BORDER = re.compile(
    r"\s*(?:[,.;]|$)|\s(?:in|on|at|by|from|with|and|when|after|before|during|for|to|as|under)\s"
)
# A main clause ends before what is joined to it or inserted into it.
_CLAUSE_END = re.compile(
    r"[,;:()\"“”]|\s[–—-]\s|\s(?:but|which|who|that|where|while|when|because|although|if|so)\s"
)
_IRREGULAR = {
    form for form, base in BASE_OF.items() if form.endswith(("e", "t", "d", "k", "w", "n", "g", "s"))
}
_SINGULAR, _PLURAL = {"is", "was", "has"}, {"are", "were", "have"}
_VERBS = _SINGULAR | _PLURAL | {"had", "became", "began"} | _IRREGULAR
_NO_SUBJECT = re.compile(
    r"^(?:In|On|At|By|From|With|During|After|Before|Since|Until|For|As|If|When|While|Although|Though|Because|To|Under|Over|Soon|Then|Now"
    r"|Later|Today|Perhaps|Around|About|Despite|Unlike|Like|Within|Without|Between|Among|Through|Throughout|Upon|Due|Following|According"
    r"|There|Together|Why|How|Where|This|These|Those|That|What|Who|Some|Many|Most|More|Only|Even|Once|Thus|Here|Both|Other|Another|Such|However|Also|One|Two|All"
    r"|Each|Every|No|Any|Several|An?|But|And|Its?|His|Her|Their|He|She|They|We|I|You|\w+ly)\b"
)
_PRONOUNS = {"He", "She", "It"}
_NO_END = frozenset(
    "the a an of in on at by to and or for with from into under over about near against that as than is was were are be been".split()
)
SENT = 5  # passages together
EVERY = 4  # groups of five, of which one is taken
_FEWEST, _MOST = 4, 22  # words of a clause


@dataclass(frozen=True)
class Clause:
    """The first main clause of a sentence, by its parts; `times` and `places` are its complements as they are written."""

    subject: str
    verb: str
    rest: str
    times: tuple[str, ...]
    places: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{self.subject} {self.verb} {self.rest}"

    def without(self, complement: str) -> str:
        """Return the clause up to a complement, or without it where it stands behind all else."""
        return self.text.partition(f" {complement}")[0] if complement else self.text


@dataclass(frozen=True)
class Stitched:
    """A statement, whether the sources say it, how it was made, and the sentences that it was made of."""

    text: str
    is_true: bool
    made_by: str
    of: tuple[str, ...]


def bench_stitched(wikipedia: Wikipedia, embedder: Any) -> None:
    """Print how many of the stitched and of the true statements are flagged, by how they were made."""
    print("stitched: statements of two sentences, flagged, five passages of an article each; true ones last")
    for half in (1, 2):
        flagged: dict[tuple[bool, str], list[bool]] = {}
        for name in wikipedia.articles_of(half):
            for passages in groups_of(wikipedia.articles[name])[::EVERY]:
                sources = [Source(passage, title_of(name)) for passage in passages]
                for item in stitched(passages, title_of(name)):
                    checks = check_statement(item.text, sources, embedder)
                    bad = any(
                        check.verdict in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED) for check in checks
                    )
                    for made_by in (item.made_by, "all"):
                        flagged.setdefault((item.is_true, made_by), []).append(bad)
        print(f"  half {half}")
        for (is_true, made_by), rows in sorted(flagged.items()):
            kind = f"{'true' if is_true else 'stitched'}, {made_by}"
            print(f"    {kind:58} {100 * statistics.mean(rows):5.1f} % of {len(rows)}")


def groups_of(article: str) -> list[list[str]]:
    """Return the paragraphs of an article that are sent together, five at a time."""
    paragraphs = [text for text in article.split("\n") if 400 < len(text) < 1500]
    return [group for at in range(0, len(paragraphs), SENT) if len(group := paragraphs[at : at + SENT]) > 1]


def stitched(passages: Sequence[str], title: str) -> Iterator[Stitched]:
    """Yield statements about some passages that are sent together, at most one of each kind; the same ones at each call."""
    chance = random.Random(f"{title}/{passages[0]}")
    everything = " ".join((title, *passages))
    read = [_sentences(passage) for passage in passages]
    clauses = [[(one, clause) for one in found if (clause := clause_of(one)) is not None] for found in read]
    yield from _one([item for found in clauses for item in _with_their_own(found)], chance)
    yield from _one([item for found in read for item in _pronouns(found, everything)], chance)
    within = [(a, b) for found in clauses for a in found for b in found if a[0] != b[0]]
    across = [
        (a, b) for found in clauses for other in clauses if found is not other for a in found for b in other
    ]
    for pairs, beyond in ((within, ""), (across, ", two passages")):
        chance.shuffle(pairs)
        for make in (_another_time, _time_added, _another_place, _another_predicate, _joined, _shared):
            found = (item for a, b in pairs if (item := make(a, b, everything)) is not None)
            for item in itertools.islice(found, 1):
                yield replace(item, made_by=item.made_by + beyond)
                if item.is_true and (other := change(item.text, everything, chance)) is not None:
                    yield Stitched(other[0], False, f"{item.made_by}, a {other[1]} changed{beyond}", item.of)


_Read = tuple[str, Clause]


def _one(items: list[Stitched], chance: random.Random) -> list[Stitched]:
    kinds = sorted({item.made_by for item in items})
    return [chance.choice([item for item in items if item.made_by == kind]) for kind in kinds]


def _sentences(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in sentence_spans(text, 0, len(text))]


def clause_of(sentence: str) -> Clause | None:
    """Return the first main clause of a sentence that begins with its subject, or with a time before that; else None."""
    opening = re.match(rf"(?:In|On|By|Since) {_DATE}, (?=(?:the )?\w)", sentence)
    first = ""
    if opening is not None:
        first = opening.group()[:-2]
        first = first[0].lower() + first[1:]
        sentence = sentence[opening.end() :]
        sentence = sentence[0].upper() + sentence[1:]
    end = _clause_end(sentence)
    clause = sentence[:end].rstrip(" .")
    words = clause.split()
    if not _FEWEST <= len(words) <= _MOST or _NO_SUBJECT.match(clause):
        return None
    at = next((i for i, word in enumerate(words) if i and _is_verb(word)), None)
    if at is None or at > 6 or at == len(words) - 1:
        return None
    subject = words[:at]
    if (
        subject[-1].lower() in _NO_END
        or subject[-1].endswith(("'s", "’s"))
        or subject == ["The"]
        or not any(w[0].isupper() for w in subject)
    ):
        return None
    if any(w.lower() in ("and", "or", "not", "that", "also") for w in subject):
        return None
    rest = " ".join(words[at + 1 :])
    if rest.split()[-1].lower() in _NO_END:
        return None
    times = tuple(m.group() for m in _TIME.finditer(rest) if _BORDER.match(rest, m.end()))
    places = tuple(m.group() for m in _PLACE.finditer(rest) if _BORDER.match(rest, m.end()))
    times = (*times, first) if first else times
    return Clause(" ".join(subject), words[at], rest, times, places)


def _clause_end(sentence: str) -> int:
    for found in _CLAUSE_END.finditer(sentence):
        # "On June 5, 1944" has a comma of its own, "3,000" as well.
        if re.match(r", (?:1\d|20)\d\d", sentence[found.start() :]) or re.match(
            r",\d", sentence[found.start() :]
        ):
            continue
        return found.start()
    return len(sentence)


def _is_verb(word: str) -> bool:
    return word in _VERBS or (word.islower() and len(word) > 4 and word.endswith("ed"))


def _another_time(a: _Read, b: _Read, everything: str) -> Stitched | None:
    """The clause of one sentence with the time of another; its own is cut off."""
    (first, mine), (second, theirs) = a, b
    times = [time for time in theirs.times if time.split()[-1] not in first]
    if not mine.times or not times:
        return None
    return _behind(mine, mine.times[0], times[0], "another time", (first, second))


def _time_added(a: _Read, b: _Read, everything: str) -> Stitched | None:
    """The clause of a sentence that has no time and no number with the time of another, which does not stand right before."""
    (first, mine), (second, theirs) = a, b
    if (
        re.search(r"\d|century|later|same|then", first)
        or not theirs.times
        or f"{second} {first}" in everything
    ):
        return None
    return _behind(mine, "", theirs.times[0], "time added", (first, second))


def _another_place(a: _Read, b: _Read, everything: str) -> Stitched | None:
    """The same of a place, or of whom it was done by or against, that stands in no other sentence and in no title."""
    (first, mine), (second, theirs) = a, b
    if not mine.places:
        return None
    preposition = mine.places[-1].split()[0]
    for place in theirs.places:
        name = re.sub(r"^\w+ (?:the )?", "", place)
        if place.split()[0] == preposition and everything.count(name.split()[0]) == 1:
            return _behind(mine, mine.places[-1], place, "another place", (first, second))
    return None


def _another_predicate(a: _Read, b: _Read, everything: str) -> Stitched | None:
    """What another sentence says of its subject, said of this one's, both names that have nothing in common."""
    (first, mine), (second, theirs) = a, b
    names = [re.sub(r"^The ", "", clause.subject) for clause in (mine, theirs)]
    if not all(_is_name(name, everything) for name in names):
        return None
    if names[0].split()[-1] in second or names[1].split()[-1] in first or not _agree(mine, theirs):
        return None
    if not re.search(r"\d|[A-Z]", theirs.rest):
        return None
    text = f"{mine.subject} {theirs.verb} {theirs.rest}."
    return Stitched(text, False, "another predicate", (first, second))


def _is_name(subject: str, everything: str) -> bool:
    """Whether a subject is a name: it stands behind another word with its capital letter, too."""
    named = re.fullmatch(_NAMED, subject) is not None
    return named and re.search(rf"(?<=[a-z,] ){re.escape(subject.split()[-1])}\b", everything) is not None


def _agree(mine: Clause, theirs: Clause) -> bool:
    """Whether a subject may have another's verb."""
    if theirs.verb in _SINGULAR:
        return mine.verb in _SINGULAR
    return mine.verb in _PLURAL if theirs.verb in _PLURAL else True


def _joined(a: _Read, b: _Read, everything: str) -> Stitched | None:
    (first, mine), (second, theirs) = a, b
    text = theirs.text
    if text.startswith("The "):
        text = text[0].lower() + text[1:]
    elif not re.match(_NAMED, text):
        return None
    return Stitched(f"{mine.text}, and {text}.", True, "two joined", (first, second))


def _shared(a: _Read, b: _Read, everything: str) -> Stitched | None:
    """What two sentences say of the same subject, said once."""
    (first, mine), (second, theirs) = a, b
    if mine.subject != theirs.subject:
        return None
    return Stitched(f"{mine.text} and {theirs.verb} {theirs.rest}.", True, "shared subject", (first, second))


def _behind(clause: Clause, cut: str, complement: str, made_by: str, of: tuple[str, ...]) -> Stitched | None:
    head = clause.without(cut)
    for other in (*clause.times, *clause.places):
        if head.endswith(f" {other}") and other.split()[0] == complement.split()[0]:
            return None  # "in Paris in 1763" would be "in Paris in London"
    if len(head.split()) < _FEWEST or head.split()[-1].lower() in _NO_END:
        return None
    return Stitched(f"{head} {complement}.", made_by.startswith("own"), made_by, of)


def _with_their_own(clauses: Sequence[_Read]) -> Iterator[Stitched]:
    """Yield clauses cut short with their own time or place behind them, and with their time before them."""
    for sentence, clause in clauses:
        for made_by, cut in (("own time", clause.times[:1]), ("own place", clause.places[-1:])):
            for complement in cut:
                item = _behind(clause, complement, complement, made_by, (sentence,))
                if item is not None and item.text.rstrip(".") != sentence.rstrip("."):
                    yield item
        for time in clause.times[:1]:
            head = clause.without(time)
            if len(head.split()) >= _FEWEST and head.split()[-1].lower() not in _NO_END:
                head = (
                    head
                    if re.match(_NAMED, head) and not head.startswith("The ")
                    else head[0].lower() + head[1:]
                )
                yield Stitched(f"{time[0].upper()}{time[1:]}, {head}.", True, "own time first", (sentence,))


def _pronouns(sentences: Sequence[str], everything: str) -> Iterator[Stitched]:
    """Yield what a sentence says of "He", "She" or "It" with the subject of the sentence before, alone and joined with what that says."""
    for before, sentence in itertools.pairwise(sentences):
        pronoun = sentence.split(" ")[0]
        mine = clause_of(before)
        if pronoun not in _PRONOUNS or mine is None or mine.verb in _PLURAL:
            continue
        if re.search(r"\b(?:her|him|she|he)\b", mine.text):
            continue
        is_thing = re.fullmatch("The [a-z]+", mine.subject) is not None
        if not (is_thing if pronoun == "It" else _is_name(mine.subject, everything)):
            continue
        theirs = clause_of(f"Somebody{sentence[len(pronoun) :]}")
        if theirs is None or theirs.verb in _PLURAL:
            continue
        said = f"{theirs.verb} {theirs.rest}"
        relative = "which" if pronoun == "It" else "who"
        of = before, sentence
        yield Stitched(f"{mine.subject} {said}.", True, "pronoun named", of)
        yield Stitched(
            f"{mine.subject}, {relative} {mine.verb} {mine.rest}, {said}.", True, "relative clause", of
        )
        yield Stitched(f"{mine.text} and {said}.", True, "pronoun left out", of)
